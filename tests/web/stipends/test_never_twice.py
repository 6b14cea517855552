"""Whatever people do, in whatever order: nothing is paid twice, no cap is broken, no hand does two parts."""

import contextlib
import datetime as dt

from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Refusal
from linli.web.ops.stipends.actions.budgets import ChangeLine
from linli.web.ops.stipends.actions.deciding import ApproveLot, PayLot, RefuseLot
from linli.web.ops.stipends.actions.proposing import ProposeReversal
from linli.web.ops.stipends.candidates import left
from linli.web.ops.stipends.models import Lot, Payment
from web.stipends.conftest import EACH

CASES = 4
people = st.sampled_from(["minjing", "suozhang", "guihua"])
lots = st.integers(0, 5)
steps = st.one_of(
    st.tuples(st.just("propose"), people, st.sets(st.integers(1, CASES), min_size=1)),
    st.tuples(st.sampled_from(["approve", "refuse", "pay"]), people, lots),
    st.tuples(st.just("reverse"), people, lots),
    st.tuples(st.just("reopen"), people, st.integers(1, CASES)),
    st.tuples(st.just("cap"), people, st.integers(0, 4)),
)
usual = [
    ("propose", "minjing", {1, 2}),
    ("approve", "suozhang", 0),
    ("pay", "guihua", 0),
    ("reverse", "minjing", 0),
    ("approve", "suozhang", 1),
    ("pay", "guihua", 1),
]
"""A whole round, so that sequences often get as far as money that came back."""
sequences = st.one_of(
    st.lists(steps, max_size=25), st.lists(steps, max_size=18).map(lambda more: [*usual, *more])
)


def _action(step, what, proposing, line, cases):
    match step:
        case "propose":
            return proposing(*(cases[number] for number in sorted(what)))
        case "cap":
            return ChangeLine(line_id=line.pk, cap_cents=what * EACH)
    known = list(Lot.objects.order_by("pk").values_list("pk", flat=True))
    if not known:
        return None
    lot = known[what % len(known)]
    payments = tuple(Payment.objects.filter(lot_id=lot).values_list("pk", flat=True))
    return {
        "approve": ApproveLot(lot_id=lot),
        "refuse": RefuseLot(lot_id=lot, note="退回"),
        "pay": PayLot(lot_id=lot, voucher="C"),
        "reverse": ProposeReversal(lot_id=lot, payments=payments, reason="冲销"),
    }[step]


def _must_hold(line) -> None:
    for record in set(Payment.objects.values_list("record", flat=True)):
        rows = Payment.objects.filter(record=record)
        out = rows.filter(lot__status="paid").aggregate(n=Sum("amount_cents"))["n"] or 0
        assert out in (0, EACH), f"{record}: {out} cents are out"
        assert rows.filter(live=True, reverses=None).count() <= 1
    line.refresh_from_db()
    assert left(line) >= 0
    for lot in Lot.objects.all():
        assert lot.total_cents == sum(one.amount_cents for one in lot.payments.all())
        if lot.status in ("approved", "paid"):
            assert lot.proposed_by_id != lot.decided_by_id
        if lot.status == "paid":
            assert len({lot.proposed_by_id, lot.decided_by_id, lot.paid_by_id}) == 3


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(taken=sequences)
def test_no_order_of_actions_pays_anything_twice(line, settled, proposing, actor, now, taken) -> None:
    with transaction.atomic():
        cases = {number: settled(number) for number in range(1, CASES + 1)}
        who = {name: actor(name) for name in ("minjing", "suozhang", "guihua")}
        for moment, (step, name, what) in enumerate(taken):
            if step == "reopen":
                # The dispute flares up again, or is settled again.
                case = cases[what]
                case.closed_at = None if case.closed_at else now - dt.timedelta(days=1)
                case.save()
                continue
            action = _action(step, what, proposing, line, cases)
            if action is None:
                continue
            with contextlib.suppress(Refusal):
                perform(action, who[name], now + dt.timedelta(seconds=moment))
            _must_hold(line)
        transaction.set_rollback(True)
