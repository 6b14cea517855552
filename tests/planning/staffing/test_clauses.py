"""Norms of the published plans, with the counts of the real counties where they are at hand."""

import datetime as dt
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from linli.kernel.measures import Ratio
from linli.planning.staffing import (
    Demand,
    HiringRow,
    ShareNorm,
    StaffingResult,
    Substitution,
    Supply,
    TotalNorm,
)

Plan = Callable[..., StaffingResult]

TERRITORIES = Path(__file__).resolve().parents[3] / "../shared/data/territory"


def facts(county: str) -> dict[str, int]:
    file = TERRITORIES / county / "facts.toml"
    if not file.exists():
        pytest.skip(f"the census totals of {county} are not on this machine: {file}")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def row(result: StaffingResult, by: str, clause: str | None, station: str | None = None) -> HiringRow:
    day = dt.date.fromisoformat(by)
    rows = [r for r in result.hiring if (r.by, r.clause, r.station) == (day, clause, station)]
    assert len(rows) == 1
    return rows[0]


def test_lanling_s_grid_workers_are_rounded_once_for_the_county(plan: Plan) -> None:
    county = facts("lanling")
    residents, places = county["residents_2020"], county["villages"] + county["communities"]
    each = 3 * residents / places / 1000
    apart = [
        Demand(scope=f"{i:03}", role="grid_worker", clause="L3", required_exact=each) for i in range(places)
    ]
    together = [
        Demand(scope=d.scope, role="grid_worker", clause="L3", required_exact=each, rounded_at="371324")
        for d in apart
    ]
    nobody = (Supply(pool="county", role="grid_worker", count=0),)
    once = plan(demands=tuple(together), supplies=nobody)
    summed = plan(demands=tuple(apart), supplies=nobody)
    assert sum(n.required for n in once.needs) == 3314
    assert sum(n.required for n in summed.needs) == 6 * 609 == 3654
    total = plan(
        totals=(TotalNorm(role="grid_worker", clause="L3", required_exact=3 * residents / 1000),),
        supplies=nobody,
    )
    assert [(n.required, n.gap) for n in total.needs] == [(3314, 3314)]


def test_lanling_s_auxiliaries_rise_from_one_to_two_per_community(plan: Plan) -> None:
    dates = [(dt.date(2017, 10, 31), 1), (dt.date(2018, 1, 1), 2)]
    demands = tuple(
        Demand(scope=c, role="auxiliary", clause="L2", station="town", required_exact=n, effective=day)
        for c in ("c1", "c2", "c3")
        for day, n in dates
    )
    result = plan(
        demands=demands, supplies=(Supply(pool="town", role="auxiliary", count=4, stations=("town",)),)
    )
    assert result.standings == ()  # nothing is due on the day before
    assert [(s.role, s.count) for s in result.spare] == [("auxiliary", 4)]
    first, second = row(result, "2017-10-31", "L2"), row(result, "2018-01-01", "L2")
    assert (first.required, first.have, first.to_add) == (3, 3, 0)
    assert (second.required, second.have, second.to_add, second.added_now) == (6, 4, 2, 2)
    assert row(result, "2018-01-01", None, "town").to_add == 2
    later = plan(
        demands=demands,
        on=dt.date(2018, 1, 1),
        supplies=(Supply(pool="town", role="auxiliary", count=4, stations=("town",)),),
    )
    assert [s.allocated for s in later.standings] == [2, 1, 1]


def test_forty_percent_of_a_station_are_designated_not_hired(plan: Plan) -> None:
    result = plan(
        on=dt.date(2018, 12, 30),
        demands=tuple(
            Demand(scope=c, role="community_officer", clause="L1", station="town", required_exact=1)
            for c in ("c1", "c2", "c3", "c4", "c5", "c6")
        ),
        shares=(
            ShareNorm(
                station="town",
                role="community_officer",
                of="officer",
                clause="L5",
                share=Ratio(0.4),
                effective=dt.date(2018, 12, 31),
            ),
        ),
        supplies=(
            Supply(pool="town", role="officer", count=11, stations=("town",)),
            Supply(pool="town", role="community_officer", count=2, stations=("town",)),
        ),
    )
    assert sum(s.allocated or 0 for s in result.standings) == 2
    assert result.designations == ()
    assert {s.role: s.count for s in result.spare} == {"officer": 9, "community_officer": 0}
    share = row(result, "2018-12-31", "L5", "town")
    assert (share.required, share.have, share.to_add, share.to_designate) == (5, 2, 0, 3)  # 4.4 rounded up
    joined = row(result, "2018-12-31", None, "town")
    assert (joined.required, joined.have, joined.to_designate, joined.to_add) == (6, 2, 3, 4)
    after = row(result, "2018-12-31", "L1", "town")
    assert (after.required, after.have, after.to_add) == (6, 5, 4)


def test_a_station_without_officers_owes_no_share(plan: Plan) -> None:
    none = ShareNorm(station="s", role="community_officer", of="officer", clause="H5", share=Ratio(0.4))
    result = plan(
        shares=(none,),
        supplies=(
            Supply(pool="s", role="officer", count=0),
            Supply(pool="s", role="community_officer", count=0),
        ),
    )
    assert [(d.required, d.to_designate) for d in result.designations] == [(0, 0)]


def test_a_share_is_unknown_where_the_staff_table_says_nothing(plan: Plan) -> None:
    norm = ShareNorm(station="s", role="community_officer", of="officer", clause="H5", share=Ratio(0.4))
    result = plan(shares=(norm,))
    assert [(d.people, d.required, d.to_designate) for d in result.designations] == [(None, None, None)]
    assert [(n.have, n.gap) for n in result.needs] == [(None, None)]
    assert row(result, "2017-10-09", "H5").to_designate is None


def test_two_shares_cannot_both_take_the_same_officers(plan: Plan) -> None:
    shares = tuple(
        ShareNorm(station="s", role=role, of="officer", clause="T1", share=Ratio(0.6))
        for role in ("community_officer", "patrol_member")
    )
    result = plan(
        shares=shares,
        supplies=(
            Supply(pool="s", role="officer", count=10),
            Supply(pool="s", role="community_officer", count=0),
            Supply(pool="s", role="patrol_member", count=0),
        ),
    )
    assert [d.to_designate for d in result.designations] == [6, 4]


def test_hengshan_s_294_auxiliaries_fill_every_room_and_work_station(plan: Plan) -> None:
    # H1 gives 60 rooms, 158 stations and 294 auxiliaries; H3 wants one at reception in each room and
    # (one person, eight hours) in each station: 218 posts, so 76 auxiliaries remain.
    demands = tuple(
        Demand(scope=f"{kind}{i}", role="auxiliary", clause="H3", required_exact=1)
        for kind, count in (("room", 60), ("station", 158))
        for i in range(count)
    )
    result = plan(demands=demands, supplies=(Supply(pool="district", role="auxiliary", count=294),))
    assert result.search.objective == 0
    assert result.spare[0].count == 294 - 218 == 76


def test_luxi_s_rooms_take_one_or_two_officers(plan: Plan) -> None:
    by_residents = {"r1": 2_900 / 5000, "r2": 7_300 / 5000, "r3": 16_000 / 5000}
    result = plan(
        demands=tuple(
            Demand(scope=room, role="community_officer", clause="X1", required_exact=n, minimum=1, maximum=2)
            for room, n in by_residents.items()
        ),
        supplies=(Supply(pool="county", role="community_officer", count=4),),
    )
    assert [s.required for s in result.standings] == [1, 2, 2]
    assert [s.allocated for s in result.standings] == [1, 2, 1]


# X1 asks for one officer a room and for 40 % of the station: the same people, in one hiring row.
def test_a_clause_that_asks_twice_for_the_same_people_counts_them_once(plan: Plan) -> None:
    result = plan(
        demands=tuple(
            Demand(scope=room, role="community_officer", clause="X1", station="s", required_exact=1)
            for room in ("r1", "r2", "r3", "r4", "r5", "r6")
        ),
        shares=(
            ShareNorm(station="s", role="community_officer", of="officer", clause="X1", share=Ratio(0.4)),
        ),
        supplies=(
            Supply(pool="s", role="officer", count=10, stations=("s",)),
            Supply(pool="s", role="community_officer", count=2, stations=("s",)),
        ),
    )
    clause = row(result, "2017-10-09", "X1", "s")
    assert (clause.required, clause.have, clause.to_designate, clause.to_add) == (6, 2, 2, 2)
    assert row(result, "2017-10-09", None, "s") == replace(clause, clause=None)


def test_rural_beats_get_officers_only_after_every_urban_beat_has_one(plan: Plan) -> None:
    beats = (("rural1", False), ("rural2", False), ("urban1", True), ("urban2", True))
    result = plan(
        demands=tuple(
            Demand(scope=beat, role="community_officer", clause="L1", required_exact=1, firm=firm)
            for beat, firm in beats
        ),
        supplies=(Supply(pool="s", role="community_officer", count=3),),
    )
    assert [(s.scope, s.allocated) for s in result.standings] == [
        ("rural1", 1),
        ("rural2", 0),
        ("urban1", 1),
        ("urban2", 1),
    ]


def test_two_clauses_in_one_room_are_answered_by_the_same_people(plan: Plan) -> None:
    result = plan(
        demands=(
            Demand(scope="r", role="auxiliary", clause="H3", required_exact=1),
            Demand(scope="r", role="auxiliary", clause="H9", required_exact=3),
        ),
        supplies=(Supply(pool="s", role="auxiliary", count=2),),
    )
    (room,) = result.standings
    assert (room.required, room.allocated, room.clauses) == (3, 2, ("H9",))
    assert [(n.clause, n.have, n.gap) for n in result.needs] == [("H3", 2, 0), ("H9", 2, 1)]


def test_a_station_s_people_stay_with_it_and_the_county_s_fill_the_worst_gaps(plan: Plan) -> None:
    result = plan(
        demands=tuple(
            Demand(scope=scope, role="auxiliary", clause="T1", station=scope[0], required_exact=4)
            for scope in ("a1", "b1", "c1")
        ),
        supplies=(
            Supply(pool="a", role="auxiliary", count=4, stations=("a",)),
            Supply(pool="b", role="auxiliary", count=1, stations=("b",)),
            Supply(pool="c", role="auxiliary", count=0, stations=("c",)),
            Supply(pool="county", role="auxiliary", count=3),
        ),
    )
    assert [s.allocated for s in result.standings] == [4, 2, 2]
    assert [(r.scope, r.pool, r.count) for r in result.allocations] == [
        ("a1", "a", 4),
        ("b1", "b", 1),
        ("b1", "county", 1),
        ("c1", "county", 2),
    ]


def test_nobody_stands_in_for_another_unless_a_clause_allows_it(plan: Plan) -> None:
    parts = {
        "demands": (Demand(scope="r", role="auxiliary", clause="H3", required_exact=2),),
        "supplies": (
            Supply(pool="s", role="auxiliary", count=1),
            Supply(pool="s", role="officer", count=5),
        ),
    }
    assert plan(**parts).search.objective == 1
    rule = Substitution(role="auxiliary", by="officer", clause="T9")
    allowed = plan(**parts, substitutions=(rule,))
    assert [(r.by, r.count) for r in allowed.allocations] == [("auxiliary", 1), ("officer", 1)]


def test_a_role_that_the_staff_table_does_not_name_is_unknown_not_zero(plan: Plan) -> None:
    demands = (Demand(scope="v", role="assistant", clause="L4", required_exact=1, station="s"),)
    unknown = plan(demands=demands, supplies=(Supply(pool="s", role="officer", count=5),))
    assert unknown.standings[0].allocated is None
    assert unknown.needs[0].gap is None
    assert row(unknown, "2017-10-09", "L4").to_add is None
    zero = plan(demands=demands, supplies=(Supply(pool="s", role="assistant", count=0),))
    assert (zero.standings[0].allocated, zero.needs[0].gap) == (0, 1)
    assert zero.worst_share == 0


def test_people_to_spare_count_for_a_station_s_total(plan: Plan) -> None:
    result = plan(
        demands=(Demand(scope="r", role="auxiliary", clause="T1", station="s", required_exact=3),),
        totals=(TotalNorm(role="auxiliary", clause="T2", station="s", required_exact=6),),
        supplies=(Supply(pool="s", role="auxiliary", count=5, stations=("s",)),),
    )
    assert [(n.clause, n.have, n.gap) for n in result.needs] == [("T1", 3, 0), ("T2", 5, 1)]
    joined = row(result, "2017-10-09", None, "s")
    assert (joined.required, joined.have, joined.to_add) == (6, 5, 1)


def test_a_norm_that_falls_later_does_not_take_hired_people_back(plan: Plan) -> None:
    result = plan(
        demands=tuple(
            Demand(scope="r", role="auxiliary", clause="T1", required_exact=n, effective=dt.date(year, 1, 1))
            for year, n in ((2017, 3), (2018, 1), (2019, 5))
        ),
        supplies=(Supply(pool="s", role="auxiliary", count=0),),
    )
    steps = [(r.by.year, r.required, r.to_add, r.added_now) for r in result.hiring if r.clause == "T1"]
    assert steps == [(2017, 3, 3, 3), (2018, 1, 3, 0), (2019, 5, 5, 2)]


def test_an_empty_problem_has_an_empty_answer(plan: Plan) -> None:
    result = plan()
    assert (result.standings, result.allocations, result.hiring) == ((), (), ())
    assert result.search.gap == 0
    assert result.worst_share == 1


def test_a_need_of_zero_is_met_by_nobody(plan: Plan) -> None:
    result = plan(
        demands=(Demand(scope="r", role="auxiliary", clause="T1", required_exact=0),),
        supplies=(Supply(pool="s", role="auxiliary", count=2),),
    )
    assert (result.standings[0].allocated, result.standings[0].share) == (0, 1)
    assert result.spare[0].count == 2


def test_ten_thousand_villages_are_answered_and_checked(plan: Plan) -> None:
    demands = tuple(
        Demand(scope=f"{i:05}", role="grid_worker", clause="L3", station=str(i % 200), required_exact=i % 13)
        for i in range(10_000)
    )
    supplies = (
        *(Supply(pool=str(s), role="grid_worker", count=200, stations=(str(s),)) for s in range(200)),
        Supply(pool="county", role="grid_worker", count=5000),
    )
    result = plan(demands=demands, supplies=supplies)
    assert sum(s.allocated or 0 for s in result.standings) == 45_000
    assert result.search.gap == 0


def test_an_earlier_answer_decides_between_equals(plan: Plan) -> None:
    demands = tuple(Demand(scope=s, role="assistant", clause="L4", required_exact=1) for s in ("v1", "v2"))
    one = (Supply(pool="s", role="assistant", count=1),)
    only_second = plan(demands=demands[1:], supplies=one)
    kept = plan(demands=demands, supplies=one, start=only_second)
    assert [s.allocated for s in kept.standings] == [0, 1]
    assert [s.allocated for s in plan(demands=demands, supplies=one).standings] == [1, 0]
