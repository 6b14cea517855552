"""A dataset in order has no findings; each kind of mistake is found, counted, and shown by one example."""

import datetime as dt
import math
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

from assessment.synthetic_facts import ENGINE_WARNINGS, by_hand, fact, synthetic_facts
from linli.assessment.facts import arrow_schema, fact_tables
from linli.assessment.facts.checks import check_tables
from linli.io.facts import duckdb_tables

pytestmark = ENGINE_WARNINGS


def test_the_synthetic_county_is_in_order(tmp_path: Path) -> None:
    assert check_tables(duckdb_tables(synthetic_facts(tmp_path / "facts", rows=40))) == []


def hours(number: int, **values: Any) -> dict[str, Any]:
    return fact("duty_hours", number, **{"role": "officer", "kind": "room", "hours": 8.0, **values})


BROKEN = {
    "empty": hours(1, hours=None),
    "code": hours(1, staff_code="王某"),
    "word": hours(1, role="chief"),
    "most": hours(1, hours=25.0),
    "least": hours(1, hours=-1.0),
    "number": hours(1, planned_hours=math.inf),
    "month": {**hours(1), "month": "2026-3"},
    "month_of_day": hours(1, day=dt.date(2026, 4, 1)),
    "area": hours(1, beat="S9-B9"),
}


def held(tmp_path: Path, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Tables as somebody else's program might have written them: not through our writer."""
    session = ibis.duckdb.connect()
    areas = duckdb_tables(by_hand(tmp_path / "facts"))["areas"].to_pyarrow()
    given = {"areas": areas, "duty_hours": pa.Table.from_pylist(rows, schema=arrow_schema("duty_hours"))}
    for name in fact_tables():
        session.con.register(name, given.get(name, arrow_schema(name).empty_table()))
    return {name: session.table(name) for name in fact_tables()}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_mistake_is_found(kind: str, tmp_path: Path) -> None:
    findings = check_tables(held(tmp_path, [BROKEN[kind], hours(2)]))
    (found,) = [finding for finding in findings if finding.code == f"facts.{kind}"]
    assert found.where.file == "duty_hours"
    assert found.sentence("zh") != found.sentence("en")
    assert found.fatal is (kind != "area")


def test_a_number_given_twice_is_found(tmp_path: Path) -> None:
    findings = check_tables(held(tmp_path, [hours(1), hours(1)]))
    assert [finding.code for finding in findings] == ["facts.twice"]
