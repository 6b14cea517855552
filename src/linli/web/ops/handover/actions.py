"""Notes are written and read, what is open is done, and old notes go."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from linli.kernel.texts import Text, catalogue
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import Action, Context, perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Hidden, Invalid, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.selectors import case_for
from linli.web.ops.handover.boards import boards
from linli.web.ops.handover.models import Note, OpenItem, Reading

__all__ = ["CloseItem", "ForgetNotes", "ReadNote", "WriteNote", "run_forgetting"]

say = catalogue("linli.web.ops.handover")

LONGEST: Final = 2000
MOST_ITEMS: Final = 20
KEEP: Final = dt.timedelta(days=365)
_IDENTITY: Final = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])|(?<!\d)\d{15}(?!\d)")
"""Numbers of identity cards: a note is about work, never a file on a person."""


def _board(context: Context, board_id: int, verb: str) -> Organisation:
    found = next((one for one in boards(context.actor, verb) if one.pk == board_id), None)
    if found is None:
        raise Forbidden(say(f"board.may_not_{verb}"))
    return found


def _sees(context: Context, board_id: int) -> bool:
    return any(one.pk == board_id for one in boards(context.actor, "view"))


def _who(context: Context) -> int:
    if context.actor.user_id is None:
        raise Forbidden(say("board.may_not_open"))
    return context.actor.user_id


@dataclass(frozen=True, kw_only=True)
class WriteNote(Action[Note]):
    """Write a message, or hand over a shift with what it leaves open."""

    name: ClassVar[str] = "handover.write"
    board_id: int
    text: str
    kind: str = Note.Kind.MESSAGE
    shift: str = ""
    shift_on: dt.date | None = None
    items: tuple[str, ...] = ()
    done: tuple[int, ...] = ()
    """Open items that this shift has done."""
    cases: tuple[str, ...] = ()

    def check(self, context: Context) -> None:
        """The board is the actor's; a text; cases that the actor may see; no identity numbers."""
        _board(context, self.board_id, "open")
        wrong = self._wrong(context)
        hidden = self._unseen(context, wrong)
        if wrong:
            raise Invalid(say("refused", count=len(wrong)), wrong).hiding(hidden)

    def _unseen(self, context: Context, wrong: dict[str, Text]) -> list[str]:
        """Say which cases are not the actor's to name; the numbers of those that are there."""
        hidden: list[str] = []
        for number in self.cases:
            try:
                case_for(context.actor, number, at=context.at)
            except Missing as refusal:
                wrong["cases"] = refusal.text
                hidden += refusal.hidden
        return hidden

    def _wrong(self, context: Context) -> dict[str, Text]:
        wrong: dict[str, Text] = {}
        if not self.text.strip() or len(self.text) > LONGEST:
            wrong["text"] = say("text", most=LONGEST)
        elif any(_IDENTITY.search(one) for one in (self.text, *self.items)):
            wrong["text"] = say("identity")
        if self.kind not in Note.Kind.values:
            wrong["kind"] = say("kind")
        elif self.kind == Note.Kind.HANDOVER and (
            self.shift not in Note.Shift.values or self.shift_on is None
        ):
            wrong["shift"] = say("shift")
        if len(self.items) > MOST_ITEMS or any(len(one) > 300 for one in self.items):
            wrong["items"] = say("items", most=MOST_ITEMS)
        return wrong

    def change(self, context: Context) -> Note:
        """Keep the note, close what was done, carry the rest, read by its author."""
        organisation_id, user = self.board_id, _who(context)
        handing = self.kind == Note.Kind.HANDOVER
        note = Note.objects.create(
            organisation_id=organisation_id,
            kind=self.kind,
            shift=self.shift if handing else "",
            shift_on=self.shift_on if handing else None,
            at=context.at,
            author_id=user,
            text=self.text.strip(),
            cases=list(dict.fromkeys(self.cases)),
        )
        if handing:
            still = OpenItem.objects.filter(organisation_id=organisation_id, closed_at__isnull=True)
            still.filter(pk__in=self.done).update(closed_at=context.at, closed_by_id=user)
            fresh = OpenItem.objects.bulk_create(
                OpenItem(
                    organisation_id=organisation_id, text=one.strip(), opened_at=context.at, opened_by_id=user
                )
                for one in self.items
                if one.strip()
            )
            note.items.set([*still, *fresh])
        Reading.objects.create(note=note, user_id=user, at=context.at)
        return note

    def record(self, result: Note) -> Record:
        """Which note on which board."""
        detail: Mapping[str, Any] = {"board": self.board_id, "kind": self.kind, "cases": list(self.cases)}
        return Record(action=self.name, subject_kind="note", subject_id=str(result.pk), detail=detail)


@dataclass(frozen=True, kw_only=True)
class ReadNote(Action[Note]):
    """Confirm to have read a note; once is enough."""

    name: ClassVar[str] = "handover.read"
    note_id: int

    def check(self, context: Context) -> None:
        """It hangs on a board of the actor's."""
        if not _sees(context, self._note().organisation_id):
            raise Hidden(say("note.missing"))

    def _note(self) -> Note:
        found = Note.objects.filter(pk=self.note_id).first()
        if found is None:
            raise Missing(say("note.missing"))
        return found

    def change(self, context: Context) -> Note:
        """Write it down."""
        note = self._note()
        Reading.objects.get_or_create(note=note, user_id=_who(context), defaults={"at": context.at})
        return note

    def record(self, result: Note) -> Record:
        """Which note."""
        return Record(action=self.name, subject_kind="note", subject_id=str(result.pk))


@dataclass(frozen=True, kw_only=True)
class CloseItem(Action[OpenItem]):
    """Say that something that was left open is done."""

    name: ClassVar[str] = "handover.close_item"
    item_id: int
    remark: str = ""

    def check(self, context: Context) -> None:
        """It is open, on a board that the actor writes on."""
        item = OpenItem.objects.select_for_update().filter(pk=self.item_id).first()
        if item is None:
            raise Missing(say("item.missing"))
        if not _sees(context, item.organisation_id):
            raise Hidden(say("item.missing"))
        _board(context, item.organisation_id, "open")
        if item.closed_at is not None:
            raise Conflict(say("item.closed"))
        if len(self.remark) > 300 or _IDENTITY.search(self.remark):
            raise Invalid(say("identity"), {"remark": say("identity")})

    def change(self, context: Context) -> OpenItem:
        """Close it."""
        item = OpenItem.objects.get(pk=self.item_id)
        item.closed_at, item.closed_by_id = context.at, context.actor.user_id
        item.remark = self.remark.strip()
        item.save(update_fields=["closed_at", "closed_by", "remark"])
        return item

    def record(self, result: OpenItem) -> Record:
        """Which item."""
        return Record(action=self.name, subject_kind="open_item", subject_id=str(result.pk))


@dataclass(frozen=True, kw_only=True)
class ForgetNotes(Action[int]):
    """Delete notes and done items that are a year old."""

    name: ClassVar[str] = "handover.forget"

    def check(self, context: Context) -> None:
        """Only the retention job does this."""
        if not context.actor.is_system:
            raise Forbidden(say("board.may_not_open"))

    def change(self, context: Context) -> int:
        """What is still open stays."""
        old = Note.objects.filter(at__lt=context.at - KEEP)
        count = old.count()
        old.delete()
        OpenItem.objects.filter(closed_at__lt=context.at - KEEP, notes__isnull=True).delete()
        return count

    def record(self, result: int) -> Record:
        """How many."""
        return Record(action=self.name, subject_kind="note", subject_id="", detail={"count": result})


def run_forgetting(at: dt.datetime) -> int:
    """Delete what is a year old, if there is any."""
    if not Note.objects.filter(at__lt=at - KEEP).exists():
        return 0
    return perform(ForgetNotes(), SYSTEM, at)
