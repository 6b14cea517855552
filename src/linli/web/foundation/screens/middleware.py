"""Turns a refusal into a page that says why and what to do, or into the API's one shape of error."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from linli.kernel.errors import InputRefused, LinliError
from linli.web.foundation.accounts.actor import ANONYMOUS
from linli.web.foundation.accounts.middleware import now
from linli.web.foundation.accounts.pacing import refuse_hasty_reader
from linli.web.foundation.actions.refusals import Invalid, Missing, Refusal, TooMany
from linli.web.foundation.screens.knocking import note_refused_request
from linli.web.foundation.screens.outages import outage_answer, outage_of
from linli.web.foundation.screens.wording import language, phrase, said

__all__ = ["RefusalMiddleware", "in_one_shape", "refusal_body"]


def refusal_body(refusal: LinliError, status: int) -> dict[str, object]:
    """The API's error: one shape for all of them."""
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    code = refusal.code if isinstance(refusal, Refusal) else "refused"
    body: dict[str, object] = {"code": code, "status": status, "message": said(refusal.text)}
    body["fields"] = {name: said(text) for name, text in fields.items()}
    findings = refusal.findings if isinstance(refusal, InputRefused) else ()
    body["findings"] = [finding.sentence(language()) for finding in findings]
    return body


_OF_STATUS: Final = {404: "not_found", 405: "method", 413: "too_large"}


def in_one_shape(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer; an error that a program got as a page or as plain text, in the API's shape."""
    kind = answer.get("Content-Type", "")
    if (
        answer.status_code < 400
        or not request.path.startswith("/api/")
        or kind.startswith("application/json")
    ):
        return answer
    code = _OF_STATUS.get(answer.status_code, "bad_request" if answer.status_code < 500 else "unavailable")
    body = {"code": code, "status": answer.status_code, "message": said(phrase(f"screens:api.{code}"))}
    made = JsonResponse({**body, "fields": {}, "findings": []}, status=answer.status_code)
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        if name in answer:
            made[name] = answer[name]
    return made


_READ_BY_POST: Final = ("incident_hints", "addresses", "requests_near")
"""Searches whose words travel in a body, so that they are in no address."""


def _broken_address(request: HttpRequest) -> Refusal | None:
    return Missing(phrase("screens:error.nul")) if getattr(request, "address_is_broken", False) else None


def _one_too_many(request: HttpRequest) -> Refusal | None:
    name = None if request.resolver_match is None else request.resolver_match.url_name
    try:
        refuse_hasty_reader(getattr(request, "actor", ANONYMOUS), now(request))
    except TooMany as refusal:
        return refusal if request.method in ("GET", "HEAD") or name in _READ_BY_POST else None
    return None


class RefusalMiddleware:
    """Every refusal that a view did not answer itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; whatever answers a program answers in one shape."""
        return in_one_shape(request, self.get_response(request))

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Refuse a page whose address holds a NUL, or that is one too many of the account's.

        An address for programs has an answer of its own to either. What somebody sends is counted and not
        refused: nobody who has read too much is kept from writing down what happens.
        """
        if getattr(view, "csrf_exempt", False):
            return None
        refusal = _broken_address(request) or _one_too_many(request)
        return (
            None
            if refusal is None
            else self._answer(request, refusal_body(refusal, refusal.status), refusal.status)
        )

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page or a JSON answer for a refusal or a lost database; anything else is a mistake of ours."""
        if isinstance(exception, LinliError):
            note_refused_request(request, exception, getattr(request, "actor", ANONYMOUS))
            status = exception.status if isinstance(exception, Refusal) else 400
            return self._answer(request, refusal_body(exception, status), status)
        outage = outage_of(exception)
        return None if outage is None else outage_answer(request, outage)

    def _answer(self, request: HttpRequest, body: dict[str, object], status: int) -> HttpResponse:
        if request.path.startswith("/api/"):
            return JsonResponse(body, status=status)
        # A template that asks a mapping for its items gets the field of that name, where there is one.
        reasons = dict(body["fields"]).values() if isinstance(body["fields"], dict) else ()
        context = {"refusal": body, "reasons": tuple(reasons), "language": language()}
        return render(request, "screens/refused.html", context, status=status)
