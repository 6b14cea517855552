"""Comparing two deployments: what moved, and what did not although its label changed."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.identifiers import BeatId, ClauseId, PlaceCode
from linli.kernel.measures import Workload
from linli.planning.comparison import compare
from linli.planning.deployment import Deployment
from planning.sound import sound_deployment

SOUND = sound_deployment()


def regrouped(labels: list[int]) -> Deployment:
    """The sound deployment with each place given to the beat of its label."""
    beats = []
    for number, beat in enumerate(SOUND.beats):
        places = tuple(p.code for p, label in zip(SOUND.places, labels, strict=True) if label == number)
        beats.append(replace(beat, places=places))
    return replace(SOUND, beats=tuple(beats))


def test_a_deployment_compared_with_itself_shows_no_change() -> None:
    same = compare(SOUND, SOUND)
    assert same.moved == ()
    assert same.same_places == len(SOUND.places)
    assert not same.balance.differs
    assert not same.mean_minutes.differs
    assert all(gap.left == gap.right for gap in same.gaps)
    assert all(status.left == status.right and not status.not_met.differs for status in same.statuses)


def test_a_beat_that_only_changes_its_name_moves_nobody() -> None:
    renamed = replace(SOUND, beats=tuple(replace(b, id=BeatId(f"X{b.id}")) for b in reversed(SOUND.beats)))
    changed = compare(SOUND, renamed)
    assert changed.moved == ()
    assert [(pair.left, pair.right) for pair in changed.pairs] == [(f"B{n}", f"XB{n}") for n in range(4)]


def test_one_moved_place_is_named_with_both_beats() -> None:
    changed = compare(SOUND, regrouped([0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3]))
    (moved,) = changed.moved
    assert (moved.code, moved.left, moved.right) == ("P02", "B0", "B1")
    assert moved.residents == SOUND.places[2].residents


@given(st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_every_place_either_stays_or_moves_and_the_matching_is_stable(labels: list[int]) -> None:
    changed = compare(SOUND, regrouped(labels))
    assert changed.same_places + len(changed.moved) == len(SOUND.places)
    matched = [pair for pair in changed.pairs if pair.left is not None and pair.right is not None]
    assert len({pair.left for pair in matched}) == len({pair.right for pair in matched}) == len(matched)
    assert sum(pair.shared_places for pair in matched) == changed.same_places
    gained = {pair.left: pair.shared_residents for pair in matched}
    given_ = {pair.right: pair.shared_residents for pair in matched}
    shared: dict[tuple[str, str], int] = {}
    for place, label in zip(SOUND.places, labels, strict=True):
        home = next(beat.id for beat in SOUND.beats if place.code in beat.places)
        shared[home, f"B{label}"] = shared.get((home, f"B{label}"), 0) + (place.residents or 0)
    for (left, right), overlap in shared.items():
        assert overlap <= max(gained.get(BeatId(left), 0), given_.get(BeatId(right), 0))


def test_places_and_beats_of_one_side_only_are_named() -> None:
    fewer = replace(SOUND, places=SOUND.places[:9], beats=SOUND.beats[:3])
    changed = compare(SOUND, fewer)
    assert changed.only_left == (PlaceCode("P09"), PlaceCode("P10"), PlaceCode("P11"))
    assert changed.pairs[3].right is None
    assert compare(fewer, SOUND).pairs[3].left is None
    assert compare(fewer, SOUND).only_right == changed.only_left


def test_gaps_and_statuses_of_one_side_only_are_kept_apart_from_zero() -> None:
    other = replace(SOUND, staffing=SOUND.staffing[::2], checks=SOUND.checks[:1])
    changed = compare(SOUND, other)
    auxiliaries = next(gap for gap in changed.gaps if gap.role == "auxiliary")
    assert auxiliaries.left is not None
    assert auxiliaries.left.gap is None
    assert auxiliaries.right is None
    assert [(status.left, status.right) for status in changed.statuses] == [("met", "met"), ("not_met", None)]
    assert compare(other, SOUND).statuses[1].left is None


def test_without_any_workload_balance_is_not_known() -> None:
    idle = replace(
        SOUND, beats=tuple(replace(b, workload=Workload(0.0), target_workload=None) for b in SOUND.beats)
    )
    balance = compare(idle, SOUND).balance
    assert (balance.left.spread, balance.left.heaviest) == (None, None)
    assert balance.right.spread is not None
    assert balance.right.spread > 0


def test_an_empty_deployment_can_be_compared() -> None:
    empty = replace(SOUND, places=(), beats=(), posts=(), staffing=(), checks=())
    changed = compare(empty, SOUND)
    assert changed.longest_minutes.left is None
    assert changed.pairs[0].left is None
    assert {post.kind.value: (post.left, post.right) for post in changed.posts}["centre_room"] == (0, 4)
    assert all(status.clause in {ClauseId("S1"), ClauseId("S2")} for status in changed.statuses)
