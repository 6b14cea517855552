"""A case is shared with another organisation, or its glass is broken for an hour."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal

from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import may
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.accounts.selectors import holders
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Hidden, Invalid
from linli.web.foundation.casework.actions.base import CaseAction, notify, say, write_event
from linli.web.foundation.casework.models import Case, EmergencyAccess, Share
from linli.web.foundation.casework.receivers import can_see, handlers_of
from linli.web.foundation.casework.subjects import may_case, own_subject

__all__ = ["EMERGENCY", "BreakGlass", "EndShare", "ShareCase", "refused_reason"]

EMERGENCY: Final = dt.timedelta(hours=1)
SHORTEST_REASON: Final = 10
LONGEST_CONSENT: Final = dt.timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class ShareCase(CaseAction):
    """Let another organisation see and work on one case; with consent only for a time."""

    name: ClassVar[str] = "case.share"
    verb: ClassVar[str] = "share"
    organisation_id: int
    reason: str
    kind: Literal["case", "consent"] = "case"
    until: dt.datetime | None = None
    consent: str = ""

    def check_case(self, case: Case, context: Context) -> None:
        """A reason; with consent also who agreed and until when."""
        wrong = {}
        if not self.reason.strip():
            wrong["reason"] = say("share.no_reason")
        office = Organisation.objects.filter(pk=self.organisation_id, active=True).first()
        if office is None:
            wrong["organisation"] = say("assign.no_organisation")
        elif not can_see(office.pk, case, context.at):
            wrong["organisation"] = say("share.nobody", name=office.name)
        if self.until is not None and self.until <= context.at:
            wrong["until"] = say("share.past")
        if self.kind == "consent" and not self.consent.strip():
            wrong["consent"] = say("share.no_consent")
        if self.kind == "consent" and (self.until is None or self.until > context.at + LONGEST_CONSENT):
            wrong["until"] = say("share.no_until", days=LONGEST_CONSENT.days)
        if wrong:
            raise Invalid(say("field.refused", count=len(wrong)), wrong)
        there = Share.objects.filter(case=case, organisation_id=self.organisation_id, ended_at__isnull=True)
        if there.filter(until__isnull=True).exists() or there.filter(until__gt=context.at).exists():
            raise Conflict(say("share.already"))

    def change(self, context: Context) -> Case:
        """Write the share and tell the organisation's people."""
        case = self.locked()
        Share.objects.filter(case=case, organisation_id=self.organisation_id, ended_at__isnull=True).update(
            ended_at=context.at
        )
        Share.objects.create(
            case=case,
            organisation_id=self.organisation_id,
            kind=self.kind,
            reason=self.reason.strip(),
            consent=self.consent.strip(),
            opened_at=case.opened_at,
            since=context.at,
            until=self.until,
        )
        name = Organisation.objects.get(pk=self.organisation_id).name
        detail = {"organisation": name, "kind": self.kind, "until": self.until and self.until.isoformat()}
        write_event(case, "shared", context, text=self.reason.strip(), detail=detail)
        case.save(update_fields=["revision"])
        people = holders(
            {"chief", "officer", "partner", "mediator"}, context.at, organisation_ids={self.organisation_id}
        )
        notify(people, case, "shared", context.at)
        return case

    def detail(self) -> Mapping[str, Any]:
        """With whom and how."""
        return {"organisation": self.organisation_id, "kind": self.kind}


@dataclass(frozen=True, kw_only=True)
class EndShare(CaseAction):
    """Stop sharing with an organisation."""

    name: ClassVar[str] = "case.unshare"
    verb: ClassVar[str] = "share"
    organisation_id: int

    def check_case(self, case: Case, context: Context) -> None:
        """It is shared."""
        if not case.shares.filter(organisation_id=self.organisation_id, ended_at__isnull=True).exists():
            raise Conflict(say("share.not_shared"))

    def change(self, context: Context) -> Case:
        """End it; what was seen stays in the audit log."""
        case = self.locked()
        case.shares.filter(organisation_id=self.organisation_id, ended_at__isnull=True).update(
            ended_at=context.at
        )
        name = Organisation.objects.get(pk=self.organisation_id).name
        write_event(case, "unshared", context, detail={"organisation": name})
        case.save(update_fields=["revision"])
        return case

    def detail(self) -> Mapping[str, Any]:
        """With whom no longer."""
        return {"organisation": self.organisation_id}


def refused_reason(reason: str) -> Text | None:
    """What is wrong with a reason for breaking the glass, whichever case it is for; ``None`` for nothing."""
    return (
        say("emergency.no_reason", fewest=SHORTEST_REASON) if len(reason.strip()) < SHORTEST_REASON else None
    )


@dataclass(frozen=True, kw_only=True)
class BreakGlass(CaseAction):
    """See a case that one may not see, for an hour, with a reason; handler and auditors are told at once."""

    name: ClassVar[str] = "case.emergency"
    verb: ClassVar[str] = "emergency"
    reason: str

    def check(self, context: Context) -> None:
        """The role may in an emergency, and gives a reason; who may not is not told that there is a case."""
        case = self.locked()
        if not may(context.actor, "emergency", own_subject(case)):
            if may_case(context.actor, "view", case, context.at):
                raise Forbidden(say("case.forbidden"))
            raise Hidden(say("case.missing", number=case.number or case.pk))
        if wrong := refused_reason(self.reason):
            raise Invalid(wrong, {"reason": wrong})

    def change(self, context: Context) -> Case:
        """Open it for this account alone."""
        case = self.locked()
        EmergencyAccess.objects.create(
            case=case,
            user_id=context.actor.account,
            reason=self.reason.strip(),
            since=context.at,
            until=context.at + EMERGENCY,
        )
        write_event(case, "emergency", context)
        case.save(update_fields=["revision"])
        notify(holders({"auditor"}, context.at), case, "emergency", context.at, who=context.actor.name)
        handlers = [one for one in handlers_of(case, context.at) if one != context.actor.user_id]
        notify(handlers, case, "emergency_here", context.at, who=context.actor.name)
        return case
