"""Periods with their versions, the figures of each, and what rules propose from them.

A version is never changed once it is computed: a correction makes another one, and both stay. Where the
records behind a figure lie is in ``keeping``.
"""

from typing import ClassVar

from django.db import models

from linli.web.foundation.stored import StoredPath

__all__ = ["Approval", "Area", "Consequence", "Exhibit", "Figure", "Objection", "Period", "Version"]


class Period(models.Model):
    """A month that is assessed by a pack's indicators and rules."""

    pack = models.CharField(max_length=64)
    month = models.CharField(max_length=7)
    """Such as ``2026-03``."""
    objection_days = models.PositiveSmallIntegerField(default=10)
    """For how many days those assessed can object before anything is confirmed."""
    opened_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-month", "pack"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["pack", "month"], name="one_period_a_month")]

    def __str__(self) -> str:
        return f"{self.month} {self.pack}"


class Version(models.Model):
    """One computation of a period: the first, or a correction with its reason."""

    class Status(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting"
        FAILED = "failed"
        COMPUTED = "computed"
        APPROVED = "approved"
        LOCKED = "locked"

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    reason = models.CharField(max_length=500, blank=True)
    """Why the one before was corrected; empty for the first."""
    ordered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    computed_at = models.DateTimeField(null=True)
    failure = models.JSONField(default=dict)
    """What went wrong, in both languages."""
    synthetic = models.BooleanField(default=False)
    """Some of the facts are made up."""
    facts = models.CharField(max_length=64, blank=True)
    """Digest of the facts that were read."""
    linli = models.CharField(max_length=32, blank=True)
    told = models.JSONField(default=dict)
    """Indicators and clauses as they were: titles, formulas, units; so that later packs change nothing."""
    chance = models.JSONField(default=list)
    """What chance alone makes of the rules, with this county's sizes."""
    locked_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    locked_at = models.DateTimeField(null=True)
    proposed_at = models.DateTimeField(null=True)
    """When its consequences were put before those assessed."""

    class Meta:
        ordering: ClassVar = ["period", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "number"], name="one_version_of_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.period_id} v{self.number}"


class Area(models.Model):
    """An area as it was when a version was computed."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="areas")
    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=80)
    parent = models.CharField(max_length=80, blank=True)
    station_code = models.CharField(max_length=80, blank=True)
    beat_code = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    residents = models.PositiveIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "kind", "code"], name="one_area_of_a_code")
        ]

    def __str__(self) -> str:
        return self.name


class Figure(models.Model):
    """One figure of the period itself; those of the months before lie beside the evidence."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="figures")
    indicator = models.CharField(max_length=80)
    clause = models.CharField(max_length=12, blank=True)
    area_kind = models.CharField(max_length=10)
    area = models.CharField(max_length=80)
    station_code = models.CharField(max_length=80, blank=True)
    beat_code = models.CharField(max_length=80, blank=True)
    token = models.CharField(max_length=7)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    records = models.PositiveIntegerField()
    evidence = models.CharField(max_length=24)
    formula = models.TextField()
    code_version = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["indicator", "area_kind", "area"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "indicator", "area_kind", "area", "token"], name="one_figure_of_an_area"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["version", "area_kind", "area"], name="figure_area")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.area} {self.token}"


class Approval(models.Model):
    """A station says that its figures are as its records are."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="approvals")
    station_code = models.CharField(max_length=80)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["station_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "station_code"], name="one_approval_a_station")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.station_code}"


class Consequence(models.Model):
    """What a rule proposes for an area. Never carried out here: a person confirms or drops it."""

    class Status(models.TextChoices):
        """Where it stands."""

        DRAFTED = "drafted"
        PROPOSED = "proposed"
        OBJECTED = "objected"
        UPHELD = "upheld"
        CONFIRMED = "confirmed"
        DROPPED = "dropped"
        LAPSED = "lapsed"

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="consequences")
    rule = models.CharField(max_length=80)
    clause = models.CharField(max_length=12)
    kind = models.CharField(max_length=20)
    area_kind = models.CharField(max_length=10)
    area = models.CharField(max_length=80)
    station_code = models.CharField(max_length=80, blank=True)
    beat_code = models.CharField(max_length=80, blank=True)
    token = models.CharField(max_length=15)
    told = models.JSONField(default=dict)
    """The rule as read, the reason, the title; each in both languages."""
    inputs = models.JSONField(default=list)
    """The figures that it rests on: indicator, period, value, number of records."""
    honest = models.JSONField(default=dict)
    """What an honest reading of the same counts says."""
    yuan = models.FloatField(null=True)
    met_by_not_recording = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFTED)
    proposed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    shown_at = models.DateTimeField(null=True)
    object_until = models.DateTimeField(null=True)
    seen_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True)
    """When somebody of the office assessed first opened it."""
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=1000, blank=True)
    """Why it was confirmed or dropped."""

    class Meta:
        ordering: ClassVar = ["clause", "rule", "area", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "rule", "kind", "area", "token"], name="one_consequence_of_a_rule"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["status", "station_code"], name="consequence_status")]

    def __str__(self) -> str:
        return f"{self.rule} {self.kind} {self.area}"


class Objection(models.Model):
    """The office assessed says why it should not stand; somebody else decides."""

    class Outcome(models.TextChoices):
        """How it was decided."""

        UPHELD = "upheld"
        REJECTED = "rejected"

    consequence = models.OneToOneField(Consequence, on_delete=models.CASCADE, related_name="objection")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.consequence_id}"


class Exhibit(models.Model):
    """A file that an objection rests on, cleaned before it was kept."""

    objection = models.ForeignKey(Objection, on_delete=models.CASCADE, related_name="exhibits")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = StoredPath(max_length=120, folder="objections")

    def __str__(self) -> str:
        return self.name
