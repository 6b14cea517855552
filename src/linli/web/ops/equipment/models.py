"""Devices as equipment: where, what for, which post keeps it, is it working (L9, Q3, N15).

D4: nothing that a device has recorded is kept here, and there is no column to put it: no picture, no sign of
a vehicle, no likeness, no address of a stream. A test holds every column, form and label against that. The
keeper is an organisation and a post in it, never a person.
"""

from typing import ClassVar

from django.db import models

from linli.web.foundation.findable import Findable

__all__ = ["INSTALLED", "ISSUED", "Device", "Issue", "Maintenance", "Use"]


class Device(Findable):
    """One device, or one set that is issued together."""

    FOUND_BY: ClassVar = ("code", "name", "address")

    class Kind(models.TextChoices):
        """What it is: the first six are issued to people's posts, the others are installed at a place."""

        MOBILE = "mobile"
        RADIO = "radio"
        NOTEBOOK = "notebook"
        STILL_CAMERA = "still_camera"
        RECORDER = "recorder"
        PATROL_KIT = "patrol_kit"
        VIDEO = "video"
        ALARM = "alarm"
        ACCESS = "access"
        CHECKPOINT = "checkpoint"

    class Status(models.TextChoices):
        """Whether it works."""

        PLANNED = "planned"
        STORED = "stored"
        IN_USE = "in_use"
        IN_REPAIR = "in_repair"
        RETIRED = "retired"

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.IN_USE)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    keeper_post = models.CharField(max_length=60, blank=True)
    """The post that keeps it, such as the duty desk; never a name."""

    version_id: int | None
    version = models.ForeignKey("places.Deployment", null=True, on_delete=models.PROTECT, related_name="+")
    station_code = models.CharField(max_length=32, blank=True)
    beat_code = models.CharField(max_length=40, blank=True)
    place_code = models.CharField(max_length=32, blank=True)
    address = models.CharField(max_length=200, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    radius_m = models.PositiveIntegerField(null=True)
    """How far it reaches, as its keeper states it."""

    linked = models.BooleanField(null=True)
    """On the alarm network (N15)."""
    required_by = models.CharField(max_length=120, blank=True)
    """The rule that asks for it, where one does (N15)."""
    footage_days = models.PositiveSmallIntegerField(null=True)
    """After how many days recordings are deleted where they are kept; none are kept here."""
    notice_posted = models.BooleanField(null=True)
    """A board tells the public of it: what for, who keeps it, how long."""

    acquired_on = models.DateField(null=True)
    maintain_every_days = models.PositiveSmallIntegerField(null=True)
    maintain_on = models.DateField(null=True)
    """When it is due to be looked after next."""
    reminded_on = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [
            models.Index(fields=["station_code", "code"], name="device_station"),
            models.Index(fields=["beat_code", "code"], name="device_beat"),
            models.Index(fields=["place_code", "code"], name="device_place"),
            models.Index(fields=["organisation", "code"], name="device_keeper"),
            models.Index(fields=["kind", "code"], name="device_kind"),
            models.Index(
                fields=["maintain_on"], condition=models.Q(maintain_on__isnull=False), name="device_maintain"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_installed(self) -> bool:
        """At a place rather than in somebody's hand."""
        return self.kind in INSTALLED


ISSUED = (
    Device.Kind.MOBILE,
    Device.Kind.RADIO,
    Device.Kind.NOTEBOOK,
    Device.Kind.STILL_CAMERA,
    Device.Kind.RECORDER,
    Device.Kind.PATROL_KIT,
)
"""What L9 and L13 ask to be issued."""
INSTALLED = (Device.Kind.VIDEO, Device.Kind.ALARM, Device.Kind.ACCESS, Device.Kind.CHECKPOINT)
"""What Q3 and N15 ask to be installed and kept working."""


class Issue(models.Model):
    """A device is given to a post and comes back: one row, two receipts."""

    class Condition(models.TextChoices):
        """How it came back."""

        GOOD = "good"
        DAMAGED = "damaged"
        MISSING = "missing"

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="issues")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    kept_by = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    """Who gave it out, and whom it comes back to."""
    kept_post = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=24)
    """The role that uses it there (L13 counts by role)."""
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    condition = models.CharField(max_length=8, choices=Condition.choices, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-issued_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device"],
                condition=models.Q(returned_at__isnull=True),
                name="one_open_issue_a_device",
            )
        ]

    def __str__(self) -> str:
        return f"{self.device_id} → {self.organisation_id}"


class Maintenance(models.Model):
    """Somebody looked after a device."""

    class Result(models.TextChoices):
        """What was found."""

        WORKS = "works"
        REPAIRED = "repaired"
        FAULTY = "faulty"
        REPLACED = "replaced"

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="maintenance")
    on = models.DateField()
    result = models.CharField(max_length=10, choices=Result.choices)
    note = models.CharField(max_length=300, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.device_id} {self.on}"


class Use(models.Model):
    """What a device was good for in a month, as numbers (Q3): clues, evidence, dispatches."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="uses")
    month = models.DateField()
    """Its first day."""
    clues = models.PositiveIntegerField(default=0)
    evidence = models.PositiveIntegerField(default=0)
    dispatches = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-month"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["device", "month"], name="one_use_a_month")]

    def __str__(self) -> str:
        return f"{self.device_id} {self.month:%Y-%m}"
