"""What is said of a case comes from who raised it; staff praise nothing of their own, by whatever channel."""

import pytest

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.casework.actions.feedback import GiveFeedback
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case, Feedback
from linli.web.foundation.facts.selectors import opinions_of
from linli.web.ops.requests.following import _history

CHANNELS = ("web", "api", "public", "open311", "phone", "counter", "visit")
TURNED_DOWN = {"step": "reject", "note": "重复", "answer": "已登记", "result": "withdrawn"}


@pytest.fixture
def raised(actor, stage, now):
    """A case that somebody raised by some channel and somebody else, or the same, has closed."""

    def make(opener: str, channel: str, closer: str | None = None) -> Case:
        opening = OpenCase(
            kind="request", category="streetlight", title="路灯不亮", place=stage.place.code, channel="phone"
        )
        case = perform(opening, actor(opener), now)
        Case.objects.filter(pk=case.pk).update(channel=channel)
        return perform(Move(case_id=case.pk, **TURNED_DOWN), actor(closer) if closer else SYSTEM, now)

    return make


def _praised(case: Case, who, now) -> Feedback:
    perform(GiveFeedback(case_id=case.pk, solved=True, rating=5, comment="好"), who, now)
    return Feedback.objects.get(case=case)


# Guard 7
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("closer", ["minjing", "suozhang"])
def test_an_officer_praises_no_own_work_by_any_channel_and_no_case_of_their_own(
    channel, closer, raised, actor, now
) -> None:
    case = raised("minjing", channel, closer)
    if closer != "minjing" and channel in ("phone", "counter", "visit"):
        assert _praised(case, actor("minjing"), now).recorded
        return
    with pytest.raises(Forbidden) as refused:
        perform(GiveFeedback(case_id=case.pk, solved=True, rating=5), actor("minjing"), now)
    assert "您" in refused.value.text.zh
    assert "yourself" in refused.value.text.en
    assert not Feedback.objects.exists()


# Guard 7
def test_who_has_the_case_in_hand_does_not_take_down_what_is_said_of_it(raised, actor, cast, now) -> None:
    case = raised("fujing", "phone")
    Case.objects.filter(pk=case.pk).update(assignee=cast["fujing"])
    with pytest.raises(Forbidden):
        perform(GiveFeedback(case_id=case.pk, solved=True, rating=5), actor("fujing"), now)


# Guard 7
@pytest.mark.parametrize("username", ["jumin", "danwei"])
def test_a_resident_and_a_unit_say_of_their_own_how_it_went_and_it_counts(
    username, raised, actor, now
) -> None:
    case = raised(username, "web")
    assert not _praised(case, actor(username), now).recorded
    assert opinions_of([case.pk]) == {case.pk: True}


# Guard 7
@pytest.mark.parametrize(
    ("language", "mark"), [("zh-hans", "工作人员代为记录"), ("en", "Taken down by staff")]
)
def test_what_staff_took_down_is_marked_as_such_and_is_no_opinion_in_the_facts(
    language, mark, raised, actor, signed_in, now
) -> None:
    case = raised("fujing", "phone", "minjing")
    assert _praised(case, actor("fujing"), now).recorded
    assert opinions_of([case.pk]) == {}
    assert mark in signed_in("suozhang", language).get(f"/cases/{case.number}/").content.decode()
    from linli.web.foundation.casework.types.versions import spec_of

    (told,) = _history(Case.objects.get(pk=case.pk), spec_of(case))["feedback"]
    assert told["recorded"] is True


# Guard 7
def test_the_address_of_feedback_keeps_nothing_of_who_opened_it_on_the_own_page(
    signed_in, raised, now
) -> None:
    case = raised("minjing", "web", "minjing")
    answer = signed_in("minjing").post(
        f"/cases/{case.number}/feedback/", {"solved": "1", "rating": "5", "comment": "好"}
    )
    assert answer.status_code in (302, 403)
    assert not Feedback.objects.exists()


# Guard 7
def test_by_the_tracking_code_the_person_speaks_and_nobody_has_to_be_signed_in(raised, now) -> None:
    case = raised("minjing", "public", "minjing")
    assert not _praised(case, SYSTEM, now).recorded
    assert opinions_of([case.pk]) == {case.pk: True}
