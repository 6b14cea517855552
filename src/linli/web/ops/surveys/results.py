"""What a wave says: shares with their intervals, response by stratum, and the change against the wave
before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Count

from linli.assessment.surveys.changes import Change, change, detectable_change
from linli.assessment.surveys.designs import Design, design
from linli.assessment.surveys.estimation import Estimate, proportion
from linli.assessment.surveys.weighting import Outcomes, Response, response
from linli.web.ops.surveys.models import Response as Given
from linli.web.ops.surveys.models import Wave

__all__ = [
    "Answered",
    "Question",
    "Results",
    "answered",
    "by_staff",
    "outcomes_of",
    "results_of",
    "weights_of",
]

FEWEST = 10
"""Answers under which no share is shown: they would tell of households, not of the county."""

Cell = tuple[str, str]
"""Stratum and primary unit; the unit is empty where addresses were drawn one by one."""


@dataclass(frozen=True)
class Question:
    """One question: the share of good answers, how each answer was given, the change since the wave before.

    ``estimate`` is ``None`` where too few answered or no answer counts as good; ``smallest`` is the fall that
    a next wave like this one would probably see.
    """

    name: str
    label: Mapping[str, str]
    answered: int
    estimate: Estimate | None
    smallest: float | None
    before: Estimate | None
    change: Change | None
    shares: tuple[tuple[Mapping[str, str], float], ...]


@dataclass(frozen=True)
class Results:
    """A wave's results."""

    response: Response
    strata: Mapping[str, Outcomes]
    by_staff: Mapping[str, int]
    """How many of a stratum's answers came in by staff and not by the household's own code."""
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Answered:
    """The answers of a wave with the design they came by; ``None`` before there is one."""

    rows: tuple[Mapping[str, Any], ...]
    made: Design | None


def outcomes_of(wave: Wave) -> Mapping[Cell, Outcomes]:
    """What became of the addresses used, by stratum and primary unit."""
    counted: dict[Cell, dict[str, int]] = defaultdict(dict)
    rows = wave.invitations.filter(used=True).order_by().values("stratum", "psu", "outcome")
    for row in rows.annotate(n=Count("pk")):
        counts = counted[row["stratum"], row["psu"] if wave.each is not None else ""]
        counts[row["outcome"]] = counts.get(row["outcome"], 0) + row["n"]
    return {cell: Outcomes(**counts) for cell, counts in sorted(counted.items())}


def _by_stratum(cells: Mapping[Cell, Outcomes]) -> Mapping[str, Outcomes]:
    names = ("answered", "refused", "not_met", "not_eligible", "open")
    found: dict[str, dict[str, int]] = {}
    for (stratum, _), one in cells.items():
        counts = found.setdefault(stratum, dict.fromkeys(names, 0))
        for name in names:
            counts[name] += getattr(one, name)
    return {stratum: Outcomes(**counts) for stratum, counts in found.items()}


def _sizes(wave: Wave) -> Mapping[Cell, tuple[int, int]]:
    rows = wave.invitations.order_by().values_list("stratum", "psu", "stratum_size", "unit_size").distinct()
    return {(s, p if wave.each is not None else ""): (n, m) for s, p, n, m in rows}


def weights_of(wave: Wave) -> Mapping[Cell, float]:
    """Addresses that one answer stands for, by stratum and primary unit, non-response made up in the stratum.

    One by one: N ÷ used. In places: N ÷ n places times M ÷ used of the place. Either times the weighted
    may-be-homes ÷ answered of the stratum (docs/methods/surveys.md).
    """
    cells, sizes = outcomes_of(wave), _sizes(wave)
    places: dict[str, int] = defaultdict(int)
    for stratum, _ in cells:
        places[stratum] += 1
    base: dict[Cell, float] = {}
    for cell, one in cells.items():
        n, m = sizes[cell]
        base[cell] = n / one.tried if wave.each is None else n / places[cell[0]] * m / one.tried
    homes: dict[str, float] = defaultdict(float)
    answered: dict[str, float] = defaultdict(float)
    for cell, one in cells.items():
        homes[cell[0]] += base[cell] * (one.tried - one.not_eligible)
        answered[cell[0]] += base[cell] * one.answered
    return {
        cell: each * homes[cell[0]] / answered[cell[0]]
        for cell, each in base.items()
        if answered[cell[0]] > 0
    }


def answered(wave: Wave) -> Answered:
    """The answers of a wave and their design."""
    rows = tuple(
        Given.objects.filter(wave=wave).values("station_code", "beat_code", "stratum", "psu", "answers")
    )
    if not rows:
        return Answered((), None)
    weights, sizes = weights_of(wave), _sizes(wave)
    cells = [(row["stratum"], row["psu"]) for row in rows]
    in_places = wave.each is not None
    made = design(
        weights=[weights[cell] for cell in cells],
        strata=[stratum for stratum, _ in cells],
        units=[psu for _, psu in cells] if in_places else None,
        units_in_stratum=[sizes[cell][0] for cell in cells],
        members_in_unit=[sizes[cell][1] for cell in cells] if in_places else None,
        lonely="centre",
    )
    return Answered(rows, made)


def results_of(wave: Wave) -> Results:
    """Everything that is shown of a wave."""
    now, before = answered(wave), _before(wave)
    earlier = None if before is None else answered(before)
    strata = _by_stratum(outcomes_of(wave))
    asked = [one for one in wave.questionnaire.questions if one["kind"] == "select_one"]
    entered = by_staff(wave)
    return Results(response(strata), strata, entered, tuple(_question(one, now, earlier) for one in asked))


def by_staff(wave: Wave) -> Mapping[str, int]:
    """The answers that staff entered, by stratum."""
    rows = wave.responses.exclude(channel="web").order_by().values("stratum").annotate(n=Count("pk"))
    return {row["stratum"]: row["n"] for row in rows}


def _before(wave: Wave) -> Wave | None:
    """The closed wave that ended last before this one began."""
    found = Wave.objects.filter(status=Wave.Status.CLOSED, closes_on__lt=wave.opens_on).exclude(pk=wave.pk)
    return found.order_by("-closes_on", "-pk").first()


def _question(one: Mapping[str, Any], now: Answered, earlier: Answered | None) -> Question:
    estimate = _estimate(one, now)
    before = None if earlier is None else _estimate(one, earlier)
    smallest = None
    if estimate is not None:
        n = estimate.effective_answers
        smallest = detectable_change(estimate.value, n, n, direction="fall")
    moved = None if estimate is None or before is None else change(before, estimate)
    given = sum(one["name"] in row["answers"] for row in now.rows)
    return Question(
        one["name"], one["label"], given, estimate, smallest, before, moved, _shares(one, now, given)
    )


def _estimate(one: Mapping[str, Any], of: Answered) -> Estimate | None:
    good = {choice["id"] for choice in one["choices"] if choice["positive"]}
    said_ = [row["answers"].get(one["name"]) for row in of.rows]
    among = np.array([answer is not None for answer in said_])
    if not good or of.made is None or among.sum() < FEWEST:
        return None
    return proportion([float(answer in good) for answer in said_], of.made, among=among)


def _shares(one: Mapping[str, Any], now: Answered, given: int) -> tuple[tuple[Mapping[str, str], float], ...]:
    if now.made is None or given < FEWEST:
        return ()
    weights: Sequence[float] = now.made.weights.tolist()
    told: dict[str, float] = defaultdict(float)
    for row, weight in zip(now.rows, weights, strict=True):
        if one["name"] in row["answers"]:
            told[row["answers"][one["name"]]] += weight
    whole = sum(told.values())
    return tuple((choice["label"], told[choice["id"]] / whole) for choice in one["choices"])
