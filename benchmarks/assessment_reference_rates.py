"""Published rates, intervals, standardised rates, slopes and quantile groups: PHEindicatormethods."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import numpy as np
from scipy.special import ndtri

from assessment_reference_checks import Check, agree, cells, number, sheet, table
from linli.assessment.scoring.inequality import Scale, slope_index, slope_limits
from linli.assessment.scoring.intervals import Interval, byar, student, wilson
from linli.assessment.scoring.quantile_groups import quantile_groups
from linli.assessment.scoring.standardisation import (
    count_interval,
    directly_standardised,
    expected_events,
    indirect_ratio,
)

__all__ = ["NOT_REPRODUCED", "checks"]

PHE = "PHEindicatormethods"
LEVELS = (0.95, 0.998)
LIMITS = ("lower95_0cl", "upper95_0cl", "lower99_8cl", "upper99_8cl")
EUROPEAN_2013 = [5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500, 5000]
EUROPEAN_2013 += [4000, 2500, 1500, 1000]
SCALES = {0: Scale.PLAIN, 1: Scale.RATE, 2: Scale.PROPORTION}
DRAWS = 40_000
SIMULATED = 0.03
"""Published slope limits are simulated, and so are ours: compared in units of their width."""


NOT_REPRODUCED = (
    "PHE testdata_SII: 48 limits of slopes fitted on logarithms or log odds are up to 4 % of their width "
    "wider than ours; the limits of their ratios agree.",
    "PHE testresults_DSR: the 99.8 % limits of testdata_1976 are printed ten times too large (7659 to 9599 "
    "around a rate of 859); ours are 765.93 and 959.92.",
    "PHE DSR_testdata, LE_testdata: rates and life expectancies without the age groups they were made from.",
)


def checks() -> Iterator[Check]:
    """Every table of rates."""
    yield from _single_intervals()
    yield from _proportions_and_rates()
    yield from _prevalences()
    yield from _means()
    yield from _direct()
    yield from _indirect()
    yield from _slopes()
    yield from _groups()


def _single_intervals() -> Iterator[Check]:
    rows = sheet("testdata_Byars_Wilson.xlsx", "testdata_B_W")
    for method in ("Byars", "Wilson"):
        # Where Byar's lower limit would be negative the source leaves it out; ours is 0.
        kept = [row for row in rows if row["method"] == method and not np.isnan(number(row["lowercl"]))]
        ours = []
        for row in kept:
            level = number(str(row["confidence"]).rstrip("%")) / 100.0
            x, n = number(row["x"]), number(row["n"])
            found = byar(x, level) if method == "Byars" else wilson(x, n, level)
            ours.append((found.low, found.high))
        yield agree(PHE, f"testdata_Byars_Wilson: {method}", cells(kept, "lowercl", "uppercl").T, ours)


def _proportions_and_rates() -> Iterator[Check]:
    for book, whole, grouped in (
        ("testdata_Proportion.xlsx", "testdata_Prop", "testdata_Prop_g"),
        ("testdata_Rate.xlsx", "testdata_Rate", "testdata_Rate_g"),
    ):
        for name, levels, limits in ((whole, LEVELS, LIMITS), (grouped, (0.95,), ("lowercl", "uppercl"))):
            rows = [r for r in sheet(book, name) if not np.isnan(number(r["value"]))]
            seen, of, multiplier = cells(rows, "Numerator", "Denominator", "multiplier")
            found = [_figure(book, seen, of, level).times(multiplier) for level in levels]
            ours = [found[0].value, *(side for interval in found for side in (interval.low, interval.high))]
            yield agree(PHE, f"{name}: value and limits", cells(rows, "value", *limits), ours)


def _figure(book: str, seen: np.ndarray, of: np.ndarray, level: float) -> Interval:
    return wilson(seen, of, level) if "Proportion" in book else count_interval(seen, level).times(1.0 / of)


def _prevalences() -> Iterator[Check]:
    rows = table("assessment", "phe", "NCMP_testdata.csv")
    seen, of = cells(rows, "Count", "Measured")
    found = wilson(seen, of).times(100.0)
    error = (found.high - found.low) / (2.0 * ndtri(0.975))
    ours = [found.value, found.low, found.high, error]
    yield agree(
        PHE, "NCMP_testdata: Wilson and standard error", cells(rows, "Rate", "LCL", "UCL", "SE"), ours
    )


def _means() -> Iterator[Check]:
    values = sheet("testdata_Mean.xlsx", "testdata_Mean")
    rows = sheet("testdata_Mean.xlsx", "testdata_Mean_results")
    ours = []
    for row in rows:
        sample = np.array([number(v["values"]) for v in values if row["area"] in (v["area"], "No grouping")])
        both = [student(sample, level) for level in LEVELS]
        sides = [float(side) for found in both for side in (found.low, found.high)]
        ours.append([sample.sum(), sample.size, sample.std(ddof=1), sample.mean(), *sides])
    columns = ("value_sum", "value_count", "stdev", "value", *LIMITS)
    yield agree(PHE, "testdata_Mean: Student", cells(rows, *columns).T, ours)


def _direct() -> Iterator[Check]:
    people = {area: list(rows) for area, rows in groupby(_sheets(), key=lambda r: r["area"])}
    published, ours = [], []
    for row in sheet("testdata_DSR_ISR.xlsx", "testresults_DSR"):
        if np.isnan(number(row["value"])):
            continue
        groups = people[row["area"]]
        per = number(str(row["statistic"]).rsplit(" ", 1)[1])
        limits = LIMITS[:2] if row["area"] == "testdata_1976" else LIMITS
        found = [_direct_rate(groups, level).times(per) for level in LEVELS[: len(limits) // 2]]
        ours += [found[0].value, *(side for interval in found for side in (interval.low, interval.high))]
        published += [row["value"], *(row[name] for name in limits)]
    yield agree(PHE, "testdata_DSR: direct, Dobson, repeated events", published, ours)


def _sheets() -> list[dict[str, Any]]:
    names = ("testdata_multiarea", "testdata_nonindepe")
    rows = [row for name in names for row in sheet("testdata_DSR_ISR.xlsx", name)]
    return rows + [row | {"area": "testdata_1976"} for row in sheet("testdata_DSR_ISR.xlsx", "testdata_1976")]


def _direct_rate(groups: list[dict[str, Any]], level: float) -> Interval:
    counts, people = np.nan_to_num(cells(groups, "count", "pop"))
    standard = cells(groups, "esp1976")[0] if "esp1976" in groups[0] else np.array(EUROPEAN_2013)
    squares = None
    if "f1" in groups[0]:
        persons = np.nan_to_num(cells(groups, "f1", "f2", "f3", "f4"))
        squares = (persons * np.arange(1, 5)[:, None] ** 2).sum(axis=0)
    return directly_standardised(counts, people, standard, level, squares=squares)


def _indirect() -> Iterator[Check]:
    reference = cells(sheet("testdata_DSR_ISR.xlsx", "refdata"), "refcount", "refpop")
    areas = sheet("testdata_DSR_ISR.xlsx", "testdata_multiarea")
    people = {a: cells(list(rows), "pop")[0] for a, rows in groupby(areas, key=lambda r: r["area"])}
    published, ours = [], []
    for row in sheet("testdata_DSR_ISR.xlsx", "testresults_ISR"):
        if row["area"] not in people:
            continue
        expected = float(expected_events(people[row["area"]], *reference))
        factor = number(str(row["statistic"]).split()[-1])
        if "rate" in row["statistic"]:
            factor *= reference[0].sum() / reference[1].sum()
        for level, limits in zip(LEVELS, (LIMITS[:2], LIMITS[2:]), strict=True):
            found = indirect_ratio(row["observed"], expected, level).times(factor)
            ours += [found.low, found.high]
            published += [row[name] for name in limits]
        ours += [expected, number(row["observed"]) / expected * factor]
        published += [row["expected"], row["value"]]
    yield agree(PHE, "testresults_ISR: indirect rates and ratios", published, ours)


def _slopes() -> Iterator[Check]:
    exact: list[tuple[float, float]] = []
    simulated: list[tuple[float, float]] = []
    rng = np.random.default_rng(20261125)
    for group in _slope_rows():
        exact += _slope(group)
        simulated += _limits(group, rng)
    yield agree(PHE, "testdata_SII: slope, ratio, intercept", *zip(*exact, strict=True))
    yield agree(PHE, "testdata_SII: simulated limits ÷ width", *zip(*simulated, strict=True), SIMULATED)


def _slope_rows() -> list[list[dict[str, Any]]]:
    rows = sheet("testdata_SII.xlsx", "testdata_SII")
    starts = [i for i, row in enumerate(rows) if not np.isnan(number(row["sii"]))]
    return [rows[i : i + (5 if "quintiles" in rows[i]["TestDescription"] else 10)] for i in starts]


def _multiplier(row: dict[str, Any]) -> float:
    said = row["TestDescription"]
    if "negative" in said:
        return -1.0
    return 100.0 if "x 100" in said else -100.0 if "x -100" in said else 1.0


def _slope(group: list[dict[str, Any]]) -> list[tuple[float, float]]:
    row, multiplier = group[0], _multiplier(group[0])
    values, people = cells(group, "Value", "Population")
    on_scale = "transform" in row["TestDescription"]
    found = slope_index(values, people, scale=SCALES[int(row["ValueType"])], fit_on_scale=on_scale)
    ours = {"sii": found.slope * multiplier, "rii": found.ratio ** np.sign(multiplier)}
    ours["Intercept"] = found.intercept
    return [(number(row[key]), value) for key, value in ours.items() if not np.isnan(number(row[key]))]


def _limits(group: list[dict[str, Any]], rng: np.random.Generator) -> list[tuple[float, float]]:
    row, multiplier = group[0], _multiplier(group[0])
    values, people, errors = cells(group, "Value", "Population", "StandardError")
    on_scale, pairs = "transform" in row["TestDescription"], []
    for place, level in enumerate(_levels(row), start=1):
        found = slope_limits(
            values,
            people,
            errors,
            rng,
            scale=SCALES[int(row["ValueType"])],
            fit_on_scale=on_scale,
            level=level,
            draws=DRAWS,
        )
        slope = sorted(side * multiplier for side in found.slope)
        ratio = sorted(side ** np.sign(multiplier) for side in found.ratio)
        # How the source takes limits of slopes fitted on a scale back it does not say (NOT_REPRODUCED).
        for kind, ours in (("rii", ratio),) if on_scale else (("sii", slope), ("rii", ratio)):
            theirs = [number(row[f"{kind}_{side}cl_{place}"]) for side in ("lower", "upper")]
            width = theirs[1] - theirs[0]
            pairs += [(t / width, o / width) for t, o in zip(theirs, ours, strict=True) if not np.isnan(t)]
    # Both are taken from the middle, so that the largest difference is in units of the width.
    return [(0.0, ours - theirs) for theirs, ours in pairs]


def _levels(row: dict[str, Any]) -> list[float]:
    """The column of levels says 95 where the description says 98, and the limits are those of 98."""
    said, column = str(row["TestDescription"]), str(row["Confidence"])
    if "and 98" in said:
        return [0.95, 0.98]
    if "98%" in said:
        return [0.98]
    return [number(part) / 100.0 for part in column.strip("c()").split(",")]


def _groups() -> Iterator[Check]:
    rows = [r for r in sheet("testdata_Quantiles.xlsx", "testdata_Quantiles") if r["Test"] != "BadPolarity"]
    keys = {"IndSexReg": ("IndSexRef", "ParentCode"), "IndSex": ("IndSexRef",), "None": ()}
    for name, number_of in (("IndSexReg", 10), ("IndSex", 7), ("None", 4)):
        chosen = [row for row in rows if row["GroupSet"] == name]
        sets: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for row in chosen:
            sets.setdefault(tuple(row[key] for key in keys[name]), []).append(row)
        published, ours = [], []
        for members in sets.values():
            highest = name == "None" or str(members[0]["Polarity"]) in ("RAG - Low is good", "True", "TRUE")
            published += list(cells(members, "QuantileInGrp")[0])
            ours += list(quantile_groups(cells(members, "Value")[0], number_of, highest_first=highest))
        yield agree(PHE, f"testdata_Quantiles: {number_of} groups", published, ours)
