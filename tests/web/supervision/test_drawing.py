"""Draws can be repeated, and chance picks evenly."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from linli.web.ops.supervision.drawing import Target, digest_of, draw, rank

TARGETS = st.lists(
    st.builds(
        Target, st.text("ABCD0123", min_size=1, max_size=4), st.just(""), st.sampled_from(["S1", "S2", "S3"])
    ),
    max_size=30,
    unique_by=lambda one: one.code,
)


@given(
    TARGETS,
    st.integers(0, 40),
    st.text("0123456789abcdef", min_size=8, max_size=16),
    st.booleans(),
    st.randoms(),
)
def test_the_same_list_and_seed_give_the_same_draw_in_whatever_order(
    frame, size, seed, per_station, random
) -> None:
    mixed = list(frame)
    random.shuffle(mixed)
    drawn = draw(frame, size, seed, per_station=per_station)
    assert drawn == draw(mixed, size, seed, per_station=per_station)
    assert set(drawn) <= set(frame)
    assert len(set(drawn)) == len(drawn)
    if not per_station:
        assert len(drawn) == min(size, len(frame))
    for station in {one.station for one in frame}:
        of_station = [one for one in drawn if one.station == station]
        assert not per_station or len(of_station) == min(size, sum(one.station == station for one in frame))


@given(TARGETS, st.text("0123456789abcdef", min_size=8, max_size=16))
def test_a_larger_draw_begins_with_the_smaller(frame, seed) -> None:
    assert draw(frame, 5, seed)[:2] == draw(frame, 2, seed)


def test_a_calculator_gives_the_same_numbers() -> None:
    assert rank("1f", "A") == hashlib.sha256(b"1f|A").hexdigest()
    assert digest_of(["A", "B"]) == hashlib.sha256(b"A\nB").hexdigest()


def test_each_target_is_drawn_about_as_often_as_any_other() -> None:
    frame = [Target(f"P{n:02}", "", "S1") for n in range(10)]
    times = dict.fromkeys((one.code for one in frame), 0)
    for seed in range(2000):
        times[draw(frame, 1, f"{seed:08x}")[0].code] += 1
    assert all(140 < count < 260 for count in times.values()), times
