"""Who asks the API, what is answered when something is wrong, and how one sending is done once."""

from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.actor import ANONYMOUS, Actor
from linli.web.foundation.accounts.addresses import client_address
from linli.web.foundation.accounts.middleware import now
from linli.web.foundation.accounts.pacing import refuse_hasty_reader
from linli.web.foundation.actions.action import Action, AlreadyDone, perform
from linli.web.foundation.actions.refusals import Forbidden, Refusal
from linli.web.foundation.actions.sending import program_sending
from linli.web.foundation.casework.actions.reading import case_sent_before
from linli.web.foundation.casework.models import Case
from linli.web.foundation.exchange.tokens import actor_behind
from linli.web.foundation.screens.knocking import note_refused_request
from linli.web.foundation.screens.middleware import refusal_body
from linli.web.foundation.screens.wording import said

__all__ = ["TokenAuth", "actor_of_request", "answer_errors", "once"]

say = catalogue("linli.web.foundation.exchange")
Result = TypeVar("Result")
SAFE = ("GET", "HEAD", "OPTIONS")


class TokenAuth(HttpBearer):
    """A token in the header ``Authorization: Bearer …``; cookies count for nothing here."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor behind the token."""
        address = client_address(request)
        found = actor_behind(token, now(request), address=address)
        if found is not None:
            refuse_hasty_reader(found, now(request))
        if found is not None and request.method not in SAFE:
            writing = actor_behind(token, now(request), address=address, write=True)
            if writing is None:
                # Refused here, before anybody is let in: the entry of the log is the token's account's.
                request.auth = found  # type: ignore[attr-defined]
                raise Forbidden(say("token.read_only"))
        return found


def actor_of_request(request: HttpRequest) -> Actor:
    """The actor behind the request's token."""
    found: Actor = request.auth  # type: ignore[attr-defined]
    return found


def once(request: HttpRequest, action: Action[Case]) -> tuple[Case, bool]:
    """Carry out an action, once for each ``Idempotency-Key``; says whether it was new.

    Raises
    ------
    Reused
        The key came before with another body, or to another address.
    Forbidden
        It was done before, and the account may not see now what came of it.
    """
    who, at = actor_of_request(request), now(request)
    try:
        return perform(action, who, at, key=program_sending(request)), True
    except AlreadyDone as before:
        known = case_sent_before(before, who, at)
        if known is None:
            raise before.gone() from None
        return known, False


def answer_errors(api: NinjaAPI) -> None:
    """Give every error the one shape."""

    @api.exception_handler(LinliError)
    def refused(request: HttpRequest, refusal: LinliError) -> HttpResponse:
        who = getattr(request, "auth", None)
        note_refused_request(request, refusal, who if isinstance(who, Actor) else ANONYMOUS)
        status = refusal.status if isinstance(refusal, Refusal) else 400
        return api.create_response(request, refusal_body(refusal, status), status=status)

    @api.exception_handler(ValidationError)
    def wrong(request: HttpRequest, mistake: ValidationError) -> HttpResponse:
        fields = {".".join(str(part) for part in one["loc"][1:]): str(one["msg"]) for one in mistake.errors}
        return api.create_response(
            request, _body("invalid", 422, said(say("api.invalid")), fields), status=422
        )

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, _: AuthenticationError) -> HttpResponse:
        answer = api.create_response(
            request, _body("unauthenticated", 401, said(say("api.no_token"))), status=401
        )
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, mistake: HttpError) -> HttpResponse:
        if isinstance(mistake.__cause__, LinliError):
            return refused(request, mistake.__cause__)
        body = _body("bad_request", mistake.status_code, said(say("api.unreadable")))
        return api.create_response(request, body, status=mistake.status_code)


def _body(code: str, status: int, message: str, fields: dict[str, str] | None = None) -> dict[str, Any]:
    return {"code": code, "status": status, "message": message, "fields": fields or {}, "findings": []}
