"""Sending units: the recommendation with its reasons, and what each unit reports."""

import uuid
from collections.abc import Mapping
from math import ceil
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Conflict, Invalid, Missing, Refusal
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.presenting import row
from linli.web.foundation.casework.selectors import case_for
from linli.web.foundation.casework.views.requests import carry_out, done
from linli.web.foundation.screens.wording import said
from linli.web.ops.incidents.actions.dispatching import Accept, Arrive, Clear, DispatchUnits
from linli.web.ops.incidents.board import TONES, elapsed
from linli.web.ops.incidents.forms import words
from linli.web.ops.incidents.recommendation import Candidate, Ranked, Recommendation
from linli.web.ops.incidents.scenes import on_it, recommended
from linli.web.ops.incidents.standards import standards
from linli.web.ops.incidents.units import KIND, UNDER_WAY, say, units_for
from linli.web.ops.incidents.views.access import staff_page

__all__ = ["dispatch_page", "unit_report"]

_REPORTS: Final[Mapping[str, type[Accept] | type[Arrive] | type[Clear]]] = {
    "accept": Accept,
    "arrive": Arrive,
    "clear": Clear,
}


@require_http_methods(["GET", "POST"])
@staff_page("assign")
def dispatch_page(request: HttpRequest, number: str) -> HttpResponse:
    """The recommendation; sending the form sends the units that are ticked."""
    case = _incident(request, number, "assign")
    if request.method == "POST":
        try:
            carry_out(request, _action(request, case))
        except AlreadyDone:
            return redirect("incident_board")
        except (Invalid, Conflict) as refusal:
            return _page(request, _incident(request, number, "assign"), refusal)
        messages.success(request, words("dispatch.done", number=case.number))
        return redirect("incident_board")
    return _page(request, case)


def _incident(request: HttpRequest, number: str, verb: str) -> Case:
    case = case_for(actor(request), number, at=now(request), verb=verb)
    if case.case_type != KIND:
        raise Missing(say("dispatch.no_incident"))
    return case


def _action(request: HttpRequest, case: Case) -> DispatchUnits:
    revision = request.POST.get("revision", "")
    return DispatchUnits(
        case_id=case.pk,
        units=_chosen(request),
        reason=request.POST.get("reason", ""),
        revision=whole_of(revision),
    )


def _chosen(request: HttpRequest) -> tuple[int, ...]:
    return tuple(dict.fromkeys(one for one in map(whole_of, request.POST.getlist("unit")) if one is not None))


def _page(request: HttpRequest, case: Case, refusal: Refusal | None = None) -> HttpResponse:
    at = now(request)
    found = recommended(case, actor(request), at)
    first = {one.unit.id for one in found.ranked[: found.wanted]}
    picked = set(_chosen(request)) if request.method == "POST" else first
    context = {
        "case": case,
        "row": row(case, at),
        "elapsed": elapsed(case.opened_at, at),
        "waiting": case.state == "received",
        "can_send": case.state in ("received", *UNDER_WAY) and case.merged_into_id is None,
        "need": standards().need_of(case.category),
        "kinds": words("list.comma").join(
            words(f"kind.{kind}") for kind in standards().need_of(case.category).kinds
        ),
        "there": words("list.comma").join(one.unit.call_sign for one in on_it(case)),
        "reason": request.POST.get("reason", ""),
        "refusal": said(refusal.text) if refusal is not None else "",
        "reason_error": _of_field(refusal, "reason"),
        "submission": uuid.uuid4().hex,
        **_shown(request, found, picked, first),
    }
    return render(request, "incidents/dispatch.html", context, status=refusal.status if refusal else 200)


def _of_field(refusal: Refusal | None, name: str) -> str:
    return said(refusal.fields[name]) if isinstance(refusal, Invalid) and name in refusal.fields else ""


def _shown(request: HttpRequest, found: Recommendation, picked: set[int], first: set[int]) -> dict[str, Any]:
    places = {one.pk: one.place_name for one in units_for(actor(request))}
    return {
        "ranked": [
            {
                **_line(one, places),
                "number": number,
                "picked": one.unit.id in picked,
                "first": one.unit.id in first,
            }
            for number, one in enumerate(found.ranked, 1)
        ],
        "excluded": [(unit, _kind(unit), said(why), TONES[unit.status]) for unit, why in found.excluded],
        "missing": [said(one) for one in found.missing],
    }


def _line(one: Ranked, places: dict[int, str]) -> dict[str, Any]:
    return {
        "unit": one.unit,
        "kind": _kind(one.unit),
        "place": places.get(one.unit.id, ""),
        "minutes": None if one.minutes is None else max(1, ceil(one.minutes)),
        "suited": one.suited,
        "reasons": words("list.semicolon").join(said(reason) for reason in one.reasons),
    }


def _kind(unit: Candidate) -> str:
    return words(f"kind.{unit.kind}")


@require_POST
@staff_page("work")
def unit_report(request: HttpRequest, number: str, pk: int, what: str) -> HttpResponse:
    """A unit accepts, arrives or leaves."""
    case = _incident(request, number, "view")
    action = _REPORTS.get(what)
    if action is None:
        raise Missing(say("dispatch.no_incident"))
    done_ = done(request, case, lambda: carry_out(request, action(case_id=case.pk, dispatch_id=pk)), "moved")
    return redirect("incident_board") if request.POST.get("back") == "board" else done_
