"""Checklists and the schedule are the county's: its planner edits them, and every chief is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.db import IntegrityError, transaction
from django.urls import reverse
from pydantic import ValidationError

from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import Subject, may
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.selectors import holders
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.models import Notice
from linli.web.ops.premises.actions.base import checked, local_day, refuse_if, say
from linli.web.ops.premises.checklists import MOST_ITEMS, items_of, shipped_checklist
from linli.web.ops.premises.kinds import KINDS, classes_of
from linli.web.ops.premises.models import Checklist, Interval, Premises
from linli.web.ops.premises.scheduling import months_in_force, next_due

__all__ = ["PublishChecklist", "SetInterval", "kept_checklist", "may_edit"]

COUNTY_KIND: Final = "checklist"
LONGEST_MONTHS: Final = 36
_LONGEST: Final = {"text": 200, "rule": 120}


def kept_checklist(kind: str, context: Context) -> Checklist:
    """The version in force; the shipped one is kept as version 1 the first time it is needed."""
    newest = Checklist.objects.filter(kind=kind).order_by("-version").first()
    if newest is not None:
        return newest
    shipped = [item.model_dump(mode="json") for item in shipped_checklist(kind)]
    values = {"items": shipped, "published_at": context.at}
    return Checklist.objects.get_or_create(kind=kind, version=1, defaults=values)[0]


def may_edit(actor: Actor) -> bool:
    """Whether an actor sets what the whole county inspects by: no territory lies in the subject."""
    return may(actor, "edit", Subject(kind=COUNTY_KIND))


def _check_may_edit(context: Context) -> None:
    if not may_edit(context.actor):
        raise Forbidden(say("forbidden_county"))


def _tell_chiefs(words: Text, path: str, context: Context) -> None:
    """Put a line into the list of every chief but who did it: stations inspect by it from now on."""
    chiefs = [one for one in holders({"chief"}, context.at) if one != context.actor.user_id]
    readers = User.objects.filter(pk__in=chiefs).only("id", "language")
    Notice.objects.bulk_create(
        Notice(
            user_id=one.pk,
            kind="inspection_rule",
            at=context.at,
            detail={"who": words.in_("en" if one.language == "en" else "zh"), "path": path},
        )
        for one in readers
    )


@dataclass(frozen=True, kw_only=True)
class PublishChecklist(Action[Checklist]):
    """Publish the next version of a kind's checklist; inspections keep the version they were planned with."""

    name: ClassVar[str] = "premises.checklist"
    kind: str
    based_on: int
    """The version that the editor saw."""
    items: Sequence[Mapping[str, Any]]
    note: str = ""

    def check(self, context: Context) -> None:
        """Every item is whole, none is there twice, and nobody else was faster."""
        _check_may_edit(context)
        if self.kind not in KINDS:
            raise Missing(say("no_kind"))
        refuse_if(self._wrong())
        if self._newest() != self.based_on:
            raise Conflict(say("checklist_newer", version=self._newest()))

    def _newest(self) -> int:
        newest = Checklist.objects.filter(kind=self.kind).order_by("-version").first()
        return 1 if newest is None else newest.version

    def _wrong(self) -> dict[str, Text]:
        wrong: dict[str, Text] = {}
        if not 1 <= len(self.items) <= MOST_ITEMS:
            return {"items": say("checklist_length", most=MOST_ITEMS)}
        if len(self.note) > 200:
            wrong["note"] = say("long_text", most=200)
        for number, item in enumerate(self.items, 1):
            for part, most in _LONGEST.items():
                texts = item.get(part, {})
                if any(not str(texts.get(one, "")).strip() or len(texts[one]) > most for one in ("zh", "en")):
                    wrong[f"item{number}"] = say("checklist_item", number=number)
        if wrong:
            return wrong
        try:
            checked = items_of([dict(item) for item in self.items])
        except ValidationError:
            return {"items": say("checklist_broken")}
        if len({item.id for item in checked}) != len(checked):
            return {"items": say("checklist_twice")}
        return {}

    def change(self, context: Context) -> Checklist:
        """Keep the new version; two who publish at once are told apart by the database."""
        kept_checklist(self.kind, context)
        items = [item.model_dump(mode="json") for item in items_of([dict(item) for item in self.items])]
        try:
            with transaction.atomic():
                kept = Checklist.objects.create(
                    kind=self.kind,
                    version=self.based_on + 1,
                    items=items,
                    note=self.note.strip(),
                    published_at=context.at,
                    published_by=context.actor.name[:64],
                )
        except IntegrityError:
            raise Conflict(say("checklist_newer", version=self.based_on + 1)) from None
        words = say("told_checklist", kind=say(f"kind.{self.kind}"), version=kept.version)
        _tell_chiefs(words, reverse("checklist", args=[self.kind]), context)
        return kept

    def record(self, result: Checklist) -> Record:
        """Which version of which kind."""
        return Record(
            action=self.name,
            subject_kind="checklist",
            subject_id=result.kind,
            detail={"version": result.version},
        )


@dataclass(frozen=True, kw_only=True)
class SetInterval(Action[int]):
    """Set how often premises of a kind and class are inspected; every day they are due is worked out anew."""

    name: ClassVar[str] = "premises.interval"
    kind: str
    schedule_class: str
    months: int | None

    def check(self, context: Context) -> None:
        """A known kind and class, and a number of months that makes sense."""
        _check_may_edit(context)
        if self.kind not in KINDS or self.schedule_class not in classes_of(self.kind):
            raise Missing(say("no_kind"))
        if self.months is None or not 1 <= self.months <= LONGEST_MONTHS:
            refuse_if({"months": say("no_number", least=1, most=LONGEST_MONTHS)})

    def change(self, context: Context) -> int:
        """Keep it; the number of premises whose day moved."""
        before = months_in_force()[self.kind, self.schedule_class]
        object.__setattr__(self, "_before", before)
        Interval.objects.update_or_create(
            kind=self.kind, schedule_class=self.schedule_class, defaults={"months": checked(self.months)}
        )
        months = months_in_force()
        moved = []
        for premises in Premises.objects.filter(kind=self.kind, closed_on__isnull=True).iterator(
            chunk_size=1000
        ):
            due = next_due(premises, months, local_day(premises.registered_at))
            if premises.schedule_class == self.schedule_class and due != premises.due_on:
                premises.due_on = due
                moved.append(premises)
        Premises.objects.bulk_update(moved, ["due_on"], batch_size=500)
        words = say(
            "told_interval",
            kind=say(f"kind.{self.kind}"),
            name=say(f"class.{self.schedule_class}"),
            before=before,
            months=self.months,
        )
        _tell_chiefs(words, reverse("checklists"), context)
        return len(moved)

    def record(self, result: int) -> Record:
        """Which class, how many months, and how many days moved."""
        return Record(
            action=self.name,
            subject_kind="interval",
            subject_id=f"{self.kind}:{self.schedule_class}",
            detail={"before": self.__dict__["_before"], "months": self.months, "moved": result},
        )
