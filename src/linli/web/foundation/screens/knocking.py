"""Entries of pages and addresses that were refused for want of permission; actions write their own."""

import re
from typing import Final

from django.http import HttpRequest

from linli.kernel.errors import LinliError
from linli.kernel.spelling import case_number
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.middleware import now
from linli.web.foundation.actions.refusals import Refusal
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.audit.refusing import note_refused
from linli.web.foundation.casework.models import Case

__all__ = ["note_refused_request"]

_ID: Final = re.compile(r"[A-Z]{0,4}[0-9]{1,6}(-[0-9]{1,12})?")
"""Ids and numbers that Linli gave; what somebody typed into an address is not kept."""


def note_refused_request(request: HttpRequest, refusal: LinliError, who: Actor) -> None:
    """Write down that an account asked for what it may not, unless the action has done so."""
    if isinstance(refusal, Refusal) and refusal.barred and not refusal.noted and who.user_id is not None:
        refusal.noted = True
        note_refused(_asked_for(request), refusal.status, who, now(request), named=refusal.hidden)


def _asked_for(request: HttpRequest) -> Record:
    match = request.resolver_match
    given = {} if match is None else match.kwargs
    action = "" if match is None else match.view_name
    number = case_number(str(given.get("number", "")))
    case = None
    if _ID.fullmatch(number):
        case = Case.objects.filter(number=number).only("station_code", "number").first()
    if case is not None:
        return Record(
            action=action,
            subject_kind="case",
            subject_id=str(case.pk),
            station=case.station_code,
            detail={"number": number},
        )
    ids = [str(value) for value in given.values() if _ID.fullmatch(str(value))]
    return Record(action=action, subject_kind="page", subject_id=" ".join(ids)[:64])
