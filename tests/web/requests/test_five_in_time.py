"""Accepted, reported, handled, resolved, answered: what counts as done, by which limit, in which figure."""

import datetime as dt
from collections.abc import Callable

import pytest

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.feedback import GiveFeedback
from linli.web.foundation.casework.actions.merging import Merge
from linli.web.foundation.casework.models import Case
from linli.web.ops.requests.figures import Line, Month, by_month, by_station, total
from linli.web.ops.requests.five import marks
from linli.web.ops.requests.models import Five

pytestmark = pytest.mark.django_db
Sends = Callable[..., Case]
Steps = Callable[..., Case]


def hours(number: float) -> dt.timedelta:
    return dt.timedelta(hours=number)


def standing(case: Case, at: dt.datetime, round_: int = 1) -> dict[str, str]:
    return {mark.step: mark.standing for mark in marks(Five.objects.get(case=case, round=round_), at)}


def test_each_of_the_five_is_held_against_its_own_clock(sent: Sends, step: Steps, now: dt.datetime) -> None:
    case = sent()
    assert standing(case, now) == {
        "accepted": "running", "reported": "open", "handled": "open",
        "resolved": "running", "answered": "running",
    }  # fmt: skip
    step(case, "accept", now + hours(1))
    # Accepted at 11:00: four working hours end at 17:00; it is reported a quarter of an hour later.
    step(case, "report", now + hours(7.25))
    step(case, "start", now + hours(24))
    step(case, "finish", now + hours(48))
    step(case, "reply", now + hours(96))
    assert standing(case, now + hours(100)) == {
        "accepted": "in_time", "reported": "late", "handled": "in_time",
        "resolved": "in_time", "answered": "late",
    }  # fmt: skip
    row = Five.objects.get(case=case)
    assert row.reported_due == dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)
    assert row.reported_at == now + hours(7.25)


def test_one_step_that_does_several_is_held_against_the_clock_that_ran(
    sent: Sends, step: Steps, now: dt.datetime
) -> None:
    early, late = sent(), sent()
    step(early, "start", now + hours(1))
    step(late, "start", now + hours(7))
    for case, expected in ((early, "in_time"), (late, "late")):
        found = standing(case, now + hours(8))
        assert [found[one] for one in ("accepted", "reported", "handled")] == [expected] * 3


def test_resolving_and_answering_at_once_is_held_against_the_promised_time(
    sent: Sends, step: Steps, now: dt.datetime
) -> None:
    early, late = sent(), sent()
    for case, at in ((early, now + hours(20)), (late, now + dt.timedelta(days=10))):
        step(case, "start", now)
        step(case, "resolve", at)
    assert standing(early, now)["resolved"] == standing(early, now)["answered"] == "in_time"
    assert standing(late, now)["resolved"] == standing(late, now)["answered"] == "late"


def test_a_pause_moves_the_limit_and_does_not_bring_back_time_that_ran_out(
    sent: Sends, step: Steps, now: dt.datetime
) -> None:
    fair, unfair = sent(), sent()
    far = now + dt.timedelta(days=30)
    step(fair, "start", now)
    step(fair, "pause", now + hours(1), data={"waiting_for": "供电所"})
    assert standing(fair, far)["resolved"] == "open"
    step(fair, "resume", far)
    assert standing(fair, far)["resolved"] == "running"
    step(unfair, "start", now)
    out = now + dt.timedelta(days=12)
    step(unfair, "pause", out, data={"waiting_for": "供电所"})
    assert standing(unfair, far)["resolved"] == "overdue"
    step(unfair, "resolve", far)
    assert standing(unfair, far)["resolved"] == "late"


def test_work_that_was_sent_back_is_not_resolved(sent: Sends, step: Steps, now: dt.datetime) -> None:
    case = sent()
    step(case, "start", now)
    step(case, "finish", now + hours(1))
    assert standing(case, now + hours(1))["resolved"] == "in_time"
    step(case, "redo", now + hours(2), note="还有一盏不亮")
    assert standing(case, now + hours(2))["resolved"] == "running"
    step(case, "resolve", now + dt.timedelta(days=20))
    assert standing(case, now)["resolved"] == "late"


def test_one_that_is_turned_down_was_decided_and_answered_and_nothing_else(
    sent: Sends, step: Steps, now: dt.datetime
) -> None:
    case = sent()
    step(case, "reject", now + hours(1), note="不属本单位", answer="请向供电所反映", result="not_ours")
    assert standing(case, now + dt.timedelta(days=60)) == {
        "accepted": "in_time", "reported": "not_asked", "handled": "not_asked", "resolved": "not_asked",
        "answered": "in_time",
    }  # fmt: skip


def test_reopening_begins_a_round_of_its_own_and_keeps_the_first(
    sent: Sends, step: Steps, now: dt.datetime
) -> None:
    case = sent()
    step(step(case, "start", now), "resolve", now + hours(1))
    again = now + dt.timedelta(days=3)
    perform(GiveFeedback(case_id=case.pk, solved=False, reopen=True), SYSTEM, again)
    assert standing(case, again)["answered"] == "in_time"
    assert standing(case, again, 2)["accepted"] == "running"
    assert standing(case, again + dt.timedelta(days=30), 2)["answered"] == "overdue"
    assert Five.objects.get(case=case, round=2).opened_at == again


def test_one_that_was_merged_is_not_counted(
    sent: Sends, now: dt.datetime, actor: Callable[[str], Actor]
) -> None:
    first, second = sent(), sent()
    perform(Merge(case_id=second.pk, into_id=first.pk), SYSTEM, now)
    assert set(standing(second, now + dt.timedelta(days=60)).values()) == {"not_asked"}
    assert total(by_month(actor("guihua"), Month(2026, 3), 1, now)).rounds == 1


def counts(line: Line) -> dict[str, tuple[int, int, int, int, int]]:
    return {one.step: (one.in_time, one.late, one.overdue, one.running, one.counted) for one in line.figures}


def test_figures_hold_numerator_and_denominator_as_defined(
    sent: Sends, step: Steps, now: dt.datetime, actor: Callable[[str], Actor]
) -> None:
    in_time, late, _overdue = sent(), sent(), sent()
    step(in_time, "accept", now + hours(1))
    step(late, "accept", now + hours(7))
    at = now + hours(8)
    sent(at=at)
    (line,) = by_station(actor("guihua"), Month(2026, 3), at)
    assert line.rounds == 4
    assert counts(line)["accepted"] == (1, 1, 1, 1, 3)
    assert counts(line)["answered"] == (0, 0, 0, 4, 0)
    assert line.figures[0].share is not None
    assert line.figures[0].share * 3 == 1
    assert line.figures[4].share is None
    later = now + dt.timedelta(days=40)
    assert counts(by_station(actor("guihua"), Month(2026, 3), later)[0])["answered"] == (0, 0, 4, 0, 4)


def test_figures_are_of_the_stations_that_the_actor_sees(
    sent: Sends, now: dt.datetime, actor: Callable[[str], Actor], stage: Stage
) -> None:
    sent()
    sent(place=stage.other_place.code)
    month = Month(2026, 3)
    assert len(by_station(actor("guihua"), month, now)) == 2
    assert [line.rounds for line in by_station(actor("suozhang"), month, now)] == [1]
    assert [line.rounds for line in by_station(actor("linsuozhang"), month, now)] == [1]
    assert by_station(actor("shenji"), month, now) == []


def test_a_month_is_that_of_the_territory_and_every_month_has_a_line(
    sent: Sends, actor: Callable[[str], Actor]
) -> None:
    # 31 March 23:30 and 1 April 00:30 in Shanghai.
    sent(at=dt.datetime(2026, 3, 31, 15, 30, tzinfo=dt.UTC))
    sent(at=dt.datetime(2026, 3, 31, 16, 30, tzinfo=dt.UTC))
    lines = by_month(actor("guihua"), Month(2026, 4), 12, dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
    assert [line.key for line in lines][-2:] == ["2026-03", "2026-04"]
    assert [line.rounds for line in lines] == [0] * 10 + [1, 1]


def test_months_are_read_strictly() -> None:
    assert Month.parse("2026-03") == Month(2026, 3)
    assert [Month.parse(text) for text in ("", "2026-13", "2026-3", "二〇二六-03", "-1-01", "9999-01")] == [
        None
    ] * 6
    assert str(Month(2026, 1).moved(-1)) == "2025-12"
    assert str(Month(2026, 12).moved(1)) == "2027-01"
