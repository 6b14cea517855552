"""Guarded reads of notes: what hangs on the actor's boards, and what of it is unread."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import Organisation, User
from linli.web.foundation.actions.refusals import missing
from linli.web.ops.handover.boards import boards, members
from linli.web.ops.handover.models import Note, OpenItem, Reading

__all__ = ["PAGE", "Receipts", "note_for", "notes_of", "open_items", "receipts", "unread"]

say = catalogue("linli.web.ops.handover")

PAGE: Final = 20
RECENT: Final = dt.timedelta(days=30)


def _marked(actor: Actor) -> QuerySet[Note]:
    read = Reading.objects.filter(note=OuterRef("pk"), user_id=actor.user_id or 0)
    return Note.objects.select_related("author", "organisation").annotate(is_read=Exists(read))


def notes_of(board: Organisation, actor: Actor, *, before: int | None = None) -> list[Note]:
    """One page of a board and one note more, newest first; the caller has asked ``boards``."""
    found = _marked(actor).filter(organisation=board)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[: PAGE + 1])


def note_for(actor: Actor, pk: int) -> Note:
    """A note on one of the actor's boards.

    Raises
    ------
    Missing
        There is none, or it is none of the actor's business.
    """
    found = _marked(actor).filter(pk=pk, organisation__in=boards(actor)).first()
    if found is None:
        raise missing(say("note.missing"), hidden=Note.objects.filter(pk=pk).exists())
    return found


def open_items(board: Organisation) -> list[OpenItem]:
    """What is still open on a board."""
    found = OpenItem.objects.filter(organisation=board, closed_at__isnull=True)
    return list(found.select_related("opened_by"))


def unread(actor: Actor, at: dt.datetime, *, most: int = 5) -> tuple[int, list[Note]]:
    """How many notes of the last month the actor has not confirmed, and the newest of them; few queries."""
    mine = boards(actor)
    if not mine:
        return 0, []
    read = Reading.objects.filter(user_id=actor.user_id or 0).values("note_id")
    recent = _marked(actor).filter(organisation__in=mine, at__gte=at - RECENT)
    found = recent.exclude(pk__in=read)
    rows = list(found.order_by("-pk")[:100])
    return len(rows), rows[:most]


@dataclass(frozen=True)
class Receipts:
    """Who has confirmed to have read a note and when, and who has not."""

    read: tuple[Reading, ...]
    unread: tuple[User, ...]


def receipts(note: Note, at: dt.datetime) -> Receipts:
    """Who has read a note, of those whose board it is now; three queries."""
    read = tuple(note.readings.select_related("user").order_by("at", "pk"))
    seen = {one.user_id for one in read}
    return Receipts(read, tuple(user for user in members(note.organisation, at) if user.pk not in seen))
