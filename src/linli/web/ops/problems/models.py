"""The rectification plan of a problem place: its measures and what has become of each."""

from typing import ClassVar

from django.db import models

__all__ = ["Measure", "Progress"]


class Measure(models.Model):
    """One thing that an organisation does about a problem place by a day."""

    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="problem_measures")
    text = models.CharField(max_length=300)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    """Who answers for it; a unit, an office or a post, never a private person."""
    due = models.DateField()
    percent = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)
    """The last day on which its owner was reminded that it is late."""
    planned_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["due", "pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["due"],
                condition=models.Q(done_at__isnull=True, dropped_at__isnull=True),
                name="measure_open_due",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        """Neither done nor given up."""
        return self.done_at is None and self.dropped_at is None


class Progress(models.Model):
    """What was said of a measure, and how far it was then. Never edited."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="progress")
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=64, blank=True)
    percent = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=1000)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.percent} %"
