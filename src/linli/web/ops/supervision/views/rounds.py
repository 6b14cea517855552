"""Pages of rounds: the list, drawing one, reviewing after a case, and one round with how it was drawn."""

import secrets

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.web.foundation.accounts.middleware import actor
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.casework.selectors import Cursor
from linli.web.ops.supervision.actions.base import say
from linli.web.ops.supervision.actions.drawing import DrawRound, ReviewCase
from linli.web.ops.supervision.drawing import rank
from linli.web.ops.supervision.forms import DrawForm, ReviewForm
from linli.web.ops.supervision.models import Check, Round
from linli.web.ops.supervision.presenting import TONES
from linli.web.ops.supervision.reach import supervises
from linli.web.ops.supervision.selectors import PAGE, round_for, rounds
from linli.web.ops.supervision.views.sending import fresh, sent, station_names

__all__ = ["draw", "review", "round_list", "round_page"]


def _must_supervise(request: HttpRequest) -> None:
    if not supervises(actor(request)):
        raise Forbidden(say("may_not"))


@require_GET
@login_required
def round_list(request: HttpRequest) -> HttpResponse:
    """The rounds, the latest first, with how far each is."""
    _must_supervise(request)
    done = Count("checks", filter=Q(checks__status=Check.Status.DONE))
    found = rounds(actor(request)).annotate(made=done, all=Count("checks"))
    after = Cursor.parse(request.GET.get("after", ""))
    if after is not None:
        earlier = Q(drawn_at__lt=after.moment) | Q(drawn_at=after.moment, pk__lt=after.id)
        found = found.filter(earlier)
    page = list(found.order_by("-drawn_at", "-pk")[: PAGE + 1])
    last = page[PAGE - 1] if len(page) > PAGE else None
    next_url = "" if last is None else f"?after={Cursor(last.drawn_at, last.pk)}"
    context = {"lines": page[:PAGE], "next_url": next_url, "supervises": True}
    return render(request, "supervision/rounds.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def draw(request: HttpRequest) -> HttpResponse:
    """The form for a draw, and what comes of it. The seed is made here, after the form was sent."""
    _must_supervise(request)
    form = DrawForm(list(station_names().items()), request.POST or None, initial=fresh(size=1))
    answer = None
    if request.method == "POST":
        answer = sent(
            request, form, lambda: DrawRound(seed=secrets.token_hex(8), **form.given()), "drawn", _to_round
        )
    context = {"form": form, "review_form": ReviewForm(initial=fresh()), "supervises": True}
    return answer or render(request, "supervision/draw.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def review(request: HttpRequest) -> HttpResponse:
    """A review after a serious case."""
    _must_supervise(request)
    form = ReviewForm(request.POST)
    answer = sent(request, form, lambda: ReviewCase(**form.given()), "review", _to_round)
    empty = DrawForm(list(station_names().items()), initial=fresh(size=1))
    context = {"form": empty, "review_form": form, "supervises": True}
    return answer or render(request, "supervision/draw.html", context, status=422)


def _to_round(made: Round | None) -> HttpResponse:
    return redirect("supervision_rounds") if made is None else redirect("supervision_round", pk=made.pk)


@require_GET
@login_required
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: its list, its seed, and the checks with the numbers by which they were drawn."""
    found, names = round_for(actor(request), pk), station_names()
    checks = found.checks.order_by("sequence")
    context = {
        "round": found,
        "station": names.get(found.station_code, ""),
        "frame_size": len(found.frame),
        "lines": [
            (one, names.get(one.station_code, one.station_code), _number(found, one), TONES[one.status])
            for one in checks
        ],
        "supervises": True,
    }
    return render(request, "supervision/round.html", context)


def _number(found: Round, check: Check) -> str:
    """The beginning of the number that decided the draw."""
    return rank(found.seed, check.target_code)[:12] if found.seed else ""
