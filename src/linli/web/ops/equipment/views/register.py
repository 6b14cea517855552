"""The register: list, one device, what is due, a sheet out and a sheet in."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from linli.io.sheets import MOST_BYTES, Cell
from linli.kernel.errors import InputRefused
from linli.web.foundation.accounts.access import may, may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Forbidden, Invalid
from linli.web.foundation.border.uploads import content_of
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.locating import current_map, map_of
from linli.web.foundation.screens.downloads import download, file_stamp
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.ops.equipment.actions.base import KIND, local_day, say, subject_of
from linli.web.ops.equipment.actions.entering import ImportDevices
from linli.web.ops.equipment.forms import FilterForm, ImportForm
from linli.web.ops.equipment.importing import COLUMNS, MOST_ROWS, read_devices
from linli.web.ops.equipment.models import ISSUED, Device
from linli.web.ops.equipment.selectors import Filters, device_for, device_page, devices, due

__all__ = [
    "device_export",
    "device_import",
    "device_list",
    "device_page_of",
    "due_list",
    "must_see",
    "template",
]

AHEAD: Final = dt.timedelta(days=30)
TONES: Final = {
    "planned": "neutral", "stored": "info", "in_use": "good", "in_repair": "warning", "retired": "neutral",
}  # fmt: skip


def must_see(request: HttpRequest) -> None:
    """Refuse roles that have nothing to do with equipment."""
    if not may_anywhere(actor(request), "view", KIND):
        raise Forbidden(say("device.forbidden"))


def _filters(request: HttpRequest) -> Filters:
    given = request.GET
    return Filters(
        kind=given.get("kind", "") if given.get("kind") in Device.Kind.values else "",
        status=given.get("status", "") if given.get("status") in Device.Status.values else "",
        station=given.get("station", "")[:32],
        words=given.get("q", "").strip()[:60],
    )


def _with(request: HttpRequest, **more: str) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    for name, value in more.items():
        query[name] = value
    return "?" + query.urlencode()


def _line(device: Device, today: dt.date) -> dict[str, Any]:
    return {
        "row": device,
        "tone": TONES[device.status],
        "place": _place(device),
        "late": device.maintain_on is not None and device.maintain_on < today and device.status != "retired",
    }


def _place(device: Device) -> str:
    if device.address:
        return device.address
    if device.version_id is None:
        return device.place_code or device.station_code
    found = map_of(device.version_id)
    place, station = found.places.get(device.place_code), found.stations.get(device.station_code)
    return place.name if place else station.name if station else ""


@require_GET
@login_required
def device_list(request: HttpRequest) -> HttpResponse:
    """One page of the devices that the actor may see, by number."""
    must_see(request)
    who = actor(request)
    rows, after = device_page(who, _filters(request), after=request.GET.get("after", "")[:40])
    today = local_day(now(request))
    context = {
        "lines": [_line(row, today) for row in rows],
        "filter": FilterForm(request.GET),
        "next_url": _with(request, after=after) if after else "",
        "query": _with(request),
        "may_add": may_anywhere(who, "open", KIND),
        "may_export": may_anywhere(who, "export", KIND),
        "due": len(due(who, today)),
    }
    return render(request, "equipment/list.html", context)


@require_GET
@login_required
def due_list(request: HttpRequest) -> HttpResponse:
    """What must be looked after within thirty days, the longest due first."""
    must_see(request)
    today = local_day(now(request))
    context = {"lines": [_line(row, today) for row in due(actor(request), today + AHEAD)], "days": AHEAD.days}
    return render(request, "equipment/due.html", context)


@require_GET
@login_required
def device_page_of(request: HttpRequest, pk: int) -> HttpResponse:
    """One device: what it is, who has it, how it was looked after, what it was good for."""
    device = device_for(actor(request), pk)
    issues = list(device.issues.select_related("organisation")[:50])
    today = local_day(now(request))
    context = {
        "device": device,
        "line": _line(device, today),
        "issues": issues,
        "out": bool(issues) and issues[0].returned_at is None,
        "issuable": device.kind in ISSUED,
        "maintenance": list(device.maintenance.all()[:50]),
        "uses": list(device.uses.all()[:24]),
        "may_edit": may(actor(request), "edit", subject_of(device)),
    }
    return render(request, "equipment/device.html", context)


@require_GET
@login_required
def device_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The filtered register as a sheet that can be taken in again; the export is logged first."""
    who, at = actor(request), now(request)
    carry_out(request, LogExport(what=KIND, filters=_with(request)))
    found = devices(who, verb="export").filter(_filters(request).condition())
    return _sheet(form, f"equipment-{file_stamp(at, minutes=True)}", _rows(found))


@require_GET
@login_required
def template(request: HttpRequest) -> HttpResponseBase:
    """An empty sheet with the columns that can be taken in."""
    must_see(request)
    return _sheet("xlsx", "equipment", iter(()))


def _sheet(form: str, name: str, rows: Iterator[list[Cell]]) -> HttpResponseBase:
    header = [said(phrase(f"equipment:column.{id_}")) for id_ in COLUMNS]
    return download(form, name, said(phrase("equipment:nav")), header, rows)


def _rows(found: QuerySet[Device]) -> Iterator[list[Cell]]:
    words = {True: said(phrase("equipment:yes")), False: said(phrase("equipment:no")), None: None}
    for device in found.select_related("organisation").order_by("code").iterator(chunk_size=1000):
        yield [
            device.code, said(phrase(f"equipment:kind.{device.kind}")), device.name, device.purpose,
            said(phrase(f"equipment:status.{device.status}")), device.organisation.code, device.keeper_post,
            device.place_code, device.address, device.longitude, device.latitude, device.radius_m,
            words[device.linked], device.required_by, device.footage_days, words[device.notice_posted],
            device.acquired_on, device.maintain_every_days, device.maintain_on, device.note,
        ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@login_required
def device_import(request: HttpRequest) -> HttpResponse:
    """A sheet of devices is taken in whole, or refused with every fault."""
    if not may_anywhere(actor(request), "open", KIND) or not may_anywhere(actor(request), "edit", KIND):
        raise Forbidden(say("entry.forbidden"))
    form = ImportForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            entries = read_devices(file.name, content_of(file, most=MOST_BYTES), local_day(now(request)))
            added, changed = carry_out(request, ImportDevices(entries=entries, file=file.name))
        except InputRefused as refusal:
            faults = [finding.sentence(language()) for finding in refusal.findings]
            form.add_error(None, said(refusal.text))
        except (Invalid, Forbidden) as refusal:
            form.add_error(None, said(refusal.text))
        except AlreadyDone:
            return redirect("equipment")
        else:
            messages.success(request, said(phrase("equipment:done.import", added=added, changed=changed)))
            return redirect("equipment")
    context = {
        "form": form,
        "faults": faults,
        "columns": [said(phrase(f"equipment:column.{id_}")) for id_ in COLUMNS],
        "most": MOST_ROWS,
        "no_plan": current_map() is None,
    }
    return render(request, "equipment/import.html", context, status=422 if request.method == "POST" else 200)
