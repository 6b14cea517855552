"""What mediators are reminded of before it is too late, and what the receiving office owes."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.db import models
from django.db.models import F, Q

from linli.kernel.texts import Language, Text
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.selectors import holders
from linli.web.foundation.actions.action import Context, perform
from linli.web.foundation.casework.actions.base import CaseAction
from linli.web.foundation.casework.models import Case, Notice
from linli.web.foundation.casework.receivers import assignee_of
from linli.web.ops.disputes.actions.base import local_day, say
from linli.web.ops.disputes.models import Agreement, Handover, Obligation, Session

__all__ = ["BEFORE_OBLIGATION", "BEFORE_SESSION", "Remind", "remind"]

BEFORE_SESSION: Final = dt.timedelta(hours=24)
BEFORE_OBLIGATION: Final = dt.timedelta(days=3)
AGAIN: Final = dt.timedelta(days=3)
"""How often an office is reminded that has not acknowledged."""


@dataclass(frozen=True, kw_only=True)
class Remind(CaseAction):
    """Put a line into the lists of those who must see to something, once."""

    name: ClassVar[str] = "dispute.remind"
    row: models.Model
    mark: str
    """The column that says that it was done."""
    text: Text
    office_id: int | None = None
    """The office that is reminded; else the mediator."""

    def change(self, context: Context) -> Case:
        """Mark the row and write the lines, each in its reader's language."""
        case = self.locked()
        type(self.row)._default_manager.filter(pk=self.row.pk).update(**{self.mark: context.at})
        readers = User.objects.filter(pk__in=self._people(case, context.at)).only("id", "language")
        Notice.objects.bulk_create(
            Notice(
                user_id=one.pk, case=case, kind="reminder", at=context.at, detail={"who": self._words(one)}
            )
            for one in readers
        )
        return case

    def _words(self, reader: User) -> str:
        language: Language = "en" if reader.language == "en" else "zh"
        return self.text.in_(language)

    def _people(self, case: Case, at: dt.datetime) -> Iterable[int]:
        if self.office_id is not None:
            clerks = holders({"partner", "chief"}, at, organisation_ids={self.office_id})
            return {*clerks, *self._mediator(case, at)}
        return self._mediator(case, at)

    def _mediator(self, case: Case, at: dt.datetime) -> Iterable[int]:
        assignee = assignee_of(case, at)
        if assignee is not None:
            return [assignee]
        if case.organisation_id is None:
            return []
        return holders({"mediator", "officer", "chief"}, at, organisation_ids={case.organisation_id})

    def detail(self) -> dict[str, Any]:
        """Of what."""
        return {"of": self.mark, "row": self.row.pk}


def remind(at: dt.datetime, *, most: int = 500) -> int:
    """Remind of every session, term, check and acknowledgement whose moment has come; how many there were."""
    count = 0
    for find in _FINDERS:
        for action in find(at, most):
            perform(action, SYSTEM, at)
            count += 1
    return count


def _sessions(at: dt.datetime, most: int) -> list[Remind]:
    rows = Session.objects.filter(
        state=Session.State.PLANNED, planned_at__gt=at, planned_at__lte=at + BEFORE_SESSION, reminded_at=None
    )
    return [
        Remind(
            case_id=row.case_id, row=row, mark="reminded_at", text=say("reminder.session", number=row.number)
        )
        for row in rows.order_by("planned_at")[:most]
    ]


def _open_terms() -> models.QuerySet[Obligation]:
    return Obligation.objects.filter(
        state=Obligation.State.OPEN, agreement__relapsed_on=None, agreement__case__state="agreed"
    ).select_related("agreement")


def _soon(at: dt.datetime, most: int) -> list[Remind]:
    today = local_day(at)
    rows = _open_terms().filter(due_on__gte=today, due_on__lte=today + BEFORE_OBLIGATION, reminded_at=None)
    return [_of_term(row, "reminded_at", "reminder.term_soon") for row in rows.order_by("due_on")[:most]]


def _overdue(at: dt.datetime, most: int) -> list[Remind]:
    rows = _open_terms().filter(due_on__lt=local_day(at), overdue_reminded_at=None)
    return [
        _of_term(row, "overdue_reminded_at", "reminder.term_overdue")
        for row in rows.order_by("due_on")[:most]
    ]


def _of_term(row: Obligation, mark: str, key: str) -> Remind:
    text = say(key, number=row.number, day=row.due_on.isoformat())
    return Remind(case_id=row.agreement.case_id, row=row, mark=mark, text=text)


def _checks(at: dt.datetime, most: int) -> list[Remind]:
    rows = Agreement.objects.filter(
        check_on__lte=local_day(at),
        kept=None,
        relapsed_on=None,
        check_reminded_at=None,
        fulfilled_on__isnull=False,
    )
    return [
        Remind(case_id=row.case_id, row=row, mark="check_reminded_at", text=say("reminder.check"))
        for row in rows.order_by("check_on")[:most]
    ]


def _acknowledgements(at: dt.datetime, most: int) -> list[Remind]:
    rows = Handover.objects.filter(
        Q(reminded_at=None) | Q(reminded_at__lte=at - AGAIN),
        direction=Handover.Direction.OUT,
        acknowledged_at=None,
        returned_at=None,
        acknowledge_by__lte=at,
    ).select_related("organisation")
    ordered = rows.order_by(F("reminded_at").asc(nulls_first=True), "acknowledge_by")
    return [
        Remind(
            case_id=row.case_id,
            row=row,
            mark="reminded_at",
            text=say("reminder.acknowledge", office=row.organisation.name),
            office_id=row.organisation_id,
        )
        for row in ordered[:most]
    ]


_FINDERS: Final[tuple[Callable[[dt.datetime, int], list[Remind]], ...]] = (
    _sessions, _soon, _overdue, _checks, _acknowledgements,
)  # fmt: skip
