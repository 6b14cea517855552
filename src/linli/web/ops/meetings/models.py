"""Meetings with residents and what else is done for them; numbers and topics, never who said what."""

from typing import ClassVar

from django.db import models

from linli.web.foundation.stored import StoredPath

__all__ = ["Deeds", "FollowUp", "Meeting", "Photo"]


class Meeting(models.Model):
    """A residents' meeting, lecture, visit day or campaign: planned, then held or cancelled."""

    class Kind(models.TextChoices):
        """What it is."""

        RESIDENTS = "residents"
        REPORT = "report"
        VISIT_DAY = "visit_day"
        LECTURE = "lecture"
        CAMPAIGN = "campaign"

    class Status(models.TextChoices):
        """Where it stands."""

        PLANNED = "planned"
        HELD = "held"
        CANCELLED = "cancelled"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PLANNED)
    title = models.CharField(max_length=120)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    """Who holds it."""
    starts_at = models.DateTimeField()
    where = models.CharField(max_length=200)
    station_code = models.CharField(max_length=32)
    beat_code = models.CharField(max_length=40)
    place_code = models.CharField(max_length=32)
    topics = models.CharField(max_length=500)
    attendance = models.PositiveIntegerField(null=True)
    """How many came."""
    opinions = models.TextField(blank=True)
    """What was said, without names."""
    remark = models.CharField(max_length=500, blank=True)
    """Why it was cancelled."""
    planned_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    closed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-starts_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["station_code", "-starts_at"], name="meeting_station"),
            models.Index(fields=["beat_code", "-starts_at"], name="meeting_beat"),
            models.Index(fields=["-starts_at", "-id"], name="meeting_start"),
        ]

    def __str__(self) -> str:
        return self.title


class FollowUp(models.Model):
    """A case that a meeting led to."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="follow_ups")
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.meeting_id} → {self.case_id}"


class Photo(models.Model):
    """A picture or paper of a meeting, cleaned before it was kept."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="photos")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = StoredPath(max_length=120, folder="meetings")

    def __str__(self) -> str:
        return self.name


class Deeds(models.Model):
    """How often a post did something in a month that no case or meeting tells of (E4); numbers alone."""

    class Kind(models.TextChoices):
        """What is counted."""

        CONCERN = "concern"
        CERTIFICATE = "certificate"
        GOOD_DEED = "good_deed"
        THANKS = "thanks"

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    station_code = models.CharField(max_length=32, db_index=True)
    beat_code = models.CharField(max_length=40)
    month = models.DateField()
    """Its first day."""
    kind = models.CharField(max_length=12, choices=Kind.choices)
    count = models.PositiveIntegerField()
    noted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "month", "kind"], name="one_count_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.month} {self.kind}"
