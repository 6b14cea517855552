"""A category as a dispatcher types it: by its number, by letters, by the beginning of its name."""

from collections.abc import Sequence
from dataclasses import dataclass

from linli.kernel.texts import Text
from linli.web.ops.incidents.letters import initials

__all__ = ["Choice", "matching"]


@dataclass(frozen=True)
class Choice:
    """One category: its number on the form, from 1, its id and its name."""

    number: int
    id: str
    name: Text

    @property
    def letters(self) -> str:
        """What its Chinese name is typed by, such as ``rsdq``."""
        return initials(self.name.zh)


def matching(typed: str, choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """The categories that a typed text may mean, in their order: exact ones alone, else every beginning.

    The text may be a line of the form's own list, such as ``3 盗抢机动车 dqjdc``: its number decides.
    """
    text = " ".join(typed.lower().split())
    if not text:
        return ()
    first = text.split(" ")[0]
    if first.isdecimal():
        return tuple(one for one in choices if one.number == int(first))
    exact = tuple(one for one in choices if text in _names(one))
    return exact or tuple(one for one in choices if any(name.startswith(text) for name in _names(one)))


def _names(one: Choice) -> tuple[str, ...]:
    return (one.id, one.letters, one.name.zh.lower(), one.name.en.lower())
