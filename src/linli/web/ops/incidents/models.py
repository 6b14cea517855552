"""Units that can be sent, and which unit was sent to which incident.

A unit's place is that of its post, or one that staff chose for it: no device, vehicle or person is
followed (D4), and no former place is kept. What a unit is doing is not stored: it follows from whether it
is on duty and from the incident that it was sent to, so that it is free again however the incident ends.
"""

from typing import ClassVar

from django.db import models

__all__ = ["Dispatch", "Unit"]


class Unit(models.Model):
    """A patrol car, foot patrol or post team. Says how many people it has, never who."""

    class Kind(models.TextChoices):
        """What it moves as."""

        PATROL_CAR = "patrol_car"
        FOOT_PATROL = "foot_patrol"
        POST_TEAM = "post_team"

    call_sign = models.CharField(max_length=24, unique=True)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    capacity = models.PositiveSmallIntegerField(default=2)
    station_code = models.CharField(max_length=32, blank=True, db_index=True)
    beat_codes = models.JSONField(default=list)
    """The beats of its post; empty for a whole station or county."""
    on_duty = models.BooleanField(default=False)
    shift_until = models.DateTimeField(null=True)
    place_name = models.CharField(max_length=200, blank=True)
    """Where it was last said to be: its post, or a village or community."""
    place_set_at = models.DateTimeField(null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["call_sign"]

    def __str__(self) -> str:
        return self.call_sign


class Dispatch(models.Model):
    """A unit was sent to an incident. Each moment is written once."""

    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="dispatches")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="dispatches")
    dispatched_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    dispatched_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(null=True)
    """Its place among the units recommended at that moment, from 1."""
    minutes = models.FloatField(null=True)
    """The minutes it was reckoned to need."""
    reason = models.CharField(max_length=300, blank=True)
    """Why another unit than the first was chosen."""

    class Meta:
        ordering: ClassVar = ["dispatched_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(cleared_at__isnull=True), name="one_incident_a_unit"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["case", "arrived_at"], name="dispatch_case")]

    def __str__(self) -> str:
        return f"{self.unit_id} → {self.case_id}"
