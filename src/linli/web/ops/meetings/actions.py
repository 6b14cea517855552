"""A meeting is planned, held or cancelled, followed up by cases; other work is counted by the month."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from linli.kernel.texts import Text, catalogue
from linli.privacy.files import CleanFile
from linli.web.foundation.accounts.access import Subject, may, may_anywhere, today
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import Action, Context, perform
from linli.web.foundation.actions.opening import open_ahead, opened_once
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Hidden, Invalid, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.clocks import zone
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.places.models import Place
from linli.web.foundation.scanning.scanner import inspected
from linli.web.ops.meetings.models import Deeds, FollowUp, Meeting, Photo
from linli.web.ops.meetings.reach import KIND, may_hold, may_meeting, place_subject

__all__ = ["AddPhoto", "CancelMeeting", "CountDeeds", "FollowMeeting", "HoldMeeting", "PlanMeeting"]

say = catalogue("linli.web.ops.meetings")

MOST_PEOPLE: Final = 100_000
MOST_PHOTOS: Final = 12
_IDENTITY: Final = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])|(?<!\d)1[3-9]\d{9}(?!\d)")
"""Numbers of identity cards and telephones: opinions are kept without names, so without these too."""


def _text(wrong: dict[str, Text], name: str, given: str, most: int) -> None:
    if not given.strip() or len(given) > most:
        wrong[name] = say("text", most=most)
    elif _IDENTITY.search(given):
        wrong[name] = say("identity")


def _refuse(wrong: Mapping[str, Text]) -> None:
    if wrong:
        raise Invalid(say("refused", count=len(wrong)), wrong)


def _who(context: Context) -> int:
    if context.actor.user_id is None:
        raise Forbidden(say("may_not_plan"))
    return context.actor.user_id


@dataclass(frozen=True, kw_only=True)
class PlanMeeting(Action[Meeting]):
    """Plan a meeting in a place."""

    name: ClassVar[str] = "meeting.plan"
    kind: str
    title: str
    organisation_id: int
    starts_at: dt.datetime | None
    place: str
    where: str
    topics: str

    def check(self, context: Context) -> None:
        """In a place of the actor's area, by an office of the actor's, with a time and topics."""
        place = self._place()
        allowed = may_anywhere(context.actor, "open", KIND)
        if not allowed or (place is not None and not may(context.actor, "open", place_subject(place))):
            raise Forbidden(say("may_not_plan"))
        wrong: dict[str, Text] = {}
        if place is None:
            wrong["place"] = say("no_place")
        if self.kind not in Meeting.Kind.values:
            wrong["kind"] = say("no_kind")
        if self.organisation_id not in context.actor.organisation_ids:
            wrong["organisation"] = say("no_office")
        if self.starts_at is None:
            wrong["starts_at"] = say("no_time")
        _text(wrong, "title", self.title, 120)
        _text(wrong, "where", self.where, 200)
        _text(wrong, "topics", self.topics, 500)
        _refuse(wrong)

    def _place(self) -> Place | None:
        current = current_map()
        return None if current is None else current.places.get(self.place)

    def change(self, context: Context) -> Meeting:
        """Keep it."""
        place = self._place()
        assert place is not None and self.starts_at is not None  # noqa: S101, PT018 - checked
        return Meeting.objects.create(
            kind=self.kind,
            title=self.title.strip(),
            organisation_id=self.organisation_id,
            starts_at=self.starts_at,
            where=self.where.strip(),
            station_code=place.station_code,
            beat_code=place.beat_code,
            place_code=place.code,
            topics=self.topics.strip(),
            planned_by_id=_who(context),
            planned_at=context.at,
        )

    def record(self, result: Meeting) -> Record:
        """Which."""
        return _record(self.name, result, {"kind": result.kind})


def _record(action: str, meeting: Meeting, detail: Mapping[str, Any]) -> Record:
    return Record(
        action=action,
        subject_kind="meeting",
        subject_id=str(meeting.pk),
        station=meeting.station_code,
        detail=detail,
    )


@dataclass(frozen=True, kw_only=True)
class _OfMeeting(Action[Meeting]):
    meeting_id: int

    def check(self, context: Context) -> None:
        """It is there, and the actor may say how it went."""
        meeting = self.meeting()
        if not may_meeting(context.actor, "view", meeting):
            raise Hidden(say("missing"))
        if not may_hold(context.actor, meeting):
            raise Forbidden(say("may_not_hold"))
        self.check_meeting(meeting, context)

    def check_meeting(self, meeting: Meeting, context: Context) -> None:
        """More reasons to refuse."""

    def meeting(self) -> Meeting:
        """The meeting, locked until the transaction ends."""
        found = Meeting.objects.select_for_update(of=("self",)).filter(pk=self.meeting_id).first()
        if found is None:
            raise Missing(say("missing"))
        return found

    def record(self, result: Meeting) -> Record:
        """Which."""
        return _record(self.name, result, {})


@dataclass(frozen=True, kw_only=True)
class HoldMeeting(_OfMeeting):
    """Say that it was held: how many came, what was spoken of and said."""

    name: ClassVar[str] = "meeting.hold"
    attendance: int
    topics: str
    opinions: str = ""

    def check_meeting(self, meeting: Meeting, context: Context) -> None:
        """It was planned and has begun; a number of people; no names or numbers of persons."""
        if meeting.status != Meeting.Status.PLANNED:
            raise Conflict(say("closed"))
        if meeting.starts_at > context.at:
            raise Conflict(say("not_begun"))
        wrong: dict[str, Text] = {}
        if not 0 <= self.attendance <= MOST_PEOPLE:
            wrong["attendance"] = say("attendance", most=MOST_PEOPLE)
        _text(wrong, "topics", self.topics, 500)
        if self.opinions.strip():
            _text(wrong, "opinions", self.opinions, 10_000)
        _refuse(wrong)

    def change(self, context: Context) -> Meeting:
        """Keep it."""
        meeting = self.meeting()
        meeting.status = Meeting.Status.HELD
        meeting.attendance, meeting.topics = self.attendance, self.topics.strip()
        meeting.opinions = self.opinions.strip()
        meeting.closed_by_id, meeting.closed_at = context.actor.user_id, context.at
        meeting.save()
        return meeting


@dataclass(frozen=True, kw_only=True)
class CancelMeeting(_OfMeeting):
    """Call a planned meeting off."""

    name: ClassVar[str] = "meeting.cancel"
    remark: str

    def check_meeting(self, meeting: Meeting, context: Context) -> None:
        """It was planned; a reason."""
        if meeting.status != Meeting.Status.PLANNED:
            raise Conflict(say("closed"))
        wrong: dict[str, Text] = {}
        _text(wrong, "remark", self.remark, 500)
        _refuse(wrong)

    def change(self, context: Context) -> Meeting:
        """Keep the reason."""
        meeting = self.meeting()
        meeting.status, meeting.remark = Meeting.Status.CANCELLED, self.remark.strip()
        meeting.closed_by_id, meeting.closed_at = context.actor.user_id, context.at
        meeting.save()
        return meeting


@dataclass(frozen=True, kw_only=True)
class FollowMeeting(_OfMeeting):
    """Open a case that the meeting led to; casework decides whether it can be opened."""

    name: ClassVar[str] = "meeting.follow"
    kind: str
    category: str
    title: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def check_meeting(self, meeting: Meeting, context: Context) -> None:
        """It was held."""
        if meeting.status != Meeting.Status.HELD:
            raise Conflict(say("not_held"))

    def change(self, context: Context) -> Meeting:
        """Open the case where the meeting was, and link it."""
        meeting = self.meeting()
        opening = OpenCase(
            kind=self.kind,
            category=self.category,
            title=self.title,
            description=f"{meeting.title} · {meeting.starts_at.astimezone(zone()):%Y-%m-%d}",
            channel="meeting",
            place=meeting.place_code,
            data=self.data,
        )
        FollowUp.objects.create(meeting=meeting, case=perform(opening, context.actor, context.at))
        return meeting


@dataclass(frozen=True, kw_only=True)
class AddPhoto(_OfMeeting):
    """Add a picture or a paper; what a camera hides in it is removed."""

    name: ClassVar[str] = "meeting.photo"
    file_name: str
    content: bytes = field(repr=False)

    def prepare(self) -> None:
        """Open the file while nobody waits for the meeting."""
        open_ahead(self._clean)

    def check_meeting(self, meeting: Meeting, context: Context) -> None:
        """Not too many; of a kind that is allowed."""
        if meeting.photos.count() >= MOST_PHOTOS:
            raise Conflict(say("photos_most", most=MOST_PHOTOS))
        self._clean()

    def _clean(self) -> CleanFile:
        return opened_once(self, self._opened_file)

    def _opened_file(self) -> CleanFile:
        allowed = frozenset({"jpeg", "png", "webp", "pdf"})
        most = settings.ATTACHMENT_MOST_BYTES
        return inspected(self.file_name, self.content, allowed=allowed, most_bytes=most)

    def change(self, context: Context) -> Meeting:
        """Keep the cleaned file; it is deleted again if the rest fails."""
        meeting, clean = self.meeting(), self._clean()
        kept = default_storage.save(f"meetings/{meeting.pk}/{clean.sha256[:24]}", ContentFile(clean.content))
        try:
            with transaction.atomic():
                Photo.objects.create(
                    meeting=meeting,
                    name=clean.name,
                    media_type=clean.media_type,
                    size=len(clean.content),
                    sha256=clean.sha256,
                    path=kept,
                )
        except Exception:
            default_storage.delete(kept)
            raise
        return meeting


@dataclass(frozen=True, kw_only=True)
class CountDeeds(Action[int]):
    """Say how often a post did each thing in a month; a second count replaces the first."""

    name: ClassVar[str] = "meeting.count"
    organisation_id: int
    month: dt.date
    counts: Mapping[str, int]

    def check(self, context: Context) -> None:
        """One of the actor's posts; a month that has begun; numbers."""
        office = Organisation.objects.filter(pk=self.organisation_id, active=True).first()
        if office is None or office.kind != Organisation.Kind.POST:
            raise Invalid(say("no_post"), {"organisation": say("no_post")})
        subject = Subject(kind=KIND, station=office.station_code, beat=str(office.codes[0]))
        if not may(context.actor, "edit", subject):
            raise Forbidden(say("may_not_count"))
        wrong: dict[str, Text] = {}
        if self.month > today(context.at, zone()):
            wrong["month"] = say("month")
        for kind, count in self.counts.items():
            if kind not in Deeds.Kind.values or not 0 <= count <= MOST_PEOPLE:
                wrong[kind] = say("attendance", most=MOST_PEOPLE)
        _refuse(wrong)

    def change(self, context: Context) -> int:
        """Keep the numbers."""
        office = Organisation.objects.get(pk=self.organisation_id)
        for kind, count in self.counts.items():
            Deeds.objects.update_or_create(
                organisation=office,
                month=self.month.replace(day=1),
                kind=kind,
                defaults={
                    "station_code": office.station_code,
                    "beat_code": str(office.codes[0]),
                    "count": count,
                    "noted_by_id": _who(context),
                    "noted_at": context.at,
                },
            )
        return office.pk

    def record(self, result: int) -> Record:
        """Whose and which month."""
        detail = {"month": self.month.isoformat(), "counts": dict(self.counts)}
        return Record(action=self.name, subject_kind="deeds", subject_id=str(result), detail=detail)
