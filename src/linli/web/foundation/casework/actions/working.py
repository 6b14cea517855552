"""Notes, answers, assignment and changed details."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.models import Grant, Organisation, User
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Invalid
from linli.web.foundation.casework.actions.base import CaseAction, notify, say, write_event
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.receivers import can_take, people_of, works_there
from linli.web.foundation.casework.searching import search_text

__all__ = ["AddNote", "Assign", "Describe", "GiveAnswer"]

LONGEST = 4000


def _text(text: str) -> str:
    stripped = text.strip()
    if not stripped:
        raise Invalid(say("note.empty"), {"text": say("note.empty")})
    if len(stripped) > LONGEST:
        raise Invalid(say("note.long", most=LONGEST), {"text": say("note.long", most=LONGEST)})
    return stripped


@dataclass(frozen=True, kw_only=True)
class AddNote(CaseAction):
    """Write a note that only colleagues see."""

    name: ClassVar[str] = "case.note"
    by_share: ClassVar[bool] = True
    text: str

    def check_case(self, case: Case, context: Context) -> None:
        """There is something written."""
        _text(self.text)

    def change(self, context: Context) -> Case:
        """Add it to the history."""
        case = self.locked()
        write_event(case, "note", context, text=_text(self.text))
        case.save(update_fields=["revision"])
        return case


@dataclass(frozen=True, kw_only=True)
class GiveAnswer(CaseAction):
    """Tell the person who raised the case something, without a step."""

    name: ClassVar[str] = "case.answer"
    verb: ClassVar[str] = "answer"
    text: str

    def check_case(self, case: Case, context: Context) -> None:
        """There is something written."""
        _text(self.text)

    def change(self, context: Context) -> Case:
        """Add it to the history, for the reporter to see."""
        case = self.locked()
        write_event(case, "answer", context, text=_text(self.text), public=True)
        case.save(update_fields=["revision"])
        return case


@dataclass(frozen=True, kw_only=True)
class Assign(CaseAction):
    """Give a case to another organisation, and within it to a person or to nobody yet."""

    name: ClassVar[str] = "case.assign"
    verb: ClassVar[str] = "assign"
    organisation_id: int
    assignee_id: int | None = None
    note: str = ""

    def check_case(self, case: Case, context: Context) -> None:
        """Somebody at the active organisation works on such cases; the person does, and there."""
        office = Organisation.objects.filter(pk=self.organisation_id, active=True).first()
        if office is None:
            raise Invalid(say("assign.no_organisation"), {"organisation": say("assign.no_organisation")})
        if self.assignee_id is not None:
            self._check_person(self.assignee_id, case, context)
        elif not can_take(office.pk, case, context.at):
            wrong = say("assign.cannot_take", name=office.name)
            raise Invalid(wrong, {"organisation": wrong})

    def _check_person(self, user_id: int, case: Case, context: Context) -> None:
        there = Grant.objects.filter(
            user_id=user_id, organisation_id=self.organisation_id, user__is_active=True
        )
        if not any(grant.holds_on(local_day(context.at)) for grant in there):
            raise Invalid(say("assign.not_there"), {"assignee": say("assign.not_there")})
        if not works_there(user_id, self.organisation_id, case, context.at):
            wrong = say("assign.cannot_work", name=User.objects.get(pk=user_id).display_name)
            raise Invalid(wrong, {"assignee": wrong})

    def change(self, context: Context) -> Case:
        """Hand it over and tell the person, or everybody there who works on such cases."""
        case = self.locked()
        before = case.organisation.name if case.organisation else ""
        case.organisation = Organisation.objects.get(pk=self.organisation_id)
        case.assignee_id = self.assignee_id
        who = "" if self.assignee_id is None else User.objects.get(pk=self.assignee_id).display_name
        detail = {"from": before, "to": case.organisation.name, "who": who}
        write_event(case, "assigned", context, text=self.note.strip(), detail=detail)
        case.save(update_fields=["organisation", "assignee", "revision"])
        people = [] if self.assignee_id is None else [self.assignee_id]
        people = people or people_of(self.organisation_id, case, context.at)
        notify([one for one in people if one != context.actor.user_id], case, "assigned", context.at)
        return case

    def detail(self) -> Mapping[str, Any]:
        """To whom."""
        return {"organisation": self.organisation_id, "assignee": self.assignee_id}


@dataclass(frozen=True, kw_only=True)
class Describe(CaseAction):
    """Correct title, category or priority; the history keeps what stood there."""

    name: ClassVar[str] = "case.describe"
    title: str
    category: str
    priority: int
    note: str = ""

    def check_case(self, case: Case, context: Context) -> None:
        """A title, a category of the type, a known priority."""
        wrong = {}
        if not self.title.strip() or len(self.title) > 200:
            wrong["title"] = say("open.no_title")
        if self.category not in self.spec().category_by_id:
            wrong["category"] = say("open.no_category")
        if self.priority not in Case.Priority.values:
            wrong["priority"] = say("describe.no_priority")
        if wrong:
            raise Invalid(say("field.refused", count=len(wrong)), wrong)

    def change(self, context: Context) -> Case:
        """Write the new values and keep the old ones in the history."""
        case = self.locked()
        before = {"category": case.category, "priority": case.priority, "title": case.title}
        case.title, case.category, case.priority = self.title.strip(), self.category, self.priority
        case.search = search_text(case.number or "", case.title, case.address)
        write_event(case, "changed", context, text=self.note.strip(), detail={"before": before})
        case.save(update_fields=["title", "category", "priority", "search", "revision"])
        return case
