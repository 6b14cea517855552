"""What every form of supervision does when it is sent: once, with its faults beside the fields."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from linli.web.foundation.accounts.middleware import actor
from linli.web.foundation.actions.action import Action, AlreadyDone
from linli.web.foundation.actions.refusals import Forbidden, Invalid
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.supervision.actions.base import say
from linli.web.ops.supervision.reach import may_look

__all__ = ["fresh", "must_look", "sent", "station_names"]


def fresh(**initial: Any) -> dict[str, Any]:
    """What a form begins with; sent twice, it is done once."""
    return {"submission": uuid.uuid4().hex, **initial}


def must_look(request: HttpRequest) -> None:
    """Refuse whoever has no use for supervision."""
    if not may_look(actor(request)):
        raise Forbidden(say("may_not_see"))


def station_names() -> dict[str, str]:
    """Names of the stations by code."""
    current = current_map()
    return {} if current is None else {code: one.name for code, one in current.stations.items()}


def sent(
    request: HttpRequest,
    form: forms.Form,
    make: Callable[[], Action[Any]],
    word: str,
    then: Callable[[Any], HttpResponse],
) -> HttpResponse | None:
    """Carry out what a form asks for; ``None`` where it must be shown again with its faults."""
    if not form.is_valid():
        return None
    try:
        made = carry_out(request, make())
    except Invalid as refusal:
        add_refusal(form, refusal)
        return None
    except AlreadyDone:
        return then(None)
    messages.success(request, said(phrase(f"supervision:done.{word}")))
    return then(made)
