"""Rectification notices: issued, served, answered by the unit, re-checked, or handed up."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from linli.kernel.texts import Text
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import Context, perform
from linli.web.foundation.actions.numbers import numbered
from linli.web.foundation.actions.opening import open_ahead
from linli.web.foundation.actions.refusals import Conflict, Forbidden
from linli.web.foundation.casework.actions.attaching import Attach
from linli.web.foundation.casework.actions.base import notify, write_event
from linli.web.foundation.casework.actions.sharing import ShareCase
from linli.web.foundation.casework.actions.working import Assign
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.receivers import takers, watchers
from linli.web.ops.premises.actions.base import checked, happened, local_day, refuse_if, say
from linli.web.ops.premises.actions.files import Upload
from linli.web.ops.premises.actions.steps import (
    CHECKERS,
    INSPECTORS,
    InspectionAction,
    TakeStep,
    end_of,
    newest_file,
    set_state_due,
    share_with_unit,
)
from linli.web.ops.premises.checklists import items_of
from linli.web.ops.premises.models import Evidence, Inspection, Photo, Premises, Rectification
from linli.web.ops.premises.telling import MANAGER, officers_of

__all__ = [
    "LONGEST_FIX",
    "SERVED",
    "Escalate",
    "GiveEvidence",
    "Recheck",
    "ServeNotice",
    "escalation_targets",
    "issue",
]

LONGEST_FIX: Final = dt.timedelta(days=90)
SERVED: Final = ("in_person", "left", "post")
MOST_FILES: Final = 12


def issue(
    inspection: Inspection, step: str, fix_by: dt.date, data: Mapping[str, Any], context: Context
) -> Case:
    """Make out the next notice over all findings that are not mended, and take the step that follows."""
    today = local_day(context.at)
    columns: dict[str, Any] = {
        "inspection": inspection,
        "round": inspection.notices.count() + 1,
        "issued_on": today,
        "fix_by": fix_by,
        "findings": _findings(inspection),
    }
    notice = numbered(
        Rectification,
        f"ZG{today:%Y}-",
        lambda number: Rectification.objects.create(number=number, **columns),
    )
    given = {**data, "notice_number": notice.number, "fix_by": fix_by.isoformat()}
    case = perform(TakeStep(case_id=inspection.case_id, step=step, data=given), context.actor, context.at)
    set_state_due(case, end_of(fix_by))
    share_with_unit(case, inspection.premises, context)
    return case


def _findings(inspection: Inspection) -> list[dict[str, str]]:
    open_ones = {a.item: a for a in inspection.answers.filter(value="no").exclude(fixed=True)}
    return [
        {
            "item": item.id,
            "zh": item.text.zh,
            "en": item.text.en,
            "rule_zh": item.rule.zh,
            "rule_en": item.rule.en,
            "remark": open_ones[item.id].remark,
        }
        for item in items_of(inspection.checklist.items)
        if item.id in open_ones
    ]


def _standing(inspection: Inspection) -> Rectification:
    found = inspection.notices.filter(ended_at__isnull=True).order_by("-round").first()
    if found is None:
        raise Conflict(say("no_notice"))
    return found


@dataclass(frozen=True, kw_only=True)
class ServeNotice(InspectionAction):
    """Say when and how the notice was served on the unit."""

    name: ClassVar[str] = "inspection.serve"
    states: ClassVar[tuple[str, ...]] = ("rectifying", "recheck")
    served_on: dt.date | None
    how: str

    def check_inspection(self, inspection: Inspection, context: Context) -> None:
        """Not before it was issued, not in the future, and once."""
        notice = _standing(inspection)
        if notice.served_on is not None:
            raise Conflict(say("served_already"))
        wrong: dict[str, Text] = {}
        if self.served_on is None or not notice.issued_on <= self.served_on <= local_day(context.at):
            wrong["served_on"] = say("no_served_on", issued=notice.issued_on.isoformat())
        if self.how not in SERVED:
            wrong["how"] = say("no_how")
        refuse_if(wrong)

    def change(self, context: Context) -> Case:
        """Keep it on the notice and in the history."""
        case, notice = self.locked(), _standing(self.inspection())
        notice.served_on, notice.served_how = self.served_on, self.how
        notice.save(update_fields=["served_on", "served_how"])
        day = checked(self.served_on).isoformat()
        text = say("served_text", number=notice.number, day=day, how=say(f"served.{self.how}")).zh
        write_event(case, "note", context, text=text)
        case.save(update_fields=["revision"])
        return case


@dataclass(frozen=True, kw_only=True)
class GiveEvidence(InspectionAction):
    """The unit says and shows that it is mended; the case goes to be re-checked."""

    name: ClassVar[str] = "inspection.evidence"
    by_share: ClassVar[bool] = True
    who: ClassVar[frozenset[str]] = INSPECTORS | {MANAGER}
    states: ClassVar[tuple[str, ...]] = ("rectifying",)
    text: str
    files: tuple[Upload, ...] = ()

    def prepare(self) -> None:
        """Open the files while nobody waits for the case."""
        if len(self.files) <= MOST_FILES:
            open_ahead(*(upload.taken for upload in self.files))

    def check_inspection(self, inspection: Inspection, context: Context) -> None:
        """Something is said; a manager answers for the own unit alone; files are clean."""
        if (
            self._by_unit(context)
            and inspection.premises.organisation_id not in context.actor.organisation_ids
        ):
            raise Forbidden(say("not_your_unit"))
        _standing(inspection)
        wrong: dict[str, Text] = {}
        if not self.text.strip() or len(self.text.strip()) > 2000:
            wrong["text"] = say("no_text", most=2000)
        if len(self.files) > MOST_FILES:
            wrong["files"] = say("too_many_photos", most=MOST_FILES)
        refuse_if(wrong)
        for upload in self.files:
            upload.taken()

    def _by_unit(self, context: Context) -> bool:
        return not context.actor.roles & INSPECTORS

    def change(self, context: Context) -> Case:
        """Keep words and files with the notice, and tell the officers."""
        inspection = self.inspection()
        notice = _standing(inspection)
        evidence = Evidence.objects.create(
            rectification=notice, at=context.at, text=self.text.strip(), by_unit=self._by_unit(context)
        )
        for upload in self.files:
            attach = Attach(
                case_id=self.case_id,
                file_name=upload.name,
                content=upload.content,
                cleaned=upload.taken(),
            )
            perform(attach, context.actor, context.at)
            Photo.objects.create(attachment=newest_file(self.case_id), evidence=evidence)
        notice.answered_at = context.at
        notice.save(update_fields=["answered_at"])
        step = TakeStep(case_id=self.case_id, step="mend", note=self.text.strip())
        case = perform(step, context.actor, context.at)
        people = [one for one in officers_of(inspection.premises, context.at) if one != context.actor.user_id]
        notify(people, case, "moved", context.at)
        return case

    def detail(self) -> Mapping[str, Any]:
        """How many files."""
        return {"files": len(self.files)}


@dataclass(frozen=True, kw_only=True)
class Recheck(InspectionAction):
    """Look again at all that was found: all mended closes the inspection, else the next notice follows."""

    name: ClassVar[str] = "inspection.recheck"
    who: ClassVar[frozenset[str]] = CHECKERS
    states: ClassVar[tuple[str, ...]] = ("recheck",)
    fixed: Mapping[str, bool]
    """By item, every one that was found and is not mended yet."""
    note: str = ""
    fix_by: dt.date | None = None

    def check_inspection(self, inspection: Inspection, context: Context) -> None:
        """Each finding is answered; where one is not mended, there is a new day."""
        wrong: dict[str, Text] = {}
        open_ones = self._open(inspection)
        for item in open_ones - set(self.fixed):
            wrong[item] = say("not_answered")
        if not set(self.fixed) <= open_ones:
            wrong["fixed"] = say("no_answer")
        if len(self.note.strip()) > 2000:
            wrong["note"] = say("long_text", most=2000)
        if not wrong and not all(self.fixed.values()):
            today = local_day(context.at)
            if self.fix_by is None or not today < self.fix_by <= today + LONGEST_FIX:
                wrong["fix_by"] = say("no_fix_by", days=LONGEST_FIX.days)
        refuse_if(wrong)

    def _open(self, inspection: Inspection) -> set[str]:
        return set(inspection.answers.filter(value="no").exclude(fixed=True).values_list("item", flat=True))

    def change(self, context: Context) -> Case:
        """Keep what was seen; end the notice; close or begin the next round."""
        inspection = self.inspection()
        for item, fixed in self.fixed.items():
            inspection.answers.filter(item=item).update(fixed=fixed)
        done = all(self.fixed.values())
        notice = _standing(inspection)
        notice.ended_at, notice.outcome = context.at, "fixed" if done else "repeated"
        notice.save(update_fields=["ended_at", "outcome"])
        if done:
            step = TakeStep(case_id=self.case_id, step="clear", result="mended", note=self.note.strip())
            case = perform(step, context.actor, context.at)
        else:
            case = issue(inspection, "repeat", checked(self.fix_by), {}, context)
        self._put_on(inspection, done=done, context=context)
        return case

    def _put_on(self, inspection: Inspection, *, done: bool, context: Context) -> None:
        premises = Premises.objects.select_for_update(of=("self",)).get(pk=inspection.premises_id)
        if done and self.locked().category == "acceptance":
            premises.accepted_on = local_day(context.at)
        happened(premises, "rechecked", context, number=self.locked().number, done=done)
        premises.save()

    def detail(self) -> Mapping[str, Any]:
        """How many of how many are mended."""
        return {"fixed": sum(self.fixed.values()), "of": len(self.fixed)}


def escalation_targets(case: Case, at: dt.datetime) -> list[Organisation]:
    """Partners where somebody would see the case, and stations and the bureau where somebody works on it."""
    kind = Organisation.Kind
    partners = watchers(case.case_type, at).filter(kind=kind.PARTNER)
    offices = takers(case.case_type, case.confidentiality, at).filter(kind__in=(kind.STATION, kind.BUREAU))
    return sorted([*partners, *offices], key=lambda one: (one.kind, one.name))


@dataclass(frozen=True, kw_only=True)
class Escalate(InspectionAction):
    """Hand up what is not mended: to fire rescue or another partner, to the station or the bureau."""

    name: ClassVar[str] = "inspection.escalate"
    who: ClassVar[frozenset[str]] = CHECKERS
    states: ClassVar[tuple[str, ...]] = ("rectifying", "recheck")
    organisation_id: int | None
    reason: str

    def check_inspection(self, inspection: Inspection, context: Context) -> None:
        """To somebody who can act on it, with a reason."""
        wrong: dict[str, Text] = {}
        if not self.reason.strip() or len(self.reason.strip()) > 2000:
            wrong["reason"] = say("no_text", most=2000)
        if self._target() is None or self._target() not in escalation_targets(self.locked(), context.at):
            wrong["organisation"] = say("no_organisation")
        refuse_if(wrong)
        _standing(inspection)

    def _target(self) -> Organisation | None:
        return Organisation.objects.filter(pk=self.organisation_id or 0, active=True).first()

    def change(self, context: Context) -> Case:
        """End the notice, hand the case over or share it, and tell the people there."""
        target, inspection = checked(self._target()), self.inspection()
        notice = _standing(inspection)
        notice.ended_at, notice.outcome = context.at, "escalated"
        notice.save(update_fields=["ended_at", "outcome"])
        step = TakeStep(
            case_id=self.case_id, step="escalate", data={"handed_to": target.name}, note=self.reason.strip()
        )
        case = perform(step, context.actor, context.at)
        if target.kind == Organisation.Kind.PARTNER:
            if not case.shares.filter(organisation=target, ended_at__isnull=True).exists():
                share = ShareCase(
                    case_id=case.pk, organisation_id=target.pk, reason=self.reason.strip()[:300]
                )
                case = perform(share, context.actor, context.at)
        else:
            case = perform(Assign(case_id=case.pk, organisation_id=target.pk), context.actor, context.at)
        premises = Premises.objects.select_for_update(of=("self",)).get(pk=inspection.premises_id)
        happened(premises, "escalated", context, number=case.number, to=target.name)
        premises.save()
        return case

    def detail(self) -> Mapping[str, Any]:
        """To whom."""
        return {"organisation": self.organisation_id}
