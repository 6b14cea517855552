"""The five moments of each request: when each was due and when it was done (clause X9)."""

from typing import ClassVar

from django.db import models

__all__ = ["Five"]


class Five(models.Model):
    """One round of a request, from being opened or reopened until it is closed.

    A reopened request begins a round of its own, so that what was closed without being solved shows in the
    figures. ``*_due`` is the limit that the moment is held against: empty while no clock runs for it.
    """

    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="five")
    round = models.PositiveSmallIntegerField()
    station_code = models.CharField(max_length=32, blank=True)
    beat_code = models.CharField(max_length=40, blank=True)
    place_code = models.CharField(max_length=32, blank=True)
    opened_at = models.DateTimeField()
    """When the round began."""
    state = models.CharField(max_length=40)
    """The state that the case was last seen in."""
    void = models.BooleanField(default=False)
    """Merged into another request, which is counted instead."""
    accepted_due = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    reported_due = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    handled_due = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    resolved_due = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    answered_due = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["case", "round"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "round"], name="one_five_a_round")]
        indexes: ClassVar = [
            models.Index(fields=["station_code", "opened_at"], name="five_station"),
            models.Index(fields=["opened_at"], name="five_opened"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.round}"
