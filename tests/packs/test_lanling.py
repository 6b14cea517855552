"""Lanling's scheme of 2017: its dates, its bans, and its norms against the county's real counts."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from linli.kernel.errors import InputRefused
from linli.kernel.identifiers import ClauseId, ValueId
from linli.policy.loading import load_pack, shipped_packs
from linli.policy.model import Pack
from linli.policy.proof.report import prove

FOLDER = shipped_packs() / "lanling-2017"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(FOLDER)


def test_every_clause_and_what_is_declined_is_there(pack: Pack) -> None:
    assert list(pack.clauses) == [*(f"L{n}" for n in range(1, 19)), "D1", "D2", "D3", "D4"]
    evaluated = [clause.id for clause in pack.clauses.values() if clause.status == "evaluated"]
    assert evaluated == ["L1", "L2", "L3", "L4", "L5"]
    for clause in pack.clauses.values():
        assert (clause.status == "declined") is (clause.reason is not None)


def test_its_worked_cases_hold_and_notice_nearly_every_mutant(pack: Pack) -> None:
    proof = prove(pack)
    assert proof.failed == ()
    assert proof.stale == ()
    assert proof.share >= 95


@pytest.mark.parametrize(
    ("value", "day", "number"),
    [
        ("auxiliaries_per_community", "2017-10-30", None),
        ("auxiliaries_per_community", "2017-10-31", 1),
        ("auxiliaries_per_community", "2017-12-31", 1),
        ("auxiliaries_per_community", "2018-01-01", 2),
        ("assistants_per_village", "2017-10-30", None),
        ("assistants_per_village", "2017-10-31", 1),
        ("community_officer_share_in_force", "2018-12-30", None),
        ("community_officer_share_in_force", "2018-12-31", 40),
        ("crime_fall", "2017-12-31", 3),
        ("crime_fall", "2018-01-01", 4),
        ("crime_fall", "2019-01-01", 5),
        ("crime_fall", "2020-01-01", None),
        ("officer_devices", "2017-10-08", None),
        ("officer_devices", "2017-10-09", 100),
    ],
)
def test_a_number_holds_from_its_day(pack: Pack, value: str, day: str, number: float | None) -> None:
    assert pack.value_on(ValueId(value), dt.date.fromisoformat(day)) == number


@pytest.mark.parametrize(
    ("check", "due"),
    [
        ("L4.coverage", "2017-10-31"),
        ("L5.officer_share", "2018-12-31"),
        ("L13.officers", "2017-12-31"),
        ("L13.helpers", "2018-12-31"),
    ],
)
def test_a_target_is_due_by_its_day(pack: Pack, check: str, due: str) -> None:
    days = {str(each.id): each.due for each in pack.checks()}
    assert days[check] == dt.date.fromisoformat(due)


def test_its_hiring_steps_fall_on_the_plan_s_own_dates(pack: Pack) -> None:
    days = {
        entry.start
        for norm in pack.planning.staffing
        for entry in pack.values[norm.value].entries
        if entry.start > pack.start
    }
    assert sorted(days) == [dt.date(2017, 10, 31), dt.date(2018, 1, 1), dt.date(2018, 12, 31)]


# L7 bans clearing quotas for community officers; the pack's own check must refuse such a rule.
def test_a_clearing_quota_for_community_officers_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "lanling-2017"
    shutil.copytree(FOLDER, folder)
    quota = """
[[L17.checks]]
name = "quota"
title = {zh = "破案指标", en = "a clearing quota"}
scope = "station"
assesses = "community_officer"
rule = "cases_cleared > 0"
"""
    clauses = folder / "clauses.toml"
    text = clauses.read_text(encoding="utf-8")
    clauses.write_text(text.replace("[L18]\n", f"{quota}\n[L18]\n"), encoding="utf-8")
    with pytest.raises(InputRefused) as refusal:
        load_pack(folder)
    assert "policy.ban.broken" in [finding.code for finding in refusal.value.findings]


def test_grid_workers_are_rounded_once_for_the_county(pack: Pack) -> None:
    (norm,) = (norm for norm in pack.planning.staffing if norm.clause == "L3")
    assert norm.scope == "territory"
    exact = {str(figure.id): figure.computed for figure in pack.figures}["L3.grid_workers_for_the_county"]
    assert exact == 3313.173
    (reading,) = pack.clauses[ClauseId("L3")].readings
    assert reading.chosen == "county"


def test_the_fall_of_crime_is_marked_as_met_by_not_recording(pack: Pack) -> None:
    (fall,) = pack.clauses[ClauseId("L10")].checks
    assert fall.met_by_not_recording
