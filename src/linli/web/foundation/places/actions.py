"""A boundary change is proposed, compared, approved by somebody else, and put in force on a day."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import Subject, local_day, may, may_anywhere
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.places.importing import organise, store
from linli.web.foundation.places.models import Deployment

__all__ = ["SUBJECT", "Decide", "Propose", "PutInForce", "Schedule"]

say = catalogue("linli.web.foundation.places")
SUBJECT = Subject(kind="deployment")


def _record(action: str, version: Deployment, detail: Mapping[str, Any]) -> Record:
    return Record(action=action, subject_kind="deployment", subject_id=str(version.pk), detail=detail)


def _version(pk: int) -> Deployment:
    found = Deployment.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise Missing(say("no_version"))
    return found


def _today(context: Context) -> dt.date:
    return local_day(context.at)


@dataclass(frozen=True)
class Propose(Action[Deployment]):
    """Propose a deployment: keep its file as a version that changes nothing yet."""

    name: ClassVar[str] = "deployment.propose"
    text: str
    outlines: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""

    def check(self, context: Context) -> None:
        """Whoever may open deployments."""
        # A proposal changes nothing: whoever may open one somewhere may propose for the county.
        if not (context.actor.is_system or may_anywhere(context.actor, "open", SUBJECT.kind)):
            raise Forbidden(say("may_not_propose"))

    def change(self, context: Context) -> Deployment:
        """Keep the version."""
        return store(self.text, self.outlines, by=context.actor.user_id, at=context.at, reason=self.reason)

    def record(self, result: Deployment) -> Record:
        """Which version."""
        return _record(self.name, result, {"digest": result.digest})


@dataclass(frozen=True)
class Decide(Action[Deployment]):
    """Approve or reject a proposed version; never one's own."""

    name: ClassVar[str] = "deployment.decide"
    version: int
    approve: bool
    note: str = ""

    def check(self, context: Context) -> None:
        """Whoever may approve, and has not proposed it."""
        if not may(context.actor, "approve", SUBJECT):
            raise Forbidden(say("may_not_approve"))
        found = _version(self.version)
        if found.status != Deployment.Status.PROPOSED:
            raise Conflict(say("already_decided"))
        if found.proposed_by_id is not None and found.proposed_by_id == context.actor.user_id:
            raise Forbidden(say("not_ones_own"))

    def change(self, context: Context) -> Deployment:
        """Write the decision down."""
        found = Deployment.objects.get(pk=self.version)
        status = Deployment.Status
        found.status = status.APPROVED if self.approve else status.REJECTED
        found.decided_by_id, found.decided_at = context.actor.user_id, context.at
        found.decision_note = self.note
        found.save(update_fields=["status", "decided_by", "decided_at", "decision_note"])
        return found

    def record(self, result: Deployment) -> Record:
        """Which version and how."""
        return _record(self.name, result, {"status": result.status})


@dataclass(frozen=True)
class PutInForce(Action[Deployment]):
    """Put an approved version in force from a day on; the former one ends the day before."""

    name: ClassVar[str] = "deployment.put_in_force"
    version: int
    on: dt.date

    def check(self, context: Context) -> None:
        """Whoever may approve; only an approved version."""
        if not may(context.actor, "approve", SUBJECT):
            raise Forbidden(say("may_not_approve"))
        found = _version(self.version)
        if found.status != Deployment.Status.APPROVED:
            raise Conflict(say("not_approved"))
        if self.on > _today(context):
            raise Invalid(say("not_yet"), {"on": say("not_yet")})
        former = Deployment.objects.filter(status=Deployment.Status.IN_FORCE).first()
        if former is not None and former.valid_from is not None and self.on < former.valid_from:
            text = say("before_former", day=former.valid_from.isoformat())
            raise Invalid(text, {"on": text})

    def change(self, context: Context) -> Deployment:
        """Retire the former version, start this one and bring the organisations up to date."""
        status = Deployment.Status
        Deployment.objects.filter(status=status.IN_FORCE).update(
            status=status.RETIRED, valid_until=self.on - dt.timedelta(days=1)
        )
        found = Deployment.objects.get(pk=self.version)
        found.status, found.valid_from = status.IN_FORCE, self.on
        found.save(update_fields=["status", "valid_from"])
        organise(found)
        return found

    def record(self, result: Deployment) -> Record:
        """Which version from which day."""
        return _record(self.name, result, {"from": self.on.isoformat()})


@dataclass(frozen=True)
class Schedule(Action[Deployment]):
    """Set the day to come on which a job puts an approved version in force; ``None`` takes it back."""

    name: ClassVar[str] = "deployment.schedule"
    version: int
    on: dt.date | None

    def check(self, context: Context) -> None:
        """Whoever may approve; an approved version; a day to come that no other version has."""
        if not may(context.actor, "approve", SUBJECT):
            raise Forbidden(say("may_not_approve"))
        if _version(self.version).status != Deployment.Status.APPROVED:
            raise Conflict(say("not_approved"))
        if self.on is None:
            return
        if self.on <= _today(context):
            raise Invalid(say("day_passed"), {"on": say("day_passed")})
        waiting = Deployment.objects.filter(status=Deployment.Status.APPROVED, valid_from=self.on)
        if waiting.exclude(pk=self.version).exists():
            raise Conflict(say("day_taken", day=self.on.isoformat()))

    def change(self, context: Context) -> Deployment:
        """Keep the day."""
        found = _version(self.version)
        found.valid_from = self.on
        found.save(update_fields=["valid_from"])
        return found

    def record(self, result: Deployment) -> Record:
        """Which version for which day."""
        return _record(self.name, result, {"on": self.on and self.on.isoformat()})
