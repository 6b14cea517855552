"""Taking a call: the form, what is known while it is typed, and what comes of sending it."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import AlreadyDone, perform
from linli.web.foundation.actions.refusals import Conflict, Invalid, Refusal
from linli.web.foundation.actions.together import together
from linli.web.foundation.casework.actions.merging import Merge
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.presenting import rows
from linli.web.foundation.casework.selectors import case_for
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.casework.views.requests import carry_out, sent_before, to_case
from linli.web.foundation.places.fields import own_first
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.wording import said
from linli.web.ops.incidents.categories import Choice, matching
from linli.web.ops.incidents.forms import IntakeForm, choices_of, words
from linli.web.ops.incidents.nearby import nearby
from linli.web.ops.incidents.units import KIND
from linli.web.ops.incidents.views.access import staff_page
from linli.web.ops.incidents.where import Where, find_where

__all__ = ["hints", "intake"]


@require_http_methods(["GET", "POST"])
@staff_page("assign")
def intake(request: HttpRequest) -> HttpResponse:
    """The form; a call that was taken leads to its dispatch."""
    spec = case_type(KIND)
    if request.method == "POST":
        form = IntakeForm(spec, request.POST)
        if "look" not in request.POST and form.is_valid():
            opened = _taken(request, form)
            if opened is not None:
                return opened
    else:
        form = IntakeForm(spec, initial={"submission": uuid.uuid4().hex})
    own_first(form, actor(request).stations)
    context = {
        "form": form,
        "categories": [(c.number, said(c.name), c.letters) for c in choices_of(spec)],
        "hints": _hints(request, form.data) if request.method == "POST" else None,
    }
    refused = request.method == "POST" and "look" not in request.POST
    return render(request, "incidents/intake.html", context, status=422 if refused else 200)


def _taken(request: HttpRequest, form: IntakeForm) -> HttpResponse | None:
    found, where = (
        matching(form.cleaned_data["category"], choices_of(case_type(KIND))),
        find_where(form.cleaned_data),
    )
    if len(found) != 1:
        form.add_error("category", _unclear(found))
    if where.suggested:
        form.add_error("address", words("intake.several_addresses"))
    if form.errors:
        return None
    try:
        case = _open(request, form, found[0], where)
    except Invalid as refusal:
        add_refusal(form, refusal)
        return None
    except Conflict as refusal:
        # The incident that it was said to be the same as cannot take it; what was typed stays.
        form.add_error(None, said(refusal.text))
        return None
    except AlreadyDone as before:
        messages.info(request, words("intake.done_before"))
        known = sent_before(request, before)
        return redirect("incident_board") if known is None else _onward(request, known)
    messages.success(request, words("intake.done", number=case.number))
    return _onward(request, case)


def _unclear(found: tuple[Choice, ...]) -> str:
    if not found:
        return words("intake.no_category")
    return words(
        "intake.several_categories",
        names=words("list.comma").join(f"{one.number} {said(one.name)}" for one in found),
    )


def _open(request: HttpRequest, form: IntakeForm, category: Choice, where: Where) -> Case:
    """Open the incident; where the dispatcher says that it is a known one, merge it into that."""
    data = form.cleaned_data
    who, at = actor(request), now(request)
    title = data["title"].strip() or " ".join(part for part in (category.name.zh, where.text) if part)
    action = OpenCase(
        kind=KIND,
        category=category.id,
        title=title[:200],
        description=data["description"],
        channel="phone",
        longitude=where.longitude,
        latitude=where.latitude,
        place=where.place,
        address=where.text,
        data=form.data_values(),
    )
    with together():
        case = carry_out(request, action)
        if data["same_as"]:
            into = case_for(who, data["same_as"], at=at)
            case = perform(Merge(case_id=case.pk, into_id=into.pk), who, at)
    return case


def _onward(request: HttpRequest, case: Case) -> HttpResponse:
    who = actor(request)
    if case.merged_into_id is not None:
        return to_case(Case.objects.get(pk=case.merged_into_id))
    if may_case(who, "assign", case, now(request)):
        return redirect("incident_dispatch", number=case.number)
    return to_case(case) if may_case(who, "view", case, now(request)) else redirect("incident_board")


@require_POST
@staff_page("assign")
def hints(request: HttpRequest) -> HttpResponse:
    """What is known of what has been typed: category, place, incidents nearby.

    By POST though nothing is changed: an address that is being typed would stay in every log on the way.
    """
    return render(request, "incidents/_hints.html", {"hints": _hints(request, request.POST)})


def _hints(request: HttpRequest, given: Mapping[str, str]) -> dict[str, Any]:
    try:
        where = find_where(given)
    except Refusal:
        where = Where()
    found = matching(given.get("category", ""), choices_of(case_type(KIND)))
    category = found[0] if len(found) == 1 else None
    near = nearby(actor(request), where, "" if category is None else category.id, now(request))
    shown = rows([case for case, _ in near], now(request))
    return {
        "category": category,
        "priority": None if category is None else case_type(KIND).category_by_id[category.id].priority,
        "categories": [(one.number, said(one.name)) for one in found] if len(found) > 1 else [],
        "typed": bool(given.get("category", "").strip()),
        "where": where,
        "place": _place_words(where),
        "near": [(row, away) for row, (_, away) in zip(shown, near, strict=True)],
        "same_as": given.get("same_as", ""),
        "chosen": given.get("address_choice", ""),
        "may_merge": may_anywhere(actor(request), "merge", KIND),
    }


def _place_words(where: Where) -> str:
    places = current_map()
    if places is None or not where.located.station:
        return ""
    place, station = places.places.get(where.located.place), places.stations.get(where.located.station)
    return " · ".join(one.name for one in (station, place) if one is not None)
