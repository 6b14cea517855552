"""Published funnels: PHEindicatormethods, FunnelPlotR, and Seaton and Manktelow's true probabilities."""

from collections.abc import Iterator

import numpy as np

from assessment_reference_checks import Check, agree, cells, same, table
from linli.assessment.scoring.inverted_funnels import (
    Band,
    exact_counts,
    flag_chances,
    inverted_counts,
    inverted_expected,
    inverted_proportions,
    wald_counts,
)
from linli.assessment.scoring.standardisation import count_interval

__all__ = ["checks"]

PHE = "PHEindicatormethods"
LEVELS = {"2s": 0.95, "3s": 0.998}
LABELS = ("High (0.001)", "High (0.025)", "Low (0.001)", "Low (0.025)")

# Seaton & Manktelow 2012, table 1: median, minimum and maximum of the true tail probabilities of 95 % limits.
BELOW = {
    (1, 50): ((0.0184, 0, 0.0250), (0.0325, 0.0219, 0.3679), (0.0186, 0, 0.0250)),
    (50, 100): ((0.0216, 0.0172, 0.0251), (0.0287, 0.0248, 0.0351), (0.0215, 0.0172, 0.0250)),
    (100, 500): ((0.0233, 0.0194, 0.0251), (0.0267, 0.0248, 0.0317), (0.0233, 0.0194, 0.0250)),
    (500, 1000): ((0.0240, 0.0225, 0.0251), (0.0261, 0.0249, 0.0277), (0.0239, 0.0224, 0.0250)),
    (1000, 10000): ((0.0246, 0.0232, 0.0250), (0.0254, 0.0250, 0.0269), (0.0246, 0.0232, 0.0250)),
}
ABOVE = {(1, 50): ((0.0301, 0.0203, 0.0841), (0.0121, 0.0003, 0.0177), (0.0201, 0.0052, 0.0250))}
METHODS = (("Wald", wald_counts), ("CI-inverted", inverted_counts), ("exact", exact_counts))
WITHIN = 0.0006

# PHE finds limits of ratios and rates by halving, to about 5e-7 expected events, and publishes them in up to
# three units. They are compared in expected events: where those are few, a ratio would magnify the halving.


def checks() -> Iterator[Check]:
    """Every funnel that is published as numbers."""
    yield from _proportions()
    yield from _ratios()
    yield from _rates()
    yield from _rate_labels()
    yield from _funnelplotr()
    yield from _true_probabilities()


def _proportions() -> Iterator[Check]:
    rows = table("assessment", "phe", "testdata_funnel_prop_inputs.csv")
    seen, of = cells(rows, "numerator", "denominator")
    yield same(
        PHE, "funnel of proportions: who is flagged", [r["significance"] for r in rows], _flagged(seen, of)
    )
    files = (("testdata_funnel_prop_outputs.csv", of > 0),)
    files += (("testdata_funnel_prop_outputs_with_axis_variation.csv", of < 31000),)
    for file, kept in files:
        outputs = table("assessment", "phe", file)
        overall = seen[kept].sum() / of[kept].sum()
        (people,) = cells(outputs, "Population")
        yield agree(PHE, f"{file[9:-4]}: baseline", [float(outputs[0]["Baseline"])], [100 * overall])
        for tag, level in (("2s0025", 0.95), ("3s0001", 0.998)):
            published = cells(outputs, f"Lower{tag}limit", f"Upper{tag}limit")
            limits = inverted_proportions(overall, people, level)
            yield agree(
                PHE, f"{file[9:-4]}: {level:.1%}", published, 100 * np.stack([limits.low, limits.high])
            )


def _flagged(seen: np.ndarray, of: np.ndarray) -> list[str]:
    overall, rates = seen.sum() / of.sum(), seen / of
    wide, narrow = (inverted_proportions(overall, of, level) for level in (0.998, 0.95))
    return _labelled(rates > wide.high, rates > narrow.high, rates < wide.low, rates < narrow.low)


def _labelled(*conditions: np.ndarray) -> list[str]:
    return list(np.select(list(conditions), LABELS, default="Not significant"))


def _ratios() -> Iterator[Check]:
    inputs = table("assessment", "phe", "testdata_funnel_ratio_inputs.csv")
    seen, expected = cells(inputs, "obs", "expected")
    yield same(
        PHE,
        "funnel of ratios: who is flagged",
        [r["significance"] for r in inputs],
        _outlying(seen, expected, 1.0),
    )
    rows = table("assessment", "phe", "testdata_funnel_ratio_outputs.csv")
    (events,) = cells(rows, "Observed_events")
    for tag, level in LEVELS.items():
        at = inverted_expected(events, level)
        for side, mean in (("lower", at.low), ("upper", at.high)):
            columns = [f"{side}_{tag}_{kind}" for kind in ("exp_events", "count", "isr")]
            given, excess, percent = cells(rows, *columns)
            published = np.stack([given, events / (excess + 1.0), 100.0 * events / percent])
            yield agree(
                PHE, f"funnel of ratios: {side} {level:.1%} ×3 units", published, np.stack([mean] * 3)
            )


def _outlying(seen: np.ndarray, expected: np.ndarray, overall: float) -> list[str]:
    wide, narrow = (count_interval(seen, level).times(1.0 / expected) for level in (0.998, 0.95))
    return _labelled(wide.low > overall, narrow.low > overall, wide.high < overall, narrow.high < overall)


def _rates() -> Iterator[Check]:
    inputs = table("assessment", "phe", "testdata_funnel_rate_input_funnels.csv")
    events, rate = cells(inputs, "ev", "rate")
    people, most = 1e5 * events / rate, events == events.max()
    few, none = np.where(most, 5.0, events), np.where(most, 0.0, events)
    large = people > people.max() / 2
    cases = {
        "testdata_funnel_rate_outputs.csv": events.sum() / people.sum(),
        "testdata_funnel_rate_outputs_2.csv": few.sum() / (1e5 * few / rate).sum(),
        "testdata_funnel_rate_outputs_3.csv": none[large].sum() / people[large].sum(),
    }
    for file, overall in cases.items():
        rows = table("assessment", "phe", file)
        (count,) = cells(rows, "Events")
        yield agree(PHE, f"{file[9:-4]}: baseline", [float(rows[0]["baseline"])], [1e5 * overall])
        for tag, level in LEVELS.items():
            at = inverted_expected(count, level)
            for side, mean in (("lower", at.low), ("upper", at.high)):
                people, limit = cells(rows, f"{side}_{tag}_population_1_year", f"{side}_{tag}_limit")
                published = np.stack([3 * people * overall, 1e5 * overall * count / limit])
                yield agree(PHE, f"{file[9:-4]}: {side} {level:.1%}", published, np.stack([mean] * 2))


def _rate_labels() -> Iterator[Check]:
    rows = table("assessment", "phe", "testdata_funnel_rate_dsr_inputs.csv")
    for kind, multiplier, rate in (
        ("dsr", 1e5, "rate_dsr"),
        ("crude", 1e5, "rate_crude_per_100000"),
        ("crude", 1e2, "rate_crude_per_100"),
    ):
        for zeros in ("with", "without"):
            kept = [row for row in rows if zeros == "with" or float(row["count"]) > 0]
            published = [row[f"{kind}_per_{multiplier:.0f}_{zeros}_0"] for row in kept]
            seen, shown, people = cells(kept, "count", rate, "pop")
            with np.errstate(invalid="ignore", divide="ignore"):
                derived = np.where(
                    seen == 0, people if kind == "crude" else np.nan, multiplier * seen / shown
                )
            overall = seen.sum() / np.nansum(derived)
            ours = _outlying(seen, np.nan_to_num(derived, nan=1.0), float(overall))
            if kind == "dsr":
                note = "Not applicable for events less than 10 for dsrs"
                ours = [note if n < 10 else label for n, label in zip(seen, ours, strict=True)]
            yield same(PHE, f"funnel of rates ({kind}, per {multiplier:.0f}, {zeros} zeros)", published, ours)


def _funnelplotr() -> Iterator[Check]:
    expected = np.array([15.0, 20.0, 30.0])
    published = {
        0.95: ([0.5596924, 0.6108260, 0.6746958], [1.649348, 1.544419, 1.427562]),
        0.998: ([0.3862650, 0.4479107, 0.5289724], [2.082907, 1.902094, 1.702771]),
    }
    for level, sides in published.items():
        limits = inverted_counts(expected, level)
        ours = np.stack([limits.low, limits.high]) / expected
        yield agree("FunnelPlotR", f"test-poisson_limits.R, {level:.1%}", sides, ours)


def _true_probabilities() -> Iterator[Check]:
    for where, tables in (("below", BELOW), ("above", ABOVE)):
        for (least, most), published in tables.items():
            means = np.arange(least, most + 1e-9, 0.001 if most <= 50 else 0.01 if most <= 1000 else 0.1)
            means = means if least == 1 else means[1:]
            for (name, limits), values in zip(METHODS, published, strict=True):
                chances = getattr(flag_chances(means, _settled(limits(means))), where)
                ours = (np.median(chances), chances.min(), chances.max())
                title = f"{name} 95 % limits, expected {least}–{most}, {where}"
                yield agree("Seaton & Manktelow 2012", title, values, ours, WITHIN)


def _settled(limits: Band) -> Band:
    return Band(np.maximum(limits.low, 0.0), limits.high)
