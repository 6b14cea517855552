"""Luxi's one officer per village, 2013: its norms, and where its own numbers do not add up."""

import pytest

from linli.kernel.identifiers import ClauseId
from linli.policy.loading import load_pack, shipped_packs
from linli.policy.model import Pack
from linli.policy.proof.report import prove

FOLDER = shipped_packs() / "luxi-2013"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(FOLDER)


def test_every_clause_and_what_is_declined_is_there(pack: Pack) -> None:
    assert list(pack.clauses) == [*(f"X{n}" for n in range(1, 10)), "D1", "D2", "D3", "D6"]
    evaluated = [clause.id for clause in pack.clauses.values() if clause.status == "evaluated"]
    assert evaluated == ["X1"]


def test_its_worked_cases_hold_and_notice_nearly_every_mutant(pack: Pack) -> None:
    proof = prove(pack)
    assert proof.failed == ()
    assert proof.stale == ()
    assert proof.share >= 95


def test_forty_two_rooms_cover_half_of_the_county(pack: Pack) -> None:
    figures = {figure.id.partition(".")[2]: figure for figure in pack.figures}
    assert figures["residents_covered"].computed == 210_000
    assert figures["share_covered"].computed == 52.5
    assert figures["rooms_at_the_ratio"].computed == 80
    assert figures["rooms_at_the_census"].computed == 77.8276


def test_the_source_s_numbers_that_do_not_add_up_are_said_so(pack: Pack) -> None:
    disagreeing = [figure for figure in pack.figures if figure.agrees is False]
    assert [figure.id for figure in disagreeing] == [
        "X1.rooms_at_the_ratio",
        "X1.rooms_at_the_census",
        "X1.residents_per_planned_room",
    ]
    assert all(figure.note is not None for figure in disagreeing)
    (reading,) = pack.clauses[ClauseId("X1")].readings
    assert reading.chosen == "ratio"
