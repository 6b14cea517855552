"""Cleans what every request brings before anything reads it: address, form, file names, headers, cookies.

People paste characters that they do not see; those are taken out. A NUL in an address is no slip of a hand:
``RefusalMiddleware`` answers that there is no such page. Passwords stay as they were typed. JSON bodies are
read by ``border/bodies``.
"""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict

from linli.web.foundation.border.characters import broken, clean

__all__ = ["BorderMiddleware"]

_AS_TYPED: Final = "password"


def _is_broken(request: HttpRequest) -> bool:
    given = [request.path, *request.GET, *(one for _, several in request.GET.lists() for one in several)]
    return any("\x00" in one for one in given) or broken(request.path)


def _cleaned(query: QueryDict) -> QueryDict:
    """The same values clean; the query itself where nothing is to be done."""
    rows = [
        (clean(name), values if _AS_TYPED in name.lower() else [clean(one) for one in values])
        for name, values in query.lists()
    ]
    if all(values == query.getlist(name) for name, values in rows):
        return query
    made = QueryDict(mutable=True, encoding=query.encoding)
    for name, values in rows:
        made.setlist(name, [*made.getlist(name), *values])
    made._mutable = False
    return made


def _clean_headers(request: HttpRequest) -> None:
    for name, value in request.META.items():
        if name.startswith("HTTP_") and isinstance(value, str) and broken(value):
            request.META[name] = "".join(one for one in value if one.isprintable())
    request.COOKIES = {clean(name): clean(value) for name, value in request.COOKIES.items()}


def _clean_form_when_read(request: HttpRequest) -> None:
    """Clean the form once it is read; reading it here would take uploads in before anybody asked for them."""
    load: Callable[[], None] = request._load_post_and_files

    def clean_too() -> None:
        load()
        held: dict[str, Any] = request.__dict__
        held["_post"] = _cleaned(held["_post"])
        for _, files in held["_files"].lists():
            for file in files:
                if file.name:
                    file.name = clean(file.name)

    request._load_post_and_files = clean_too  # type: ignore[method-assign]


class BorderMiddleware:
    """Stands before everything that reads a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass a clean request on."""
        request.address_is_broken = _is_broken(request)  # type: ignore[attr-defined]
        request.GET = _cleaned(request.GET)  # type: ignore[assignment]
        _clean_headers(request)
        _clean_form_when_read(request)
        return self.get_response(request)
