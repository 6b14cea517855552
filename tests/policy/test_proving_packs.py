"""Worked cases hold, and every small change of a pack is noticed by one of them."""

import datetime as dt
from dataclasses import replace

import pytest

from linli.kernel.identifiers import ClauseId, ValueId
from linli.kernel.texts import Text
from linli.policy.expression import parse, write
from linli.policy.loading import load_pack, shipped_packs
from linli.policy.model import DatedEntry, Equivalent, Pack, ValueCase
from linli.policy.proof import ENOUGH, mutants_of, prove, run_cases
from linli.policy.proof.changes import changes


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(shipped_packs() / "hengshan-2020")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a >= b", ["a > b", "a <= b"]),
        ("a <= b", ["a < b", "a >= b"]),
        ("a > b", ["a >= b", "a < b"]),
        ("a < b", ["a <= b", "a > b"]),
        ("a == b", ["a != b", "a >= b", "a <= b"]),
        ("a != b", ["a == b"]),
        ("f and g", ["f or g"]),
        ("f or g", ["f and g"]),
        ("not f", ["f"]),
        ("a + 2", ["a - 2", "a + 3", "a + 1"]),
        ("a * b - c", ["a * b + c", "a / b - c"]),
        ("a / b", ["a * b"]),
        ("-a", ["a"]),
        ("min(a, b)", ["max(a, b)"]),
        ("max(a, b)", ["min(a, b)"]),
        ("ceil(a)", ["floor(a)"]),
        ("floor(a)", ["ceil(a)"]),
        ("share(a, b)", []),
        ("a if f and g else b", ["a if f or g else b"]),
        ("a < b < c", ["a <= b < c", "a > b < c", "a < b <= c", "a < b > c"]),
    ],
)
def test_every_small_change_of_an_expression_is_made(text: str, expected: list[str]) -> None:
    assert [write(changed) for _, changed in changes(parse(text))] == expected


def test_every_case_of_the_pack_holds(pack: Pack) -> None:
    assert [result for result in run_cases(pack) if not result.holds] == []


def test_mutants_have_ids_of_their_own(pack: Pack) -> None:
    ids = [mutant.id for mutant in mutants_of(pack)]
    assert len(ids) == len(set(ids)) > 200


def test_the_pack_passes_with_every_mutant_noticed(pack: Pack) -> None:
    proof = prove(pack)
    assert proof.passes
    assert proof.share == 100
    assert proof.noticed == proof.mutants


def test_a_case_that_fails_fails_the_pack(pack: Pack) -> None:
    right = next(case for case in pack.cases if case.expect == "met")
    wrong = replace(right, expect="not_met")
    proof = prove(replace(pack, cases=tuple(wrong if case is right else case for case in pack.cases)))
    assert not proof.passes
    assert [case.subject for case in proof.failed] == [wrong.check]


def test_too_few_cases_leave_mutants_unnoticed(pack: Pack) -> None:
    kept = tuple(case for case in pack.cases if case.expect in ("met", "not_in_force"))
    proof = prove(replace(pack, cases=kept, value_cases=()))
    assert proof.share < ENOUGH
    assert not proof.passes
    assert "H5.officer_share rule: >= → >" not in proof.unnoticed


def test_a_value_read_by_a_rule_is_not_proved_by_repeating_it(pack: Pack) -> None:
    without = tuple(case for case in pack.cases if not case.check.startswith("H5."))
    unnoticed = prove(replace(pack, cases=without)).unnoticed
    assert "room_officer_share from 2020-01-01: 40 → 41" in unnoticed
    assert "room_officer_share from: 2020-01-01 → 2020-01-02" not in unnoticed


def test_an_argued_mutant_is_left_out_and_listed(pack: Pack) -> None:
    without = tuple(case for case in pack.value_cases if case.value != "beat_tolerance")
    bare = replace(pack, value_cases=without)
    name = "beat_tolerance from 2020-01-01: 10 → 11"
    assert name in prove(bare).unnoticed
    argument = Equivalent(mutant=name, reason=Text("测试", "test"))
    proof = prove(replace(bare, equivalents=(argument,)))
    assert proof.argued == (argument,)
    assert name not in proof.unnoticed


@pytest.mark.parametrize("mutant", ["no such mutant", "H5.officer_share rule: >= → >"])
def test_an_argument_that_does_not_hold_fails_the_pack(pack: Pack, mutant: str) -> None:
    proof = prove(replace(pack, equivalents=(Equivalent(mutant=mutant, reason=Text("测试", "test")),)))
    assert proof.stale == (mutant,)
    assert not proof.passes


def test_last_days_and_due_days_are_moved_too(pack: Pack) -> None:
    end, due = dt.date(2022, 1, 1), dt.date(2021, 1, 1)
    clause = pack.clauses[ClauseId("H5")]
    checks = (replace(clause.checks[0], end=end, due=due), *clause.checks[1:])
    value = pack.values[ValueId("beat_tolerance")]
    ended = replace(value, entries=(DatedEntry(start=pack.start, end=end, value=10),))
    changed = replace(
        pack,
        clauses={**pack.clauses, clause.id: replace(clause, checks=checks)},
        values={**pack.values, value.id: ended},
        cases=tuple(case for case in pack.cases if not case.check.startswith("H5.")),
        value_cases=(
            *pack.value_cases,
            ValueCase(value=value.id, on=end, expect=10, unit=value.unit),
        ),
    )
    proof = prove(changed)
    assert {
        "H5.officer_share end: 2022-01-01 → 2022-01-02",
        "H5.officer_share due: 2021-01-01 → 2020-12-31",
        "beat_tolerance until: 2022-01-01 → 2022-01-02",
    } <= set(proof.unnoticed)
    assert "beat_tolerance until: 2022-01-01 → 2021-12-31" not in proof.unnoticed


def test_a_value_that_is_announced_has_no_number_to_change(pack: Pack) -> None:
    value = pack.values[ValueId("beat_tolerance")]
    later = dt.date(2021, 1, 1)
    entries = (
        DatedEntry(start=pack.start, end=later - dt.timedelta(days=1), value=10),
        DatedEntry(start=later, end=None, value=None),
    )
    changed = replace(pack, values={**pack.values, value.id: replace(value, entries=entries)})
    names = [mutant.id for mutant in mutants_of(changed) if mutant.id.startswith("beat_tolerance")]
    assert not any("from 2021-01-01:" in name for name in names)
    assert "beat_tolerance from: 2021-01-01 → 2021-01-02" in names
