"""A lot that is a cent too much, and a record that was reopened when its lot was approved already."""

import datetime as dt
from collections.abc import Callable

import pytest

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Invalid
from linli.web.foundation.casework.models import Case
from linli.web.ops.stipends.actions.budgets import ChangeLine
from linli.web.ops.stipends.actions.deciding import ApproveLot, PayLot
from linli.web.ops.stipends.actions.proposing import ProposeLot
from linli.web.ops.stipends.models import Line, Lot
from web.stipends.conftest import EACH

Actors = Callable[[str], Actor]


# Guard E
def test_a_lot_one_cent_over_its_line_is_refused(
    line: Line,
    settled: Callable[..., Case],
    proposing: Callable[..., ProposeLot],
    actor: Actors,
    now: dt.datetime,
) -> None:
    two = settled(1), settled(2)
    perform(ChangeLine(line_id=line.pk, cap_cents=2 * EACH - 1), actor("guihua"), now)
    with pytest.raises(Invalid) as refused:
        perform(proposing(*two), actor("minjing"), now)
    assert "¥128.31" in refused.value.fields["records"].zh
    assert not Lot.objects.exists()
    perform(ChangeLine(line_id=line.pk, cap_cents=2 * EACH), actor("guihua"), now)
    assert perform(proposing(*two), actor("minjing"), now).total_cents == 2 * EACH


# Guard E
def test_a_record_reopened_between_approval_and_payment_is_not_paid(
    settled: Callable[..., Case], proposed: Callable[..., Lot], actor: Actors, now: dt.datetime
) -> None:
    case = settled(1)
    lot = proposed(case, settled(2))
    perform(ApproveLot(lot_id=lot.pk), actor("suozhang"), now)
    Case.objects.filter(pk=case.pk).update(closed_at=None, result="", state="mediating")
    with pytest.raises(Conflict) as refused:
        perform(PayLot(lot_id=lot.pk, voucher="C-1"), actor("guihua"), now)
    assert case.number in refused.value.text.zh
    lot.refresh_from_db()
    assert (lot.status, lot.paid_at) == (Lot.Status.APPROVED, None)
    # Settled again, it is paid.
    Case.objects.filter(pk=case.pk).update(closed_at=case.closed_at, result="fulfilled", state="fulfilled")
    assert perform(PayLot(lot_id=lot.pk, voucher="C-1"), actor("guihua"), now).status == Lot.Status.PAID
