"""E6, H7, L17: items in classes, marked, weighted and added up; areas ranked by the month and by the year.

An item's marks run from 0 to 100. Under ``by_rank`` they are its area's place among the others (100 for the
best, equals share their mean); under ``share_of_best`` the figure as a share of the best one.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import ArrayLike

from linli.assessment.rules.model import Direction, ScoringRule
from linli.assessment.rules.ranking import places
from linli.assessment.rules.resolving import value_on
from linli.assessment.scoring.arrays import BoolArray, FloatArray, IntArray
from linli.policy.model import Pack

__all__ = ["ScoreYear", "Weighting", "marks", "score", "weighting_on"]

FULL = 100.0


@dataclass(frozen=True, kw_only=True)
class Weighting:
    """Directions and weights (> 0) of the items in order; who the best and the last are, ≥ 0 places each.

    ``last`` is a number of places, or a share of the areas where ``last_share`` is given.
    """

    directions: tuple[Direction, ...]
    weights: tuple[float, ...]
    item_marks: Literal["by_rank", "share_of_best"]
    best: int = 1
    last_ones: Literal["last", "last_tenth"] = "last"


@dataclass(frozen=True)
class ScoreYear:
    """Scores 0–100 and places from 1, (..., areas, months); over the year (..., areas).

    ``nan`` and 0 where no item is known. ``best`` and ``last`` are of the year.
    """

    monthly: FloatArray
    monthly_place: IntArray
    annual: FloatArray
    annual_place: IntArray
    best: BoolArray
    last: BoolArray


def weighting_on(rule: ScoringRule, pack: Pack, on: dt.date) -> Weighting:
    """The rule with the pack's weights of a day.

    Items without a weight share evenly what their class weighs: each class counts as much as the others.
    """
    groups = [each.group for each in rule.inputs]
    given = [None if each.weight is None else value_on(rule, each.weight, pack, on) for each in rule.inputs]
    weights = tuple(
        1.0 / groups.count(group) if weight is None else weight / groups.count(group)
        for group, weight in zip(groups, given, strict=True)
    )
    last_ones = rule.chosen("last_ones") if "last_ones" in rule.readings else "last"
    return Weighting(
        directions=tuple(each.direction for each in rule.inputs),
        weights=weights,
        item_marks=cast(Literal["by_rank", "share_of_best"], rule.chosen("item_marks")),
        last_ones=cast(Literal["last", "last_tenth"], last_ones),
    )


def marks(items: FloatArray, directions: tuple[Direction, ...], how: str) -> FloatArray:
    """Marks 0–100 of items (items, ..., areas, months); ``nan`` where a figure is not known."""
    better = np.stack([item if d == "higher" else -item for item, d in zip(items, directions, strict=True)])
    if how == "by_rank":
        return _by_rank(better)
    known = np.where(np.isnan(items), -np.inf, items)
    top = known.max(-2, keepdims=True)
    low = np.where(np.isnan(items), np.inf, items).min(-2, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        higher = np.where(top > 0, items / top * FULL, 0.0)
        lower = np.where(items > 0, low / items * FULL, FULL)
    chosen = np.array([d == "higher" for d in directions]).reshape((-1,) + (1,) * (items.ndim - 1))
    return np.where(np.isnan(items), np.nan, np.where(chosen, higher, lower))


def _by_rank(better: FloatArray) -> FloatArray:
    """100 for the best, 0 for the last, equals at the mean of their places; one area alone gets 100."""
    worse_place = places((better,))
    better_place = _known(better) + 1 - places((-better,))
    middle = (worse_place + better_place) / 2.0
    count = _known(better)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(count > 1, (count - middle) / (count - 1) * FULL, FULL)
    return np.where(np.isnan(better), np.nan, found)


def _known(values: FloatArray) -> IntArray:
    return np.asarray((~np.isnan(values)).sum(-2, keepdims=True), dtype=np.int64)


def score(weighting: Weighting, items: ArrayLike) -> ScoreYear:
    """Run a year of the rule; the same for weeks, with weeks in place of months.

    Parameters
    ----------
    items : array (items, ..., areas, months)
        The figures in the order of the rule; ``nan`` where not known: the other items then count alone.
    """
    figures: FloatArray = np.asarray(items, dtype=np.float64)
    given = marks(figures, weighting.directions, weighting.item_marks)
    weights = np.array(weighting.weights).reshape((-1,) + (1,) * (figures.ndim - 1))
    held = np.where(np.isnan(given), 0.0, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        monthly = (np.nan_to_num(given) * held).sum(0) / held.sum(0)
    annual = _mean_over_months(monthly)
    place = places((annual[..., np.newaxis],))[..., 0]
    worst = places((-annual[..., np.newaxis],))[..., 0]
    areas = (place > 0).sum(-1, keepdims=True)
    last = np.maximum(1, areas // 10) if weighting.last_ones == "last_tenth" else np.ones_like(areas)
    return ScoreYear(
        monthly,
        places((monthly,)),
        annual,
        place,
        (place > 0) & (place <= weighting.best),
        (worst > 0) & (worst <= last),
    )


def _mean_over_months(monthly: FloatArray) -> FloatArray:
    known = ~np.isnan(monthly)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: FloatArray = np.nan_to_num(monthly).sum(-1) / known.sum(-1)
    return np.where(known.any(-1), found, np.nan)
