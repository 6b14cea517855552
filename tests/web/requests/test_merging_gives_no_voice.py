"""A merged request speaks for itself alone, and merging neither praises, buries nor hides what is late."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden
from linli.web.foundation.casework.actions.merging import Merge
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.models import Case, Feedback
from linli.web.foundation.facts.selectors import opinions_of
from linli.web.intake.submitting import Feedback as Word
from linli.web.intake.submitting import submit_feedback
from linli.web.intake.tracking import find
from linli.web.ops.requests.draining import drain
from linli.web.ops.requests.models import Five

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
RESOLVED = {"data": {"measures": "换灯"}, "answer": "已修好", "result": "fixed"}


@pytest.fixture
def says() -> Callable[..., None]:
    """What a resident sends under a code, taken from the queue."""

    def say(case: Case, at: dt.datetime, **given: object) -> None:
        values = {"solved": False, "rating": 1, "comment": "", "reopen": False} | given
        submit_feedback(Word(code=case.code, **values), at=at, sender="203.0.113.7")  # type: ignore[attr-defined]
        drain(at)

    return say


def _opinions() -> list[tuple[int, bool]]:
    return list(Feedback.objects.order_by("pk").values_list("case_id", "solved"))


# Guard 7
def test_praise_under_a_merged_code_is_no_word_on_the_case_that_goes_on(sent, says, actor, now, step) -> None:
    real, fake = sent(), sent(now + HOUR, title="路灯")
    perform(Merge(case_id=fake.pk, into_id=real.pk), actor("minjing"), now + HOUR)
    perform(Move(case_id=real.pk, step="accept"), actor("minjing"), now + HOUR)
    perform(Move(case_id=real.pk, step="resolve", **RESOLVED), actor("minjing"), now + 2 * HOUR)
    says(real, now + 3 * HOUR, comment="没修好")
    says(fake, now + 4 * HOUR, solved=True, rating=5, comment="非常满意")
    assert opinions_of([real.pk]) == {real.pk: False}
    assert _opinions() == [(real.pk, False), (fake.pk, True)]
    assert not real.events.filter(kind="feedback", text="非常满意").exists()
    real.refresh_from_db()
    assert real.closed_at is not None


# Guard 7
def test_nothing_is_merged_into_a_closed_case_and_no_closed_one_into_another(
    sent, says, actor, now, signed_in
) -> None:
    real, other = sent(), sent()
    perform(Move(case_id=real.pk, step="accept"), actor("minjing"), now)
    perform(Move(case_id=real.pk, step="resolve", **RESOLVED), actor("minjing"), now)
    says(real, now + HOUR)
    for one, into in ((other, real), (real, other)):
        with pytest.raises(Conflict):
            perform(Merge(case_id=one.pk, into_id=into.pk), actor("minjing"), now + HOUR)
    for language, words in (("zh-hans", "只能合并两个都未办结的事项"), ("en", "Both cases must be open")):
        client = signed_in("minjing", language)
        answer = client.post(f"/cases/{other.number}/merge/", {"into": real.number}, follow=True)
        assert words in answer.content.decode()
    assert opinions_of([real.pk]) == {real.pk: False}


# Guard 7
def test_what_is_neither_near_nor_of_one_category_is_not_merged(sent, actor, now) -> None:
    light, noise = sent(), sent(service="request-noise", title="投诉民警王")
    with pytest.raises(Conflict):
        perform(Merge(case_id=noise.pk, into_id=light.pk), actor("minjing"), now)
    for case in (light, noise):
        Case.objects.filter(pk=case.pk).update(longitude=104.2, latitude=34.9)
    perform(Merge(case_id=noise.pk, into_id=light.pk), actor("minjing"), now)


# Guard 7
def test_whoever_may_not_close_a_case_does_not_merge_it(sent, actor, now, monkeypatch) -> None:
    from linli.web.foundation.casework.actions import moving

    first, second = sent(), sent()
    monkeypatch.setattr(moving, "_role_allows", lambda *_: False)
    with pytest.raises(Forbidden):
        perform(Merge(case_id=second.pk, into_id=first.pk), actor("minjing"), now)


# Guard 7
def test_who_takes_calls_merges_what_they_may_call_off_and_no_incident_that_others_are_at(
    actor, stage, now
) -> None:
    from linli.web.foundation.accounts.actor import SYSTEM
    from linli.web.foundation.casework.actions.opening import OpenCase

    given = {"kind": "incident", "category": "fight", "title": "打架", "place": stage.place.code}
    into, called, there = (perform(OpenCase(**given), SYSTEM, now) for _ in range(3))
    perform(Merge(case_id=called.pk, into_id=into.pk), actor("jiejing"), now)
    Case.objects.filter(pk=there.pk).update(state="on_scene")
    with pytest.raises(Forbidden):
        perform(Merge(case_id=there.pk, into_id=into.pk), actor("jiejing"), now)


# Guard 7
@pytest.mark.parametrize(("language", "words"), [("zh-hans", "您的诉求将单独办理"), ("en", "on its own")])
def test_whose_request_was_merged_is_told_and_has_it_opened_again_on_its_own(
    sent, says, actor, now, visitor, language, words
) -> None:
    first, mine = sent(), sent()
    perform(Merge(case_id=mine.pk, into_id=first.pk), actor("minjing"), now + HOUR)
    page = visitor(language).get(f"/residents/track/{mine.code}/").content.decode()
    assert first.number in page
    assert words in page
    assert 'id="feedback"' in page
    says(mine, now + 2 * HOUR, reopen=True, comment="不是同一件事")
    mine.refresh_from_db()
    first.refresh_from_db()
    assert (mine.merged_into_id, mine.closed_at, mine.state) == (None, None, "received")
    assert mine.due_at is not None
    assert first.closed_at is None
    assert first.events.filter(kind="parted").exists()
    with pytest.raises(Conflict):
        perform(Merge(case_id=mine.pk, into_id=first.pk), actor("minjing"), now + 3 * HOUR)
    assert find(mine.code, at=now + 3 * HOUR, sender="x").track.merged_into is None  # type: ignore[union-attr]
    assert [one.void for one in Five.objects.filter(case=mine).order_by("round")] == [True, False]


# Guard 7
def test_a_merged_one_is_objected_to_as_long_as_the_other_may_be(sent, says, actor, now) -> None:
    first, mine, late = sent(), sent(), sent()
    for one in (mine, late):
        perform(Merge(case_id=one.pk, into_id=first.pk), actor("minjing"), now)
    perform(Move(case_id=first.pk, step="accept"), actor("minjing"), now + 30 * DAY)
    perform(Move(case_id=first.pk, step="resolve", **RESOLVED), actor("minjing"), now + 30 * DAY)
    says(mine, now + 44 * DAY, reopen=True)
    mine.refresh_from_db()
    assert mine.is_open
    with pytest.raises(Conflict):
        says(late, now + 46 * DAY, reopen=True)


# Guard 7
def test_the_case_that_goes_on_answers_by_the_earlier_deadline_of_both(sent, actor, now) -> None:
    old = sent()
    fresh = sent(now + 30 * DAY)
    promised = old.promised_at
    assert promised < fresh.promised_at
    perform(Merge(case_id=old.pk, into_id=fresh.pk), actor("minjing"), now + 30 * DAY)
    fresh.refresh_from_db()
    assert (fresh.promised_at, fresh.case_due_at) == (promised, promised)
    assert fresh.next_check_at is not None
    assert fresh.next_check_at < now + 30 * DAY
    assert Five.objects.get(case=fresh).resolved_due == promised


# Guard 7
def test_a_clock_that_stands_still_keeps_the_shorter_rest_of_both(sent, actor, now) -> None:
    fresh, old = sent(), sent(now - 30 * DAY)
    perform(Move(case_id=fresh.pk, step="start"), actor("minjing"), now)
    perform(Move(case_id=fresh.pk, step="pause", data={"waiting_for": "供电所"}), actor("minjing"), now)
    perform(Merge(case_id=old.pk, into_id=fresh.pk), actor("minjing"), now)
    fresh.refresh_from_db()
    assert (fresh.remaining_seconds, fresh.case_due_at) == (0, None)


def test_pages_of_a_case_say_that_a_merged_one_went_its_own_way(sent, says, actor, now, signed_in) -> None:
    first, mine = sent(), sent()
    perform(Merge(case_id=mine.pk, into_id=first.pk), actor("minjing"), now)
    says(mine, now + HOUR, reopen=True)
    for language, words in (("zh-hans", "按提出人要求单独办理"), ("en", "dealt with on its own")):
        client: Client = signed_in("minjing", language)
        assert words in client.get(f"/cases/{first.number}/").content.decode()
