"""A number tells nothing of how many there are: drawn, never counted, and never given twice."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.actions import numbers
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.numbers import TRIES, numbered, numbers_from
from linli.web.foundation.actions.refusals import Conflict
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from web.drawn import Drawn

pytestmark = pytest.mark.django_db


def opening(stage: Stage, **given: object) -> OpenCase:
    values = {"kind": "request", "category": "streetlight", "title": "路灯不亮", "place": stage.place.code}
    return OpenCase(**{**values, **given})  # type: ignore[arg-type]


def somebody_is_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the first look at a number say that it is free, as where somebody takes it just after."""
    looked, real = list[str](), numbers._taken

    def look(model: type, field: str, number: str) -> bool:
        looked.append(number)
        return len(looked) > 1 and real(model, field, number)

    monkeypatch.setattr(numbers, "_taken", look)


# Guard Out
def test_the_digits_are_drawn_and_nothing_of_the_row_is_in_them(
    stage: Stage, actor: Callable[[str], Actor], now: dt.datetime
) -> None:
    with numbers_from(Drawn(500_000, 17)):
        first, second = (perform(opening(stage), actor("fujing"), now) for _ in range(2))
    assert (first.number, second.number) == ("SQ260310-500000", "SQ260310-000017")
    assert "500000" in Case.objects.get(pk=first.pk).search


# Guard Out
def test_a_number_that_is_taken_is_drawn_again(stage: Stage, now: dt.datetime) -> None:
    with numbers_from(Drawn(5, 5, 5, 7)):
        found = [perform(opening(stage), SYSTEM, now).number for _ in range(2)]
    assert found == ["SQ260310-000005", "SQ260310-000007"]


# Guard Out
def test_one_that_somebody_takes_between_look_and_write_is_drawn_again(
    stage: Stage, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with numbers_from(Drawn(5, 5, 7)):
        perform(opening(stage), SYSTEM, now)
        somebody_is_faster(monkeypatch)
        assert perform(opening(stage), SYSTEM, now).number == "SQ260310-000007"
    assert Case.objects.count() == Entry.objects.filter(action="case.open").count() == 2


# Guard Out
def test_what_another_constraint_refuses_is_not_tried_with_other_numbers(
    stage: Stage, now: dt.datetime
) -> None:
    perform(opening(stage, tracking_hash="a" * 64), SYSTEM, now)
    tried: list[str] = []

    def make(number: str) -> Case:
        tried.append(number)
        return Case.objects.create(
            number=number, tracking_hash="a" * 64, type_version=1, opened_at=now, state_since=now
        )

    with pytest.raises(IntegrityError):
        numbered(Case, "SQ260310-", make)
    assert len(tried) == 1
    assert Case.objects.count() == 1


# Guard Out
def test_after_many_tries_it_is_refused_in_plain_words_and_nothing_is_done(
    stage: Stage, now: dt.datetime
) -> None:
    with numbers_from(Drawn(5)):
        perform(opening(stage), SYSTEM, now)
        with pytest.raises(Conflict) as refused:
            perform(opening(stage), SYSTEM, now)
    assert "SQ260310-" in refused.value.text.zh
    assert "nothing was done" in refused.value.text.en
    assert Case.objects.count() == 1
    with numbers_from(Drawn(*[5] * (TRIES - 1), 6)):
        assert perform(opening(stage), SYSTEM, now).number == "SQ260310-000006"


# Guard Out
def test_a_number_of_before_still_opens_its_case(
    stage: Stage, now: dt.datetime, signed_in: Callable[..., object]
) -> None:
    case = perform(opening(stage), SYSTEM, now)
    Case.objects.filter(pk=case.pk).update(number="SQ260310-00001")
    assert signed_in("fujing").get("/cases/SQ260310-00001/").status_code == 200  # type: ignore[attr-defined]


# Guard Out
@pytest.mark.django_db(transaction=True)
def test_many_who_draw_the_same_at_once_all_have_a_number_of_their_own(
    now: dt.datetime, request: pytest.FixtureRequest
) -> None:
    stage = request.getfixturevalue("stage")
    ready, found = threading.Barrier(4), list[str | None]()

    def one() -> None:
        try:
            ready.wait(60)
            with numbers_from(Drawn(*range(1, 13))):
                found.extend(perform(opening(stage), SYSTEM, now).number for _ in range(3))
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(filter(None, found)) == [f"SQ260310-{number:06d}" for number in range(1, 13)]
