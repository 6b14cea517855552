"""Why something is not done, each with the answer that the web gives for it."""

from collections.abc import Iterable, Mapping
from typing import ClassVar, Self

from linli.kernel.errors import InputRefused, LinliError
from linli.kernel.texts import Text

__all__ = [
    "Conflict",
    "Forbidden",
    "Hidden",
    "Invalid",
    "ListRefused",
    "Missing",
    "Refusal",
    "Reused",
    "TooMany",
    "missing",
]


class Refusal(LinliError):
    """Something is not done; the sentence says why and what to do."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "refused"
    barred: bool = False
    """Permission was wanting: that it was tried is an entry of the log, whatever the answer says."""
    hidden: tuple[str, ...] = ()
    """Numbers of what was named and is there, and the actor may not know of: the log's entry names them."""
    noted: bool = False
    """The log has an entry of it already."""

    def hiding(self, numbers: Iterable[str]) -> Self:
        """The same refusal, of a try to reach some things that are there and hidden from the actor."""
        self.hidden = tuple(numbers)
        self.barred = self.barred or bool(self.hidden)
        return self


class Forbidden(Refusal):
    """The actor may not do it."""

    status = 403
    code = "forbidden"
    barred = True


class Missing(Refusal):
    """There is no such thing, or the actor may not know of it: the two look the same."""

    status = 404
    code = "not_found"


class Hidden(Missing):
    """There is one, and the actor may not know of it: answered as ``Missing``, and written into the log."""

    barred = True


def missing(text: Text, *, hidden: bool, what: str | None = "") -> Missing:
    """The refusal of what is not there, or is ``hidden`` from the actor; ``what`` is its number."""
    if not hidden:
        return Missing(text)
    return Hidden(text).hiding([what] if what else [])


class Conflict(Refusal):
    """Somebody else was faster, or the subject is in another state by now."""

    status = 409
    code = "conflict"


class Invalid(Refusal):
    """What was given cannot be used; ``fields`` says which part and why."""

    status = 422
    code = "invalid"

    def __init__(self, text: Text, fields: Mapping[str, Text] | None = None) -> None:
        super().__init__(text)
        self.fields = dict(fields or {})


class Reused(Invalid):
    """The key of an earlier sending came with other content, to another address or for another thing."""

    code = "key_reused"


class ListRefused(InputRefused, Refusal):
    """A list was read to its end and refused with every reason; some rows may be of what is another's."""

    status = 422
    code = "invalid"


class TooMany(Refusal):
    """Too often in too short a time."""

    status = 429
    code = "too_many"
