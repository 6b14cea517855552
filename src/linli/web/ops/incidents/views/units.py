"""The register of units: who is free, on duty, where; entries, import and export."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.io.sheets import MOST_BYTES
from linli.kernel.errors import InputRefused, LinliError
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Forbidden, Invalid, Missing
from linli.web.foundation.border.moments import clock_of
from linli.web.foundation.border.uploads import content_of
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.fields import own_first
from linli.web.foundation.places.locating import Map, current_map
from linli.web.foundation.screens.wording import language, said
from linli.web.ops.incidents.actions.units import EndShift, PlaceUnit, SaveUnit, StartShift
from linli.web.ops.incidents.board import TONES
from linli.web.ops.incidents.forms import PlaceForm, UnitForm, words
from linli.web.ops.incidents.models import Unit
from linli.web.ops.incidents.recommendation import Status
from linli.web.ops.incidents.register import COLUMNS, import_units, lines
from linli.web.ops.incidents.sheets import sheet
from linli.web.ops.incidents.units import (
    KIND,
    UnitNow,
    by_status,
    may_unit,
    say,
    unit_for,
    units_for,
    units_now,
)
from linli.web.ops.incidents.views.access import staff_page

__all__ = ["unit_change", "unit_edit", "unit_import", "unit_new", "unit_page", "units_export", "units_page"]

PAGE: Final = 60


@require_GET
@staff_page("view")
def units_page(request: HttpRequest) -> HttpResponse:
    """The units that the actor may see, filtered, some at a time."""
    who = actor(request)
    found = units_now(units_for(who, retired=request.GET.get("retired") == "1"), who, now(request))
    kept = _filtered(request, found)
    after = request.GET.get("after", "")
    places = current_map()
    rest = [one for one in kept if one.unit.call_sign > after]
    context = {
        "units": [_shown(request, one, places) for one in rest[:PAGE]],
        "counts": [(words(f"status.{s}"), count, TONES[s]) for s, count in by_status(found).items()],
        "statuses": [(s, words(f"status.{s}"), s == request.GET.get("status")) for s in Status],
        "kinds": [(k, words(f"kind.{k}"), k == request.GET.get("kind")) for k in Unit.Kind.values],
        "retired": request.GET.get("retired") == "1",
        "next_url": _next(request, rest[PAGE - 1].unit.call_sign) if len(rest) > PAGE else "",
        "query": _query(request),
        "may_edit": may_anywhere(actor(request), "assign", KIND),
        "may_export": may_anywhere(actor(request), "export", KIND),
    }
    return render(request, "incidents/units.html", context)


def _filtered(request: HttpRequest, units: list[UnitNow]) -> list[UnitNow]:
    status, kind, words_ = (request.GET.get(name, "") for name in ("status", "kind", "q"))
    return [
        one
        for one in units
        if (not status or one.status == status)
        and (not kind or one.unit.kind == kind)
        and (not words_ or words_ in one.unit.call_sign or words_ in one.unit.organisation.name)
    ]


def _query(request: HttpRequest, **changed: str) -> str:
    copy = request.GET.copy()
    copy.pop("after", None)
    for name, value in changed.items():
        copy[name] = value
    return copy.urlencode()


def _next(request: HttpRequest, after: str) -> str:
    return "?" + _query(request, after=after)


def _shown(request: HttpRequest, one: UnitNow, places: Map | None) -> dict[str, Any]:
    works = may_unit(actor(request), "work", one.unit, places) and one.unit.active
    return {
        "unit": one.unit,
        "organisation": one.unit.organisation.named(language()),
        "kind": words(f"kind.{one.unit.kind}"),
        "status": one.status,
        "status_label": words(f"status.{one.status}"),
        "tone": TONES[one.status],
        "number": one.number,
        "can_start": works and one.status is Status.OFF_DUTY,
        "can_end": works and one.status is Status.FREE,
        "can_place": works,
        "can_edit": may_unit(actor(request), "assign", one.unit, places),
    }


@require_GET
@staff_page("view")
def unit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: what it does, its shift, its place."""
    return _unit(request, unit_for(actor(request), pk), PlaceForm())


def _unit(request: HttpRequest, unit: Unit, form: PlaceForm) -> HttpResponse:
    own_first(form, {unit.station_code})
    context = {
        "one": _shown(request, units_now([unit], actor(request), now(request))[0], current_map()),
        "form": form,
        "submission": uuid.uuid4().hex,
    }
    return render(request, "incidents/unit.html", context, status=422 if form.errors else 200)


@require_POST
@staff_page("work")
def unit_change(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Begin or end a shift, or say where the unit is."""
    unit, form = unit_for(actor(request), pk), PlaceForm(request.POST)
    if what == "place" and not form.is_valid():
        return _unit(request, unit, form)
    actions: dict[str, Callable[[], object]] = {
        "start": lambda: carry_out(request, StartShift(unit_id=pk, until=_until(request))),
        "end": lambda: carry_out(request, EndShift(unit_id=pk)),
        "place": lambda: carry_out(request, PlaceUnit(unit_id=pk, place=form.cleaned_data["place"])),
    }
    if what not in actions:
        raise Missing(say("unit.missing"))
    try:
        actions[what]()
    except AlreadyDone:
        pass
    except LinliError as refusal:
        messages.error(request, said(refusal.text))
    else:
        messages.success(request, words(f"unit.done_{what}", unit=unit.call_sign))
    return (
        redirect("incident_units") if request.POST.get("back") == "list" else redirect("incident_unit", pk=pk)
    )


def _until(request: HttpRequest) -> dt.datetime | None:
    """The next time at which the clock shows what was given, in the territory's zone."""
    given = request.POST.get("until", "")
    if not given:
        return None
    clock = clock_of(given)
    if clock is None:
        raise Invalid(say("unit.bad_time"))
    local = timezone.localtime(now(request))
    until = dt.datetime.combine(local.date(), clock, local.tzinfo)
    return (until if until > local else until + dt.timedelta(days=1)).astimezone(dt.UTC)


@require_http_methods(["GET", "POST"])
@staff_page("assign")
def unit_new(request: HttpRequest) -> HttpResponse:
    """Enter a unit."""
    return _edited(request, None)


@require_http_methods(["GET", "POST"])
@staff_page("assign")
def unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a unit's entry."""
    return _edited(request, unit_for(actor(request), pk))


def _edited(request: HttpRequest, unit: Unit | None) -> HttpResponse:
    form = UnitForm(_owners(request), request.POST or None, initial=_initial(unit))
    if request.method == "POST" and form.is_valid():
        try:
            action = SaveUnit(unit_id=None if unit is None else unit.pk, **form.cleaned_data)
            saved = carry_out(request, action)
        except Invalid as refusal:
            add_refusal(form, refusal)
        except AlreadyDone:
            return redirect("incident_units")
        else:
            messages.success(request, words("unit.done_save", unit=saved.call_sign))
            return redirect("incident_unit", pk=saved.pk)
    context = {"form": form, "unit": unit, "submission": uuid.uuid4().hex}
    return render(request, "incidents/unit_form.html", context, status=422 if form.errors else 200)


def _initial(unit: Unit | None) -> dict[str, Any]:
    if unit is None:
        return {}
    return {
        "call_sign": unit.call_sign,
        "organisation": unit.organisation.code,
        "kind": unit.kind,
        "capacity": unit.capacity,
        "active": unit.active,
    }


def _owners(request: HttpRequest) -> list[Organisation]:
    """Bureau, stations and posts in which the actor may send units."""
    kind = Organisation.Kind
    found = Organisation.objects.filter(active=True, kind__in=[kind.BUREAU, kind.STATION, kind.POST])
    places = current_map()
    return [
        one
        for one in found
        if may_unit(
            actor(request),
            "assign",
            Unit(
                organisation=one,
                station_code=one.station_code,
                beat_codes=list(one.codes) if one.level == "beat" else [],
            ),
            places,
        )
    ]


@require_GET
@staff_page("export")
def units_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The filtered register as a file; logged."""
    carry_out(request, LogExport(what=KIND, filters=f"units {_query(request)}"))
    found = units_now(units_for(actor(request), retired=True), actor(request), now(request))
    header = [words(f"unit.{name}") for name in COLUMNS]
    rows = lines(_filtered(request, found))
    return sheet(form, "units", now(request), [(words("units.title"), header, rows)])


@require_http_methods(["GET", "POST"])
@staff_page("assign")
def unit_import(request: HttpRequest) -> HttpResponse:
    """Read a file of units; every fault is shown with its row, and then nothing is changed."""
    findings: list[str] = []
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise Forbidden(say("import.none"))
            count = import_units(
                file.name or "", content_of(file, most=MOST_BYTES), actor(request), now(request)
            )
        except InputRefused as refusal:
            findings = [said(refusal.text), *(one.sentence(language()) for one in refusal.findings)]
        except LinliError as refusal:
            findings = [said(refusal.text)]
        else:
            messages.success(request, words("import.done", count=count))
            return redirect("incident_units")
    columns = [words(f"unit.{name}") for name in COLUMNS[:5]]
    context = {"findings": findings, "columns": words("list.comma").join(columns)}
    return render(request, "incidents/unit_import.html", context, status=422 if findings else 200)
