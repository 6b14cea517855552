"""An honest reading beside what a rule proposes: could chance have done it, and could a change be seen?

Counts are held against what the area's own past and all other areas let expect (year to date, exact
predictive limits of 99.8 %); items of a score against the whole territory's figure, by their intervals.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from linli.assessment.indicators import Results
from linli.assessment.rules.comparing import YEAR
from linli.assessment.rules.model import ScoringRule
from linli.assessment.rules.proposals import Series
from linli.assessment.scoring.borrowing import borrow
from linli.assessment.scoring.funnels import Flag

__all__ = ["Honest", "exposure_of", "of_counts", "of_items"]

WORDS: Final[Mapping[int, str]] = {
    Flag.LOW: "low",
    Flag.ORDINARY: "ordinary",
    Flag.HIGH: "high",
    Flag.CANNOT_TELL: "cannot_tell",
}


@dataclass(frozen=True)
class Honest:
    """What can be said; ``verdict`` is a text's key, ``values`` what it names."""

    verdict: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """As it is kept with a consequence."""
        return {"verdict": self.verdict, "values": dict(self.values)}


def exposure_of(areas: tuple[str, ...], residents: Mapping[str, float]) -> list[float]:
    """Residents of the areas, or all alike where one is not known."""
    known = [residents.get(area, 0.0) for area in areas]
    return known if all(people > 0 for people in known) else [1.0] * len(areas)


def of_counts(series: Series, area: str, residents: Mapping[str, float]) -> Honest:
    """The area's year to date against its own past and the others."""
    if len(series.areas) < 2 or np.isnan(series.values).any() or not series.values.sum() > 0:
        return Honest("unknown")
    past, now = series.values[:, :YEAR], series.values[:, YEAR:]
    funnel = borrow(past, now, np.array(exposure_of(series.areas, residents)))
    counts = now.sum(-1)
    limits, place = funnel.limits(), series.areas.index(area)
    if not funnel.answerable[place]:
        return Honest("few")
    flag = int(funnel.flags(counts)[place])
    return Honest(
        WORDS[flag],
        {
            "count": f"{counts[place]:g}",
            "expected": f"{funnel.expected[place]:.1f}",
            "low": int(limits.low[place]),
            "high": int(limits.high[place]),
            "mid_p": f"{funnel.mid_p(counts)[place]:.2g}",
            "months": now.shape[1],
        },
    )


def of_items(rule: ScoringRule, results: Results, area: str, token: str) -> Honest:
    """How many of a rule's items can be told from the whole territory's figure, by their intervals."""
    frame = results.frame[results.frame["period"].astype(str) == token]
    apart = known = 0
    for each in rule.inputs:
        rows = frame[frame["indicator"] == each.indicator]
        own = rows[(rows["area"] == area) & (rows["area_kind"] == rule.area)]
        whole = rows[rows["area_kind"] == "territory"]
        if own.empty or whole.empty or rule.area == "territory":
            continue
        low, high, all_ = float(own["low"].iloc[0]), float(own["high"].iloc[0]), float(whole["value"].iloc[0])
        if np.isnan([low, high, all_]).any():
            continue
        known += 1
        apart += not low <= all_ <= high
    return Honest(
        "items" if known else "unknown", {"apart": apart, "known": known, "items": len(rule.inputs)}
    )
