"""Fifty random figures are followed to their records and worked out again by other means."""

import datetime as dt
import math
import random
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from assessment.synthetic_facts import ENGINE_WARNINGS
from linli.assessment.indicators import (
    Definition,
    Result,
    Results,
    evidence,
    evidence_key,
    explain,
    period,
    record_digest,
    sentences,
)
from linli.io.facts import Dataset, duckdb_tables
from linli.io.facts.results import write_evidence
from linli.kernel.errors import LinliError

pytestmark = ENGINE_WARNINGS

SAMPLE = 50


def sampled(results: Results) -> list[Result]:
    """Fifty results with a value, none of a rate's exposure and none of a percentile."""
    rng = random.Random(20261125)  # noqa: S311 - a draw of results
    kinds = ("ratio", "count", "cumulative", "survey")
    known = [
        r for r in results if r.value is not None and results.definitions[r.indicator].indicator.kind in kinds
    ]
    return rng.sample(
        [r for r in known if (r.records > 3 and r.indicator[0] != "L") or r.area_kind != "beat"], SAMPLE
    )


def months(definition: Definition, result: Result) -> list[str]:
    """The months whose records count, by hand."""
    since = definition.indicator.since
    first = {"period": result.period.first_day, "year": result.period.first_day.replace(month=1, day=1)}
    start = first.get(since, dt.date(2000, 1, 1))
    days = pd.date_range(start, result.period.last_day, freq="MS")
    return sorted({f"{day:%Y-%m}" for day in days})


@pytest.fixture(scope="module")
def written(county: Dataset, results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evidence")
    write_evidence(results, duckdb_tables(county), (period("2026"),), folder)
    return folder


def test_adding_up_the_kept_evidence_by_sql_gives_the_figures_again(written: Path, results: Results) -> None:
    for result in sampled(results):
        definition = results.definitions[result.indicator]
        told = definition.indicator
        listed = ", ".join(f"'{month}'" for month in months(definition, result))
        area = "" if result.area_kind == "territory" else f"AND {result.area_kind} = '{result.area}'"
        sql = (
            f'SELECT sum("{told.id}|numerator"::DOUBLE), sum("{told.id}|denominator"::DOUBLE)'  # noqa: S608
            f" FROM '{written}/evidence/{told.source}.parquet' WHERE month IN ({listed}) {area}"
        )
        ((above, below),) = duckdb.sql(sql).fetchall()
        factor = 100.0 if str(told.unit) == "%" else 1.0
        value = above or 0.0
        if told.kind in ("ratio", "survey"):
            value = factor * value / below
        if told.source != "staff":
            assert value == pytest.approx(result.value, rel=1e-9), (result, sql)


def test_reading_the_definition_over_the_records_by_python_gives_the_figures_again(
    county: Dataset, results: Results
) -> None:
    tables = {name: county.read(name).to_pylist() for name in county.manifest.tables}
    for result in sampled(results):
        definition = results.definitions[result.indicator]
        told = definition.indicator
        wanted = months(definition, result)
        kind = result.area_kind
        rows = [
            row
            for row in tables[told.source]
            if row["month"] in wanted and (kind == "territory" or row.get(kind) == result.area)
        ]
        above, below = by_python(told, rows)
        if told.source == "staff" and told.kind == "count":
            above /= len(wanted)
        value = above if told.kind in ("count", "cumulative") else above / below
        factor = 100.0 if str(told.unit) == "%" else 1.0
        assert value * factor == pytest.approx(result.value, rel=1e-6), result


def by_python(told: Any, rows: list[dict[str, Any]]) -> tuple[float, float]:
    """Numerator and denominator as Python reads the texts: another reader than ours."""
    above = below = 0.0
    for row in rows:
        if told.where and evaluated(told.where, row) is not True:
            continue
        whole = evaluated(told.denominator, row) if told.denominator else True
        if told.kind == "survey":
            whole = row["answer"] is not None
        part = evaluated(told.numerator, row)
        weight = row["weight"] if told.kind == "survey" else 1.0
        if isinstance(whole, bool):
            part = part if whole else None
            below += weight if whole else 0.0
        elif whole is not None:
            below += whole
        above += weight * float(part or 0.0)
    return above, below


def evaluated(text: str, row: dict[str, Any]) -> Any:
    """A text of the language as Python; what it cannot compare is not known."""
    names = {"null": None, "true": True, "false": False}
    try:
        return eval(text, {"__builtins__": {}}, {**names, **row})  # noqa: S307 - the test's own packs
    except TypeError:
        return None


def test_the_records_listed_are_as_many_as_the_figure_says(county: Dataset, results: Results) -> None:
    tables = duckdb_tables(county)
    for result in sampled(results)[:8]:
        definition = results.definitions[result.indicator]
        rows = evidence(definition, tables, result.area_kind, result.area, result.period).to_pyarrow()
        assert rows.num_rows == result.records
        assert len(set(rows.column("record_id").to_pylist())) == result.records
        assert result.evidence == evidence_key(definition, county.digest, result.area, str(result.period))


def test_a_county_opens_to_stations_beats_and_records(county: Dataset, results: Results) -> None:
    tables, definition = duckdb_tables(county), results.definitions["Q5.settled"]
    top = explain(definition, tables, "T", period("2026"), facts=county.digest)
    assert [part.area for part in top.parts] == ["S1", "S2"]
    assert sum(part.records for part in top.parts) == top.result.records == len(top.records)
    assert top.elsewhere == 0
    station = explain(definition, tables, "S1", period("2026"))
    assert [part.area for part in station.parts] == ["S1-B1", "S1-B2", "S1-B3"]
    assert station.elsewhere == station.result.records - sum(part.records for part in station.parts) > 0
    beat = explain(definition, tables, "S1-B1", period("2026"), most=2)
    assert beat.parts == ()
    assert [record.beat for record in beat.records] == ["S1-B1"] * 2
    assert record_digest(r.id for r in top.records) == record_digest(sorted(r.id for r in top.records)[::-1])


def test_an_explanation_speaks_both_languages(county: Dataset, results: Results) -> None:
    tables = duckdb_tables(county)
    for name in ("L10.preventable_crimes", "Q5.settled", "H6.response_median"):
        lines = sentences(explain(results.definitions[name], tables, "T", period("2026-03")))
        assert all(line.zh != line.en for line in lines)
        assert any(f"分子 {results.definitions[name].numerator.text}" in line.zh for line in lines)
    silence = sentences(
        explain(results.definitions["L10.preventable_crimes"], tables, "T", period("2026-03"))
    )
    assert any("少记录也会使这个数变好" in line.zh for line in silence)


def test_what_is_not_worked_out_is_refused(county: Dataset, results: Results) -> None:
    tables = duckdb_tables(county)
    with pytest.raises(LinliError, match="worked out by the quarter"):
        explain(results.definitions["N16.safety"], tables, "T", period("2026-03"))
    with pytest.raises(LinliError, match="no result for S9"):
        explain(results.definitions["Q5.settled"], tables, "S9", period("2026-03"))


def test_a_result_that_is_not_there_is_none(results: Results) -> None:
    assert results.find("Q5.settled", "T", "1999-01") is None
    assert not any(math.isnan(r.value) for r in list(results)[:50] if r.value is not None)
