"""Draws, weights and changes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.assessment.surveys.changes import answers_for_share, change, detectable_change
from linli.assessment.surveys.designs import design
from linli.assessment.surveys.drawing import Frame, FrameAddress, allocate, draw, draw_in_places
from linli.assessment.surveys.estimation import proportion
from linli.assessment.surveys.weighting import Outcomes, response, stratum_weights

frames = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 4)), min_size=1, max_size=80).map(
    lambda rows: Frame.of(FrameAddress(f"{i:04d}", s, f"{s}{p}") for i, (s, p) in enumerate(rows))
)


@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(1, 500), min_size=1),
    st.integers(1, 900),
)
def test_an_allocation_gives_what_is_wanted_and_never_more_than_there_is(sizes, wanted) -> None:
    for how in ("proportional", "equal"):
        given_ = allocate(sizes, wanted, how)
        least = {name: min(2, size) for name, size in sizes.items()}
        assert all(least[name] <= given_[name] <= sizes[name] for name in sizes)
        everything, fewest = sum(sizes.values()), sum(least.values())
        assert sum(given_.values()) >= min(wanted, everything)
        if wanted >= 2 * fewest and how == "equal":
            assert sum(given_.values()) == min(wanted, everything)


@given(frames, st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_a_draw_is_repeated_by_its_seed_and_draws_nothing_twice(frame, wanted, seed) -> None:
    first = draw(frame, wanted, np.random.default_rng(seed), reserve=0.5)
    assert first == draw(frame, wanted, np.random.default_rng(seed), reserve=0.5)
    codes = [one.address.code for one in first]
    assert len(codes) == len(set(codes))
    assert sum(not one.reserve for one in first) >= min(wanted, len(frame.addresses))
    for one in first:
        assert one.stratum_size == frame.sizes[one.address.stratum]


@given(frames, st.integers(1, 8), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_a_draw_in_places_takes_so_many_of_each_place(frame, places, each, seed) -> None:
    found = draw_in_places(frame, places, each, np.random.default_rng(seed))
    assert found == draw_in_places(frame, places, each, np.random.default_rng(seed))
    taken: dict[str, int] = {}
    for one in found:
        taken[one.address.psu] = taken.get(one.address.psu, 0) + (not one.reserve)
    sizes = {one.address.psu: one.unit_size for one in found}
    assert all(count == min(each, sizes[psu]) for psu, count in taken.items())


def test_every_address_of_a_stratum_has_the_same_chance() -> None:
    frame = Frame.of(FrameAddress(f"{i}", "a", "p") for i in range(8))
    rng, seen = np.random.default_rng(7), np.zeros(8)
    for _ in range(2000):
        for one in draw(frame, 2, rng, reserve=0):
            seen[int(one.address.code)] += 1
    # 500 each are expected; five standard deviations are about 97.
    assert np.abs(seen - 500).max() < 97


def test_a_frame_has_each_address_once_and_a_digest_that_follows_it() -> None:
    one, two = FrameAddress("1", "a", "p"), FrameAddress("2", "a", "p")
    assert Frame.of([two, one]).digest == Frame.of([one, two]).digest != Frame.of([one]).digest
    with pytest.raises(ValueError, match="address 1 is in the frame twice"):
        Frame.of([one, one])


def test_an_empty_frame_gives_an_empty_sample() -> None:
    rng = np.random.default_rng(1)
    assert draw(Frame.of([]), 5, rng) == draw_in_places(Frame.of([]), 2, 2, rng) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda f, r: draw(f, 1, r, reserve=-1),
        lambda f, r: draw(f, 0, r),
        lambda f, r: draw_in_places(f, 1, 0, r),
    ],
)
def test_a_draw_that_cannot_be_made_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match="must"):
        wrong(Frame.of([FrameAddress("1", "a", "p")]), np.random.default_rng(1))


@given(
    st.dictionaries(
        st.sampled_from("abc"),
        st.tuples(st.integers(1, 40), st.integers(0, 20), st.integers(0, 20), st.integers(0, 10)),
        min_size=1,
    )
)
def test_the_weights_of_those_who_answered_add_up_to_the_homes_of_the_frame(given_) -> None:
    outcomes = {
        s: Outcomes(answered=a, refused=r, not_met=m, not_eligible=e) for s, (a, r, m, e) in given_.items()
    }
    sizes = dict.fromkeys(given_, 1000)
    for stratum, found in stratum_weights(sizes, outcomes).items():
        seen = outcomes[stratum]
        assert found.weight is not None
        homes = 1000 * (seen.tried - seen.not_eligible) / seen.tried
        assert found.weight * seen.answered == pytest.approx(homes)


def test_the_response_rate_counts_who_was_not_met_and_leaves_out_who_does_not_exist() -> None:
    outcomes = {
        "a": Outcomes.of(["answered", "answered", "refused", "not_met", "not_eligible"]),
        "b": Outcomes.of(["answered", "open"]),
    }
    found = response(outcomes)
    assert (found.answered, found.eligible, found.rate) == (3, 6, 0.5)
    assert response({}).rate is None
    assert stratum_weights({"a": 4}, {"a": Outcomes(refused=2)})["a"].weight is None


def _share(yes: int, n: int):
    return proportion([1] * yes + [0] * (n - yes), design(weights=np.ones(n)))


def test_a_change_is_told_only_where_chance_cannot_explain_it() -> None:
    assert change(_share(180, 200), _share(150, 200)).verdict == "fall"
    assert change(_share(150, 200), _share(180, 200)).verdict == "rise"
    assert change(_share(180, 200), _share(176, 200)).verdict == "cannot_tell"


def test_newcombes_interval_of_his_own_example() -> None:
    # 56/70 − 48/80: method 10 gives 0.0524 to 0.3339 (Newcombe 1998, table II a).
    found = change(_share(48, 80), _share(56, 70))
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=2e-3)


@given(st.floats(0.02, 0.98), st.floats(20, 5000), st.floats(20, 5000))
def test_more_answers_see_smaller_changes(p, before, after) -> None:
    few = detectable_change(p, before, after, direction="fall")
    many = detectable_change(p, before * 4, after * 4, direction="fall")
    assert few is None or (many is not None and many <= few + 1e-9)


def test_what_a_wave_of_400_sees() -> None:
    assert detectable_change(0.95, 400, 400, direction="fall") == pytest.approx(0.053, abs=0.002)
    assert detectable_change(0.5, 4, 4, direction="rise") is None
    assert detectable_change(1.0, 400, 400, direction="rise") is None
    with pytest.raises(ValueError, match="between 0 and 1"):
        detectable_change(2, 1, 1, direction="rise")


def test_how_many_answers_a_share_needs() -> None:
    assert answers_for_share(0.95, 0.02) == 457
    assert answers_for_share(0.5, 0.05, design_effect=1.5) == math.ceil(384.1459 * 1.5)
    with pytest.raises(ValueError, match="design_effect"):
        answers_for_share(0.5, 0.05, design_effect=0)
