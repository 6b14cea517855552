"""From the call to the result: units are sent, arrive and are free again, whichever way the incident goes."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.audit.chain import verify
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.deadlines import run_retention
from linli.web.foundation.casework.actions.merging import Merge
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.models import Case, Share
from linli.web.foundation.casework.subjects import may_case
from linli.web.ops.incidents.actions.dispatching import Accept, Arrive, Clear, DispatchUnits
from linli.web.ops.incidents.actions.units import EndShift
from linli.web.ops.incidents.models import Dispatch, Unit
from linli.web.ops.incidents.units import units_now

pytestmark = pytest.mark.django_db
Acts = Callable[[str], Actor]
Opens = Callable[..., Case]
Units = dict[str, Unit]


def status_of(unit: Unit, at: dt.datetime) -> str:
    return units_now([unit], SYSTEM, at)[0].status


def minute(now: dt.datetime, minutes: float) -> dt.datetime:
    return now + dt.timedelta(minutes=minutes)


def test_a_burglary_goes_from_the_call_to_the_answer(
    actor: Acts, open_incident: Opens, units: Units, now: dt.datetime
) -> None:
    case = open_incident(actor("jiejing"))
    perform(DispatchUnits(case_id=case.pk, units=(units["near"].pk,)), actor("jiejing"), minute(now, 1))
    case.refresh_from_db()
    sent = Dispatch.objects.get(case=case)
    assert (case.state, status_of(units["near"], now)) == ("dispatched", "assigned")
    assert (sent.rank, sent.reason) == (1, "")
    assert sent.minutes is not None

    perform(Accept(case_id=case.pk, dispatch_id=sent.pk), actor("minjing"), minute(now, 2))
    perform(Arrive(case_id=case.pk, dispatch_id=sent.pk), actor("minjing"), minute(now, 9))
    case.refresh_from_db()
    assert (case.state, status_of(units["near"], now)) == ("on_scene", "on_scene")

    done = {"attended": "已勘查现场"}
    perform(Move(case_id=case.pk, step="follow", data=done), actor("minjing"), minute(now, 60))
    assert status_of(units["near"], now) == "free"
    end = Move(case_id=case.pk, step="end", result="case_opened", answer="已立案，将继续侦办。")
    perform(end, actor("minjing"), minute(now, 90))
    case.refresh_from_db()
    sent.refresh_from_db()
    assert case.closed_at == minute(now, 90)
    assert (sent.accepted_at, sent.arrived_at, sent.cleared_at) == (
        minute(now, 2),
        minute(now, 9),
        minute(now, 60),
    )
    assert case.events.filter(kind="answer", public=True).exists()
    assert list(verify()) == []


def test_another_unit_than_the_first_needs_a_reason_which_is_kept(
    actor: Acts, open_incident: Opens, units: Units, now: dt.datetime
) -> None:
    case = open_incident()
    with pytest.raises(Invalid) as refused:
        perform(DispatchUnits(case_id=case.pk, units=(units["far"].pk,)), actor("jiejing"), now)
    assert "城关01" in refused.value.fields["reason"].zh
    given = DispatchUnits(case_id=case.pk, units=(units["far"].pk,), reason="城关01正在检修")
    perform(given, actor("jiejing"), now)
    assert Dispatch.objects.get(case=case).reason == "城关01正在检修"
    assert "城关01正在检修" in case.events.get(kind="moved").text
    assert Entry.objects.get(action="incident.dispatch").detail["with_reason"] is True


def test_a_unit_cannot_be_on_two_incidents(
    actor: Acts, open_incident: Opens, units: Units, now: dt.datetime
) -> None:
    first, second = open_incident(), open_incident(category="fight", title="打架")
    perform(DispatchUnits(case_id=first.pk, units=(units["near"].pk,)), actor("jiejing"), now)
    with pytest.raises(Conflict) as refused:
        perform(DispatchUnits(case_id=second.pk, units=(units["near"].pk,)), actor("jiejing"), now)
    assert first.number is not None
    assert first.number in refused.value.text.zh
    second.refresh_from_db()
    assert second.state == "received"


def test_the_database_itself_refuses_a_second_incident_for_a_unit(
    open_incident: Opens, units: Units, now: dt.datetime
) -> None:
    first, second = open_incident(), open_incident()
    Dispatch.objects.create(case=first, unit=units["near"], dispatched_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispatch.objects.create(case=second, unit=units["near"], dispatched_at=now)


def test_a_unit_off_duty_or_unknown_is_not_sent(
    actor: Acts, open_incident: Opens, units: Units, make_unit: Callable[..., Unit], now: dt.datetime
) -> None:
    case, resting = open_incident(), make_unit("城关09", on_duty=False)
    for wanted, refusal in (((resting.pk,), Conflict), ((999_999,), Invalid), ((), Invalid)):
        with pytest.raises(refusal):
            perform(DispatchUnits(case_id=case.pk, units=wanted, reason="试"), actor("jiejing"), now)


def test_more_units_are_sent_to_an_incident_that_has_one(
    actor: Acts, open_incident: Opens, units: Units, now: dt.datetime
) -> None:
    case = open_incident()
    both = (units["near"].pk, units["foot"].pk)
    perform(DispatchUnits(case_id=case.pk, units=both, reason="现场人多"), actor("jiejing"), now)
    more = DispatchUnits(case_id=case.pk, units=(units["far"].pk,))
    perform(more, actor("jiejing"), minute(now, 5))
    case.refresh_from_db()
    assert case.state == "dispatched"
    assert Dispatch.objects.filter(case=case).count() == 3
    assert "邻所01" in case.events.get(kind="note").text


def test_the_incident_is_on_scene_with_the_first_unit_and_the_others_are_still_on_their_way(
    actor: Acts, open_incident: Opens, units: Units, now: dt.datetime
) -> None:
    case = open_incident()
    both = (units["near"].pk, units["foot"].pk)
    perform(DispatchUnits(case_id=case.pk, units=both, reason="现场人多"), actor("jiejing"), now)
    first, second = Dispatch.objects.filter(case=case).order_by("unit__call_sign")
    perform(Arrive(case_id=case.pk, dispatch_id=first.pk), actor("minjing"), minute(now, 4))
    second.refresh_from_db()
    assert second.arrived_at is None
    perform(Arrive(case_id=case.pk, dispatch_id=second.pk), actor("minjing"), minute(now, 9))
    second.refresh_from_db()
    assert second.arrived_at == minute(now, 9)
    with pytest.raises(Conflict):
        perform(Arrive(case_id=case.pk, dispatch_id=second.pk), actor("minjing"), minute(now, 10))


def test_an_arrival_taken_as_the_incidents_own_step_brings_its_units(
    actor: Acts, open_incident: Opens, units: Units, now: dt.datetime
) -> None:
    case = open_incident()
    perform(DispatchUnits(case_id=case.pk, units=(units["near"].pk,)), actor("jiejing"), now)
    perform(Move(case_id=case.pk, step="arrive"), actor("minjing"), minute(now, 7))
    assert Dispatch.objects.get(case=case).arrived_at == minute(now, 7)


def test_calling_the_last_unit_back_puts_the_incident_among_the_waiting_ones(
    actor: Acts, open_incident: Opens, units: Units, now: dt.datetime
) -> None:
    case = open_incident()
    perform(DispatchUnits(case_id=case.pk, units=(units["near"].pk,)), actor("jiejing"), now)
    sent = Dispatch.objects.get(case=case)
    perform(Clear(case_id=case.pk, dispatch_id=sent.pk), actor("jiejing"), minute(now, 3))
    case.refresh_from_db()
    assert (case.state, status_of(units["near"], now)) == ("received", "free")
    perform(DispatchUnits(case_id=case.pk, units=(units["near"].pk,)), actor("jiejing"), minute(now, 4))
    assert Dispatch.objects.filter(case=case).count() == 2


def test_a_unit_that_leaves_the_scene_is_free_while_the_incident_goes_on(
    actor: Acts, open_incident: Opens, units: Units, now: dt.datetime
) -> None:
    case = open_incident()
    perform(DispatchUnits(case_id=case.pk, units=(units["near"].pk,)), actor("jiejing"), now)
    sent = Dispatch.objects.get(case=case)
    perform(Arrive(case_id=case.pk, dispatch_id=sent.pk), actor("minjing"), minute(now, 4))
    perform(Clear(case_id=case.pk, dispatch_id=sent.pk), actor("minjing"), minute(now, 20))
    case.refresh_from_db()
    assert (case.state, status_of(units["near"], now)) == ("on_scene", "free")


@pytest.mark.parametrize("way", ["cancel", "end", "merge"])
def test_units_are_free_again_however_an_incident_ends(
    actor: Acts, open_incident: Opens, units: Units, now: dt.datetime, way: str
) -> None:
    case, other = open_incident(), open_incident()
    perform(DispatchUnits(case_id=case.pk, units=(units["near"].pk,)), actor("jiejing"), now)
    if way == "cancel":
        perform(Move(case_id=case.pk, step="cancel", result="unfounded", note="误报"), actor("jiejing"), now)
    elif way == "merge":
        perform(Merge(case_id=case.pk, into_id=other.pk), actor("suozhang"), now)
    else:
        perform(Move(case_id=case.pk, step="arrive"), actor("minjing"), now)
        ended = Move(
            case_id=case.pk, step="end", result="settled", answer="已处置", data={"attended": "已调解"}
        )
        perform(ended, actor("minjing"), now)
    assert status_of(units["near"], now) == "free"
    assert Dispatch.objects.get(case=case).cleared_at == now
    perform(DispatchUnits(case_id=other.pk, units=(units["near"].pk,)), actor("jiejing"), minute(now, 1))


def test_an_incident_that_is_shredded_takes_its_dispatches_with_it(
    actor: Acts, open_incident: Opens, units: Units, now: dt.datetime
) -> None:
    case = open_incident()
    perform(DispatchUnits(case_id=case.pk, units=(units["near"].pk,)), actor("jiejing"), now)
    perform(Move(case_id=case.pk, step="cancel", result="unfounded", note="误报"), actor("jiejing"), now)
    run_retention(now + dt.timedelta(days=366))
    assert not Dispatch.objects.exists()
    assert Unit.objects.filter(pk=units["near"].pk).exists()


def test_no_unit_is_sent_to_an_incident_that_is_over(
    actor: Acts, open_incident: Opens, units: Units, now: dt.datetime
) -> None:
    case = open_incident()
    perform(Move(case_id=case.pk, step="cancel", result="unfounded", note="误报"), actor("jiejing"), now)
    with pytest.raises(Conflict):
        perform(DispatchUnits(case_id=case.pk, units=(units["near"].pk,)), actor("jiejing"), now)


def test_a_unit_of_the_next_station_may_see_what_it_is_sent_to(
    actor: Acts, open_incident: Opens, units: Units, stage: Stage, now: dt.datetime
) -> None:
    case = open_incident()
    assert not may_case(actor("linsuo"), "view", case, now)
    sent = DispatchUnits(case_id=case.pk, units=(units["far"].pk,), reason="辖区力量不足")
    perform(sent, actor("jiejing"), now)
    case.refresh_from_db()
    assert Share.objects.get(case=case).organisation == stage.other_post
    assert may_case(actor("linsuo"), "view", case, now)
    perform(Arrive(case_id=case.pk, dispatch_id=Dispatch.objects.get().pk), actor("linsuo"), minute(now, 8))
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("username", "refusal"),
    [("linsuo", Missing), ("linsuozhang", Missing), ("fujing", Missing), ("wangge", Missing),
     ("shenji", Missing), ("guihua", Forbidden)],
)  # fmt: skip
def test_those_without_the_right_send_nobody(
    actor: Acts, open_incident: Opens, units: Units, now: dt.datetime, username: str, refusal: type[Exception]
) -> None:
    case = open_incident()
    with pytest.raises(refusal):
        perform(DispatchUnits(case_id=case.pk, units=(units["near"].pk,)), actor(username), now)
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize("username", ["jiejing", "suozhang", "minjing"])
def test_dispatcher_chief_and_officer_send_units(
    actor: Acts, open_incident: Opens, units: Units, now: dt.datetime, username: str
) -> None:
    case = open_incident()
    perform(DispatchUnits(case_id=case.pk, units=(units["near"].pk,)), actor(username), now)
    case.refresh_from_db()
    assert case.state == "dispatched"


def test_an_officer_cannot_send_the_next_stations_units(
    actor: Acts, open_incident: Opens, units: Units, now: dt.datetime
) -> None:
    case = open_incident()
    with pytest.raises(Invalid):
        perform(DispatchUnits(case_id=case.pk, units=(units["far"].pk,), reason="近"), actor("minjing"), now)


def test_an_auxiliary_reports_for_a_call_taken_by_them(
    actor: Acts, open_incident: Opens, units: Units, now: dt.datetime
) -> None:
    case = open_incident(actor("fujing"))
    perform(DispatchUnits(case_id=case.pk, units=(units["near"].pk,)), actor("jiejing"), now)
    perform(Arrive(case_id=case.pk, dispatch_id=Dispatch.objects.get().pk), actor("fujing"), minute(now, 3))
    case.refresh_from_db()
    assert case.state == "on_scene"


def test_a_stale_form_sends_nobody(actor: Acts, open_incident: Opens, units: Units, now: dt.datetime) -> None:
    case = open_incident()
    seen = case.revision
    perform(DispatchUnits(case_id=case.pk, units=(units["near"].pk,), revision=seen), actor("jiejing"), now)
    with pytest.raises(Conflict):
        perform(
            DispatchUnits(case_id=case.pk, units=(units["foot"].pk,), revision=seen), actor("jiejing"), now
        )


def test_a_unit_on_an_incident_cannot_go_off_duty(
    actor: Acts, open_incident: Opens, units: Units, now: dt.datetime
) -> None:
    case = open_incident()
    perform(DispatchUnits(case_id=case.pk, units=(units["near"].pk,)), SYSTEM, now)
    with pytest.raises(Conflict):
        perform(EndShift(unit_id=units["near"].pk), actor("suozhang"), now)


def test_a_request_is_no_incident(actor: Acts, open_incident: Opens, units: Units, now: dt.datetime) -> None:
    case = open_incident(kind="request", category="road")
    with pytest.raises(Conflict):
        perform(DispatchUnits(case_id=case.pk, units=(units["near"].pk,)), actor("suozhang"), now)
