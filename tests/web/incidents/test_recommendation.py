"""Which unit is recommended, and what is said of it: pure functions, without a database."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.measures import KilometresPerHour, Minutes, Ratio
from linli.web.ops.incidents.recommendation import (
    Candidate,
    Recommendation,
    Scene,
    Status,
    minutes_between,
    needs_reason,
    recommend,
)
from linli.web.ops.incidents.standards import Handicap, Need, Travel, standards

AT = dt.datetime(2026, 3, 10, 2, 0, tzinfo=dt.UTC)
TRAVEL = Travel(
    detour=Ratio(1.5),
    speed={
        "patrol_car": KilometresPerHour(30.0),
        "foot_patrol": KilometresPerHour(5.0),
        "post_team": KilometresPerHour(15.0),
    },
)
HANDICAP = Handicap(other_beat=Minutes(2), other_station=Minutes(10), unsuited=Minutes(8))
HERE = (103.7, 23.8)


def unit(number: int, **given: object) -> Candidate:
    values: dict[str, object] = {
        "id": number,
        "call_sign": f"U{number}",
        "kind": "patrol_car",
        "capacity": 2,
        "status": Status.FREE,
        "station": "S1",
        "beats": frozenset({"B1"}),
        "at": HERE,
    }
    return Candidate(**{**values, **given})  # type: ignore[arg-type]


def scene(people: int = 2, **given: object) -> Scene:
    values: dict[str, object] = {
        "need": Need(kinds=("patrol_car", "post_team"), people=people),
        "station": "S1",
        "beat": "B1",
        "at": HERE,
    }
    return Scene(**{**values, **given})  # type: ignore[arg-type]


def ranking(found: Recommendation) -> list[int]:
    return [one.unit.id for one in found.ranked]


def asked(where: Scene, *units: Candidate) -> Recommendation:
    return recommend(where, units, travel=TRAVEL, handicap=HANDICAP, warn_minutes=30, at=AT)


def test_minutes_are_the_great_circle_times_detour_by_speed() -> None:
    minutes, kilometres = minutes_between((0.0, 0.0), (0.0, 1.0), "patrol_car", TRAVEL)
    assert kilometres == pytest.approx(111.195, abs=0.01)
    assert minutes == pytest.approx(kilometres * 1.5 / 30 * 60)


def test_the_nearest_of_one_beat_comes_first() -> None:
    found = asked(scene(), unit(1, at=(103.8, 23.8)), unit(2, at=(103.71, 23.8)))
    assert ranking(found) == [2, 1]


def test_the_own_beat_comes_before_another_that_is_as_near_and_says_so() -> None:
    found = asked(scene(), unit(1, beats=frozenset({"B2"})), unit(2))
    assert ranking(found) == [2, 1]
    assert any("本警务区" in reason.zh for reason in found.ranked[0].reasons)
    assert any("another beat" in reason.en and "2 min" in reason.en for reason in found.ranked[1].reasons)


def test_a_much_nearer_unit_of_another_station_still_comes_first() -> None:
    found = asked(scene(), unit(1, at=(104.0, 23.8)), unit(2, station="S2"))
    assert ranking(found) == [2, 1]


def test_a_kind_that_suits_comes_before_one_that_does_not() -> None:
    found = asked(scene(), unit(1, kind="foot_patrol"), unit(2, kind="post_team", at=(103.705, 23.8)))
    assert ranking(found) == [2, 1]
    assert [one.suited for one in found.ranked] == [True, False]


def test_units_that_are_busy_or_off_duty_are_named_with_what_they_do() -> None:
    found = asked(
        scene(),
        unit(1, status=Status.ASSIGNED, busy_with="JQ1"),
        unit(2, status=Status.ON_SCENE, busy_with="JQ2"),
        unit(3, status=Status.OFF_DUTY),
    )
    assert ranking(found) == []
    assert [why.en for _, why in found.excluded] == ["sent to JQ1", "on scene at JQ2", "off duty"]
    assert any("No unit is free" in one.en for one in found.missing)


def test_no_free_unit_of_a_suited_kind_is_said_with_the_kinds() -> None:
    found = asked(scene(), unit(1, kind="foot_patrol"))
    assert any("巡逻车、警务室力量" in one.zh for one in found.missing)


def test_a_second_unit_is_recommended_where_one_has_too_few_people() -> None:
    found = asked(scene(people=4), unit(1), unit(2, at=(103.71, 23.8)), unit(3, at=(103.9, 23.8)))
    assert found.wanted == 2
    assert any("U2" in one.zh and "4 人" in one.zh for one in found.missing)


def test_people_who_are_there_already_are_counted() -> None:
    found = asked(scene(people=4, people_there=2), unit(1), unit(2))
    assert found.wanted == 1
    assert found.missing == ()


def test_too_few_people_in_all_is_said() -> None:
    found = asked(scene(people=9), unit(1), unit(2))
    assert found.wanted == 2
    assert any("there are 4" in one.en for one in found.missing)


def test_a_unit_without_a_position_comes_after_those_with_one() -> None:
    found = asked(scene(), unit(1, at=None), unit(2, at=(104.2, 23.8), station="S2", kind="foot_patrol"))
    assert found.ranked[-1].unit.id == 1
    assert found.ranked[-1].minutes is None


def test_an_incident_without_a_position_is_said_and_nothing_is_estimated() -> None:
    found = asked(scene(at=None), unit(1))
    assert found.ranked[0].minutes is None
    assert any("定位" in one.zh for one in found.missing)


def test_a_shift_that_ends_soon_is_said() -> None:
    found = asked(scene(), unit(1, shift_until=AT + dt.timedelta(minutes=12)))
    assert any("12 min" in reason.en for reason in found.ranked[0].reasons)


def test_without_any_unit_the_recommendation_says_to_enter_some() -> None:
    found = asked(scene())
    assert found.wanted == 0
    assert any("登记" in one.zh for one in found.missing)


def test_passing_over_a_recommended_unit_needs_a_reason() -> None:
    found = asked(scene(), unit(1), unit(2, at=(103.75, 23.8)), unit(3, at=(103.8, 23.8)))
    assert not needs_reason([1], found)
    assert not needs_reason([2, 1], found)
    assert needs_reason([2], found)
    assert needs_reason([1, 3], found)


@given(
    st.lists(
        st.tuples(st.floats(103.0, 105.0), st.floats(23.0, 25.0), st.sampled_from(list(Status))), max_size=8
    ),
    st.randoms(),
)
def test_the_order_of_the_units_given_changes_nothing_and_none_is_lost(rows, random) -> None:  # type: ignore[no-untyped-def]
    units = [unit(number, at=(x, y), status=status) for number, (x, y, status) in enumerate(rows)]
    first = asked(scene(), *units)
    random.shuffle(units)
    assert asked(scene(), *units) == first
    assert len(first.ranked) + len(first.excluded) == len(rows)
    assert [one.counted for one in first.ranked] == sorted(one.counted for one in first.ranked)


def test_the_shipped_standards_name_categories_of_the_case_type_only() -> None:
    from pathlib import Path

    import linli.web.ops.incidents as package
    from linli.web.foundation.casework.types.loading import read_type

    spec = read_type(Path(package.__path__[0]) / "incident.case.toml")
    assert set(standards().need) - {"default"} <= set(spec.category_by_id)
