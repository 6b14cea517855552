"""One sending of a form, a program's request or a task: by which key, to where, and with what in it.

The same key from the same account by the same channel is one sending. It must come to the same address,
ask for the same thing and hold the same content: anything else is refused, never answered with what came of
the first.
"""

import hashlib
from dataclasses import dataclass
from typing import IO, Literal

from django.http import HttpRequest

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.keys import keyed_digest

__all__ = ["Sending", "form_sending", "program_sending", "task_sending"]

_NOT_CONTENT = frozenset({"submission", "csrfmiddlewaretoken"})


@dataclass(frozen=True, kw_only=True)
class Sending:
    """What the sender calls it, and what it is bound to."""

    channel: Literal["form", "api", "task"]
    key: str
    """As the sender chose it, however long."""
    address: str = ""
    """Method and path with the query."""
    content: bytes = b""
    """Whatever tells one content from another; a digest where it is large."""

    def name(self, actor: Actor) -> str:
        """What it is kept under: another account's, or another channel's, of the same key is another."""
        return keyed_digest("submission", self.channel, str(actor.user_id or 0), self.key)

    def binding(self, action: str) -> str:
        """What a second sending by the same key must agree with."""
        return keyed_digest("submission-content", action, self.address, self.content)


def form_sending(request: HttpRequest) -> Sending | None:
    """The sending of a form with the hidden field ``submission``; ``None`` for one without."""
    key = request.POST.get("submission", "")
    if not key:
        return None
    return Sending(channel="form", key=key, address=_address(request), content=_form_digest(request))


def program_sending(request: HttpRequest) -> Sending | None:
    """The sending of a program with the header ``Idempotency-Key``; ``None`` for one without."""
    key = request.headers.get("Idempotency-Key", "")
    return Sending(channel="api", key=key, address=_address(request), content=request.body) if key else None


def task_sending(key: str) -> Sending | None:
    """The sending of a task by its own key, which names all there is to it; ``None`` for an empty one."""
    return Sending(channel="task", key=key) if key else None


def _address(request: HttpRequest) -> str:
    return f"{request.method} {request.get_full_path()}"


def _form_digest(request: HttpRequest) -> bytes:
    made = hashlib.sha256()
    for name, values in sorted(request.POST.lists()):
        if name not in _NOT_CONTENT:
            for value in (name, *map(str, values)):
                _add(made, value.encode("utf-8", "surrogatepass"))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            _add(made, f"{name}|{file.name}".encode("utf-8", "surrogatepass"))
            _add(made, _file_digest(file))
    return made.digest()


def _add(made: "hashlib._Hash", content: bytes) -> None:
    made.update(len(content).to_bytes(8, "big") + content)


def _file_digest(file: IO[bytes]) -> bytes:
    """Of the whole file; whoever has read some of it reads on from there."""
    stood = file.tell()
    file.seek(0)
    made = hashlib.sha256()
    for chunk in iter(lambda: file.read(65536), b""):
        made.update(chunk)
    file.seek(stood)
    return made.digest()
