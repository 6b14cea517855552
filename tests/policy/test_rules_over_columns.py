"""Checks run over columns: one answer a row, on a day, with dates, due days and applicability."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.identifiers import ClauseId, ValueId
from linli.kernel.texts import Text
from linli.kernel.units import parse_unit
from linli.policy.catalogue import ROLES, measures
from linli.policy.expression import ExpressionRefused
from linli.policy.loading import load_pack, shipped_packs
from linli.policy.model import Check, CheckId, DatedEntry, DatedValue
from linli.policy.rules import Column, compile_check, evaluate, run_check
from linli.territory.model import Role

DAY = dt.timedelta(days=1)
START = dt.date(2020, 1, 1)
LATER = dt.date(2021, 1, 1)
NAN = float("nan")
BOTH = Text("测试", "test")
WANTED = DatedValue(
    id=ValueId("wanted"),
    title=BOTH,
    unit=parse_unit("person"),
    clause=ClauseId("H2"),
    entries=(
        DatedEntry(start=START, end=LATER - DAY, value=1),
        DatedEntry(start=LATER, end=None, value=2),
    ),
)
VALUES = {WANTED.id: WANTED}
CHECK = Check(
    id=CheckId("H2.test"),
    clause=ClauseId("H2"),
    title=BOTH,
    scope="beat",
    rule="auxiliaries >= wanted",
    start=START,
)


def words(check: Check, on: dt.date, **columns: list[float]) -> list[str]:
    rows = len(next(iter(columns.values())))
    arrays: dict[str, Column] = {name: np.array(values, dtype=np.float64) for name, values in columns.items()}
    return list(run_check(compile_check(check, VALUES), VALUES, on=on, columns=arrays, rows=rows).words())


def test_each_row_has_its_own_answer() -> None:
    assert words(CHECK, START, auxiliaries=[0, 1, 2, NAN]) == ["not_met", "met", "met", "unknown"]


def test_the_value_of_the_day_is_used() -> None:
    assert words(CHECK, LATER - DAY, auxiliaries=[1]) == ["met"]
    assert words(CHECK, LATER, auxiliaries=[1]) == ["not_met"]


def test_before_its_start_and_after_its_end_a_check_is_not_in_force() -> None:
    ended = replace(CHECK, end=LATER)
    assert words(ended, START - DAY, auxiliaries=[0, 5]) == ["not_in_force", "not_in_force"]
    assert words(ended, LATER, auxiliaries=[2]) == ["met"]
    assert words(ended, LATER + DAY, auxiliaries=[2]) == ["not_in_force"]


def test_before_it_is_due_a_failing_row_is_not_yet_due() -> None:
    due = replace(CHECK, due=LATER)
    assert words(due, LATER - DAY, auxiliaries=[0, 1, NAN]) == ["not_yet_due", "met", "unknown"]
    assert words(due, LATER, auxiliaries=[0, 2, NAN]) == ["not_met", "met", "unknown"]


def test_a_row_outside_the_rule_is_not_applicable_and_a_doubtful_one_unknown() -> None:
    rural = replace(CHECK, applies="rural")
    columns = {"auxiliaries": [0.0, 0, 0, 9], "rural": [1.0, 0, NAN, NAN]}
    assert words(rural, START, **columns) == ["not_met", "not_applicable", "unknown", "unknown"]


def test_a_measure_without_a_column_is_not_known() -> None:
    compiled = compile_check(CHECK, VALUES)
    outcome = run_check(compiled, VALUES, on=START, columns={}, rows=3)
    assert outcome.count("unknown") == 3
    assert outcome.rows("unknown").tolist() == [0, 1, 2]
    assert outcome.count("met") == 0


def test_a_value_that_is_only_announced_makes_the_answer_unknown() -> None:
    announced = replace(WANTED, entries=(DatedEntry(start=START, end=None, value=None),))
    values = {announced.id: announced}
    columns = {"auxiliaries": np.array([0.0, 9.0])}
    outcome = run_check(compile_check(CHECK, values), values, on=START, columns=columns, rows=2)
    assert outcome.words() == ("unknown", "unknown")


def test_no_rows_give_no_answers() -> None:
    assert run_check(compile_check(CHECK, VALUES), VALUES, on=START, columns={}, rows=0).words() == ()


@pytest.mark.parametrize(("field", "text"), [("rule", "auxiliaries"), ("applies", "wanted")])
def test_a_rule_and_its_applicability_must_answer_yes_or_no(field: str, text: str) -> None:
    broken = replace(CHECK, **{field: text})  # type: ignore[arg-type]
    with pytest.raises(ExpressionRefused) as refused:
        compile_check(broken, VALUES)
    assert refused.value.code == "policy.expression.truth_wanted"


def test_a_pack_is_evaluated_scope_by_scope() -> None:
    pack = load_pack(shipped_packs() / "hengshan-2020")
    columns = {"officers": np.array([10.0, 10.0]), "community_officers": np.array([4.0, 3.0])}
    outcomes = {o.check.id: o for o in evaluate(pack, "station", on=START, columns=columns, rows=2)}
    assert outcomes[CheckId("H5.officer_share")].words() == ("met", "not_met")
    assert outcomes[CheckId("H7.six_rates")].count("unknown") == 2
    assert all(outcome.check.scope == "station" for outcome in outcomes.values())


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=30))
def test_the_order_of_rows_does_not_matter(rows: list[tuple[int, bool]]) -> None:
    columns = {"auxiliaries": [float(a) for a, _ in rows], "rural": [float(r) for _, r in rows]}
    answers = words(replace(CHECK, applies="rural"), START, **columns)
    order = sorted(range(len(rows)), key=lambda i: rows[i])
    shuffled = {name: [values[i] for i in order] for name, values in columns.items()}
    assert words(replace(CHECK, applies="rural"), START, **shuffled) == [answers[i] for i in order]


def test_roles_are_those_of_a_territory() -> None:
    assert set(ROLES) == {role.value for role in Role}


def test_every_measure_has_a_record_a_scope_and_both_languages() -> None:
    for measure in measures().values():
        assert measure.scopes <= {"territory", "station", "beat", "post", "place"}
        assert measure.scopes
        assert measure.given_by in {"plan", "run", "account", "field", "public"}
        assert all((measure.title.zh, measure.title.en, measure.source.zh, measure.source.en))


def test_no_measure_is_about_a_single_person() -> None:
    forbidden = ("religion", "ethnic", "politic", "biometric", "key_person", "plate", "face_", "suspect")
    assert [name for name in measures() if any(word in name for word in forbidden)] == []
