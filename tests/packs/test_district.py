"""The essay on one city district: a room for each community, the bans, and rules for any county."""

import shutil
from pathlib import Path

import pytest

from linli.kernel.errors import InputRefused
from linli.kernel.identifiers import ClauseId, ValueId
from linli.policy.loading import load_pack, shipped_packs
from linli.policy.model import Pack
from linli.policy.proof import prove

FOLDER = shipped_packs() / "district-practice"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(FOLDER)


def test_every_clause_and_what_is_declined_is_there(pack: Pack) -> None:
    assert list(pack.clauses) == [*(f"E{n}" for n in range(1, 12)), "D1", "D2", "D3", "D5"]
    evaluated = [clause.id for clause in pack.clauses.values() if clause.status == "evaluated"]
    assert evaluated == ["E1", "E2"]


def test_its_worked_cases_hold_and_notice_nearly_every_mutant(pack: Pack) -> None:
    proof = prove(pack)
    assert proof.failed == ()
    assert proof.stale == ()
    assert proof.share >= 95


def test_an_essay_without_a_date_says_so(pack: Pack) -> None:
    assert pack.issued == "undated"
    assert pack.start_note is not None


def test_an_urban_community_is_a_beat_with_its_own_room_and_one_or_two_officers(pack: Pack) -> None:
    urban = pack.planning.beat_rule("urban")
    assert (urban.rule, urban.clause) == ("one_per_unit", "E1")
    (officers,) = (norm for norm in pack.planning.staffing if norm.id == "room_officers")
    bounds = [pack.value_on(ValueId(name), pack.start) for name in ("officers_minimum", "officers_maximum")]
    assert (officers.value, officers.maximum) == ("officers_minimum", "officers_maximum")
    assert bounds == [1, 2]
    assert not any(pack.values[name].assumed for name in (officers.value, ValueId("officers_maximum")))


def test_what_the_planner_needs_for_the_countryside_is_assumed(pack: Pack) -> None:
    rural = pack.planning.beat_rule("rural")
    assert rural.minimum is not None
    assert rural.maximum is not None
    assert all(pack.values[name].assumed for name in (rural.minimum, rural.maximum))
    (officers,) = (norm for norm in pack.planning.staffing if norm.area == "rural")
    assert not officers.firm


# E3: a scoring rule that sets a community officer a quota must be refused by the pack itself.
@pytest.mark.parametrize("measure", ["cases_cleared", "penalties_imposed", "clues_submitted"])
def test_a_task_quota_for_community_officers_is_refused(tmp_path: Path, measure: str) -> None:
    folder = tmp_path / "district-practice"
    shutil.copytree(FOLDER, folder)
    quota = f"""
[[E9.checks]]
name = "quota"
title = {{zh = "任务指标", en = "a task quota"}}
scope = "station"
assesses = "community_officer"
rule = "{measure} > 0"
"""
    clauses = folder / "clauses.toml"
    text = clauses.read_text(encoding="utf-8")
    clauses.write_text(text.replace("\n[E10]\n", f"{quota}\n[E10]\n"), encoding="utf-8")
    with pytest.raises(InputRefused) as refusal:
        load_pack(folder)
    assert "policy.ban.broken" in [finding.code for finding in refusal.value.findings]


def test_how_many_are_the_last_ones_is_a_stated_reading(pack: Pack) -> None:
    (reading,) = pack.clauses[ClauseId("E6")].readings
    assert (reading.id, reading.chosen) == ("E6.last_ones", "last")
    assert [option.name for option in reading.alternatives()] == ["last_tenth"]
