"""Published textbook and small-area values: shrinkage, probability maps, two counts, samples."""

from collections.abc import Iterator

import numpy as np

from assessment_reference_checks import DATA, TRIAL, Check, agree, cells, table
from linli.assessment.scoring.comparing import e_test, poisson_z, weighted_displacement_difference
from linli.assessment.scoring.predictive import at_least
from linli.assessment.scoring.shrinkage import james_stein, marshall, marshall_local, moments, most_likely

__all__ = ["checks", "neighbours"]

# First 45 at-bats of 1970 and the rest of the season: Efron & Morris, Scientific American 236 (1977), p. 119.
EARLY = [0.400, 0.378, 0.356, 0.333, 0.311, 0.311, 0.289, 0.267, 0.244, 0.244, 0.222, 0.222, 0.222, 0.222]
EARLY += [0.222, 0.200, 0.178, 0.156]
LATE = [0.346, 0.298, 0.276, 0.222, 0.273, 0.270, 0.263, 0.210, 0.269, 0.230, 0.264, 0.256, 0.303, 0.264]
LATE += [0.226, 0.285, 0.316, 0.200]


def checks() -> Iterator[Check]:
    """Every value that stands alone."""
    yield from _baseball()
    yield from _sids()
    yield from _lip_cancer()
    yield from _two_counts()


def _baseball() -> Iterator[Check]:
    early, late = np.array(EARLY), np.array(LATE)
    found = james_stein(early, early.mean() * (1.0 - early.mean()) / 45)
    ours = [found.mean, found.factor, found.values[0], found.values[-1]]
    yield agree("Efron & Morris 1977", "mean, factor, first, last", [0.265, 0.212, 0.294, 0.242], ours, 5e-4)
    errors = ((early - late) ** 2).sum() / ((found.values - late) ** 2).sum()
    yield agree("Efron & Morris 1977", "squared errors: raw ÷ shrunk", [3.5], [errors], 0.02)


def _sids() -> Iterator[Check]:
    rows = table("small_area", "sids2_reference_spdep.csv")
    events, births, raw, overall, local = cells(rows, "e", "b", "raw", "EBest", "EBlocal")
    near = neighbours(events.size)
    yield agree("spdep", "SIDS raw rates", raw, events / births, 1e-12)
    yield agree("spdep", "SIDS Marshall, global", overall, marshall(events, births), 1e-12)
    ours = marshall_local(events, births, near, around_own_means=True)
    yield agree("spdep", "SIDS Marshall, local (as spdep centres it)", local, ours, 1e-12)
    esda = cells(table("small_area", "sids2_esda.csv"), "eb", "seb")
    yield agree("PySAL esda", "SIDS Marshall, global", esda[0], marshall(events, births), 1e-12)
    yield agree("PySAL esda", "SIDS Marshall, local", esda[1], marshall_local(events, births, near), 1e-12)
    tests = [0.0016973, 0.0017054, 0.0017731, 0.0020129, 0.0035349]
    yield agree("PySAL esda", "test_smoothing.py, first five", tests, marshall(events, births)[:5], 5e-8)
    yield from _probability_map(events, births)


def neighbours(areas: int) -> np.ndarray:
    """The counties of North Carolina that touch, as 0 and 1."""
    near = np.zeros((areas, areas))
    for area, line in enumerate((DATA / "small_area" / "sids2_nb.txt").read_text().splitlines()):
        near[area, [int(place) - 1 for place in line.split()]] = 1.0
    return near


def _probability_map(events: np.ndarray, births: np.ndarray) -> Iterator[Check]:
    expected = births * events.sum() / births.sum()
    ours = [events / births, expected, 100.0 * events / expected]
    below = 1.0 - at_least(events + 1.0, expected, np.array(np.inf))
    published = cells(
        table("small_area", "sids2_probmap_choynowski.csv"), "raw", "expCount", "relRisk", "pmap"
    )
    yield agree("spdep", "SIDS probability map (Choynowski)", published, [*ours, below], 1e-9)


def _lip_cancer() -> Iterator[Check]:
    seen, expected = cells(table("assessment", "scotland_lip.csv"), "cases", "expected")
    likely, balanced = most_likely(seen, expected), moments(seen, expected)
    totals = [seen.size, seen.sum(), expected.sum()]
    yield agree(TRIAL, "lip cancer: areas, cases, expected", [56, 536, 536.2], totals, 1e-9)
    yield agree(TRIAL, "lip cancer: gamma, most likely", [1.8795, 1.3217], [likely.shape, likely.rate], 5e-5)
    yield agree(TRIAL, "lip cancer: gamma, moments", [1.644, 1.1488], [balanced.shape, balanced.rate], 5e-5)


def _two_counts() -> Iterator[Check]:
    yield agree("ptools wdd.R", "Poisson E-test, 20 against 10", [0.069], [e_test(20, 10)], 5e-4)
    found = weighted_displacement_difference((20, 10), (20, 20))
    ours = [found.estimate, found.standard_error]
    yield agree(
        "Wheeler & Ratcliffe 2018", "displacement difference and error", [-10.0, 70**0.5], ours, 1e-12
    )
    alone = weighted_displacement_difference((0, 10), (0, 20))
    yield agree("ptools wdd.R", "without the period before: p", [0.068], [alone.p], 5e-4)
    yield agree("Wheeler 2016", "Poisson z of 16 to 25", [2.0], [poisson_z(16, 25)], 1e-12)
