"""The star schema tells of nobody, is published, and knows every table that packs count."""

from pathlib import Path

import pyarrow as pa
import pytest

from linli.assessment.facts import arrow_schema, fact_tables
from linli.assessment.facts.reference import schema_json, schema_page
from linli.policy.catalogue import measures
from linli.privacy.forbidden import forbidden_in

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "facts.md"
COMMON = ["record_id", "station", "beat", "place", "at", "day", "month", "source", "synthetic"]


@pytest.mark.parametrize("table", fact_tables())
def test_no_column_tells_of_a_person(table: str) -> None:
    for column in fact_tables()[table].columns.values():
        words = [text for both in column.words.values() for text in (both.zh, both.en)]
        for text in (column.name, column.title.zh, column.title.en, *column.headers, *column.words, *words):
            assert forbidden_in(text) == (), (table, text)


@pytest.mark.parametrize("table", fact_tables())
def test_every_fact_table_begins_with_the_common_columns(table: str) -> None:
    schema = arrow_schema(table)
    if fact_tables()[table].kind == "fact":
        assert schema.names[:9] == COMMON
        assert schema.field("at").type == pa.timestamp("us", tz="UTC")
    assert set(fact_tables()[table].key) <= set(schema.names)


def test_a_measure_that_a_column_counts_is_in_the_catalogue() -> None:
    named = {c.measure for t in fact_tables().values() for c in t.columns.values() if c.measure}
    assert named == {"preventable_crimes", "cases_cleared"}
    assert named <= measures().keys()


def test_the_page_of_the_documentation_is_the_schema() -> None:
    assert PAGE.read_text(encoding="utf-8") == schema_page()


def test_the_schema_for_programs_has_every_table() -> None:
    assert all(f'"{name}"' in schema_json() for name in fact_tables())
