"""A random draw: repeatable by calculation, seen when repeated, fair, and only of what one answers for."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid
from linli.web.foundation.audit.models import Entry
from linli.web.ops.premises.actions.planning import MakeDraw
from linli.web.ops.premises.drawing import digest_of, drawn
from linli.web.ops.premises.models import Draw, Inspection

from .conftest import Works

codes = st.lists(st.text("ABC0123456789", min_size=1, max_size=8), unique=True, max_size=30)


@given(codes, st.integers(0, 40), st.text("0123456789abcdef", min_size=16, max_size=16))
def test_a_draw_depends_on_seed_and_codes_alone(frame: list[str], size: int, seed: str) -> None:
    chosen = drawn(frame, size, seed)
    assert chosen == drawn(sorted(frame, reverse=True), size, seed)
    assert len(chosen) == min(size, len(frame))
    assert set(chosen) <= set(frame)
    assert chosen[:1] == drawn(frame, 1, seed)[: len(chosen)]


@given(codes.filter(bool), st.text("0123456789abcdef", min_size=16, max_size=16))
def test_taking_out_what_was_not_drawn_changes_nothing(frame: list[str], seed: str) -> None:
    chosen = drawn(frame, 2, seed)
    assert drawn(chosen, 2, seed) == chosen


def test_a_draw_can_be_repeated_with_sha256_alone() -> None:
    frame, seed = ["CS000001", "CS000002", "CS000003"], "0123456789abcdef"
    numbers = {hashlib.sha256(f"{seed}|{code}".encode()).hexdigest(): code for code in frame}
    assert drawn(frame, 3, seed) == tuple(numbers[one] for one in sorted(numbers))
    assert digest_of(frame) == hashlib.sha256(b"CS000001\nCS000002\nCS000003").hexdigest()


def test_every_premises_is_drawn_about_as_often() -> None:
    frame = [f"CS{number:06d}" for number in range(10)]
    hits = Counter(code for seed in range(2000) for code in drawn(frame, 1, f"{seed:016x}"))
    assert min(hits.values()) > 130
    assert max(hits.values()) < 270


pytestmark = pytest.mark.django_db


def _draw(works: Works, **changed: object) -> MakeDraw:
    place = works.stage.place
    values = {
        "station": place.station_code, "beat": place.beat_code, "kinds": ("shop",), "size": 2,
        "seed": "00112233445566aa", "planned_for": works.day(1),
    }  # fmt: skip
    return MakeDraw(**{**values, **changed})  # type: ignore[arg-type]


def test_a_draw_plans_what_it_chose_and_the_log_can_prove_it(works: Works) -> None:
    for number in range(6):
        works.premises(name=f"店{number}")
    works.premises(name="馆", kind="venue")
    draw = perform(_draw(works), works.by("minjing"), works.now)
    assert len(draw.frame) == 6
    assert list(drawn(draw.frame, 2, draw.seed)) == draw.chosen
    assert {one.premises.code for one in Inspection.objects.all()} == set(draw.chosen)
    assert {one.case.category for one in Inspection.objects.all()} == {"random"}
    entry = Entry.objects.get(action="inspection.draw")
    assert entry.detail["frame"] == digest_of(draw.frame)
    assert entry.detail["seed"] == draw.seed


def test_nobody_draws_again_in_silence(works: Works) -> None:
    for number in range(6):
        works.premises(name=f"店{number}")
    perform(_draw(works), works.by("minjing"), works.now)
    with pytest.raises(Invalid) as refusal:
        perform(_draw(works, seed="ff112233445566aa"), works.by("minjing"), works.now)
    assert set(refusal.value.fields) == {"reason"}
    again = _draw(works, seed="ff112233445566aa", kinds=("shop", "venue"), reason="抽中的两家停业")
    draw = perform(again, works.by("minjing"), works.now)
    assert (draw.attempt, Draw.objects.count()) == (2, 2)


def test_what_is_under_way_or_closed_is_not_drawn(works: Works) -> None:
    works.planned(works.premises(name="在检"))
    free = works.premises(name="可抽")
    assert perform(_draw(works), works.by("minjing"), works.now).frame == [free.code]
    with pytest.raises(Conflict):
        perform(_draw(works, reason="再抽"), works.by("minjing"), works.now)


@pytest.mark.parametrize("username", ["fujing", "linsuo", "danwei", "guihua", "jumin", "shenji"])
def test_a_draw_is_for_who_answers_for_the_area(works: Works, username: str) -> None:
    works.premises()
    with pytest.raises(Forbidden):
        perform(_draw(works), works.by(username), works.now)


def test_a_chief_draws_for_the_station(works: Works) -> None:
    works.premises()
    draw = perform(_draw(works, beat=""), works.by("suozhang"), works.now)
    assert draw.beat_code == ""
    with pytest.raises(Forbidden):
        perform(_draw(works, beat="", reason="x"), works.by("minjing"), works.now)
