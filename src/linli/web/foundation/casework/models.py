"""Cases, what happened to them, and what hangs on them. History is append-only.

A case is one row whatever its type, so that a list filtered by permission is one query whatever the
number of types. What a person said about themselves lies apart, in ``PersonalValue``.
"""

from typing import ClassVar

from django.db import models

from linli.web.foundation.stored import StoredPath

__all__ = [
    "Attachment",
    "Case",
    "EmergencyAccess",
    "Event",
    "Feedback",
    "Notice",
    "Opening",
    "PersonalValue",
    "Share",
    "SharingRule",
    "Tombstone",
    "TypeVersion",
]


class Case(models.Model):
    """One case. Its history is in ``Event``; the columns here are where it stands now."""

    class Priority(models.IntegerChoices):
        """How soon it wants attention."""

        NORMAL = 0
        HIGH = 1
        URGENT = 2

    number = models.CharField(max_length=24, unique=True, null=True)
    """What people call it: prefix of the type, day, six digits drawn at random (older ones: the row's id)."""
    tracking_hash = models.CharField(max_length=64, unique=True, null=True)
    """The keyed digest of what the person who raised it follows it by; the code itself is not kept, and there
    is none where staff took the case down."""
    case_type = models.CharField(max_length=40)
    type_version = models.PositiveIntegerField()
    type_hash = models.CharField(max_length=32, blank=True, default="", db_default="")
    """Of the version that the case stands under (``TypeVersion``); empty if opened before there were any."""
    category = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    confidentiality = models.PositiveSmallIntegerField(default=0)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    channel = models.CharField(max_length=16, default="web")

    version_id: int | None
    version = models.ForeignKey("places.Deployment", null=True, on_delete=models.PROTECT, related_name="+")
    """The deployment whose codes the next three are."""
    station_code = models.CharField(max_length=32, blank=True)
    beat_code = models.CharField(max_length=40, blank=True)
    place_code = models.CharField(max_length=32, blank=True)
    address = models.CharField(max_length=200, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    cell = models.CharField(max_length=16, blank=True)
    """H3 cell of resolution 9 (about 0.1 km²)."""

    organisation = models.ForeignKey(
        "accounts.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """Who owns it now."""
    assignee = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    occurred_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    state_since = models.DateTimeField()
    state_due_at = models.DateTimeField(null=True)
    state_from = models.DateTimeField(null=True)
    state_for = models.DurationField(null=True)
    """What the state's deadline was reckoned from; nothing for one that was set as a date."""
    case_due_at = models.DateTimeField(null=True)
    case_from = models.DateTimeField(null=True)
    case_for = models.DurationField(null=True)
    case_stopped_at = models.DateTimeField(null=True)
    """Since when the case's clock stands still."""
    promised_at = models.DateTimeField(null=True)
    """The case's first deadline, as it was promised; pauses do not change it."""
    remaining_seconds = models.PositiveIntegerField(null=True)
    """Time left on the case's clock while it stands still; ``None`` while it runs."""
    due_at = models.DateTimeField(null=True)
    """The earlier of the two deadlines that run."""
    next_check_at = models.DateTimeField(null=True)
    """When a job must look at the deadlines again."""
    state_step = models.PositiveSmallIntegerField(default=0)
    case_step = models.PositiveSmallIntegerField(default=0)
    """How many escalations of either clock have been carried out."""
    closed_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=40, blank=True)
    shred_at = models.DateTimeField(null=True)

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    search = models.TextField(blank=True)
    """Two-character pieces of title and address: how words are found on either database."""
    revision = models.PositiveIntegerField(default=1)
    """Grows by one with every change: who edits an older one is told."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-opened_at", "-id"], name="case_opened"),
            models.Index(fields=["station_code", "-opened_at", "-id"], name="case_station"),
            models.Index(fields=["beat_code", "-opened_at", "-id"], name="case_beat"),
            models.Index(fields=["place_code", "-opened_at", "-id"], name="case_place"),
            models.Index(fields=["case_type", "-opened_at", "-id"], name="case_type"),
            models.Index(fields=["assignee", "-opened_at", "-id"], name="case_assignee"),
            models.Index(fields=["opened_by", "-opened_at", "-id"], name="case_opener"),
            models.Index(fields=["organisation", "-opened_at", "-id"], name="case_owner"),
            models.Index(fields=["cell", "-opened_at"], name="case_cell"),
            models.Index(
                fields=["due_at", "id"], condition=models.Q(closed_at__isnull=True), name="case_due"
            ),
            models.Index(
                fields=["station_code", "due_at", "id"],
                condition=models.Q(closed_at__isnull=True),
                name="case_station_due",
            ),
            models.Index(
                fields=["station_code", "case_type", "state", "due_at"],
                condition=models.Q(closed_at__isnull=True),
                name="case_station_open",
            ),
            models.Index(
                fields=["beat_code", "due_at", "id"],
                condition=models.Q(closed_at__isnull=True),
                name="case_beat_due",
            ),
            models.Index(
                fields=["organisation", "due_at", "id"],
                condition=models.Q(closed_at__isnull=True),
                name="case_owner_due",
            ),
            # Who has opened or been given thousands over the years still finds the few that are open at once.
            models.Index(
                fields=["assignee", "due_at"],
                condition=models.Q(closed_at__isnull=True),
                name="case_assignee_open",
            ),
            models.Index(
                fields=["opened_by", "due_at"],
                condition=models.Q(closed_at__isnull=True),
                name="case_opener_open",
            ),
            models.Index(
                fields=["case_type", "-opened_at"],
                condition=models.Q(closed_at__isnull=True),
                name="case_open_type",
            ),
            models.Index(
                fields=["next_check_at"], condition=models.Q(next_check_at__isnull=False), name="case_check"
            ),
            models.Index(fields=["shred_at"], condition=models.Q(shred_at__isnull=False), name="case_shred"),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        """Not closed."""
        return self.closed_at is None


class TypeVersion(models.Model):
    """What a case type said when cases were opened under it; never changed, never deleted."""

    case_type = models.CharField(max_length=40)
    digest = models.CharField(max_length=32, unique=True)
    definition = models.JSONField()

    def __str__(self) -> str:
        return f"{self.case_type} {self.digest}"


class Event(models.Model):
    """One thing that happened to a case. Never edited, never deleted before the case is."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=24)
    """opened, moved, note, answer, assigned, changed, attached, shared, merged, escalated, paused, …"""
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=64, blank=True)
    text = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    public = models.BooleanField(default=False)
    """The person who raised the case sees it."""

    class Meta:
        ordering: ClassVar = ["sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "sequence"], name="one_event_a_sequence")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.sequence} {self.kind}"


class PersonalValue(models.Model):
    """One thing that a person said about themselves: purpose, legal basis and keep-days are the type's.

    Reading it is logged. When its time has come ``value`` is emptied and the row stays as a tombstone.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="personal_values")
    role = models.CharField(max_length=24, default="reporter")
    """Whose it is: reporter, party_1, party_2, witness, …"""
    field = models.CharField(max_length=40)
    value = models.TextField(blank=True)
    keep_days = models.PositiveIntegerField()
    keep_until = models.DateTimeField(null=True)
    """Set when the case closes."""
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "role", "field"], name="one_value_a_field")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["keep_until"],
                condition=models.Q(keep_until__isnull=False, erased_at__isnull=True),
                name="personal_keep",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.role}.{self.field}"


class Attachment(models.Model):
    """A file of a case: cleaned before it was kept, or waiting for that and shown to nobody until then."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attachments")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = StoredPath(max_length=120, folder="cases")
    public = models.BooleanField(default=False)
    waiting = models.BooleanField(default=False)
    """As it came in: a job opens it apart, and keeps it cleaned or puts down why not."""
    sender = models.CharField(max_length=64, blank=True, default="")
    """While it waits: whose files count together; of a stranger a digest that tells nothing the next day."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=models.Q(waiting=True), name="attachment_waiting")
        ]

    def __str__(self) -> str:
        return self.name


class Opening(models.Model):
    """How long a sender's file was open; kept for an hour."""

    sender = models.CharField(max_length=64)
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="opening_at")]

    def __str__(self) -> str:
        return f"{self.milliseconds} ms"


class Share(models.Model):
    """A case seen by another organisation: by a standing rule, one by one, or for a time with consent."""

    class Kind(models.TextChoices):
        """Why it is shared."""

        RULE = "rule"
        CASE = "case"
        CONSENT = "consent"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="shares")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    reason = models.CharField(max_length=300)
    consent = models.CharField(max_length=300, blank=True)
    """Who agreed to it and how, where it is for a time with consent."""
    opened_at = models.DateTimeField()
    """The case's own, so that the list of shared cases is in its order."""
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "organisation"],
                condition=models.Q(ended_at__isnull=True),
                name="one_share_an_organisation",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "-opened_at"], name="share_organisation")]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.organisation_id}"


class SharingRule(models.Model):
    """Cases of a type in a station's area are shared with another organisation from the start (Q7, H5)."""

    case_type = models.CharField(max_length=40)
    station_code = models.CharField(max_length=32, blank=True)
    place_codes = models.JSONField(default=list)
    """Only these places, where it is about a boundary; empty for the whole area."""
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.case_type} {self.station_code} → {self.organisation_id}"


class EmergencyAccess(models.Model):
    """Somebody broke the glass: saw a case that they may not see, for an hour, with a reason."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="emergencies")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    since = models.DateTimeField()
    until = models.DateTimeField()
    reviewed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    justified = models.BooleanField(null=True)
    verdict = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "user", "-until"], name="emergency_case")]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.case_id}"


class Notice(models.Model):
    """A line in somebody's list of what has come up; a case that nears its end, an answer, a share."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="notices")
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=32)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at"]
        indexes: ClassVar = [
            models.Index(
                fields=["user", "-at"], condition=models.Q(read_at__isnull=True), name="notice_unread"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class Feedback(models.Model):
    """What the person who raised a case says of how it was dealt with."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="feedback")
    at = models.DateTimeField()
    solved = models.BooleanField()
    rating = models.PositiveSmallIntegerField(null=True)
    comment = models.TextField(blank=True)
    reopened = models.BooleanField(default=False)
    recorded = models.BooleanField(default=False)
    """Taken down by staff as said to them, not given by the person."""

    def __str__(self) -> str:
        return f"{self.case_id} {self.solved}"


class Tombstone(models.Model):
    """What is left of a shredded case: that there was one, and that it was deleted as its result demands."""

    number = models.CharField(max_length=24)
    case_type = models.CharField(max_length=40)
    station_code = models.CharField(max_length=32, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField()
    result = models.CharField(max_length=40)
    keep_days = models.PositiveIntegerField()
    shredded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number
