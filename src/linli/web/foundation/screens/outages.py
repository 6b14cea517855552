"""What stops the platform for a moment: the database is away, the disk is full. Nothing was saved."""

import errno
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from linli.kernel.texts import Text
from linli.web.foundation.screens.wording import language, phrase, said

__all__ = ["outage_answer", "outage_of"]

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_ROOM_SAID: Final = ("disk is full", "disk I/O error", "No space left on device")
STATUS: Final = 503


def outage_of(exception: BaseException | None) -> Text | None:
    """The sentence for an outage; ``None`` for anything else, which is a mistake of ours."""
    if isinstance(exception, OSError) and exception.errno in _NO_ROOM:
        return phrase("screens:error.disk_full")
    if isinstance(exception, OperationalError | InterfaceError):
        full = any(sign in str(exception) for sign in _NO_ROOM_SAID)
        return phrase("screens:error.disk_full" if full else "screens:error.database")
    return None


def outage_answer(request: HttpRequest, text: Text) -> HttpResponse:
    """A page, or the API's error; asks the database nothing."""
    body = {"code": "unavailable", "status": STATUS, "message": said(text)}
    body |= {"fields": {}, "findings": []}
    answer: HttpResponse
    if request.path.startswith("/api/"):
        answer = JsonResponse(body, status=STATUS)
    else:
        # Without the request no context processor runs: they would ask the database again.
        page = render_to_string("screens/unavailable.html", {"refusal": body, "language": language()})
        answer = HttpResponse(page, status=STATUS)
    answer["Retry-After"] = "10"
    return answer
