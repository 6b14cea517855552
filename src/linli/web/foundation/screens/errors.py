"""Pages for what Django itself refuses."""

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from linli.web.foundation.screens.middleware import in_one_shape
from linli.web.foundation.screens.outages import outage_answer, outage_of
from linli.web.foundation.screens.wording import language, phrase, said

__all__ = ["bad_request", "csrf_failure", "forbidden", "not_found", "server_error"]


def _page(request: HttpRequest, key: str, status: int) -> HttpResponse:
    body = {"code": key, "status": status, "message": said(phrase(f"screens:error.{key}"))}
    # What is refused before the middleware is through, such as an unknown host, comes by here too: a program
    # is answered in its shape all the same, and a page asks for nothing that is not there yet.
    if request.path.startswith("/api/"):
        return in_one_shape(request, HttpResponse(status=status))
    if not hasattr(request, "actor"):
        context = {"refusal": body, "language": language()}
        return HttpResponse(render_to_string("screens/unavailable.html", context), status=status)
    return render(request, "screens/refused.html", {"refusal": body}, status=status)


def bad_request(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """What was sent cannot be read."""
    return _page(request, "bad_request", 400)


def csrf_failure(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """The form is too old, or comes from another site."""
    return _page(request, "csrf", 403)


def forbidden(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """May not."""
    return _page(request, "forbidden", 403)


def not_found(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """No such page."""
    return _page(request, "not_found", 404)


def server_error(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """An outage met before the view was reached, or a mistake of ours; no context that could fail again."""
    outage = outage_of(sys.exc_info()[1])
    if outage is not None:
        return outage_answer(request, outage)
    context = {"refusal": {"status": 500}, "language": language()}
    page = HttpResponse(render_to_string("screens/unavailable.html", context), status=500)
    return in_one_shape(request, page)
