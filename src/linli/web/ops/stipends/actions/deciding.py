"""A lot is approved or refused by a second person, and paid by a third."""

from dataclasses import dataclass
from typing import ClassVar

from linli.kernel.texts import Text
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Hidden, Invalid, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.ops.stipends.actions.proposing import lot_record
from linli.web.ops.stipends.candidates import no_longer
from linli.web.ops.stipends.models import Lot, Payment
from linli.web.ops.stipends.reach import may_lot
from linli.web.ops.stipends.wording import record_name, say

__all__ = ["ApproveLot", "PayLot", "RefuseLot"]


@dataclass(frozen=True, kw_only=True)
class _OfLot(Action[Lot]):
    lot_id: int
    verb: ClassVar[str]
    before: ClassVar[tuple[str, ...]]
    """The states in which it can be done."""

    def check(self, context: Context) -> None:
        """The lot is there, waits for this, and the actor had no hand in it and nothing to gain."""
        lot = self.lot()
        if not may_lot(context.actor, "view", lot):
            raise Hidden(say("missing"))
        if not may_lot(context.actor, self.verb, lot):
            raise Forbidden(say(f"{self.verb}.forbidden"))
        if lot.status not in self.before:
            raise Conflict(say("lot.state", number=lot.number, status=say(f"status.{lot.status}")))
        self.check_lot(lot, context)

    def check_lot(self, lot: Lot, context: Context) -> None:
        """More reasons to refuse."""

    def lot(self) -> Lot:
        """The lot, locked until the transaction ends."""
        found = Lot.objects.select_for_update(of=("self",)).select_related("line", "proposed_by")
        lot = found.filter(pk=self.lot_id).first()
        if lot is None:
            raise Missing(say("missing"))
        return lot

    def record(self, result: Lot) -> Record:
        """Which lot, how much."""
        return lot_record(self.name, result)


def _must_be_another(lot: Lot, context: Context, *, before: tuple[int | None, ...]) -> None:
    """Refuse whoever acted on the lot before, and whoever is paid by it."""
    user = context.actor.user_id
    if user in before:
        raise Forbidden(say("lot.same_person"))
    if user is not None and lot.payments.filter(user_id=user).exists():
        raise Forbidden(say("lot.own"))


def _must_still_stand(lot: Lot) -> None:
    """Refuse a lot of which a record was reopened or withdrawn since; money taken back needs no record."""
    gone = [] if lot.kind == Lot.Kind.REVERSAL else no_longer(lot)
    if gone:
        raise Conflict(say("lot.gone", count=len(gone), record=record_name(gone[0])))


@dataclass(frozen=True, kw_only=True)
class ApproveLot(_OfLot):
    """Approve a proposed lot."""

    name: ClassVar[str] = "stipend.approve"
    verb: ClassVar[str] = "approve"
    before: ClassVar[tuple[str, ...]] = (Lot.Status.PROPOSED,)
    note: str = ""

    def check_lot(self, lot: Lot, context: Context) -> None:
        """By another than who proposed it; every record still closed."""
        _must_be_another(lot, context, before=(lot.proposed_by_id,))
        _must_still_stand(lot)

    def change(self, context: Context) -> Lot:
        """Keep who approved it."""
        return _decided(self.lot(), Lot.Status.APPROVED, context, self.note)


def _decided(lot: Lot, status: str, context: Context, note: str) -> Lot:
    lot.status, lot.decision_note = status, note.strip()[:300]
    lot.decided_by_id, lot.decided_at = context.actor.account, context.at
    lot.save(update_fields=["status", "decision_note", "decided_by", "decided_at"])
    return lot


@dataclass(frozen=True, kw_only=True)
class RefuseLot(_OfLot):
    """Refuse a lot that is not paid yet, with a reason; its records can be proposed again."""

    name: ClassVar[str] = "stipend.refuse"
    verb: ClassVar[str] = "approve"
    before: ClassVar[tuple[str, ...]] = (Lot.Status.PROPOSED, Lot.Status.APPROVED)
    note: str

    def check_lot(self, lot: Lot, context: Context) -> None:
        """A reason. Who proposed a lot may refuse it too: they take it back."""
        wrong: dict[str, Text] = {}
        if not self.note.strip() or len(self.note) > 300:
            wrong["note"] = say("text", most=300)
            raise Invalid(say("refused", count=1), wrong)

    def change(self, context: Context) -> Lot:
        """Keep the reason; its payments stand no longer."""
        lot = _decided(self.lot(), Lot.Status.REFUSED, context, self.note)
        lot.payments.update(live=False)
        return lot


@dataclass(frozen=True, kw_only=True)
class PayLot(_OfLot):
    """Say that the finance office has paid an approved lot, or taken the money back."""

    name: ClassVar[str] = "stipend.pay"
    verb: ClassVar[str] = "pay"
    before: ClassVar[tuple[str, ...]] = (Lot.Status.APPROVED,)
    voucher: str

    def check_lot(self, lot: Lot, context: Context) -> None:
        """By a third person, with the finance office's number; every record still closed."""
        _must_be_another(lot, context, before=(lot.proposed_by_id, lot.decided_by_id))
        if not self.voucher.strip() or len(self.voucher) > 60:
            raise Invalid(say("refused", count=1), {"voucher": say("text", most=60)})
        _must_still_stand(lot)

    def change(self, context: Context) -> Lot:
        """Keep the number; what was taken back stands no longer."""
        lot = self.lot()
        lot.status, lot.voucher = Lot.Status.PAID, self.voucher.strip()
        lot.paid_by_id, lot.paid_at = context.actor.account, context.at
        lot.save(update_fields=["status", "voucher", "paid_by", "paid_at"])
        if lot.kind == Lot.Kind.REVERSAL:
            first = lot.payments.values("reverses_id")
            Payment.objects.filter(pk__in=first).update(live=False)
        return lot
