"""The figures of a period on a page and as a sheet."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.io.sheets import Cell, Listing
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.casework.actions.base import say as say_case
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.disputes.actions.base import KIND, local_day
from linli.web.ops.disputes.filtering import PeriodForm
from linli.web.ops.disputes.selectors import Figures, figures
from linli.web.ops.disputes.settling import Share
from linli.web.ops.disputes.views.lists import sheet

__all__ = ["figures_export", "figures_page"]

COUNTS = ("sessions", "handed_out", "acknowledged", "late_acknowledgements", "taken_in")


def _say(key: str, **values: object) -> str:
    return said(phrase(f"disputes:{key}", **values))


def _percent(share: Share) -> str:
    return "—" if share.percent is None else f"{share.percent:.1f} %"


def _figures(request: HttpRequest) -> tuple[Figures, PeriodForm]:
    who, at = actor(request), now(request)
    if not may_anywhere(who, "view", KIND):
        raise Forbidden(say_case("case.forbidden"))
    form = PeriodForm(request.GET)
    first, last = form.period(local_day(at))
    return figures(who, first, last, at), form


@require_GET
@login_required
def figures_page(request: HttpRequest) -> HttpResponse:
    """Both settled rates with their parts, by category, level and month, and the hand-overs."""
    found, form = _figures(request)
    context = {
        "figures": found,
        "filter": form,
        "query": request.GET.urlencode(),
        "settled": _percent(found.settled),
        "kept": _percent(found.kept.share),
        "bounds": (_percent(found.kept.least), _percent(found.kept.most)),
        "groups": [_group(name, shares) for name, shares in _groups(found)],
        "results": [(_result(id_), count) for id_, count in sorted(found.results.items())],
        "counts": [(_say(f"figures.{name}"), getattr(found, name)) for name in COUNTS],
        "may_export": may_anywhere(actor(request), "export", KIND),
    }
    return render(request, "disputes/figures.html", context)


def _result(id_: str) -> str:
    known = case_type(KIND).result_by_id.get(id_)
    return said(known.name) if known is not None else id_


def _groups(found: Figures) -> Iterator[tuple[str, Mapping[str, Share]]]:
    spec = case_type(KIND)
    levels = dict(spec.field_by_id["level"].choices)
    categories = {id_: said(one.name) for id_, one in spec.category_by_id.items()}
    yield "category", {categories.get(id_, id_): share for id_, share in found.by_category.items()}
    named = {id_: said(levels[id_]) if id_ in levels else _say("figures.unknown") for id_ in found.by_level}
    yield "level", {named[id_]: share for id_, share in found.by_level.items()}
    yield "month", found.by_month


def _group(name: str, shares: Mapping[str, Share]) -> dict[str, Any]:
    rows = [
        {"name": key, "settled": share.part, "found": share.whole, "percent": _percent(share)}
        for key, share in shares.items()
    ]
    return {"id": name, "title": _say(f"figures.by_{name}"), "rows": rows}


@require_GET
@login_required
def figures_export(request: HttpRequest) -> HttpResponseBase:
    """The same figures as a workbook: one sheet for the rates, one for each way they are broken down."""
    found, _ = _figures(request)
    carry_out(request, LogExport(what=KIND, filters=f"figures {found.first} {found.last}"))
    header = [_say(f"figures.column.{name}") for name in ("name", "settled", "found", "percent")]
    listings = [
        Listing(
            _say("figures.title"), [_say("figures.column.what"), _say("figures.column.value")], _rows(found)
        )
    ]
    listings += [
        Listing(_say(f"figures.by_{name}"), header, _lines(shares)) for name, shares in _groups(found)
    ]
    return sheet("xlsx", f"disputes-{found.first}-{found.last}", listings)


def _rows(found: Figures) -> Iterator[list[Cell]]:
    kept = found.kept
    yield [_say("figures.period"), f"{found.first} – {found.last}"]
    yield [_say("figures.settled"), _number(found.settled)]
    yield [_say("figures.settled_part"), found.settled.part]
    yield [_say("figures.settled_whole"), found.settled.whole]
    yield [_say("figures.kept"), _number(kept.share)]
    for name in ("kept", "judged", "not_yet", "unchecked"):
        yield [_say(f"figures.agreements_{name}"), getattr(kept, name)]
    for name in COUNTS:
        yield [_say(f"figures.{name}"), getattr(found, name)]


def _lines(shares: Mapping[str, Share]) -> Iterator[list[Cell]]:
    for name, share in shares.items():
        yield [name, share.part, share.whole, _number(share)]


def _number(share: Share) -> Cell:
    return None if share.percent is None else round(share.percent, 1)
