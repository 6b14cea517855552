"""The queue of what residents send, and what each of them may be told by the code of theirs.

What somebody wrote stays here only until it has become a case: then the row keeps when it came, what it
was about and where it went, and the words and contacts are emptied.
"""

import datetime as dt
from typing import ClassVar

from django.db import models

from linli.kernel.texts import Text
from linli.privacy.fields import Purpose

__all__ = ["Attempt", "DailySalt", "Entry", "EntryFile", "Track"]


class Entry(models.Model):
    """Something that a resident sent: a request, or feedback on one."""

    class Kind(models.TextChoices):
        """What was sent."""

        REQUEST = "request"
        FEEDBACK = "feedback"

    PURPOSE: ClassVar[Purpose] = Purpose(
        purpose=Text(zh="转为事项前保管，以便答复提出人", en="kept until it is a case, to answer the sender"),
        legal_basis=Text(
            zh="本人同意（个人信息保护法第十三条第一项）",
            en="consent (Personal Information Protection Law, art. 13(1))",
        ),
        keep_days=30,
    )

    class State(models.TextChoices):
        """Where it stands in the queue."""

        QUEUED = "queued"
        TAKEN = "taken"
        REFUSED = "refused"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    code: str = ""
    """The tracking code of a request: for its sender alone, set on what ``submit`` gives back, not kept."""
    code_hash = models.CharField(max_length=64, db_index=True)
    """The digest of the tracking code: of a new one for a request, of the request's for feedback."""
    case_type = models.CharField(max_length=40, blank=True)
    category = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    place_code = models.CharField(max_length=32, blank=True)
    address = models.CharField(max_length=200, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    given = models.JSONField(default=dict)
    """Values of the type's public fields, or of feedback."""
    contact = models.JSONField(default=dict)
    """What the person said about themselves; emptied when the entry leaves the queue."""
    anonymous = models.BooleanField(default=False)
    channel = models.CharField(max_length=16, default="public")
    received_at = models.DateTimeField()
    key = models.CharField(max_length=64, unique=True, null=True)
    """One sending of a form: sent twice, it is one entry."""
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    """After a failure of ours: when it is tried again."""
    left_at = models.DateTimeField(null=True)
    number = models.CharField(max_length=24, blank=True)
    """The case that came of it."""
    reason = models.CharField(max_length=300, blank=True)
    reason_en = models.CharField(max_length=300, blank=True)
    """Why it was refused."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=models.Q(state="queued"), name="intake_queued"),
            models.Index(fields=["state", "left_at"], name="intake_left"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code_hash"], condition=models.Q(kind="request"), name="one_request_a_code"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"


class EntryFile(models.Model):
    """A file as it came with an entry; it goes into the case, is cleaned there, and shown to nobody here."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
    sender = models.CharField(max_length=64, blank=True, default="")
    """A digest that tells nothing the next day: the files of one sender wait together."""

    def __str__(self) -> str:
        return self.name


class Track(models.Model):
    """What may be told of one case: to whoever has the code, and, where ``listed``, to everybody.

    Written by the operations whenever the case changes; the public side only reads it. The description,
    the exact position and everything that a person said about themselves are not here.
    """

    code_hash = models.CharField(max_length=64, unique=True, null=True)
    """The digest of the tracking code; none where staff took the case down."""
    number = models.CharField(max_length=24, unique=True)
    case_type = models.CharField(max_length=40)
    category = models.CharField(max_length=40)
    category_name = models.CharField(max_length=100)
    category_name_en = models.CharField(max_length=100)
    listed = models.BooleanField(default=False)
    """Category, place, status and dates may be shown to everybody."""
    office = models.CharField(max_length=200, blank=True)
    office_en = models.CharField(max_length=200, blank=True)
    place_name = models.CharField(max_length=120, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    """Of the village, never of the person."""
    state = models.CharField(max_length=40)
    state_name = models.CharField(max_length=100)
    state_name_en = models.CharField(max_length=100)
    result_name = models.CharField(max_length=100, blank=True)
    result_name_en = models.CharField(max_length=100, blank=True)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    promised_at = models.DateTimeField(null=True)
    """When the answer is due now; ``None`` while the clock stands still or there is none."""
    moves = models.BooleanField(default=False, db_default=False)
    """``promised_at`` comes of working days: it moves where they do."""
    first_promised_at = models.DateTimeField(null=True)
    paused = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    reopen_until = models.DateTimeField(null=True)
    """Until then whoever has the code may say how it went and have it opened again."""
    steps = models.JSONField(default=list)
    """Public states in order (``at``, ``zh``, ``en``), and what the person said (``at``, ``solved``)."""
    answers = models.JSONField(default=list)
    """Answers to the person: ``at``, ``text``."""
    feedback = models.JSONField(default=list)
    """What the person said afterwards: ``at``, ``solved``, ``reopened``."""
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="merged")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-opened_at", "-id"], condition=models.Q(listed=True), name="track_listed")
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Not closed."""
        return self.closed_at is None

    def takes_feedback(self, at: dt.datetime) -> bool:
        """Whether the person may still say how it went."""
        return self.closed_at is not None and self.reopen_until is not None and at <= self.reopen_until


class DailySalt(models.Model):
    """What senders' addresses are hashed with for a day; deleted the day after."""

    day = models.DateField(primary_key=True)
    value = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.day.isoformat()


class Attempt(models.Model):
    """How often one (unknown) sender has done something within an hour."""

    digest = models.CharField(max_length=64)
    purpose = models.CharField(max_length=16)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest", "purpose", "hour"], name="one_count_an_hour")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.count}"
