"""What could be paid from a line in some days: each record with its amount, or with what stands against."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Sum

from linli.assessment.stipends.model import Amounts, StipendRule
from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.models import Organisation, User
from linli.web.foundation.payables import Payable, payables
from linli.web.ops.stipends.models import Line, Lot, Payment
from linli.web.ops.stipends.packs import stipends_of
from linli.web.ops.stipends.wording import record_name, say

__all__ = ["Candidate", "candidates", "left", "no_longer", "taken", "twice"]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A record that could be paid. ``problem`` says why not; ``taken`` is the payment made for it."""

    payable: Payable
    payee: str
    cents: int
    problem: Text | None = None
    taken: Payment | None = None


def candidates(line: Line, station: str, beat: str, start: dt.date, end: dt.date) -> list[Candidate]:
    """Every record of the line's rule in an area, by the day it was closed or confirmed."""
    stipends = stipends_of(line.pack)
    rule = None if stipends is None else stipends.rule(line.rule)
    if stipends is None or rule is None:
        return []
    found = [
        one for one in payables(rule.source, start, end) if one.station == station and beat in ("", one.beat)
    ]
    if rule.decides is not None:
        found = [one for one in found if one.decides == rule.decides]
    if rule.roles:
        found = [one for one in found if one.user_id is None or one.roles & set(rule.roles)]
    names, before = _names(found), taken(rule.id, [one.record for one in found])
    return [
        _candidate(line, one, stipends.amounts(rule, one.on), names, before)
        for one in sorted(found, key=lambda one: (one.on, one.record))
    ]


def _candidate(
    line: Line,
    one: Payable,
    amounts: Amounts,
    names: Mapping[tuple[str, int], str],
    before: Mapping[str, Payment],
) -> Candidate:
    key = ("user", one.user_id) if one.user_id is not None else ("organisation", one.organisation_id or 0)
    payee, cents = names.get(key, ""), _cents(line, one, amounts)
    paid = before.get(one.record)
    problem = None
    if paid is not None:
        problem = twice(paid)
    elif one.on.year != line.budget.year:
        problem = say("problem.year", year=line.budget.year)
    elif not payee:
        problem = say("problem.payee")
    elif cents is None:
        problem = say("problem.amount")
    return Candidate(payable=one, payee=payee, cents=cents or 0, problem=problem, taken=paid)


def _cents(line: Line, one: Payable, amounts: Amounts) -> int | None:
    """What a record is worth: as decided, if the clause knows the amount; as written; or as set locally."""
    if line.amount_cents is not None:
        low = amounts.least is not None and line.amount_cents < amounts.least
        return None if low else line.amount_cents
    if one.cents is not None:
        return one.cents if one.cents in amounts.cents else None
    return amounts.cents[0] if len(amounts.cents) == 1 else None


def _names(found: Iterable[Payable]) -> Mapping[tuple[str, int], str]:
    users = {one.user_id for one in found if one.user_id is not None}
    offices = {one.organisation_id for one in found if one.organisation_id is not None}
    return {
        **{("user", one.pk): one.display_name for one in User.objects.filter(pk__in=users)},
        **{("organisation", one.pk): one.name for one in Organisation.objects.filter(pk__in=offices)},
    }


def taken(rule: str, records: Iterable[str]) -> Mapping[str, Payment]:
    """The standing payment of each record that has one."""
    found = Payment.objects.filter(rule=rule, record__in=list(records), live=True, reverses=None)
    return {one.record: one for one in found.select_related("lot")}


def twice(payment: Payment) -> Text:
    """Why a record is not paid again: the first lot by its number, day and state."""
    return say(
        "twice",
        record=record_name(payment.record),
        lot=payment.lot.number,
        day=local_day(payment.lot.proposed_at),
        status=say(f"status.{payment.lot.status}"),
    )


def no_longer(lot: Lot) -> list[str]:
    """Records of a lot that are no longer closed or confirmed: reopened, withdrawn, corrected."""
    rule: StipendRule | None = None
    stipends = stipends_of(lot.line.pack)
    if stipends is not None:
        rule = stipends.rule(lot.line.rule)
    if rule is None:
        return [one.record for one in lot.payments.all()]
    standing = {one.record for one in payables(rule.source, lot.starts, lot.ends)}
    return [one.record for one in lot.payments.all() if one.record not in standing]


def left(line: Line) -> int:
    """What is left of a line in cents: its cap less what is proposed, approved or paid.

    Money that is to be taken back counts once it has been.
    """
    standing = Payment.objects.filter(lot__line=line).exclude(lot__status=Lot.Status.REFUSED)
    out = standing.filter(reverses=None).aggregate(n=Sum("amount_cents"))["n"] or 0
    back = standing.filter(reverses__isnull=False, lot__status=Lot.Status.PAID)
    return line.cap_cents - int(out) - int(back.aggregate(n=Sum("amount_cents"))["n"] or 0)
