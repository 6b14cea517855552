"""Pages that set side by side: areas with their intervals, clauses to date, rules beside chance."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.middleware import actor
from linli.web.foundation.actions.refusals import Missing
from linli.web.foundation.screens.wording import phrase, said
from linli.web.workbench.assessment import evidence
from linli.web.workbench.assessment.charts import funnel_data, league_data
from linli.web.workbench.assessment.comparing import Funnel, League, funnel_of, is_count, is_share, league_of
from linli.web.workbench.assessment.models import Area, Version
from linli.web.workbench.assessment.naming import area_name
from linli.web.workbench.assessment.presenting import figure_url, interval, number, row_of, unit
from linli.web.workbench.assessment.selectors import figures, version_for, visible_names
from linli.web.workbench.assessment.telling import text_of

__all__ = ["chance", "chance_rows", "clauses", "compare"]

say = catalogue("linli.web.workbench.assessment")

KINDS: Final = ("beat", "station")
Names = Mapping[tuple[str, str], Area | None]


@require_GET
@login_required
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """One figure of all areas of a kind: places with intervals, and the funnel of counts."""
    version = version_for(actor(request), pk)
    able = {
        name: told
        for name, told in version.told.get("indicators", {}).items()
        if (is_count(told) or is_share(told)) and set(KINDS) & set(told["scope"])
    }
    if not able:
        raise Missing(say("missing.figure"))
    name = request.GET.get("indicator", "")
    name = name if name in able else next(iter(able))
    told = able[name]
    kinds = [one for one in KINDS if one in told["scope"]]
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else kinds[0]
    points = evidence.of_all(version, name, kind)
    tokens = sorted({one.token for one in points})
    token = request.GET.get("period", "")
    token = token if token in tokens else _month_of(version, tokens)
    points = [one for one in points if one.token == token]
    names, people = visible_names(actor(request), version), _residents(version, kind)
    league, funnel = league_of(told, points, people), funnel_of(told, points, people)
    context = {
        "version": version,
        "indicators": [(one, said(text_of(t["title"])), one == name) for one, t in able.items()],
        "kinds": [(one, said(phrase(f"assessment:area.{one}")), one == kind) for one in kinds],
        "tokens": [(one, one == token) for one in tokens],
        "title": said(text_of(told["title"])),
        "clause": told["clause"],
        "token": token,
        "unit": unit(told),
        "silence": told["met_by_not_recording"],
        **_league(version, league, points, names, told, people),
        **_funnel(funnel, kind, names),
    }
    return render(request, "assessment/compare.html", context)


def _month_of(version: Version, tokens: list[str]) -> str:
    return version.period.month if version.period.month in tokens else tokens[-1] if tokens else ""


def _residents(version: Version, kind: str) -> Mapping[str, int | None]:
    return dict(version.areas.filter(kind=kind).values_list("code", "residents"))


def _league(
    version: Version,
    league: League | None,
    points: list[evidence.Point],
    names: Names,
    told: Mapping[str, Any],
    people: Mapping[str, int | None],
) -> dict[str, Any]:
    if league is None:
        return {"league": None}
    by_area = {one.area: one for one in points}
    rows, labels = [], []
    for row in league.rows:
        point = by_area[row.area]
        area = names.get((point.area_kind, row.area))
        labels.append(area_name(area))
        own = figure_url(version, point.indicator, point.area, point.token)
        rows.append(
            {
                "name": area_name(area),
                "url": own if area is not None else "",
                "row": row,
                "standing": said(phrase(f"assessment:standing.{row.standing.value}")),
                "value": number(point.value, told["unit"]),
                "interval": interval(point, told["unit"]),
                "rate": _rate(point, people) if league.by_rate else "",
            }
        )
    apart = sum(row.standing.value != "cannot_tell" for row in league.rows)
    return {
        "league": rows,
        "by_rate": league.by_rate,
        "league_chart": league_data(league, labels),
        "apart": apart,
        "areas": league.areas,
        "left_out": len(league.left_out),
    }


def _rate(point: evidence.Point, people: Mapping[str, int | None]) -> str:
    """A count per 1,000 residents: what it is ranked by."""
    return f"{1000.0 * (point.numerator or 0.0) / (people.get(point.area) or 1):.2f}"


def _funnel(funnel: Funnel | None, kind: str, names: Names) -> dict[str, Any]:
    if funnel is None:
        return {"funnel": None}
    labels = {row.area: area_name(names.get((kind, row.area))) for row in funnel.rows}
    rows = [
        (
            row,
            labels[row.area],
            number(row.count),
            f"{row.expected:.1f}",
            said(phrase(f"assessment:flag.{row.flag}")),
        )
        for row in funnel.rows
    ]
    return {"funnel": rows, "funnel_chart": funnel_data(funnel, labels)}


@require_GET
@login_required
def clauses(request: HttpRequest, pk: int) -> HttpResponse:
    """Every clause to date: what it asks, the whole territory's figures now and a year before."""
    version = version_for(actor(request), pk)
    year_before = f"{int(version.period.month[:4]) - 1}{version.period.month[4:]}"
    whole = list(figures(actor(request), version).filter(area_kind="territory"))
    targets = version.consequences.filter(kind="target_missed", area_kind="territory")
    missed: dict[str, list[str]] = {}
    for target in targets:
        missed.setdefault(target.clause, []).append(said(text_of(target.told.get("reason"))))
    rows: dict[str, list[Any]] = {}
    for one in whole:
        told = version.told["indicators"][one.indicator]
        before = evidence.figure(version, one.indicator, one.area, _before(one.token, year_before))
        former = "—" if before is None else number(before.value, told["unit"])
        rows.setdefault(told["clause"], []).append((row_of(version, one), former))
    groups = []
    for clause, told in version.told.get("clauses", {}).items():
        groups.append(
            {
                "clause": clause,
                "title": said(text_of(told["title"])),
                "asks": said(text_of(told["asks"])),
                "rows": rows.get(clause, []),
                "missed": missed.get(clause, []),
                "has_target": any(one["clause"] == clause for one in version.chance),
            }
        )
    return render(request, "assessment/clauses.html", {"version": version, "groups": groups})


def _before(token: str, month: str) -> str:
    return month if len(token) == len(month) and "Q" not in token else f"{int(token[:4]) - 1}{token[4:]}"


@require_GET
@login_required
def chance(request: HttpRequest, pk: int) -> HttpResponse:
    """Every rule beside what chance alone makes of it, with this county's own sizes."""
    version = version_for(actor(request), pk)
    return render(
        request, "assessment/chance.html", {"version": version, "rules": chance_rows(version.chance)}
    )


def chance_rows(kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The kept simulation in the language of the request."""
    return [
        {
            **one,
            "title": said(text_of(one["title"])),
            "as_read": said(text_of(one["as_read"])),
            "reading": said(text_of(one["reading"])),
            "notes": [said(text_of(note)) for note in one["notes"]],
            "about": [said(text_of(note)) for note in one["about"]],
            "rows": [_luck(row) for row in one["rows"]],
        }
        for one in kept
    ]


def _luck(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": said(text_of(row["title"])),
        "a_year": f"{row['a_year']:.1f}",
        "some": f"{row['some'] * 100:.0f}",
        "power": f"{row['power'] * 100:.0f}",
        "change": said(
            phrase(f"assessment:change.{row['change']}", percent=f"{row.get('percent') or 0.0:g}")
        ),
        "yuan": "—" if row["yuan"] is None else f"{row['yuan']:,.0f}",
        "honest": "—" if row["honest_a_year"] is None else f"{row['honest_a_year']:.1f}",
        "times": "—" if row["times_fewer"] is None else f"{row['times_fewer']:.0f}",
    }
