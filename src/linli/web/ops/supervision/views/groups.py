"""Pages of leading groups (L15): the list, one group with its plans, entering and correcting."""

from collections.abc import Iterator
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from linli.io.sheets import Cell
from linli.web.foundation.accounts.access import local_day, may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.refusals import Forbidden, Missing, missing
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.downloads import FORMS, download
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.supervision.actions.base import say
from linli.web.ops.supervision.actions.keeping import KeepGroup, KeepPlan
from linli.web.ops.supervision.forms import GroupForm, PlanForm
from linli.web.ops.supervision.models import Group
from linli.web.ops.supervision.reach import KIND, may_keep, supervises
from linli.web.ops.supervision.selectors import groups
from linli.web.ops.supervision.views.sending import fresh, must_look, sent, station_names

__all__ = ["enter", "export", "group_list", "group_page"]


def _levels(who: Actor) -> tuple[list[str], list[tuple[str, str]]]:
    """The levels and stations whose groups an actor may keep."""
    own = [(code, name) for code, name in station_names().items() if may_keep(who, "township", code)]
    levels = [str(Group.Level.COUNTY)] if supervises(who) else []
    return ([*levels, str(Group.Level.TOWNSHIP)] if own else levels), own


@require_GET
@login_required
def group_list(request: HttpRequest) -> HttpResponse:
    """The county's group and those of the townships, with this year's plan."""
    must_look(request)
    who, names, year = actor(request), station_names(), local_day(now(request)).year
    context = {
        "lines": [
            (one, names.get(one.station_code, ""), next((p for p in one.plans.all() if p.year == year), None))
            for one in groups(who)
        ],
        "year": year,
        "may_enter": bool(_levels(who)[0]),
        "supervises": supervises(who),
        "may_export": may_anywhere(who, "export", KIND),
    }
    return render(request, "supervision/groups.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def enter(request: HttpRequest) -> HttpResponse:
    """The form for a group."""
    levels, own = _levels(actor(request))
    if not levels:
        raise Forbidden(say("may_not_keep"))
    form = GroupForm(levels, own, request.POST or None, initial=fresh())
    answer = None
    if request.method == "POST":
        answer = sent(request, form, lambda: KeepGroup(**form.given()), "kept", _to_group)
    context = {"form": form, "supervises": supervises(actor(request))}
    return answer or render(request, "supervision/enter.html", context, status=422 if form.errors else 200)


def _to_group(made: Group | None) -> HttpResponse:
    if made is None:
        return redirect("supervision_groups")
    return redirect("supervision_group", pk=made.pk)


@require_http_methods(["GET", "POST"])
@login_required
def group_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One group, its plans year by year; for who keeps it, the forms."""
    who = actor(request)
    found = groups(who).filter(pk=pk).first()
    if found is None:
        raise missing(say("group.missing"), hidden=Group.objects.filter(pk=pk).exists())
    keeps = may_keep(who, found.level, found.station_code)
    form, plan_form = _forms(request, who, found) if keeps else (None, None)
    answer = None
    if request.method == "POST" and form is not None and plan_form is not None:
        answer = _sent(request, found, form, plan_form)
    context: dict[str, Any] = {
        "group": found,
        "station": station_names().get(found.station_code, ""),
        "plans": list(found.plans.all()),
        "form": form,
        "plan_form": plan_form,
        "supervises": supervises(who),
    }
    failed = request.method == "POST"
    return answer or render(request, "supervision/group.html", context, status=422 if failed else 200)


def _forms(request: HttpRequest, who: Actor, found: Group) -> tuple[GroupForm, PlanForm]:
    levels, own = _levels(who)
    day, sent_form = local_day(now(request)), request.POST.get("form")
    initial = {
        "title": found.name,
        "station": found.station_code,
        **{name: getattr(found, name) for name in ("level", "chair", "members", "office", "founded_on")},
    }
    form = GroupForm(levels, own, request.POST if sent_form == "group" else None, initial=fresh(**initial))
    plan_form = PlanForm(
        request.POST if sent_form == "plan" else None,
        initial=fresh(year=day.year, adopted_on=day),
        auto_id="plan_%s",
    )
    return form, plan_form


def _sent(request: HttpRequest, found: Group, form: GroupForm, plan_form: PlanForm) -> HttpResponse | None:
    if request.POST.get("form") == "group":
        return sent(
            request,
            form,
            lambda: KeepGroup(group_id=found.pk, **form.given()),
            "kept",
            lambda _: _to_group(found),
        )
    return sent(
        request,
        plan_form,
        lambda: KeepPlan(group_id=found.pk, **plan_form.given()),
        "plan",
        lambda _: _to_group(found),
    )


_COLUMNS: Final = (
    "level", "group", "station", "chair", "members", "office", "founded_on", "year", "adopted_on", "goals",
    "review",
)  # fmt: skip


@require_GET
@login_required
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The groups and their plans as XLSX or CSV; logged first."""
    if form not in FORMS:
        raise Missing(say("no_form", form=form))
    carry_out(request, LogExport(what=KIND, filters="groups"))
    header = [said(phrase(f"supervision:label.{name}")) for name in _COLUMNS]
    title, name = said(phrase("supervision:groups")), f"groups-{local_day(now(request)):%Y%m%d}"
    return download(form, name, title, header, _lines(list(groups(actor(request)))))


def _lines(found: list[Group]) -> Iterator[list[Cell]]:
    names = station_names()
    for one in found:
        told: list[Cell] = [
            said(phrase(f"supervision:level.{one.level}")),
            one.name,
            names.get(one.station_code, ""),
            one.chair,
            one.members,
            one.office,
            one.founded_on,
        ]
        plans = list(one.plans.all())
        for plan in plans:
            yield [*told, plan.year, plan.adopted_on, plan.goals, plan.review]
        if not plans:
            yield [*told, None, None, None, None]
