"""Street checks (N18): the list with a share and its interval, making one, the sheet."""

import uuid
from collections.abc import Iterator
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from linli.io.sheets import Cell
from linli.web.foundation.accounts.access import local_day, may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Forbidden, Invalid, Missing
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.downloads import FORMS, download, file_stamp
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.surveys.actions.entering import MakeCheck
from linli.web.ops.surveys.answering import say
from linli.web.ops.surveys.forms import CheckForm
from linli.web.ops.surveys.models import StreetCheck
from linli.web.ops.surveys.reach import KIND, checks, may_enter, must_see, places_of

__all__ = ["check_list", "export", "make"]

PAGE: Final = 50
ASKED: Final = ("know_officer", "see_patrols", "feel_safe")


def _place_names() -> dict[str, str]:
    current = current_map()
    return {} if current is None else {code: one.name for code, one in current.places.items()}


def _found(request: HttpRequest) -> QuerySet[StreetCheck]:
    found = checks(actor(request))
    station = request.GET.get("station", "")[:32]
    return found.filter(station_code=station) if station else found


@require_GET
@login_required
def check_list(request: HttpRequest) -> HttpResponse:
    """The checks of the actor's area, the latest first, and what they add up to."""
    who = actor(request)
    must_see(who)
    found, names, current = _found(request), _place_names(), current_map()
    after = request.GET.get("after", "")
    page_of = found.order_by("-pk")
    if (last := whole_of(after)) is not None:
        page_of = page_of.filter(pk__lt=last)
    page = list(page_of[: PAGE + 1])
    chosen = request.GET.get("station", "")
    context = {
        "rows": [(one, names.get(one.place_code, one.place_code)) for one in page[:PAGE]],
        "shares": _shares(found),
        "stations": [
            (code, one.name, code == chosen) for code, one in (current.stations if current else {}).items()
        ],
        "next_url": f"?station={chosen}&after={page[PAGE - 1].pk}" if len(page) > PAGE else "",
        "query": request.GET.urlencode(),
        "may_check": may_enter(who),
        "may_export": may_anywhere(who, "export", KIND),
        "tab": "checks",
    }
    return render(request, "surveys/checks.html", context)


def _shares(found: QuerySet[StreetCheck]) -> list[dict[str, Any]]:
    sums = found.aggregate(asked=Sum("asked"), **{f"n_{name}": Sum(name) for name in ASKED})
    asked = sums["asked"] or 0
    if not asked:
        return []
    # Imported now: it loads SciPy, which few pages need.
    from linli.assessment.scoring.intervals import wilson

    told = []
    for name in ASKED:
        part = wilson(sums[f"n_{name}"], asked).times(100.0)
        limits = f"{float(part.low):.1f}–{float(part.high):.1f} %"
        text = f"{float(part.value):.1f} % [{limits}]"
        told.append({"label": said(phrase(f"surveys:label.{name}")), "share": text, "asked": asked})
    return told


@require_http_methods(["GET", "POST"])
@login_required
def make(request: HttpRequest) -> HttpResponse:
    """A check that was made."""
    places = places_of(actor(request))
    if not places:
        raise Forbidden(say("check.forbidden"))
    first = {"submission": uuid.uuid4().hex, "on": local_day(now(request))}
    form = CheckForm(places, request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "submission"}
        try:
            carry_out(request, MakeCheck(**given))
        except Invalid as refusal:
            add_refusal(form, refusal)
        except AlreadyDone:
            return redirect("survey_checks")
        else:
            messages.success(request, said(phrase("surveys:done.check")))
            return redirect("survey_checks")
    return render(request, "surveys/check.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@login_required
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The filtered checks as a sheet; logged first."""
    if form not in FORMS:
        raise Missing(say("no_form", form=form))
    carry_out(request, LogExport(what=KIND, filters=request.GET.urlencode()))
    header = [said(phrase(f"surveys:label.{name}")) for name in ("on", "place", "asked", *ASKED)]
    title = said(phrase("surveys:checks"))
    return download(form, f"street-checks-{file_stamp(now(request))}", title, header, _rows(_found(request)))


def _rows(found: QuerySet[StreetCheck]) -> Iterator[list[Cell]]:
    names = _place_names()
    for one in found.order_by("-on", "-pk").iterator(chunk_size=500):
        yield [
            one.on,
            names.get(one.place_code, one.place_code),
            one.asked,
            *(getattr(one, n) for n in ASKED),
        ]
