"""Published charts: qicharts2 (Montgomery's examples, hospital infections), NHS "Making data count"."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from assessment_reference_checks import Check, agree, cells, same, table
from linli.assessment.scoring import charts, nhs, subgroups
from linli.assessment.scoring.charts import Chart
from linli.assessment.scoring.runs import Runs, runs

__all__ = ["checks"]

QIC = "qicharts2"
Row = dict[str, str]
COUNTS = ("n.useful", "longest.run", "longest.run.max", "n.crossings", "n.crossings.min")

# R: set.seed(123); rnorm(20), the series of the snapshots ptd_spc_standard.md of NHSRplotthedots.
NORMAL = [-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621]
NORMAL += [-1.26506123, -0.68685285, -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272]
NORMAL += [-0.55584113, 1.78691314, 0.49785048, -1.96661716, 0.70135590, -0.47279141]
SHIFT = [0, 0, 0, 0, 0, 0, 1, 1, 0]


def checks() -> Iterator[Check]:
    """Every published chart."""
    yield from _examples()
    yield from _subgroups()
    yield from _infections()
    yield from _plot_the_dots()
    yield from _rules()


def _examples() -> Iterator[Check]:
    made: dict[str, Callable[[list[Row], np.ndarray], Chart]] = {
        "ex_6.5_3": lambda rows, base: charts.individuals(cells(rows, "y.sum")[0], base),
        "ex_6.5_4": lambda rows, base: charts.moving_ranges(cells(rows, "y.sum")[0], base),
        "ex_7.1_5": lambda rows, base: charts.p(*cells(rows, "y.sum", "n"), base),
        "tbl_7.4_1": lambda rows, base: charts.p(*cells(rows, "y.sum", "n"), base),
        "ex_7.3_3": lambda rows, base: charts.c(cells(rows, "y.sum")[0], base),
        "ex_7.4_1": lambda rows, base: charts.u(*cells(rows, "y.sum", "n"), base),
        # Published per 50 metres.
        "ex_7.5_1": lambda rows, base: charts.u(*(cells(rows, "y.sum", "n").T / [1.0, 50.0]).T, base),
        "ex_7.6_1": lambda rows, base: charts.t(cells(rows, "y.sum")[0], base),
    }
    for file, chart in made.items():
        whole = table("assessment", QIC, f"{file}.csv")
        for part in sorted({row["part"] for row in whole}):
            rows = [row for row in whole if row["part"] == part]
            include = cells(rows, "include")[0] > 0
            base = include & (cells(rows, "baseline")[0] > 0)
            title = file if len({row["part"] for row in whole}) == 1 else f"{file} part {part}"
            yield from _compared(title, rows, chart(rows, base), include)


def _compared(title: str, rows: list[Row], chart: Chart, include: np.ndarray) -> Iterator[Check]:
    """Points, centre, limits; what does not vary is one published value; given points are none."""
    published = cells(rows, "y", "cl", "lcl", "ucl")
    ours = np.stack([chart.values, chart.centre, chart.low, chart.high])
    given = np.allclose(published[0], cells(rows, "y.sum")[0])
    varying = [i for i in (0, 2, 3) if np.unique(published[i]).size > 1 and not (i == 0 and given)]
    fixed = [i for i in (1, 2, 3) if i not in varying]
    theirs = np.concatenate([published[varying].ravel(), published[fixed, 0]])
    yield agree(
        QIC,
        f"{title}: points, centre, limits",
        theirs,
        np.concatenate([ours[varying].ravel(), ours[fixed, 0]]),
    )
    if not np.allclose(ours[fixed], published[fixed], rtol=1e-6, equal_nan=True):
        raise ValueError(f"{title}: a limit that is published as constant varies in ours")
    yield _anhoej(title, rows[0], runs(chart.values[include], chart.centre[include]))
    yield same(QIC, f"{title}: points outside", cells(rows, "sigma.signal")[0] > 0, chart.outside)


def _anhoej(title: str, row: Row, found: Runs) -> Check:
    ours = [found.useful, found.longest, found.longest_allowed, found.crossings, found.crossings_needed]
    signal = row["runs.signal"] in ("True", "1")
    return agree(QIC, f"{title}: runs", [*cells([row], *COUNTS)[:, 0], signal], [*ours, found.signal])


def _subgroups() -> Iterator[Check]:
    for file, source, chart in (
        ("ex_6.3_1", "sysdata_tbl_06.03", subgroups.x_bar),
        ("ex_6.3_2", "sysdata_tbl_06.03", subgroups.s),
        ("ex_6.4_1", "sysdata_tbl_06.04", subgroups.x_bar),
        ("ex_6.4_2", "sysdata_tbl_06.04", subgroups.s),
        ("NA_test", "sysdata_NA_test", subgroups.x_bar),
    ):
        rows = table("assessment", QIC, f"{file}.csv")
        sample, values = cells(table("assessment", QIC, f"{source}.csv"), "sample", "obs")
        groups = [values[sample == number] for number in cells(rows, "x")[0]]
        yield from _compared(file, rows, chart(groups), np.ones(len(rows), dtype=bool))


def _infections() -> Iterator[Check]:
    data = table("assessment", QIC, "hospital_infections.csv")
    whole: tuple[tuple[str, tuple[str, ...]], ...] = (("hai_1", ()), ("hai_2", ("infection",)))
    for file, keys in (*whole, ("hai_3", ("hospital", "infection"))):
        yield from _summarised(file, data, keys, by="month")
    late = [row for row in data if row["month"] >= "2016-07-01"]
    yield from _summarised("hai_4", late, ("infection",), by="hospital")


def _summarised(file: str, data: list[Row], keys: Sequence[str], by: str) -> Iterator[Check]:
    published, ours = [], []
    for row in table("assessment", QIC, f"{file}.csv"):
        wanted = (row["facet1"], row["facet2"])[: len(keys)]
        rows = [r for r in data if tuple(r[key] for key in keys) == wanted]
        chart = _infection_chart(rows, by, _order(data, by))
        found = runs(chart.values, chart.centre)
        ours += [chart.low.mean(), chart.centre.mean(), chart.high.mean(), chart.outside.sum()]
        ours += [found.useful, found.longest, found.longest_allowed, found.crossings, found.crossings_needed]
        ours.append(found.signal)
        published += [*cells([row], "aLCL", "CL", "aUCL", "sigma.signal", *COUNTS, "runs.signal")[:, 0]]
    yield agree(QIC, f"{file}: hospital infections", published, ours)


def _order(data: list[Row], by: str) -> list[str]:
    """Months in time; hospitals in the order of their mean days, as the funnel shows them."""
    names = sorted({row[by] for row in data})
    if by == "month":
        return names
    return sorted(names, key=lambda name: np.mean([float(r["days"]) for r in data if r[by] == name]))


def _infection_chart(rows: list[Row], by: str, order: list[str]) -> Chart:
    sums = np.array([cells([r for r in rows if r[by] == name], "n", "days").sum(axis=1) for name in order])
    return charts.u(sums[:, 0], sums[:, 1] / (10_000 if by == "hospital" else 1))


def _plot_the_dots() -> Iterator[Check]:
    with_outlier = [*NORMAL[:14], 10.0, *NORMAL[15:]]
    for name, series, screened, published in (
        ("r1", NORMAL, True, (0.1416238, -3.01138, 3.294627)),
        ("r2 with an outlier", with_outlier, True, (0.6694159, -2.383666, 3.722497)),
        ("r3 not screened", with_outlier, False, (0.6694159, -4.596625, 5.935457)),
    ):
        chart = nhs.plot_the_dots(series, screened=screened).chart
        ours = (chart.centre[0], chart.low[0], chart.high[0])
        yield agree("NHSRplotthedots", f"ptd_spc_standard {name}", published, ours)


def _rules() -> Iterator[Check]:
    sides = {
        "8 above": ([1] * 8 + [-1], SHIFT),
        "8 below": ([-1] * 8 + [1], SHIFT),
        "6 above": ([1] * 6, [0] * 6),
    }
    for name, (given, published) in sides.items():
        yield same("NHSRplotthedots", f"seven on one side: {name}", published, np.abs(nhs.shifts(given)))
    for name, values, published in (
        ("a pause", [1, 2, 3, 3, 4, 5, 6], [0] * 7),
        ("rising", range(1, 8), [0] * 6 + [1]),
        ("rising within", [2, *range(1, 8), 3], [0] * 7 + [1, 0]),
        ("falling", range(7, 0, -1), [0] * 6 + [-1]),
        ("falling within", [2, *range(7, 0, -1), 3], [0] * 7 + [-1, 0]),
    ):
        yield same("NHSRplotthedots", f"trend of seven: {name}", published, nhs.trends(list(values)))
    for close, published in (
        ([1, 0, 1], [1, 1, 1]),
        ([0, 0, 1, 0, 1, 0, 0], [0, 0, 1, 1, 1, 0, 0]),
        ([0, 0, 1, 1, 0, 0, 0], [0, 1, 1, 1, 1, 0, 0]),
    ):
        yield same("NHSRplotthedots", f"two in three: {close}", published, nhs.close_pairs(close))
    opposite = [1.0, -1.0] * 7 + [5.5, -5.5]
    yield same(
        "NHSRplotthedots", "two close on opposite sides", [False] * 2, nhs.plot_the_dots(opposite).any[-2:]
    )
