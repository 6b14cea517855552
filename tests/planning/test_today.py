"""Today's beats: kept where the rule allows, by a weight the user sets; whoever leaves is told why."""

import dataclasses
import datetime as dt
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from linli.cli.summary import print_summary
from linli.io.deployment import canonical
from linli.io.territory import read_territory
from linli.kernel.identifiers import BeatId
from linli.kernel.seeds import Seed
from linli.planning.beats import BeatCount, BeatParams, Prices, solve
from linli.planning.composition import KEEPING, compose
from linli.planning.deployment import Deployment
from linli.planning.search import MaxIterations
from linli.planning.verification import verify, verify_against_territory
from linli.planning.yardstick import count_beats
from linli.policy.loading import load_pack
from linli.report.page import render_page
from linli.report.shapes import work_out_shapes
from linli.report.tables import Tables
from linli.territory.model import Territory
from planning.beats.instances import lattice

ROOT = Path(__file__).parents[2]
QUICK = BeatParams(sweeps=15, prove_units=0)


@cache
def where() -> Territory:
    return read_territory(ROOT / "examples" / "hengshan")


def planned(territory: Territory, *, seed: int = 1, keep: float = 0.5) -> Deployment:
    pack = load_pack(ROOT / "packs" / "hengshan-2020")
    day = dt.date(2020, 10, 31)
    return canonical(compose(territory, pack, on=day, seed=Seed(seed), params=QUICK, keep=keep))


@cache
def first() -> Deployment:
    return planned(where())


def standing(beats: dict[str, str]) -> Territory:
    """The territory with the beat of each place in its list."""
    places = tuple(
        replace(p, beat=BeatId(beats[p.code]) if p.code in beats else None) for p in where().places
    )
    return replace(where(), places=places)


def homes(plan: Deployment) -> dict[str, str]:
    return {code: beat.id for beat in plan.beats for code in beat.places}


def wrong(plan: Deployment, territory: Territory) -> list[str]:
    verdicts = (*verify(plan), *verify_against_territory(plan, territory))
    return [text.en for verdict in verdicts for text in verdict.violations]


@cache
def again() -> tuple[Deployment, Territory]:
    """The first plan's beats under names of their own, planned again with another seed."""
    territory = standing({code: f"{beat}警务区" for code, beat in homes(first()).items()})
    return planned(territory, seed=5), territory


# Mend 12
@pytest.mark.any_database
def test_beats_keep_their_names_and_the_number_kept_is_said() -> None:
    plan, territory = again()
    assert wrong(plan, territory) == []
    assert plan.keeping is not None
    assert plan.keeping.beats == len(first().beats)
    assert plan.keeping.kept >= 0.9 * plan.keeping.places
    carried = [beat for beat in plan.beats if beat.today is not None]
    assert len(carried) == len(first().beats)
    assert all(beat.name.zh == beat.today for beat in carried)


# Mend 12
@pytest.mark.any_database
def test_numbers_that_an_earlier_plan_gave_stay() -> None:
    plan = planned(standing(homes(first())), seed=5)
    for beat in plan.beats:
        assert beat.today in (None, beat.id)
    assert len({beat.id for beat in plan.beats}) == len(plan.beats)
    moved = sum(homes(plan)[code] != beat for code, beat in homes(first()).items())
    assert plan.keeping is not None
    assert moved == plan.keeping.places - plan.keeping.kept


# Mend 12
@pytest.mark.any_database
def test_a_move_made_by_hand_stays_where_the_rule_allows_it() -> None:
    """It was put back without a word where that shortened travel; now it stays, or the plan says why not."""
    home = homes(first())
    touching = {place.code: place.neighbours for place in first().places}
    size = {beat.id: len(beat.places) for beat in first().beats}
    group = {beat.id: (beat.station, beat.area) for beat in first().beats}
    made = 0
    for code in sorted(home):
        others = [home[other] for other in touching[code] if home[other] != home[code]]
        goal = next((o for o in others if group[o] == group[home[code]] and size[o] in (4, 5)), None)
        if goal is None or size[home[code]] < 5:
            continue
        territory = standing({**home, code: goal})
        plan = planned(territory)
        place = next(p for p in plan.places if p.code == code)
        now = next(beat for beat in plan.beats if code in beat.places)
        assert (place.left is None) == (now.today == goal)
        assert wrong(plan, territory) == []
        assert now.today == goal or place.left in ("rule", "holds_its_beat_together", "does_not_touch")
        made += 1
        if made == 2:
            break
    assert made


# Mend 12
@pytest.mark.any_database
def test_beats_that_break_the_rule_are_mended_and_each_place_that_leaves_has_its_reason() -> None:
    """All of a station's villages in one beat: the rule wants several, and the places know why they leave."""
    station = max(first().stations, key=lambda s: s.places).id
    alike = [p for p in first().places if p.station == station]
    territory = standing({p.code: "老区" for p in alike})
    plan = planned(territory)
    assert wrong(plan, territory) == []
    left = [p for p in plan.places if p.left is not None]
    assert left
    assert {p.today for p in left} == {"老区"}
    assert count_beats(plan).outside <= count_beats(first()).outside
    assert sum(beat.name.zh == "老区" for beat in plan.beats) == 1


# Mend 12
@pytest.mark.any_database
def test_the_weight_is_the_users() -> None:
    home = dict(homes(first()))
    for beat in first().beats:
        if len(beat.places) > 4:
            touching = next(p.neighbours for p in first().places if p.code == beat.places[0])
            goal = next(
                (home[o] for o in touching if home[o] != beat.id and home[o].startswith(beat.station)), None
            )
            if goal is not None:
                home[beat.places[0]] = goal
    territory = standing(home)
    kept = []
    for keep in (0.0, 0.5, 1000.0):
        plan = planned(territory, keep=keep)
        assert plan.keeping is not None
        assert plan.keeping.weight == keep
        kept.append(plan.keeping.kept)
    assert kept[0] <= kept[1] <= kept[2]
    assert kept[0] < kept[2]


# Mend 12
@pytest.mark.any_database
def test_a_beat_outside_its_norm_is_not_kept_where_a_single_move_mends_it() -> None:
    """A line of ten villages, today in beats of six and four: one move brings both to five."""
    problem = dataclasses.replace(
        lattice(10, 1, BeatCount(beats=2), prices=Prices(moved=KEEPING)),
        workload=np.full(10, 1000.0),
        residents=np.full(10, 1000.0),
    )
    today = np.array([0] * 6 + [1] * 4, dtype=np.int32)
    result = solve(problem, stop=MaxIterations(20), seed=Seed(1), params=QUICK, start=today)
    assert (result.moved, sorted(result.load.tolist())) == (1, [5000.0, 5000.0])
    dear = dataclasses.replace(problem, prices=Prices(moved=1000.0))
    assert solve(dear, stop=MaxIterations(20), seed=Seed(1), params=QUICK, start=today).moved == 0


# Mend 12
@pytest.mark.any_database
def test_summary_page_and_tables_say_how_many_stay_and_why_the_others_leave(
    capsys: pytest.CaptureFixture[str],
) -> None:
    station = max(first().stations, key=lambda s: s.places).id
    territory = standing({p.code: "老区" for p in first().places if p.station == station})
    plan = planned(territory)
    assert plan.keeping is not None
    print_summary(plan, "zh")
    said = capsys.readouterr().out
    assert f"{plan.keeping.kept}个留在原警务区" in re.sub(r"[\s│]", "", said)
    assert "调出原警务区的" in said
    page = render_page(plan, work_out_shapes(plan, territory))
    assert "现有 1 个警务区" in page
    rows = Tables(plan).places
    column = [c.key for c in rows.columns].index("why_left")
    told = [row[column] for row in rows.rows if row[column] is not None]
    assert len(told) == plan.keeping.places - plan.keeping.kept
    assert "why_left" not in [c.key for c in Tables(first()).places.columns]


# Mend 12
@pytest.mark.any_database
def test_where_no_beats_stand_nothing_is_said_of_them() -> None:
    assert first().keeping is None
    assert all(beat.today is None for beat in first().beats)
    assert all(place.today is None and place.left is None for place in first().places)
