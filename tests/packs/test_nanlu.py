"""Nanlu's plan of 2012: its dated target, the ranking's ladder, the rewards, and its stated readings."""

import datetime as dt

import numpy as np
import pytest

from linli.kernel.identifiers import ClauseId, ValueId
from linli.policy.catalogue import measures
from linli.policy.explanation import explain
from linli.policy.loading import load_pack, shipped_packs
from linli.policy.model import Check, Expectation, Pack
from linli.policy.proof import prove
from linli.policy.rules import compile_check, run_check

DAY = dt.date(2013, 6, 1)
RANK = "rank_on_same_month_last_year"
RUNNING = "months_in_top_on_same_month_last_year"
BEFORE = "key_cases_same_month_last_year"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(shipped_packs() / "nanlu-2012")


def check(pack: Pack, id_: str) -> Check:
    return next(each for each in pack.checks() if each.id == id_)


def answer(pack: Pack, id_: str, **given: float) -> Expectation:
    columns = {name: np.array([float(number)]) for name, number in given.items()}
    outcome = run_check(
        compile_check(check(pack, id_), pack.values), pack.values, on=DAY, columns=columns, rows=1
    )
    return outcome.words()[0]


def test_every_clause_and_what_is_declined_is_there(pack: Pack) -> None:
    assert list(pack.clauses) == [*(f"N{n}" for n in range(1, 21)), "D1", "D2", "D3", "D4"]
    evaluated = [clause.id for clause in pack.clauses.values() if clause.status == "evaluated"]
    assert evaluated == ["N1", "N6", "N8"]


def test_its_worked_cases_hold_and_notice_nearly_every_mutant(pack: Pack) -> None:
    proof = prove(pack)
    assert proof.failed == ()
    assert proof.stale == ()
    assert proof.share >= 95


@pytest.mark.parametrize(
    ("day", "number"),
    [("2011-12-31", None), ("2012-01-01", 95), ("2012-12-31", 95), ("2013-01-01", 98), ("2020-01-01", 98)],
)
def test_the_share_that_feels_safe_rises_from_95_to_98(pack: Pack, day: str, number: float | None) -> None:
    assert pack.value_on(ValueId("safe_share_target"), dt.date.fromisoformat(day)) == number


# N20: what is due to an area for each month's count against 100 the year before.
@pytest.mark.parametrize(
    ("now", "step", "paid"),
    [
        (130, "no_step", 0),
        (71, "no_step", 0),
        (70, "first_step", 150),
        (51, "first_step", 150),
        (50, "second_step", 270),
        (1, "second_step", 270),
        (0, "full_step", 300),
    ],
)
def test_each_fall_falls_into_exactly_one_step_of_the_reward(
    pack: Pack, now: int, step: str, paid: int
) -> None:
    given = {"key_cases": now, BEFORE: 100, "monthly_reward_paid": paid}
    answers = {
        name: answer(pack, f"N20.{name}", **given)
        for name in ("no_step", "first_step", "second_step", "full_step")
    }
    assert answers.pop(step) == "met"
    assert set(answers.values()) == {"not_applicable"}


def test_a_month_without_cases_the_year_before_earns_nothing_that_can_be_told(pack: Pack) -> None:
    given = {"key_cases": 0, BEFORE: 0, "monthly_reward_paid": 0}
    assert answer(pack, "N20.no_step", **given) == "unknown"


@pytest.mark.parametrize(
    ("running", "due"),
    [(1, []), (2, ["rectification"]), (3, ["rectification", "yellow_card"])],
)
def test_the_ladder_of_the_ranking_rises_with_the_months_running(
    pack: Pack, running: int, due: list[str]
) -> None:
    asked = []
    if answer(pack, "N19.rectification", **{RUNNING: running, "rectification_dated": 0}) == "not_met":
        asked.append("rectification")
    given = {RUNNING: running, "rectification_ended": 0, "key_cases": 5, BEFORE: 9, "yellow_card_given": 0}
    if answer(pack, "N19.yellow_card", **given) == "not_met":
        asked.append("yellow_card")
    assert asked == due


def test_a_rule_is_worked_out_under_each_reading_of_rise_by_exchanging_measures(pack: Pack) -> None:
    reading = pack.clauses[ClauseId("N19")].readings[0]
    assert reading.id == "N19.rise_against"
    assert reading.chosen == "same_month_last_year"
    assert [option.name for option in reading.alternatives()] == ["last_month", "year_to_date"]
    assert reading.option().measures == (RANK, RUNNING, "key_cases", BEFORE)
    units = {tuple(measures()[name].unit for name in option.measures) for option in reading.options}
    assert len(units) == 1


def test_no_rule_mixes_the_measures_of_two_readings(pack: Pack) -> None:
    for clause in pack.clauses.values():
        used = {name for each in clause.checks for name in compile_check(each, pack.values).measures}
        for reading in clause.readings:
            others = {name for option in reading.alternatives() for name in option.measures}
            assert used & (others - set(reading.option().measures)) == set()


def test_what_pays_or_ranks_on_reported_cases_is_marked(pack: Pack) -> None:
    marked = {str(each.id) for each in pack.checks() if each.met_by_not_recording}
    reported = {
        str(each.id)
        for each in pack.checks()
        if {"key_cases", RANK, RUNNING, "titled_courtyards_with_incidents"}
        & set(compile_check(each, pack.values).measures)
    }
    assert marked == reported
    assert len(marked) == 9


def test_everything_the_planner_reads_is_marked_as_assumed(pack: Pack) -> None:
    rules = pack.planning
    read = {rule.total for rule in rules.beats} | {norm.value for norm in rules.staffing}
    read |= {rules.workload.residents, rules.workload.incidents, rules.workload.premises}
    assert all(pack.values[name].assumed for name in read if name is not None)


def test_explaining_the_ranking_prints_every_reading_and_what_not_recording_would_meet(pack: Pack) -> None:
    blocks = explain(pack, ClauseId("N19"), on=DAY)
    lines = [line for block in blocks for line in block.lines]
    for reading in pack.clauses[ClauseId("N19")].readings:
        for option in reading.options:
            assert any(option.title.zh in line.zh and option.title.en in line.en for line in lines)
    assert sum("can be met by not recording" in line.en for line in lines) == 4
