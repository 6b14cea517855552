"""Every file and list that leaves is an entry: what a view did not write down itself is written here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from django.http import HttpRequest, HttpResponse

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import Action, Context, perform
from linli.web.foundation.audit.asked import told_filters
from linli.web.foundation.audit.chain import Record, written

__all__ = ["DownloadMiddleware", "NoteDownload", "is_download"]

_FILES: Final = ("text/csv", "text/calendar", "application/pdf", "application/geo+json", "application/zip")
_UNTOLD: Final = frozenset({"key", "q"})
"""Parts of an address that are a secret, or that somebody typed."""


@dataclass(frozen=True, kw_only=True)
class NoteDownload(Action[str]):
    """Say who took which file out; that they may has been asked by the view that gives it."""

    name: ClassVar[str] = "download"
    route: str
    of: Mapping[str, Any] = field(default_factory=dict)

    def check(self, context: Context) -> None:
        """Whoever was given it."""

    def change(self, context: Context) -> str:
        """Nothing changes; the entry is the point."""
        return self.route

    def record(self, result: str) -> Record:
        """Which file, of what."""
        return Record(action=self.name, subject_kind="file", subject_id=result[:64], detail=self.of)


def is_download(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether an answer is a file to keep, or a list for a program; not a page or a picture in one."""
    if response.status_code != 200:
        return False
    kind = response.get("Content-Type", "").partition(";")[0]
    if kind in _FILES or response.get("Content-Disposition", "").startswith("attachment"):
        return True
    return kind == "application/json" and request.path.startswith("/api/") and _is_list(response)


def _is_list(response: HttpResponse) -> bool:
    return not response.streaming and response.content.lstrip()[:9].startswith((b"[", b'{"items"'))


class DownloadMiddleware:
    """Looks at every answer to somebody who is known, before its first byte leaves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Write an entry where the view gave a file and wrote none."""
        before = written()
        response = self.get_response(request)
        who = getattr(request, "auth", None)
        if not isinstance(who, Actor):
            who = actor(request)
        if who.user_id is not None and is_download(request, response) and written() == before:
            perform(NoteDownload(route=_route(request), of=_of(request)), who, now(request))
        return response


def _route(request: HttpRequest) -> str:
    return "" if request.resolver_match is None else str(request.resolver_match.url_name or "")


def _of(request: HttpRequest) -> dict[str, Any]:
    asked = request.GET.copy()
    asked.pop("key", None)
    named = {} if request.resolver_match is None else request.resolver_match.kwargs
    told = {name: str(value)[:64] for name, value in named.items() if name not in _UNTOLD}
    return {**told, "filters": told_filters(asked.urlencode())} if asked else told
