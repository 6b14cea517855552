"""Inspections are planned: one by one, by the schedule, or by a random draw that anybody can repeat."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.db import IntegrityError

from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import Subject, may
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import Action, Context, perform
from linli.web.foundation.actions.numbers import numbered
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.actions.base import CaseAction
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.ops.premises.actions.base import PremisesAction, checked, happened, local_day, refuse_if, say
from linli.web.ops.premises.actions.checklists import kept_checklist
from linli.web.ops.premises.actions.steps import INSPECTION, end_of, set_state_due
from linli.web.ops.premises.drawing import digest_of, drawn
from linli.web.ops.premises.kinds import HOUSING, KINDS
from linli.web.ops.premises.models import Draw, Inspection, Premises
from linli.web.ops.premises.subjects import KIND, may_premises

__all__ = ["AHEAD", "OCCASIONS", "LinkPremises", "MakeDraw", "PlanInspection", "frame_of", "plan_due"]

OCCASIONS: Final = ("scheduled", "random", "report", "special", "acceptance")
FURTHEST: Final = dt.timedelta(days=60)
AHEAD: Final = dt.timedelta(days=7)
"""The schedule plans an inspection so long before it is due."""
MOST_DRAWN: Final = 50
_SEED: Final = re.compile(r"^[0-9a-f]{16,32}$")


@dataclass(frozen=True, kw_only=True)
class PlanInspection(PremisesAction):
    """Plan an inspection: a case, with the checklist in force today."""

    name: ClassVar[str] = "inspection.plan"
    verb: ClassVar[str] = "open"
    occasion: str
    planned_for: dt.date | None
    draw_id: int | None = None

    def check_premises(self, premises: Premises, context: Context) -> None:
        """The premises are open and none is under way; a known occasion; a day that is near."""
        if premises.closed_on is not None:
            raise Conflict(say("closed_already"))
        if premises.inspections.filter(case__closed_at__isnull=True).exists():
            raise Conflict(say("inspection_open"))
        wrong: dict[str, Text] = {}
        if self.occasion not in OCCASIONS or ((self.occasion == "acceptance") and premises.kind != HOUSING):
            wrong["occasion"] = say("no_occasion")
        today = local_day(context.at)
        if self.planned_for is None or not today <= self.planned_for <= today + FURTHEST:
            wrong["planned_for"] = say("no_day", days=FURTHEST.days)
        refuse_if(wrong)

    def change(self, context: Context) -> Premises:
        """Open the case and say what it is about."""
        premises = self.locked()
        case = perform(self._opening(premises), context.actor, context.at)
        day = checked(self.planned_for)
        set_state_due(case, end_of(day))
        Inspection.objects.create(
            case=case,
            premises=premises,
            checklist=kept_checklist(premises.kind, context),
            draw_id=self.draw_id,
            planned_for=day,
        )
        happened(premises, "planned", context, number=case.number, day=day.isoformat())
        premises.save()
        object.__setattr__(self, "_case", case)
        return premises

    def _opening(self, premises: Premises) -> OpenCase:
        return OpenCase(
            kind=INSPECTION,
            category=self.occasion,
            title=say("inspection_title", name=premises.name).zh,
            longitude=premises.longitude,
            latitude=premises.latitude,
            place=premises.place_code,
            address=premises.address,
            data={"premises_code": premises.code or ""},
        )

    @property
    def case(self) -> Case:
        """The case that was opened."""
        case: Case = self.__dict__["_case"]
        return case

    def detail(self) -> Mapping[str, Any]:
        """The occasion and the case's number."""
        return {"occasion": self.occasion, "number": self.case.number}


@dataclass(frozen=True, kw_only=True)
class LinkPremises(CaseAction):
    """Link an inspection that was opened elsewhere, by an API or a form, to its premises."""

    name: ClassVar[str] = "inspection.link"

    def check_case(self, case: Case, context: Context) -> None:
        """It is an inspection without premises, and the code on it is one that the actor may see."""
        if case.case_type != INSPECTION or Inspection.objects.filter(case=case).exists():
            raise Conflict(say("linked_already"))
        premises = self._premises(case)
        if premises is None or not may_premises(context.actor, "view", premises):
            raise Missing(say("missing", code=case.data.get("premises_code", "")))

    def _premises(self, case: Case) -> Premises | None:
        return Premises.objects.filter(code=case.data.get("premises_code", "")).first()

    def change(self, context: Context) -> Case:
        """Link it, with the checklist in force today."""
        case = self.locked()
        premises = checked(self._premises(case))
        Inspection.objects.create(
            case=case,
            premises=premises,
            checklist=kept_checklist(premises.kind, context),
            planned_for=local_day(context.at),
        )
        return case


def frame_of(station: str, beat: str, kinds: Sequence[str]) -> list[str]:
    """Codes of the premises that can be drawn, in order: of the area and kinds, open, none under way."""
    found = Premises.objects.filter(station_code=station, kind__in=kinds, closed_on__isnull=True)
    if beat:
        found = found.filter(beat_code=beat)
    busy = Inspection.objects.filter(case__closed_at__isnull=True).values("premises_id")
    return sorted(code for code in found.exclude(pk__in=busy).values_list("code", flat=True) if code)


@dataclass(frozen=True, kw_only=True)
class MakeDraw(Action[Draw]):
    """Draw premises at random and plan their inspections. A second draw on a day is seen as one."""

    name: ClassVar[str] = "inspection.draw"
    station: str
    beat: str = ""
    kinds: tuple[str, ...]
    size: int | None
    seed: str
    """Made by the machine at the moment of drawing, never typed."""
    planned_for: dt.date | None
    reason: str = ""

    def check(self, context: Context) -> None:
        """The actor answers for the area; there is something to draw from; a repeated draw says why."""
        subject = Subject(kind=KIND, station=self.station, beat=self.beat)
        if not self.station or not may(context.actor, "edit", subject):
            raise Forbidden(say("forbidden_here"))
        wrong: dict[str, Text] = {}
        if not self.kinds or not set(self.kinds) <= set(KINDS):
            wrong["kinds"] = say("no_kind")
        if self.size is None or not 1 <= self.size <= MOST_DRAWN:
            wrong["size"] = say("no_number", least=1, most=MOST_DRAWN)
        today = local_day(context.at)
        if self.planned_for is None or not today <= self.planned_for <= today + FURTHEST:
            wrong["planned_for"] = say("no_day", days=FURTHEST.days)
        if len(self.reason) > 300 or (self._before(context) and not self.reason.strip()):
            wrong["reason"] = say("draw_again", count=self._before(context))
        if not _SEED.match(self.seed):
            wrong["seed"] = say("draw_seed")
        refuse_if(wrong)
        if not frame_of(self.station, self.beat, self.kinds):
            raise Conflict(say("draw_empty"))

    def _kinds(self) -> list[str]:
        return [kind for kind in KINDS if kind in self.kinds]

    def _before(self, context: Context) -> int:
        """How often it was drawn today in this area: narrower or wider kinds are a draw again too."""
        today = Draw.objects.filter(station_code=self.station, day=local_day(context.at))
        same = [draw for draw in today if draw.beat_code == self.beat and set(draw.kinds) & set(self.kinds)]
        return max((draw.attempt for draw in same), default=0)

    def change(self, context: Context) -> Draw:
        """Keep everything that repeating it needs, and plan."""
        frame = frame_of(self.station, self.beat, self.kinds)
        chosen = drawn(frame, self.size or 0, self.seed)
        today = local_day(context.at)
        draw = _kept(
            f"CQ{today:%Y%m%d}-",
            station_code=self.station,
            beat_code=self.beat,
            kinds=self._kinds(),
            drawn_at=context.at,
            day=today,
            attempt=self._before(context) + 1,
            reason=self.reason.strip(),
            seed=self.seed,
            frame=frame,
            frame_digest=digest_of(frame),
            chosen=list(chosen),
            drawn_by=context.actor.name[:64],
        )
        ids = dict(Premises.objects.filter(code__in=chosen).values_list("code", "pk"))
        for code in chosen:
            plan = PlanInspection(
                premises_id=ids[code], occasion="random", planned_for=self.planned_for, draw_id=draw.pk
            )
            perform(plan, context.actor, context.at)
        return draw

    def record(self, result: Draw) -> Record:
        """Everything by which the draw can be held against a printed one."""
        return Record(
            action=self.name,
            subject_kind="draw",
            subject_id=str(result.pk),
            station=result.station_code,
            detail={
                "number": result.number,
                "seed": result.seed,
                "frame": result.frame_digest,
                "of": len(result.frame),
                "chosen": digest_of(result.chosen),
                "attempt": result.attempt,
            },
        )


def _kept(stem: str, **columns: Any) -> Draw:
    try:
        return numbered(Draw, stem, lambda number: Draw.objects.create(number=number, **columns))
    except IntegrityError:
        # Somebody else drew in this very moment: theirs is first, and this one must say why.
        refuse_if({"reason": say("draw_again", count=columns["attempt"])})
        raise


def plan_due(at: dt.datetime, *, most: int = 200) -> int:
    """Plan the inspections that the schedule asks for soon; run again, it plans nothing twice."""
    today = local_day(at)
    busy = Inspection.objects.filter(case__closed_at__isnull=True).values("premises_id")
    due = Premises.objects.filter(closed_on__isnull=True, due_on__lte=today + AHEAD).exclude(pk__in=busy)
    rows = list(due.order_by("due_on", "pk").values_list("pk", "due_on")[:most])
    for pk, day in rows:
        perform(
            PlanInspection(premises_id=pk, occasion="scheduled", planned_for=max(day or today, today)),
            SYSTEM,
            at,
        )
    return len(rows)
