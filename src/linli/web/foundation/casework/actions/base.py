"""What all changes to a case share: it is locked, its revision checked, and an event written."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from linli.kernel.texts import catalogue
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Hidden, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.models import Case, Event, Notice
from linli.web.foundation.casework.naming import doer, written_name
from linli.web.foundation.casework.observers import tell_observers
from linli.web.foundation.casework.subjects import may_case, may_own
from linli.web.foundation.casework.types.model import TypeSpec
from linli.web.foundation.casework.types.versions import spec_of

__all__ = ["CaseAction", "date_personal_values", "notify", "say", "write_event"]

say = catalogue("linli.web.foundation.casework")


def write_event(
    case: Case,
    kind: str,
    context: Context,
    *,
    text: str = "",
    detail: Mapping[str, Any] | None = None,
    public: bool = False,
) -> Event:
    """Add an event to a case's history and count its revision up; the caller saves the case."""
    case.revision += 1
    return Event.objects.create(
        case=case,
        sequence=case.revision,
        kind=kind,
        at=context.at,
        actor_id=context.actor.user_id,
        actor_name=written_name(context.actor),
        text=text,
        detail=dict(detail or {}),
        public=public,
    )


def date_personal_values(case: Case, closed_at: dt.datetime) -> None:
    """Say of each personal value until when it is kept: its days count from when the case closes."""
    for value in case.personal_values.filter(erased_at__isnull=True):
        value.keep_until = closed_at + dt.timedelta(days=value.keep_days)
        value.save(update_fields=["keep_until"])


def notify(users: list[int], case: Case, kind: str, at: dt.datetime, **detail: Any) -> None:
    """Put a line into some people's lists."""
    Notice.objects.bulk_create(
        [Notice(user_id=user, case=case, kind=kind, at=at, detail=detail) for user in sorted(set(users))]
    )


@dataclass(frozen=True, kw_only=True)
class CaseAction(Action[Case]):
    """A change to one case that is there. ``revision`` is the one that was seen, if it is to be checked."""

    verb: ClassVar[str] = "work"
    merged_too: ClassVar[bool] = False
    """Also of a case that was merged into another."""
    by_share: ClassVar[bool] = False
    """Also for whom the case is only shared with: what helps, and never what changes its facts or undoes."""
    case_id: int
    revision: int | None = None

    def check(self, context: Context) -> None:
        """The actor may, and nobody else was faster."""
        case = self.locked()
        if not may_case(context.actor, self.verb, case, context.at):
            if not may_case(context.actor, "view", case, context.at):
                raise Hidden(say("case.missing", number=case.number or case.pk))
            raise Forbidden(say("case.forbidden"))
        if not self.by_share and not may_own(context.actor, self.verb, case):
            raise Forbidden(say("case.not_by_share"))
        if case.merged_into_id is not None and not self.merged_too:
            raise Conflict(say("case.merged_already"))
        if self.revision is not None and self.revision != case.revision:
            last = case.events.order_by("-sequence").first()
            raise Conflict(say("case.changed_meanwhile", who=doer(last) if last is not None else "—"))
        self.check_case(case, context)

    def check_case(self, case: Case, context: Context) -> None:
        """More reasons to refuse."""

    def locked(self) -> Case:
        """The case, locked until the transaction ends and read once."""
        found = self.__dict__.get("_case")
        if found is None:
            found = Case.objects.select_for_update(of=("self",)).filter(pk=self.case_id).first()
            if found is None:
                raise Missing(say("case.missing", number=self.case_id))
            object.__setattr__(self, "_case", found)
        case: Case = found
        return case

    def spec(self) -> TypeSpec:
        """The case's type."""
        return spec_of(self.locked())

    def follow(self, result: Case, context: Context) -> None:
        """Tell those who keep something in step with the case."""
        tell_observers(result, self.name, context)

    def record(self, result: Case) -> Record:
        """Which case; subclasses add what was done."""
        return Record(
            action=self.name,
            subject_kind="case",
            subject_id=str(result.pk),
            station=result.station_code,
            detail={"number": result.number, **self.detail()},
        )

    def tried(self) -> Record:
        """Which case, where there is one."""
        found = Case.objects.filter(pk=self.case_id).values("station_code", "number").first()
        return Record(
            action=self.name,
            subject_kind="case",
            subject_id=str(self.case_id),
            station=found["station_code"] if found else "",
            detail={"number": found["number"]} if found else {},
        )

    def detail(self) -> Mapping[str, Any]:
        """What the audit log adds; names of things, no personal content."""
        return {}
