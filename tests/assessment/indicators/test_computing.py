"""Results add up, do not depend on order, say when nothing is known, and have intervals that hold them."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from assessment.synthetic_facts import ENGINE_WARNINGS, ZONE, by_hand, fact
from linli.assessment.indicators import (
    COLUMNS,
    Definition,
    Results,
    compute,
    period,
    periods_between,
    read_indicators,
)
from linli.assessment.scoring.intervals import wilson
from linli.io.facts import Dataset, drafting, duckdb_tables, open_dataset
from linli.kernel.errors import LinliError

pytestmark = ENGINE_WARNINGS

HEAD = """[[indicators]]
id = "own"
title = {zh = "自定", en = "own"}
period = "month"
direction = "higher"
"""


def own(folder: Path, told: dict[str, Any]) -> list[Definition]:
    """One indicator of a user's own file."""
    file = folder / "own.toml"
    lines = [f"{key} = {json.dumps(value)}" for key, value in told.items()]
    file.write_text(HEAD + "\n".join(lines), encoding="utf-8")
    return list(read_indicators(file))


def value(definitions: list[Definition], dataset: Dataset, area: str, token: str) -> Any:
    found = compute(definitions, duckdb_tables(dataset), [period(token)]).find("own", area, token)
    return None if found is None else found.value


def test_there_are_indicators_of_every_kind_and_results_of_every_indicator(results: Results) -> None:
    kinds = {one.indicator.kind for one in results.definitions.values()}
    assert kinds == {"ratio", "rate", "count", "cumulative", "survey", "percentile"}
    assert len(results.definitions) >= 60
    known = results.frame.groupby("indicator")["value"].count()
    assert (known > 0).all()
    assert tuple(results.frame.columns) == COLUMNS


def test_counts_of_beats_and_of_no_beat_are_the_station_and_stations_the_territory(results: Results) -> None:
    frame = results.frame
    for name in ("Q8.incidents", "E4.cases_helped", "N7.residents_surveyed"):
        one = frame[(frame["indicator"] == name) & (frame["period"] == "2026")]
        by_kind = one.groupby("area_kind")["numerator"].sum()
        assert by_kind["beat"] < by_kind["station"] == by_kind["territory"]


def test_months_add_up_to_quarters_and_quarters_to_the_year(results: Results) -> None:
    frame = results.frame[results.frame["indicator"] == "H8.person_visits"]
    whole = frame[frame["area_kind"] == "territory"].set_index("period")["value"]
    months = [f"2026-{month:02}" for month in range(1, 13)]
    assert whole[months[:3]].sum() == whole["2026-Q1"]
    assert whole[months].sum() == whole["2026"]


def test_a_cumulative_figure_only_grows_within_a_year(results: Results) -> None:
    frame = results.frame[results.frame["indicator"] == "L10.year_to_date"]
    months = frame[frame["period"].str.len() == 7]
    months = months[~months["period"].str.contains("Q")]
    for _, area in months.groupby("area"):
        assert area.sort_values("period")["value"].is_monotonic_increasing


def test_every_interval_holds_its_value(results: Results) -> None:
    frame = results.frame.dropna(subset=["value", "low", "high"])
    assert len(frame) > 1000
    slack = 1e-9 * (1 + frame["value"].abs())
    assert (frame["low"] <= frame["value"] + slack).all()
    assert (frame["high"] >= frame["value"] - slack).all()


def test_the_order_of_the_records_changes_nothing(
    tmp_path: Path, county: Dataset, definitions: list[Definition]
) -> None:
    rng = random.Random(7)  # noqa: S311 - a shuffle
    with drafting(tmp_path / "facts", zone=ZONE) as draft:
        for table in county.manifest.tables:
            rows = county.read(table)
            order = list(range(rows.num_rows))
            rng.shuffle(order)
            for start in range(0, len(order), 170):
                draft.add(table, rows.take(pa.array(order[start : start + 170])))
    shuffled = open_dataset(tmp_path / "facts")
    assert shuffled.digest == county.digest
    again = compute(definitions[:20], duckdb_tables(shuffled), periods_between("2026-01", "2026-03"))
    first = compute(definitions[:20], duckdb_tables(county), periods_between("2026-01", "2026-03"))
    pd.testing.assert_frame_equal(first.frame, again.frame)


MISSING = {"unknown": None, "zero": 0.0, "exclude": "no result"}


@pytest.mark.parametrize("missing", MISSING)
def test_an_area_without_records_gets_what_the_indicator_says(missing: str, tmp_path: Path) -> None:
    told = {
        "kind": "count",
        "unit": "visit",
        "scope": ["beat"],
        "source": "visits",
        "numerator": "kind == 'shop'",
        "missing": missing,
    }
    facts = by_hand(tmp_path / "facts", visits=[fact("visits", 1, kind="shop")])
    found = compute(own(tmp_path, told), duckdb_tables(facts), [period("2026-03")])
    assert found.find("own", "S1-B1", "2026-03").value == 1.0  # type: ignore[union-attr]
    other = found.find("own", "S1-B2", "2026-03")
    assert ("no result" if other is None else other.value) == MISSING[missing]


def test_a_record_of_an_area_that_is_not_in_the_table_is_not_lost(tmp_path: Path) -> None:
    told = {
        "kind": "count",
        "unit": "visit",
        "scope": ["beat", "territory"],
        "source": "visits",
        "numerator": "kind == 'shop'",
        "missing": "zero",
    }
    rows = [fact("visits", 1, kind="shop", beat="S1-B77"), fact("visits", 2, kind="shop", beat=None)]
    facts = by_hand(tmp_path / "facts", visits=rows)
    assert value(own(tmp_path, told), facts, "S1-B77", "2026-03") == 1.0
    assert value(own(tmp_path, told), facts, "T", "2026-03") == 2.0


def test_a_rate_without_residents_is_not_known(tmp_path: Path) -> None:
    told = {
        "kind": "rate",
        "unit": "visit/1000 resident",
        "scope": ["beat", "station"],
        "source": "visits",
        "numerator": "kind == 'shop'",
        "exposure": "residents",
        "per": 1000,
        "missing": "zero",
    }
    rows = [fact("visits", 1, kind="shop"), fact("visits", 2, kind="shop", beat="S1-B77")]
    facts = by_hand(tmp_path / "facts", visits=rows)
    assert value(own(tmp_path, told), facts, "S1-B1", "2026-03") == 1.0
    assert value(own(tmp_path, told), facts, "S1-B77", "2026-03") is None
    # A station's residents are those of its beats: 1,000 + 2,000 + 3,000.
    assert value(own(tmp_path, told), facts, "S1", "2026-03") == pytest.approx(2 / 6)


def test_hours_a_week_are_over_the_officers_in_post(tmp_path: Path) -> None:
    told = {
        "kind": "rate",
        "unit": "hour/person/week",
        "scope": ["beat"],
        "source": "duty_hours",
        "numerator": "hours",
        "exposure": "community_officer_weeks",
        "missing": "unknown",
    }
    hours = [
        fact("duty_hours", n, month="2026-02", role="officer", kind="community", hours=8.0) for n in range(20)
    ]
    month = {"month": "2026-02", "station": "S1", "role": "officer"}
    staff = [{**month, "beat": "S1-B1", "actual": 2.0}, {**month, "beat": None, "actual": 9.0}]
    facts = by_hand(tmp_path / "facts", duty_hours=hours, staff=staff)
    # 160 hours over 2 officers in the 4 weeks of February.
    assert value(own(tmp_path, told), facts, "S1-B1", "2026-02") == 20.0
    assert value(own(tmp_path, told), facts, "S1-B1", "2026-Q1") is None


def test_people_in_post_are_not_added_up_over_months(tmp_path: Path) -> None:
    told = {
        "kind": "count",
        "unit": "person",
        "scope": ["beat"],
        "source": "staff",
        "numerator": "actual",
        "missing": "unknown",
    }
    rows = [
        {"month": f"2026-0{m}", "station": "S1", "beat": "S1-B1", "role": "officer", "actual": 2.0}
        for m in (1, 2, 3)
    ]
    assert value(own(tmp_path, told), by_hand(tmp_path / "facts", staff=rows), "S1-B1", "2026-Q1") == 2.0


def test_a_survey_is_weighted_and_its_interval_wider_than_that_of_so_many_equal_answers(
    tmp_path: Path,
) -> None:
    told = {
        "kind": "survey",
        "unit": "%",
        "scope": ["territory"],
        "source": "surveys",
        "numerator": "answer == 'yes'",
        "missing": "unknown",
    }
    rows = [
        fact(
            "surveys",
            n,
            wave="1",
            question="feel_safe",
            answer="yes" if n % 4 else "no",
            weight=10.0 if n % 2 else 1.0,
        )
        for n in range(100)
    ]
    found = compute(
        own(tmp_path, told), duckdb_tables(by_hand(tmp_path / "facts", surveys=rows)), [period("2026-03")]
    )
    result = found.find("own", "T", "2026-03")
    assert result is not None
    assert result.value == pytest.approx(100 * (50 * 10 + 25 * 1) / 550)
    assert result.interval is not None
    effective = 550**2 / (50 * 100 + 50)
    assert result.interval[1] - result.interval[0] > 2 * 100 * np.sqrt(0.95 * 0.05 / effective)


# Mend 20
@pytest.mark.parametrize("smallest", [1.0, 1e-5, 3e-9])
def test_weights_as_small_as_one_wants_give_the_same_share_and_interval(
    tmp_path: Path, smallest: float
) -> None:
    told = {"kind": "survey", "unit": "%", "scope": ["territory"], "source": "surveys", "missing": "unknown"}
    told["numerator"] = "answer == 'yes'"
    given = {"wave": "1", "question": "feel_safe"}
    rows = [
        fact(
            "surveys", n, **given, answer="yes" if n % 4 else "no", weight=smallest * (10.0 if n % 2 else 1.0)
        )
        for n in range(100)
    ]
    found = compute(
        own(tmp_path, told), duckdb_tables(by_hand(tmp_path / "facts", surveys=rows)), [period("2026-03")]
    )
    result = found.find("own", "T", "2026-03")
    assert result is not None
    assert result.value == pytest.approx(100 * 525 / 550, rel=1e-9)
    assert result.denominator == pytest.approx(550 * smallest, rel=1e-6)
    effective = 550**2 / (50 * 100 + 50)
    expected = wilson(effective * 525 / 550, effective)
    assert result.interval == pytest.approx((100 * float(expected.low), 100 * float(expected.high)), rel=1e-6)


def test_an_indicator_of_quarters_has_no_months(results: Results) -> None:
    tokens = set(results.frame.loc[results.frame["indicator"] == "N16.safety", "period"])
    assert tokens == {"2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026"}


def test_no_facts_are_no_results_and_no_failure(tmp_path: Path, definitions: list[Definition]) -> None:
    empty = duckdb_tables(by_hand(tmp_path / "facts"))
    found = compute(definitions, empty, [period("2026-01"), period("2026")])
    assert found.frame.loc[found.frame["value"] > 0].empty
    assert len(compute(definitions, empty, [])) == 0


def test_two_territories_are_refused(tmp_path: Path, definitions: list[Definition]) -> None:
    day = fact("visits", 1)["day"]
    second = {"code": "T2", "kind": "territory", "name_zh": "另一合成县", "valid_from": day}
    facts = by_hand(tmp_path / "facts", areas=[second])
    with pytest.raises(LinliError, match="more than one territory"):
        compute(definitions, duckdb_tables(facts), [period("2026-03")])


@pytest.mark.parametrize("token", ["", "2026-13", "2026-Q5", "26-01", "2026-1", "0000"])
def test_what_is_no_period_is_refused(token: str) -> None:
    with pytest.raises(LinliError):
        period(token)


def test_periods_know_their_days() -> None:
    quarter = period("2026-Q1")
    assert (str(quarter.first_day), str(quarter.last_day), quarter.days) == ("2026-01-01", "2026-03-31", 90)
    assert period("2024-02").days == 29
