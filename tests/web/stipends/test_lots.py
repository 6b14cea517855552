"""Lots: who may do what, what is refused and with which words, and that nothing is paid twice."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.audit.models import Entry
from linli.web.ops.stipends.actions.deciding import ApproveLot, PayLot, RefuseLot
from linli.web.ops.stipends.actions.proposing import ProposeReversal
from linli.web.ops.stipends.candidates import candidates, left
from linli.web.ops.stipends.models import Payment
from web.stipends.conftest import EACH


def _refusal(kind, action, who, now):
    with pytest.raises(kind) as refusal:
        perform(action, who, now)
    return refusal.value


@pytest.fixture
def paid(proposed, settled, actor, now):
    """A lot of two disputes that was paid."""
    lot = proposed(settled(1), settled(2))
    perform(ApproveLot(lot_id=lot.pk), actor("suozhang"), now)
    return perform(PayLot(lot_id=lot.pk, voucher="C-17"), actor("guihua"), now)


def test_a_lot_is_proposed_approved_and_paid_by_three_people(paid, cast, line) -> None:
    assert (paid.status, paid.voucher, paid.total_cents, paid.count) == ("paid", "C-17", 2 * EACH, 2)
    hands = (paid.proposed_by, paid.decided_by, paid.paid_by)
    assert hands == (cast["minjing"], cast["suozhang"], cast["guihua"])
    assert [one.payee for one in paid.payments.all()] == [cast["tiaojie"].display_name] * 2
    assert left(line) == 50_000 - 2 * EACH
    names = list(Entry.objects.filter(subject_kind="lot").order_by("pk").values_list("action", flat=True))
    assert names == ["stipend.propose", "stipend.approve", "stipend.pay"]


def test_a_second_lot_for_the_same_record_is_refused_and_names_the_first(
    proposed, proposing, settled, actor, now
) -> None:
    case = settled(1)
    lot = proposed(case)
    refusal = _refusal(Conflict, proposing(settled(2), case), actor("suozhang"), now)
    assert (
        refusal.text.zh == f"MJ-0001 已在批次 {lot.number} 中计发（2026-03-10 提出，已提出），不能重复计发。"
    )
    assert f"MJ-0001 is in lot {lot.number} already" in refusal.text.en
    assert Payment.objects.count() == 1


def test_the_database_itself_holds_one_standing_payment_a_record(proposed, settled) -> None:
    lot = proposed(settled(1))
    first = lot.payments.get()
    first.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


def test_whoever_was_faster_is_named_when_two_propose_at_once(
    proposing, settled, actor, now, monkeypatch, proposed
) -> None:
    case = settled(1)
    second = proposing(case)
    found = candidates(second._line(), second.station, second.beat, second.starts, second.ends)
    lot = proposed(case)
    # The second looked before the first had written.
    monkeypatch.setattr(type(second), "_chosen", lambda self, line: found)
    refusal = _refusal(Conflict, second, actor("suozhang"), now)
    assert lot.number in refusal.text.zh


def test_a_refused_lot_gives_its_records_and_money_back(proposed, settled, actor, now, line) -> None:
    case = settled(1)
    lot = proposed(case)
    assert left(line) == 50_000 - EACH
    assert (
        "不超过"
        in _refusal(Invalid, RefuseLot(lot_id=lot.pk, note=" "), actor("suozhang"), now).fields["note"].zh
    )
    perform(RefuseLot(lot_id=lot.pk, note="缺卷宗"), actor("suozhang"), now)
    assert left(line) == 50_000
    assert proposed(case).count == 1


def test_who_proposes_does_not_approve_and_neither_of_them_pays(
    proposing, settled, actor, now, cast, proposed
) -> None:
    lot = perform(proposing(settled(1)), actor("suozhang"), now)
    approve = ApproveLot(lot_id=lot.pk)
    assert "三个人" in _refusal(Forbidden, approve, actor("suozhang"), now).text.zh
    perform(approve, actor("guihua"), now)
    pay = PayLot(lot_id=lot.pk, voucher="C-1")
    assert "三个人" in _refusal(Forbidden, pay, actor("guihua"), now).text.zh
    assert "Three different people" in _refusal(Forbidden, pay, actor("guihua"), now).text.en


@pytest.mark.parametrize(
    ("username", "propose", "approve", "pay"),
    [
        ("minjing", True, False, False),
        ("suozhang", True, True, False),
        ("guihua", False, True, True),
        ("linsuo", False, None, None),
        ("linsuozhang", False, None, None),
        ("tiaojie", False, None, None),
        ("fujing", False, None, None),
        ("guanli", False, None, None),
        ("shenji", False, False, False),
    ],
)
def test_each_role_does_its_own_part_in_its_own_area(
    username, propose, approve, pay, proposing, settled, actor, now, cast
) -> None:
    who = actor(username)
    if propose:
        perform(proposing(settled(1)), who, now)
    else:
        _refusal(Forbidden, proposing(settled(1)), who, now)
    other = "suozhang" if username == "minjing" else "minjing"
    lot = perform(proposing(settled(2)), actor(other), now)
    for step, may in ((ApproveLot(lot_id=lot.pk), approve), (PayLot(lot_id=lot.pk, voucher="C"), pay)):
        if may is True:
            perform(step, who, now) if step.name == "stipend.approve" else None
        else:
            _refusal(Missing if may is None else Forbidden, step, who, now)


def test_nobody_has_a_hand_in_money_for_themselves(proposing, settled, actor, now, stage, cast) -> None:
    from linli.web.foundation.accounts.models import Grant

    since = dt.date(2026, 1, 1)
    for username in ("minjing", "suozhang"):
        Grant.objects.create(user=cast[username], role="mediator", organisation=stage.station, starts=since)
    own = settled(1, username="minjing")
    assert "您本人" in _refusal(Forbidden, proposing(own), actor("minjing"), now).text.zh
    lot = perform(proposing(settled(2, username="suozhang")), actor("minjing"), now)
    assert "您本人" in _refusal(Forbidden, ApproveLot(lot_id=lot.pk), actor("suozhang"), now).text.zh


def test_only_closed_settled_disputes_of_mediators_in_the_area_can_be_paid(
    line, settled, stage, proposing, actor, now
) -> None:
    good = settled(1)
    settled(2, state="failed", result="no_agreement")
    settled(3, closed_at=None, result="", state="agreed")
    settled(4, place=stage.other_place)
    settled(5, username="minjing")
    settled(6, merged_into=good)
    nobody = settled(7, username=None)
    settled(8, days=60)
    found = candidates(line, stage.place.station_code, "", dt.date(2026, 2, 1), dt.date(2026, 3, 10))
    assert [(one.payable.record, one.problem is None) for one in found] == [
        ("case:MJ-0001", True),
        ("case:MJ-0007", False),
    ]
    assert "承办人" in _refusal(Conflict, proposing(nobody), actor("minjing"), now).text.zh
    refusal = _refusal(Conflict, proposing("case:MJ-0002"), actor("minjing"), now)
    assert refusal.text.zh == "MJ-0002不能计发：不在所选时段的可计发记录中。"


def test_a_case_that_was_reopened_since_stops_the_lot(proposed, settled, actor, now) -> None:
    case = settled(1)
    lot = proposed(case, settled(2))
    type(case).objects.filter(pk=case.pk).update(closed_at=None, result="", state="mediating")
    refusal = _refusal(Conflict, ApproveLot(lot_id=lot.pk), actor("suozhang"), now)
    assert "MJ-0001" in refusal.text.zh
    assert "no longer closed" in refusal.text.en


def test_a_line_is_never_overdrawn(proposing, settled, actor, now) -> None:
    cases = [settled(number) for number in range(1, 9)]
    refusal = _refusal(Invalid, proposing(*cases), actor("minjing"), now)
    assert (
        refusal.fields["records"].zh == "合计 ¥513.28，超过本项预算余额 ¥500.00。请减少记录，或先调整预算。"
    )
    perform(proposing(*cases[:7]), actor("minjing"), now)
    _refusal(Invalid, proposing(cases[7]), actor("minjing"), now)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"starts": None}, "starts"),
        ({"ends": None}, "ends"),
        ({"ends": dt.date(2026, 3, 11)}, "ends"),
        ({"starts": dt.date(2026, 3, 11)}, "ends"),
        ({"starts": dt.date(2024, 1, 1)}, "ends"),
        ({"records": ()}, "records"),
    ],
)
def test_a_proposal_that_cannot_be_says_where(more, field, proposing, settled, actor, now) -> None:
    assert set(_refusal(Invalid, proposing(settled(1), **more), actor("minjing"), now).fields) == {field}


def test_money_is_taken_back_by_a_lot_of_its_own_and_the_record_can_be_paid_again(
    paid, actor, now, line, proposed, proposing
) -> None:
    first = paid.payments.get(record="case:MJ-0001")
    back = ProposeReversal(lot_id=paid.pk, payments=(first.pk,), reason="重复登记的纠纷")
    lot = perform(back, actor("minjing"), now)
    assert (lot.kind, lot.total_cents) == ("reversal", -EACH)
    assert lot.number in _refusal(Conflict, back, actor("suozhang"), now).text.zh
    # Until the money is back the record is paid, and the line has no more than before.
    assert left(line) == 50_000 - 2 * EACH
    _refusal(Conflict, proposing("case:MJ-0001"), actor("minjing"), now)
    perform(ApproveLot(lot_id=lot.pk), actor("suozhang"), now)
    perform(PayLot(lot_id=lot.pk, voucher="C-18"), actor("guihua"), now)
    assert left(line) == 50_000 - EACH
    assert Payment.objects.filter(record="case:MJ-0001").count() == 2
    again = ProposeReversal(lot_id=paid.pk, payments=(first.pk,), reason="x")
    assert lot.number in _refusal(Conflict, again, actor("minjing"), now).text.zh
    assert proposed("case:MJ-0001").total_cents == EACH


def test_a_refused_reversal_leaves_the_payment_standing(paid, actor, now) -> None:
    first = paid.payments.first()
    back = ProposeReversal(lot_id=paid.pk, payments=(first.pk,), reason="重复登记的纠纷")
    lot = perform(back, actor("minjing"), now)
    perform(RefuseLot(lot_id=lot.pk, note="没有重复"), actor("suozhang"), now)
    first.refresh_from_db()
    assert first.live
    assert perform(back, actor("minjing"), now).count == 1


def test_what_cannot_be_taken_back_is_refused(paid, proposed, settled, actor, now) -> None:
    waiting = proposed(settled(3))
    other = waiting.payments.get()
    back = ProposeReversal(lot_id=waiting.pk, payments=(other.pk,), reason="x")
    assert "已付款" in _refusal(Conflict, back, actor("minjing"), now).text.zh
    strange = ProposeReversal(lot_id=paid.pk, payments=(other.pk,), reason="x")
    assert "不在这个批次" in _refusal(Conflict, strange, actor("minjing"), now).text.zh
    empty = ProposeReversal(lot_id=paid.pk, payments=(), reason=" ")
    assert set(_refusal(Invalid, empty, actor("minjing"), now).fields) == {"payments", "reason"}
    _refusal(Forbidden, ProposeReversal(lot_id=paid.pk, payments=(1,), reason="x"), actor("guihua"), now)
    _refusal(Missing, ProposeReversal(lot_id=paid.pk, payments=(1,), reason="x"), actor("linsuo"), now)
    _refusal(Missing, ProposeReversal(lot_id=999, payments=(1,), reason="x"), actor("minjing"), now)


def test_a_lot_goes_forward_once(paid, actor, now) -> None:
    refusal = _refusal(Conflict, ApproveLot(lot_id=paid.pk), actor("suozhang"), now)
    assert refusal.text.zh == f"批次 {paid.number} 现在是“已付款”，不能这样办理。"
    _refusal(Conflict, RefuseLot(lot_id=paid.pk, note="晚了"), actor("suozhang"), now)
    _refusal(Missing, ApproveLot(lot_id=999), actor("suozhang"), now)


def test_a_payment_needs_the_finance_offices_number(proposed, settled, actor, now) -> None:
    lot = proposed(settled(1))
    perform(ApproveLot(lot_id=lot.pk), actor("suozhang"), now)
    _refusal(Invalid, PayLot(lot_id=lot.pk, voucher=" "), actor("guihua"), now)
