"""A lot is proposed: records of some days at what each is worth, or payments to be taken back."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.db import IntegrityError, transaction

from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import local_day, may
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.numbers import numbered
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Hidden, Invalid, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.ops.stipends.candidates import Candidate, candidates, left, taken, twice
from linli.web.ops.stipends.models import Line, Lot, Payment
from linli.web.ops.stipends.reach import may_lot, subject_of
from linli.web.ops.stipends.wording import checked, record_name, say, yuan

__all__ = ["ProposeLot", "ProposeReversal", "lot_record"]

LONGEST: Final = dt.timedelta(days=366)
MOST: Final = 2000


def lot_record(action: str, lot: Lot) -> Record:
    """What the audit log says of a lot: its number, how many payments, how much; no names."""
    detail = {"number": lot.number, "rule": lot.line.rule, "count": lot.count, "cents": lot.total_cents}
    return Record(
        action=action, subject_kind="lot", subject_id=str(lot.pk), station=lot.station_code, detail=detail
    )


def _numbered(context: Context, **columns: Any) -> Lot:
    columns |= {"proposed_by_id": context.actor.account, "proposed_at": context.at}
    stem = f"BZ{local_day(context.at):%Y}-"
    return numbered(Lot, stem, lambda number: Lot.objects.create(number=number, **columns))


@dataclass(frozen=True, kw_only=True)
class ProposeLot(Action[Lot]):
    """Propose to pay some records of a station's area, or of one beat."""

    name: ClassVar[str] = "stipend.propose"
    line_id: int
    station: str
    beat: str
    starts: dt.date | None
    ends: dt.date | None
    records: tuple[str, ...]

    def check(self, context: Context) -> None:
        """Days that are over, records that can be paid, none of them twice, within what is left."""
        if not may(context.actor, "open", subject_of(self.station, self.beat)):
            raise Forbidden(say("lot.forbidden"))
        line = self._line()
        self._check_days(context)
        chosen = self._chosen(line)
        if any(one.payable.user_id == context.actor.user_id for one in chosen):
            raise Forbidden(say("lot.own"))
        total, free = sum(one.cents for one in chosen), left(line)
        if total > free:
            raise Invalid(
                say("refused", count=1), {"records": say("lot.over", total=yuan(total), left=yuan(free))}
            )

    def _line(self) -> Line:
        found = Line.objects.select_for_update(of=("self",)).select_related("budget")
        line = found.filter(pk=self.line_id).first()
        if line is None:
            raise Missing(say("line.missing"))
        return line

    def _check_days(self, context: Context) -> None:
        wrong: dict[str, Text] = {}
        if self.starts is None:
            wrong["starts"] = say("no_day")
        if self.ends is None:
            wrong["ends"] = say("no_day")
        elif self.ends > local_day(context.at):
            wrong["ends"] = say("in_future")
        elif self.starts is not None and not dt.timedelta(0) <= self.ends - self.starts <= LONGEST:
            wrong["ends"] = say("days", most=LONGEST.days)
        if not self.records or len(self.records) > MOST:
            wrong["records"] = say("no_records", most=MOST)
        if wrong:
            raise Invalid(say("refused", count=len(wrong)), wrong)

    def _chosen(self, line: Line) -> list[Candidate]:
        """The records that were chosen, each as it stands now.

        Raises
        ------
        Conflict
            One is paid already, or cannot be paid any more.
        """
        assert self.starts is not None and self.ends is not None  # noqa: S101, PT018 - checked
        before = taken(line.rule, self.records)
        if before:
            raise Conflict(twice(before[min(before)]))
        area = (self.station, self.beat)
        found = {one.payable.record: one for one in candidates(line, *area, self.starts, self.ends)}
        chosen = []
        for record in dict.fromkeys(self.records):
            one = found.get(record)
            if one is None or one.problem is not None:
                reason = say("problem.gone") if one is None else one.problem
                raise Conflict(say("lot.problem", record=record_name(record), problem=reason))
            chosen.append(one)
        return chosen

    def change(self, context: Context) -> Lot:
        """Keep the lot; should somebody have been faster, say which lot it is in."""
        line = self._line()
        chosen = self._chosen(line)
        lot = _numbered(
            context,
            line=line,
            station_code=self.station,
            beat_code=self.beat,
            starts=checked(self.starts),
            ends=checked(self.ends),
            total_cents=sum(one.cents for one in chosen),
            count=len(chosen),
        )
        try:
            with transaction.atomic():
                Payment.objects.bulk_create([_payment(lot, line.rule, one) for one in chosen])
        except IntegrityError:
            before = taken(line.rule, self.records)
            raise Conflict(twice(before[min(before)]) if before else say("lot.raced")) from None
        return lot

    def record(self, result: Lot) -> Record:
        """Which lot, how much."""
        return lot_record(self.name, result)


def _payment(lot: Lot, rule: str, one: Candidate) -> Payment:
    return Payment(
        lot=lot,
        rule=rule,
        record=one.payable.record,
        on=one.payable.on,
        station_code=one.payable.station,
        beat_code=one.payable.beat,
        user_id=one.payable.user_id,
        organisation_id=None if one.payable.user_id is not None else one.payable.organisation_id,
        payee=one.payee,
        amount_cents=one.cents,
    )


@dataclass(frozen=True, kw_only=True)
class ProposeReversal(Action[Lot]):
    """Propose to take payments of a paid lot back: the same amounts below nought, in a lot of their own."""

    name: ClassVar[str] = "stipend.reverse"
    lot_id: int
    payments: tuple[int, ...]
    reason: str

    def check(self, context: Context) -> None:
        """Payments of a paid lot that still stand, and a reason."""
        lot = self._lot()
        if not may_lot(context.actor, "view", lot):
            raise Hidden(say("missing"))
        if not may_lot(context.actor, "open", lot):
            raise Forbidden(say("lot.forbidden"))
        if lot.kind != Lot.Kind.PAYMENT or lot.status != Lot.Status.PAID:
            raise Conflict(say("reversal.not_paid"))
        wrong: dict[str, Text] = {}
        if not self.reason.strip() or len(self.reason) > 300:
            wrong["reason"] = say("text", most=300)
        if not self.payments:
            wrong["payments"] = say("no_records", most=MOST)
        if wrong:
            raise Invalid(say("refused", count=len(wrong)), wrong)
        self._check_standing(lot)

    def _lot(self) -> Lot:
        found = Lot.objects.select_for_update(of=("self",)).select_related("line")
        lot = found.filter(pk=self.lot_id).first()
        if lot is None:
            raise Missing(say("missing"))
        return lot

    def _check_standing(self, lot: Lot) -> None:
        standing = {one.pk for one in lot.payments.filter(live=True)}
        under_way = Payment.objects.filter(reverses__in=self.payments, live=True).select_related("lot")
        for one in under_way:
            raise Conflict(say("reversal.twice", record=record_name(one.record), lot=one.lot.number))
        if not standing.issuperset(self.payments):
            raise Conflict(say("reversal.not_standing"))

    def change(self, context: Context) -> Lot:
        """Keep the new lot; the first payments stay as they are until money has come back."""
        first = self._lot()
        rows = list(first.payments.filter(pk__in=self.payments))
        lot = _numbered(
            context,
            kind=Lot.Kind.REVERSAL,
            line=first.line,
            station_code=first.station_code,
            beat_code=first.beat_code,
            starts=first.starts,
            ends=first.ends,
            total_cents=-sum(one.amount_cents for one in rows),
            count=len(rows),
            reason=self.reason.strip(),
        )
        Payment.objects.bulk_create([_back(lot, one) for one in rows])
        return lot

    def record(self, result: Lot) -> Record:
        """Which lot, how much."""
        return lot_record(self.name, result)


def _back(lot: Lot, one: Payment) -> Payment:
    return Payment(
        lot=lot,
        rule=one.rule,
        record=one.record,
        on=one.on,
        station_code=one.station_code,
        beat_code=one.beat_code,
        user_id=one.user_id,
        organisation_id=one.organisation_id,
        payee=one.payee,
        amount_cents=-one.amount_cents,
        reverses=one,
    )
