"""Published survey estimates: R survey's samples of California schools (``help(api)``)."""

from collections.abc import Iterator

import numpy as np

from assessment_reference_checks import Check, agree, cells, table
from linli.assessment.surveys.designs import design
from linli.assessment.surveys.estimation import mean, total

__all__ = ["checks"]

PRINTED = 2e-5
"""R prints five digits of a standard error."""


def checks() -> Iterator[Check]:
    """Means, totals and their standard errors."""
    yield from _stratified()
    yield _two_stages()


def _stratified() -> Iterator[Check]:
    rows = table("assessment", "api_strat.csv")
    score, enrolled, weights, size = cells(rows, "api00", "enroll", "pw", "fpc")
    sample = design(weights=weights, strata=[row["stype"] for row in rows], units_in_stratum=size)
    scores, pupils = mean(score, sample), total(enrolled, sample)
    ours = [scores.value, scores.standard_error]
    yield agree("R survey", "apistrat: mean api00, error", [662.2874, 9.4089], ours, PRINTED)
    ours = [pupils.value, pupils.standard_error]
    yield agree("R survey", "apistrat: total enroll, error", [3687178, 114642], ours, PRINTED)


def _two_stages() -> Check:
    rows = table("assessment", "api_clus2.csv")
    score, districts, schools, district = cells(rows, "api00", "fpc1", "fpc2", "dnum")
    _, place, drawn = np.unique(district, return_inverse=True, return_counts=True)
    weights = districts / drawn.size * schools / drawn[place]
    sample = design(weights=weights, units=district, units_in_stratum=districts, members_in_unit=schools)
    found = mean(score, sample)
    ours = [found.value, found.standard_error]
    return agree("R survey", "apiclus2, two stages: mean api00, error", [670.81, 30.099], ours, PRINTED)
