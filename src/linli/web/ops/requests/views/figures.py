"""Five in time by station and month, and what is in the intake queue."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from linli.io.sheets import Cell
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.downloads import FORMS, download
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.intake.models import Entry
from linli.web.ops.requests.actions.retrying import RetryEntry
from linli.web.ops.requests.draining import drain
from linli.web.ops.requests.figures import Figure, Line, Month, by_month, by_station, total
from linli.web.ops.requests.five import KIND, STEPS
from linli.web.ops.requests.showing import channel_name
from linli.web.ops.requests.wording import say

__all__ = ["five", "five_export", "queue", "retry"]

_MONTHS: Final = 12


def _month(request: HttpRequest) -> Month:
    return Month.parse(request.GET.get("month", "")) or Month.of(now(request))


@require_GET
@login_required
def five(request: HttpRequest) -> HttpResponse:
    """A month by station, and the year up to it by month."""
    who, at, month = actor(request), now(request), _month(request)
    if not may_anywhere(who, "view", KIND):
        raise Forbidden(say("list.forbidden"))
    stations, months = by_station(who, month, at), by_month(who, month, _MONTHS, at)
    context = {
        "month": str(month),
        "before": str(month.moved(-1)),
        "after": str(month.moved(1)),
        "steps": [said(phrase(f"requests:five.{step}")) for step in STEPS],
        "stations": [_shown(line, _station(line.key)) for line in stations],
        "total": _shown(total(stations), ""),
        "months": [_shown(line, line.key) for line in months],
        "chart": _chart(months),
        "may_export": may_anywhere(who, "export", KIND),
    }
    return render(request, "requests/five.html", context)


def _station(code: str) -> str:
    places = current_map()
    known = places.stations.get(code) if places is not None else None
    return known.name if known is not None else code or "—"


def _shown(line: Line, name: str) -> dict[str, Any]:
    return {"name": name, "rounds": line.rounds, "cells": [_cell(one) for one in line.figures]}


def _cell(figure: Figure) -> dict[str, Any]:
    return {
        "step": said(phrase(f"requests:five.{figure.step}")),
        "in_time": figure.in_time,
        "counted": figure.counted,
        "percent": _percent(figure),
        "overdue": figure.overdue,
        "running": figure.running,
    }


def _percent(figure: Figure) -> str:
    return "—" if figure.share is None else f"{float(figure.share * 100):.1f}%"


def _chart(months: list[Line]) -> dict[str, Any]:
    def percent(figure: Figure) -> float | None:
        return None if figure.share is None else round(float(figure.share * 100), 1)

    return {
        "kind": "line",
        "unit": "%",
        "categories": [line.key for line in months],
        "series": [
            {
                "name": said(phrase(f"requests:five.{step}")),
                "values": [percent(line.figures[place]) for line in months],
            }
            for place, step in enumerate(STEPS)
        ],
    }


@require_GET
@login_required
def five_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The month by station with every count; logged."""
    who, at, month = actor(request), now(request), _month(request)
    if form not in FORMS or not may_anywhere(who, "export", KIND):
        raise Forbidden(say("list.no_export"))
    carry_out(request, LogExport(what=KIND, filters=f"five {month}"))
    lines = by_station(who, month, at)
    header = [said(phrase("requests:five.station")), said(phrase("requests:five.rounds"))]
    parts = ("in_time", "late", "overdue", "running", "counted")
    for step in STEPS:
        name = phrase(f"requests:five.{step}")
        header += [said(phrase(f"requests:count.{part}", step=name)) for part in parts]
    body: list[list[Cell]] = []
    for line in lines:
        counts = [getattr(figure, part) for figure in line.figures for part in parts]
        body.append([_station(line.key), line.rounds, *counts])
    return download(form, f"five-in-time-{month}", said(phrase("requests:five.title")), header, body)


@require_GET
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """What came in and became no case: refused, or waiting because something of ours failed."""
    if not may_anywhere(actor(request), "assign", KIND):
        raise Forbidden(say("queue.forbidden"))
    waiting = Entry.objects.filter(state=Entry.State.QUEUED).order_by("pk")[:100]
    refused = Entry.objects.filter(state=Entry.State.REFUSED).order_by("-left_at")[:100]
    context = {
        "waiting": [_entry(one) for one in waiting],
        "refused": [_entry(one) for one in refused],
    }
    return render(request, "requests/queue.html", context)


def _entry(entry: Entry) -> dict[str, Any]:
    spec = case_types().get(entry.case_type)
    category = spec.category_by_id.get(entry.category) if spec is not None else None
    return {
        "pk": entry.pk,
        "kind": said(phrase(f"requests:queue.{entry.kind}")),
        "category": said(category.name) if category is not None else "",
        "channel": channel_name(entry.channel),
        "received_at": entry.received_at,
        "attempts": entry.attempts,
        "next_at": entry.not_before,
        "reason": entry.reason_en if language() == "en" else entry.reason,
    }


@require_POST
@login_required
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try an entry again at once."""
    carry_out(request, RetryEntry(entry_id=pk))
    drain(now(request))
    still = Entry.objects.filter(pk=pk, state=Entry.State.QUEUED).exists()
    messages.info(request, said(phrase("requests:queue.failed_again" if still else "requests:queue.done")))
    return redirect("requests_queue")
