"""Papers of premises: kept files, responsibility letters, emergency plans, drills, honours, reminders."""

from typing import ClassVar

from django.db import models

from linli.web.foundation.stored import StoredPath
from linli.web.ops.premises.models.register import Premises

__all__ = ["Drill", "EmergencyPlan", "Honour", "KeptFile", "Letter", "Reminder"]


class KeptFile(models.Model):
    """A file of premises, cleaned before it was kept."""

    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = StoredPath(max_length=120, folder="premises")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Letter(models.Model):
    """A safety responsibility letter (N3, N13): printed, signed on paper, the scan kept."""

    number = models.CharField(max_length=24, unique=True, null=True)
    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="letters")
    issued_on = models.DateField()
    signed_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    scan = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-issued_on", "-pk"]
        indexes: ClassVar = [models.Index(fields=["premises", "-expires_on"], name="premises_letter_expiry")]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"


class EmergencyPlan(models.Model):
    """A key unit's emergency plan (N13); a newer one takes the place of an older one."""

    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="plans")
    dated = models.DateField()
    file = models.ForeignKey(KeptFile, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-dated", "-pk"]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.dated}"


class Drill(models.Model):
    """A drill of an emergency plan."""

    plan = models.ForeignKey(EmergencyPlan, on_delete=models.CASCADE, related_name="drills")
    held_on = models.DateField()
    participants = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.held_on}"


class Honour(models.Model):
    """A commendation (N13), or the title of a zero-incident courtyard for a period (N9)."""

    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="honours")
    kind = models.CharField(max_length=16)
    awarded_on = models.DateField()
    period_from = models.DateField(null=True)
    period_until = models.DateField(null=True)
    reason = models.CharField(max_length=300)
    incidents = models.PositiveIntegerField(null=True)
    """Counted when a title was awarded: 0, or it would not have been."""
    withdrawn_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["-awarded_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.kind}"


class Reminder(models.Model):
    """A reminder that was sent, so that it is sent once."""

    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    due_on = models.DateField()
    at = models.DateTimeField()
    told = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "due_on"], name="one_premises_reminder_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} {self.due_on}"
