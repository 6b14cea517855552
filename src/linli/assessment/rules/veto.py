"""Q13: units compared on safety, cases and accidents; last places get a yellow card; a veto bars a grade."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from linli.assessment.rules.model import Direction, ScoringRule
from linli.assessment.rules.ranking import places
from linli.assessment.rules.resolving import number_on
from linli.assessment.scoring.arrays import BoolArray, FloatArray
from linli.policy.model import Pack

__all__ = ["Veto", "VetoResult", "decide", "veto_on"]


@dataclass(frozen=True, kw_only=True)
class Veto:
    """The last input is what vetoes, from ``veto_from`` events a year; the others are compared.

    ``last_ranks`` is how many last places of each comparison get a yellow card.
    """

    directions: tuple[Direction, ...]
    veto_from: float
    last_ranks: int


@dataclass(frozen=True)
class VetoResult:
    """Over a year, arrays (..., areas): vetoed, carded, and barred from “excellent” by either."""

    vetoed: BoolArray
    yellow_card: BoolArray

    @property
    def barred(self) -> BoolArray:
        """A yellow card or a veto bars the grade “excellent”."""
        return self.vetoed | self.yellow_card


def veto_on(rule: ScoringRule, pack: Pack, on: dt.date) -> Veto:
    """The rule with the pack's numbers of a day."""
    return Veto(
        directions=tuple(each.direction for each in rule.inputs[:-1]),
        veto_from=number_on(rule, "veto_from", pack, on),
        last_ranks=round(number_on(rule, "last_ranks", pack, on)),
    )


def decide(veto: Veto, items: ArrayLike) -> VetoResult:
    """Run the rule over a year's figures.

    Parameters
    ----------
    items : array (inputs, ..., areas)
        Figures of the year in the order of the rule, what vetoes last; ``nan`` where not known.

    Notes
    -----
    Equals share the better of the last places: nobody is carded for a place held with others outside it.
    """
    figures: FloatArray = np.asarray(items, dtype=np.float64)
    carded = np.zeros(figures.shape[1:], dtype=bool)
    for figure, direction in zip(figures[:-1], veto.directions, strict=True):
        worst_first = -figure if direction == "higher" else figure
        place = places((worst_first[..., np.newaxis],))[..., 0]
        carded |= (place > 0) & (place <= veto.last_ranks)
    with np.errstate(invalid="ignore"):
        return VetoResult(figures[-1] >= veto.veto_from, carded)
