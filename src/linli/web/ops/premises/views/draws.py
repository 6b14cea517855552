"""Random draws: made, listed, repeated by calculation, printed."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, missing
from linli.web.foundation.casework.selectors import seen_numbers
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.ops.premises.actions.base import local_day, say
from linli.web.ops.premises.actions.planning import MakeDraw
from linli.web.ops.premises.drawing import digest_of, drawn, rank
from linli.web.ops.premises.forms import SentForm, day, label, number, show_refusal, text
from linli.web.ops.premises.kinds import KINDS
from linli.web.ops.premises.models import Draw, Premises
from linli.web.ops.premises.presenting import kind_label
from linli.web.ops.premises.printing import paper, paper_response
from linli.web.ops.premises.selectors import draws_of
from linli.web.ops.premises.subjects import KIND

__all__ = ["draw_page", "draw_paper", "draws"]

SHOWN = 50
SEPARATOR = "|"


def _areas(who: Actor) -> list[tuple[str, str]]:
    """The areas that an actor answers for, as ``station|beat``."""
    places, found = current_map(), {}
    if places is None:
        return []
    for held in who.held:
        if held.level == "station":
            found.update(
                {f"{code}{SEPARATOR}": _area(code, "") for code in held.codes if code in places.stations}
            )
        elif held.level == "beat":
            for code in sorted(held.codes & set(places.beats)):
                station = places.beats[code].station_code
                found[f"{station}{SEPARATOR}{code}"] = _area(station, code)
    return sorted(found.items(), key=lambda pair: pair[1])


def _area(station: str, beat: str) -> str:
    places = current_map()
    if places is None:
        return beat or station
    if beat and beat in places.beats:
        row = places.beats[beat]
        return row.name_en if language() == "en" and row.name_en else row.name
    return places.stations[station].name if station in places.stations else station


def _fields(request: HttpRequest) -> dict[str, forms.Field]:
    planned = day("planned_for")
    planned.initial = local_day(now(request))
    size = number("size", least=1, most=50)
    size.initial = 3
    return {
        "area": forms.ChoiceField(label=label("area"), choices=_areas(actor(request))),
        "kinds": forms.MultipleChoiceField(
            label=label("kinds"),
            choices=[(kind, kind_label(kind)) for kind in KINDS],
            widget=forms.CheckboxSelectMultiple,
        ),
        "size": size,
        "planned_for": planned,
        "reason": text("draw_reason", most=300, required=False, help_key="draw_reason_help"),
    }


@require_http_methods(["GET", "POST"])
@login_required
def draws(request: HttpRequest) -> HttpResponse:
    """Draws so far, and the form for the next."""
    who = actor(request)
    if not may_anywhere(who, "open", KIND):
        raise Forbidden(say("forbidden"))
    may_draw = may_anywhere(who, "edit", KIND)
    data = request.POST if request.method == "POST" else None
    form = SentForm(_fields(request), data) if may_draw else None
    if data is not None and form is not None and form.is_valid():
        draw = _drawn(request, form)
        if draw is not None:
            return redirect("draw_page", number=draw.number)
    rows = [{"draw": one, "area": _area(one.station_code, one.beat_code)} for one in draws_of(who)[:SHOWN]]
    context = {"rows": rows, "form": form}
    return render(
        request, "premises/draws.html", context, status=422 if form is not None and form.errors else 200
    )


def _drawn(request: HttpRequest, form: SentForm) -> Draw | None:
    station, _, beat = form.cleaned_data["area"].partition(SEPARATOR)
    action = MakeDraw(
        station=station,
        beat=beat,
        kinds=tuple(form.cleaned_data["kinds"]),
        size=form.cleaned_data["size"],
        seed=secrets.token_hex(8),
        planned_for=form.cleaned_data["planned_for"],
        reason=form.cleaned_data["reason"],
    )
    try:
        draw = carry_out(request, action)
    except AlreadyDone as before:
        known = draws_of(actor(request)).filter(pk=before.number("draw")).first()
        if known is None:
            raise before.gone() from None
        return known
    except Invalid as refusal:
        show_refusal(form, refusal)
        return None
    except Conflict as refusal:
        form.add_error(None, said(refusal.text))
        return None
    messages.success(request, said(phrase("premises:draw_done", count=len(draw.chosen), of=len(draw.frame))))
    return draw


def _context(request: HttpRequest, number: str) -> dict[str, Any]:
    draw = draws_of(actor(request)).filter(number=number).first()
    if draw is None:
        raise missing(say("draw_missing"), hidden=Draw.objects.filter(number=number).exists())
    by_code = {one.code: one for one in Premises.objects.filter(code__in=draw.chosen)}
    inspections = list(draw.inspections.select_related("case"))
    seen = seen_numbers([one.case.number or "" for one in inspections], actor(request), now(request))
    cases = {one.premises_id: one.case for one in inspections if one.case.number in seen}
    chosen = [
        {
            "code": code,
            "premises": by_code.get(code),
            "kind": kind_label(by_code[code].kind) if code in by_code else "",
            "rank": rank(draw.seed, code),
            "case": cases.get(by_code[code].pk) if code in by_code else None,
        }
        for code in draw.chosen
    ]
    again = list(drawn(draw.frame, len(draw.chosen), draw.seed))
    return {
        "draw": draw,
        "area": _area(draw.station_code, draw.beat_code),
        "kinds": [kind_label(kind) for kind in draw.kinds],
        "chosen": chosen,
        "holds": again == draw.chosen and digest_of(draw.frame) == draw.frame_digest,
    }


@require_GET
@login_required
def draw_page(request: HttpRequest, number: str) -> HttpResponse:
    """A draw, drawn again here and now from what is kept of it."""
    return render(request, "premises/draw.html", _context(request, number))


@require_GET
@login_required
def draw_paper(request: HttpRequest, number: str) -> HttpResponse:
    """A draw as PDF, with everything that repeating it needs."""
    spoken = request.GET.get("language") or language()
    context = _context(request, number)
    return paper_response(paper("draw.html", context, language=spoken), context["draw"].number)
