"""The small language: what it takes reads back to itself, what it refuses it refuses with a reason."""

import keyword
import string
from typing import Any

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.synthetic_facts import ENGINE_WARNINGS
from linli.assessment.facts import fact_tables
from linli.assessment.indicators.language import LanguageRefused, columns_in, compile_over, parse, write
from linli.assessment.indicators.language.tree import (
    All,
    Arithmetic,
    Call,
    Choice,
    Column,
    Comparison,
    Constant,
    IsNull,
    Member,
    Negative,
    Not,
)

pytestmark = ENGINE_WARNINGS

CASES, INSPECTIONS = fact_tables()["cases"], fact_tables()["inspections"]

names = st.text(string.ascii_lowercase, min_size=1, max_size=8).filter(
    lambda name: not keyword.iskeyword(name) and name not in ("null", "true", "false")
)
constants = st.one_of(
    st.integers(0, 10**9).map(lambda n: Constant(float(n))),
    st.booleans().map(Constant),
    st.text(string.ascii_letters + "_ 是否", max_size=10).map(Constant),
)
listed = st.one_of(
    st.integers(0, 10**9).map(lambda n: Constant(float(n))),
    st.text(string.ascii_letters, max_size=5).map(Constant),
)
nodes: st.SearchStrategy[Any] = st.recursive(
    st.one_of(constants, names.map(Column)),
    lambda inner: st.one_of(
        inner.map(Negative),
        st.builds(Arithmetic, st.sampled_from("+-*/"), inner, inner),
        st.builds(Comparison, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), inner, inner),
        st.builds(Member, inner, st.lists(listed, min_size=1, max_size=3).map(tuple), st.booleans()),
        st.builds(IsNull, inner, st.booleans()),
        st.builds(All, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple)),
        inner.map(Not),
        st.builds(Choice, inner, inner, inner),
        st.builds(Call, names, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


def _read(text: str) -> tuple[Any, str]:
    """The tree, or the code of the refusal."""
    try:
        return parse(text), ""
    except LanguageRefused as refusal:
        return None, refusal.code


@settings(max_examples=200, deadline=None)
@given(nodes)
def test_what_is_written_reads_back_to_the_same(node: Any) -> None:
    text = " ".join(write(node).split())
    read, code = _read(text)
    if read is None:
        assert code in ("indicators.too_deep", "indicators.too_long", "indicators.construct")
        return
    assert write(read) == write(parse(write(read)))
    assert set(columns_in(read)) <= set(columns_in(node))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    read, code = _read(text)
    assert read is not None or code.startswith("indicators.")


REFUSED = {
    "a < b < c": "construct",
    "late if": "not_well_formed",
    "": "empty",
    "late; late": "character",
    "__import__('os').system('x')": "construct",
    "[x for x in late]": "construct",
    "lambda: late": "character",
    "late == null": "null",
    "late is true": "is_null",
    "status in ('a', 'b')": "in_list",
    "status in []": "in_list",
    "reopened > 1e5": "constant",
    "reopened > 0x10": "constant",
    "reopened > 10000000000000": "constant",
    "status == 'a\"b'": "text",
    "opened > 1": "column_close",
    "zzzz": "column",
    "feedback == 'satisfid'": "word_close",
    "feedback == 'good'": "word",
    "hour(opened_at, closed_at) > 1": "function_close",
    "abs(reopened) > 1": "function",
    "minutes(opened_at, day) > 1": "times",
    "status > 'a'": "order",
    "status == 1": "kinds",
    "reopened in ['a']": "kinds",
    "late and reopened": "wanted_truth",
    "late + 1": "wanted_number",
    "1 if late else 'x'": "kinds",
    "reopened > " + "1 + " * 120 + "1": "too_long",
    "(" * 13 + "late" + " and late)" * 13: "too_deep",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_outside_the_language_is_refused(text: str) -> None:
    with pytest.raises(LanguageRefused) as refused:
        compile_over(parse(text), CASES)
    assert refused.value.code == f"indicators.{REFUSED[text]}"
    assert refused.value.text.zh != refused.value.text.en


ROW = {"late": True, "reopened": 3, "status": "closed", "feedback": None}
MEANT = {
    "late": True,
    "not late": False,
    "late == true": True,
    "reopened * 2 + 1": 7,
    "-reopened": -3,
    "reopened / 2": 1.5,
    "reopened / 0": None,
    "feedback == 'satisfied'": None,
    "feedback == 'satisfied' or late": True,
    "feedback is null": True,
    "feedback is not null": False,
    "status in ['open', 'closed']": True,
    "status not in ['open', 'closed']": False,
    "reopened if feedback is null else 0": 3,
    "minutes(opened_at, closed_at)": 90.5,
    "hours(opened_at, closed_at) > 1.5": True,
    "days(opened_at, closed_at) < 1": True,
}


@pytest.mark.parametrize("text", MEANT)
def test_a_text_means_what_it_says(text: str) -> None:
    times = {"opened_at": "2026-03-01 00:00:00", "closed_at": "2026-03-01 01:30:30.7"}
    row = ibis.memtable(
        [{**ROW, **times}],
        schema={
            "late": "bool",
            "reopened": "int64",
            "status": "string",
            "feedback": "string",
            "opened_at": "string",
            "closed_at": "string",
        },
    ).mutate(
        opened_at=lambda t: t.opened_at.cast("timestamp"), closed_at=lambda t: t.closed_at.cast("timestamp")
    )
    compiled = compile_over(parse(text), CASES)
    (value,) = row.select(value=compiled.run(row)).to_pyarrow().column("value").to_pylist()
    assert value == MEANT[text]


def test_days_between_two_days_are_whole() -> None:
    compiled = compile_over(parse("days(rectified_by, rectified_on)"), INSPECTIONS)
    row = ibis.memtable({"by": ["2026-02-27"], "on": ["2026-03-02"]}).mutate(
        rectified_by=lambda t: t.by.cast("date"), rectified_on=lambda t: t.on.cast("date")
    )
    assert row.select(value=compiled.run(row)).to_pyarrow().column("value").to_pylist() == [3]
    assert compiled.columns == ("rectified_by", "rectified_on")
