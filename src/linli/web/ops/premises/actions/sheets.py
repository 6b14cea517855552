"""The sheet that is filled in on site: answers, remarks, photos; it ends in a pass or in a notice."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from linli.kernel.texts import Text
from linli.web.foundation.actions.action import Context, perform
from linli.web.foundation.actions.opening import open_ahead
from linli.web.foundation.casework.actions.attaching import Attach
from linli.web.foundation.casework.models import Case
from linli.web.ops.premises.actions.base import checked, happened, local_day, refuse_if, say
from linli.web.ops.premises.actions.files import Upload
from linli.web.ops.premises.actions.notices import LONGEST_FIX, issue
from linli.web.ops.premises.actions.steps import InspectionAction, TakeStep, newest_file
from linli.web.ops.premises.checklists import items_of
from linli.web.ops.premises.models import Answer, Inspection, Photo, Premises
from linli.web.ops.premises.scheduling import months_in_force, next_due

__all__ = ["MOST_PHOTOS", "VALUES", "Given", "SaveSheet"]

VALUES: Final = ("yes", "no", "na")
MOST_PHOTOS: Final = 12
"""Photos in one sending."""


@dataclass(frozen=True)
class Given:
    """The answer to one item, as it came in."""

    value: str
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class SaveSheet(InspectionAction):
    """Keep what is answered so far, or finish the sheet."""

    name: ClassVar[str] = "inspection.sheet"
    states: ClassVar[tuple[str, ...]] = ("on_site",)
    answers: Mapping[str, Given]
    photos: tuple[tuple[str, Upload], ...] = ()
    """Item and file."""
    finish: bool = False
    fix_by: dt.date | None = None

    def prepare(self) -> None:
        """Open the photos while nobody waits for the case."""
        if len(self.photos) <= MOST_PHOTOS:
            open_ahead(*(upload.taken for _, upload in self.photos))

    def check_inspection(self, inspection: Inspection, context: Context) -> None:
        """Items of the checklist, answers that can be; on finishing all of them, and a day to mend by."""
        wrong: dict[str, Text] = {}
        known = {item.id for item in items_of(inspection.checklist.items)}
        for item, given in self.answers.items():
            if item not in known or given.value not in VALUES or len(given.remark.strip()) > 300:
                wrong[item] = say("no_answer")
        if len(self.photos) > MOST_PHOTOS or not {item for item, _ in self.photos} <= known:
            wrong["photos"] = say("too_many_photos", most=MOST_PHOTOS)
        if self.finish and not wrong:
            wrong = self._unfinished(inspection, context)
        refuse_if(wrong)
        for _, upload in self.photos:
            upload.taken()

    def _unfinished(self, inspection: Inspection, context: Context) -> dict[str, Text]:
        wrong: dict[str, Text] = {}
        answers = self._together(inspection)
        for item in items_of(inspection.checklist.items):
            given = answers.get(item.id)
            if given is None:
                wrong[item.id] = say("not_answered")
            elif given.value == "no" and not given.remark.strip():
                wrong[item.id] = say("no_remark")
        if any(given.value == "no" for given in answers.values()):
            today = local_day(context.at)
            if self.fix_by is None or not today < self.fix_by <= today + LONGEST_FIX:
                wrong["fix_by"] = say("no_fix_by", days=LONGEST_FIX.days)
        return wrong

    def _together(self, inspection: Inspection) -> dict[str, Given]:
        kept = {one.item: Given(one.value, one.remark) for one in inspection.answers.all()}
        return {**kept, **self.answers}

    def change(self, context: Context) -> Case:
        """Keep answers and photos; finished, the case takes its step and the schedule starts anew."""
        inspection, case = self.inspection(), self.locked()
        rows = self._keep(inspection)
        case.revision += 1
        case.save(update_fields=["revision"])
        for item, upload in self.photos:
            perform(
                Attach(
                    case_id=case.pk,
                    file_name=upload.name,
                    content=upload.content,
                    cleaned=upload.taken(),
                ),
                context.actor,
                context.at,
            )
            answer = rows.get(item) or self._unanswered(inspection, item)
            Photo.objects.create(attachment=newest_file(case.pk), answer=answer)
        return self._finish(inspection, context) if self.finish else case

    def _keep(self, inspection: Inspection) -> dict[str, Answer]:
        for item, given in self.answers.items():
            Answer.objects.update_or_create(
                inspection=inspection,
                item=item,
                defaults={"value": given.value, "remark": given.remark.strip()},
            )
        return {one.item: one for one in inspection.answers.all()}

    def _unanswered(self, inspection: Inspection, item: str) -> Answer:
        # A photo shows something that is not as it should be, unless the inspector says otherwise.
        return Answer.objects.create(inspection=inspection, item=item, value="no")

    def _finish(self, inspection: Inspection, context: Context) -> Case:
        inspection.finished_at = context.at
        inspection.save(update_fields=["finished_at"])
        found = inspection.answers.filter(value="no").count()
        counts = {"checked": inspection.answers.exclude(value="na").count(), "found": found}
        if found:
            case = issue(inspection, "find", checked(self.fix_by), counts, context)
        else:
            step = TakeStep(case_id=self.case_id, step="pass", result="passed", data=counts)
            case = perform(step, context.actor, context.at)
        self._put_on(inspection.premises, case, found, context)
        return case

    def _put_on(self, premises: Premises, case: Case, found: int, context: Context) -> None:
        premises = Premises.objects.select_for_update(of=("self",)).get(pk=premises.pk)
        today = local_day(context.at)
        premises.inspected_on = today
        premises.due_on = next_due(premises, months_in_force(), local_day(premises.registered_at))
        if case.category == "acceptance" and not found:
            premises.accepted_on = today
        happened(premises, "inspected", context, number=case.number, found=found)
        premises.save()

    def detail(self) -> Mapping[str, Any]:
        """How many answers, and whether it is finished."""
        return {"answers": len(self.answers), "photos": len(self.photos), "finish": self.finish}
