"""Where a published method is wrong or weak: what it does, and what ours does, side by side."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assessment_reference_checks import cells, table
from assessment_reference_classics import neighbours
from linli.assessment.scoring import charts, nhs
from linli.assessment.scoring.inverted_funnels import Band, flag_chances, inverted_counts
from linli.assessment.scoring.predictive import Predictive
from linli.assessment.scoring.shrinkage import marshall_local

__all__ = ["Comparison", "comparisons"]

SERIES = 2000
POINTS = 24


@dataclass(frozen=True)
class Comparison:
    """One question, the published method's answer and ours."""

    question: str
    published: str
    ours: str


def comparisons() -> Iterator[Comparison]:
    """Funnels at small expected values, the NHS rules, local shrinkage."""
    yield from _funnels()
    yield _rules()
    yield _small_counts()
    yield _shrinkage()


def _funnels() -> Iterator[Comparison]:
    for level, tail in ((0.95, 0.025), (0.998, 0.001)):
        for mean in (1.0, 4.0, 20.0):
            expected, certain = np.array([mean]), np.array([np.inf])
            law = Predictive(expected, certain, certain)
            limits = Band(law.lowest_ordinary(tail).astype(float), law.highest_ordinary(tail).astype(float))
            theirs, mine = (
                flag_chances(expected, band) for band in (inverted_counts(expected, level), limits)
            )
            yield Comparison(
                f"ordinary area, {mean:.0f} expected, {level:.1%}: flagged low; high (promised {tail})",
                f"{theirs.below[0]:.4f}; {theirs.above[0]:.4f}  (PHE, FunnelPlotR)",
                f"{mine.below[0]:.4f}; {mine.above[0]:.4f}",
            )


def _rules() -> Comparison:
    rng = np.random.default_rng(7)
    series = rng.poisson(20.0, (SERIES, POINTS)).astype(float)
    rules = np.mean([nhs.plot_the_dots(one).any.any() for one in series])
    limits = np.mean([charts.c(one).outside.any() for one in series])
    return Comparison(
        f"an ordinary series of {POINTS} months (synthetic): something is marked",
        f"{rules:.1%}  (four NHS rules)",
        f"{limits:.1%}  (limits alone)",
    )


def _small_counts() -> Comparison:
    mean = np.array([2.0])
    chart = flag_chances(mean, Band(mean - 3 * np.sqrt(mean), mean + 3 * np.sqrt(mean)))
    law = Predictive(mean, np.array([np.inf]), np.array([np.inf]))
    mine = flag_chances(mean, Band(np.array([-1.0]), law.highest_ordinary(0.001).astype(float)))
    return Comparison(
        "ordinary month, 2 expected: above the upper limit (promised 0.001)",
        f"{chart.above[0]:.4f}  (c chart, 3 sigma)",
        f"{mine.above[0]:.4f}",
    )


def _shrinkage() -> Comparison:
    events, births = cells(table("small_area", "sids2_reference_spdep.csv"), "e", "b")
    near = neighbours(events.size)
    theirs = marshall_local(events, births, near, around_own_means=True)
    apart = np.abs(theirs - marshall_local(events, births, near))
    return Comparison(
        "local shrinkage, SIDS: areas whose rate depends on whose mean neighbours are held against",
        f"{(apart > 1e-9).sum()} of {events.size}, by up to {1000 * apart.max():.2f} per 1,000  (spdep)",
        "as in Marshall 1991 (and PySAL esda)",
    )
