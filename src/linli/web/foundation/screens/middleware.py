"""Turns a refusal into a page that says why and what to do, or into the API's one shape of error."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render

from linli.kernel.errors import InputRefused, LinliError
from linli.web.foundation.actions.refusals import Invalid, Missing, Refusal
from linli.web.foundation.screens.outages import outage_answer, outage_of
from linli.web.foundation.screens.wording import language, phrase, said

__all__ = ["RefusalMiddleware", "refusal_body"]


def refusal_body(refusal: LinliError, status: int) -> dict[str, object]:
    """The API's error: one shape for all of them."""
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    code = refusal.code if isinstance(refusal, Refusal) else "refused"
    body: dict[str, object] = {"code": code, "status": status, "message": said(refusal.text)}
    body["fields"] = {name: said(text) for name, text in fields.items()}
    if isinstance(refusal, InputRefused):
        body["findings"] = [finding.sentence(language()) for finding in refusal.findings]
    return body


class RefusalMiddleware:
    """Every refusal that a view did not answer itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Refuse a NUL wherever it stands: no text of ours holds one, and PostgreSQL fails on it."""
        given = [request.path, *_values(request.GET)]
        if request.method == "POST" and request.content_type == "application/x-www-form-urlencoded":
            given += _values(request.POST)
        if not any("\x00" in one for one in given):
            return None
        refusal = Missing(phrase("screens:error.nul"))
        return self._answer(request, refusal_body(refusal, refusal.status), refusal.status)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page or a JSON answer for a refusal or a lost database; anything else is a mistake of ours."""
        if isinstance(exception, LinliError):
            status = exception.status if isinstance(exception, Refusal) else 400
            return self._answer(request, refusal_body(exception, status), status)
        outage = outage_of(exception)
        return None if outage is None else outage_answer(request, outage)

    def _answer(self, request: HttpRequest, body: dict[str, object], status: int) -> HttpResponse:
        if request.path.startswith("/api/"):
            return JsonResponse(body, status=status)
        context = {"refusal": body, "language": language()}
        return render(request, "screens/refused.html", context, status=status)


def _values(query: QueryDict) -> list[str]:
    return [value for _, values in query.lists() for value in values]
