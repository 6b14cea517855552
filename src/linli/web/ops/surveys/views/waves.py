"""Waves: the list, one wave with its results, its answers as a sheet."""

import uuid
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.io.sheets import Cell
from linli.web.foundation.accounts.access import may, may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.refusals import Missing
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.downloads import FORMS, download, file_stamp
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.ops.surveys.answering import say
from linli.web.ops.surveys.forms import ReserveForm
from linli.web.ops.surveys.models import Wave
from linli.web.ops.surveys.reach import KIND, county, may_enter, must_see, responses, wave_for

if TYPE_CHECKING:
    from linli.assessment.surveys.estimation import Estimate
    from linli.web.ops.surveys.results import Question

__all__ = ["export", "show_wave", "stratum_name", "wave_list", "wave_page"]

PAGE: Final = 50
TONES: Final = {"open": "progress", "closed": "good"}
VERDICTS: Final = {"rise": "good", "fall": "danger", "cannot_tell": "neutral"}


def _say(key: str, **values: object) -> str:
    return said(phrase(f"surveys:{key}", **values))


def stratum_name(code: str) -> str:
    """A station's or beat's name; its code where the plan in force has none of that code."""
    current = current_map()
    if current is None:
        return code
    beat, station = current.beats.get(code), current.stations.get(code)
    if beat is not None:
        return beat.name_en if language() == "en" and beat.name_en else beat.name
    return station.name if station is not None else code


@require_GET
@login_required
def wave_list(request: HttpRequest) -> HttpResponse:
    """All waves, the latest first."""
    who = actor(request)
    must_see(who)
    waves = Wave.objects.select_related("questionnaire")[:PAGE]
    context = {
        "lines": [_line(wave) for wave in waves],
        "may_plan": may(who, "open", county()),
        "may_work": may_enter(who),
        "tab": "waves",
    }
    return render(request, "surveys/list.html", context)


def _line(wave: Wave) -> dict[str, Any]:
    used = wave.invitations.filter(used=True)
    answered, tried = used.filter(outcome="answered").count(), used.count()
    return {"wave": wave, "answered": answered, "used": tried, "tone": TONES[wave.status]}


@require_GET
@login_required
def wave_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One wave: how it was drawn, who answered, what they said."""
    return show_wave(request, wave_for(actor(request), pk))


def show_wave(
    request: HttpRequest, wave: Wave, reserve_form: ReserveForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a wave, with the form for reserves as it was sent where it was refused."""
    # Imported now: it loads SciPy, which few pages need.
    from linli.web.ops.surveys.results import results_of

    who, may_see = actor(request), may_anywhere(actor(request), "view", KIND)
    found = results_of(wave) if may_see else None
    may_edit = may(who, "edit", county()) and wave.status == Wave.Status.OPEN
    left = _reserves(wave) if may_edit else []
    context = {
        "wave": wave,
        "tone": TONES[wave.status],
        "drawn": wave.invitations.filter(reserve=False).count(),
        "response": None if found is None else _response(found.response),
        "strata": []
        if found is None
        else [_stratum(code, one, found.by_staff) for code, one in found.strata.items()],
        "uncovered": "" if found is None else _uncovered(found.strata),
        "questions": [] if found is None else [_question(one) for one in found.questions],
        "may_edit": may_edit,
        "may_work": may_enter(who),
        "may_export": may_anywhere(who, "export", KIND),
        "reserve_form": reserve_form or (ReserveForm(left, initial=_fresh()) if left else None),
        "submission": uuid.uuid4().hex,
    }
    return render(request, "surveys/wave.html", context, status=status)


def _fresh() -> dict[str, str]:
    return {"submission": uuid.uuid4().hex}


def _reserves(wave: Wave) -> list[tuple[str, str]]:
    rows = wave.invitations.filter(used=False).order_by("stratum").values_list("stratum", flat=True)
    counts: dict[str, int] = {}
    for code in rows:
        counts[code] = counts.get(code, 0) + 1
    return [(code, f"{stratum_name(code)} ({n})") for code, n in counts.items()]


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.1f} %"


def _response(found: Any) -> dict[str, Any]:
    return {"answered": found.answered, "eligible": found.eligible, "rate": _percent(found.rate)}


def _uncovered(strata: Mapping[str, Any]) -> str:
    """The strata of which nobody answered, where others did: the shares do not speak for them."""
    silent = [stratum_name(code) for code, one in strata.items() if not one.answered]
    return ("、" if language() == "zh" else ", ").join(silent) if len(silent) < len(strata) else ""


def _stratum(code: str, one: Any, by_staff: Mapping[str, int]) -> dict[str, Any]:
    eligible = one.tried - one.not_eligible
    rate = _percent(one.answered / eligible if eligible else None)
    entered = by_staff.get(code, 0)
    share = _percent(entered / one.answered if one.answered else None)
    told = {"by_staff": entered, "staff_share": share}
    return {"name": stratum_name(code), "counts": one, "rate": rate, **told}


def _interval(one: "Estimate | None") -> str:
    return (
        "—" if one is None else _bracketed(_percent(one.value), f"{100 * one.low:.1f}–{100 * one.high:.1f} %")
    )


def _bracketed(text: str, more: str) -> str:
    return f"{text} ({more})" if language() == "en" else f"{text}（{more}）"


def _question(one: "Question") -> dict[str, Any]:
    told = language()
    estimate, moved = one.estimate, one.change
    effect = None if estimate is None else estimate.design_effect
    return {
        "label": one.label[told],
        "answered": one.answered,
        "share": _interval(estimate),
        "effect": "—" if effect is None or effect != effect else f"{effect:.2f}",
        "effective": "—" if estimate is None else f"{estimate.effective_answers:.0f}",
        "smallest": "—" if one.smallest is None else f"{100 * one.smallest:.1f}",
        "before": "" if one.before is None else _interval(one.before),
        "verdict": "" if moved is None else _say(f"verdict.{moved.verdict}"),
        "tone": "neutral" if moved is None else VERDICTS[moved.verdict],
        "change": ""
        if moved is None
        else _bracketed(f"{100 * moved.value:+.1f}", f"{100 * moved.low:+.1f} … {100 * moved.high:+.1f}"),
        "shares": [(label[told], _percent(share)) for label, share in one.shares],
    }


@require_GET
@login_required
def export(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """The answers of the actor's area with their weights, by no address; logged first."""
    wave = wave_for(actor(request), pk)
    if form not in FORMS:
        raise Missing(say("no_form", form=form))
    carry_out(request, LogExport(what=KIND, filters=f"wave={wave.code}"))
    names = [one["name"] for one in wave.questionnaire.questions]
    header = [_say(f"label.{name}") for name in ("stratum", "psu", "weight", "channel")] + names
    name = f"survey-{wave.code}-{file_stamp(now(request))}"
    return download(form, name, wave.title, header, _rows(request, wave, names))


def _rows(request: HttpRequest, wave: Wave, names: list[str]) -> Iterator[list[Cell]]:
    from linli.web.ops.surveys.results import weights_of

    weights: Mapping[tuple[str, str], float] = weights_of(wave)
    for row in responses(actor(request), wave).order_by("pk").iterator(chunk_size=500):
        yield [
            row.stratum, row.psu, weights.get((row.stratum, row.psu)), _say(f"channel.{row.channel}"),
            *(_cell(row.answers.get(name)) for name in names),
        ]  # fmt: skip


def _cell(value: Any) -> Cell:
    return " ".join(value) if isinstance(value, list) else value
