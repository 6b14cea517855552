"""Agreements between neighbours, the rules that share cases by them, joint meetings and what they decide."""

from typing import ClassVar

from django.db import models

__all__ = ["Agreement", "AgreementRule", "JointMeeting", "Party", "Task"]


class Agreement(models.Model):
    """Stations or villages on two sides of a boundary agree to work together there."""

    number = models.CharField(max_length=24, unique=True, null=True)
    title = models.CharField(max_length=120)
    purpose = models.TextField(blank=True)
    place_codes = models.JSONField(default=list)
    """The villages on both sides that it is about."""
    case_types = models.JSONField(default=list)
    """Types of case that are shared from the day on which it begins."""
    valid_from = models.DateField()
    valid_until = models.DateField()
    reference = models.CharField(max_length=200, blank=True)
    """Where the signed paper lies: file number, or name of the scan."""
    drafted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    in_force_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-drafted_at", "-pk"]

    def __str__(self) -> str:
        return self.number or self.title

    @property
    def state(self) -> str:
        """Where it stands: ended, in force, or still to be signed or begun."""
        if self.ended_at is not None:
            return "ended"
        return "in_force" if self.in_force_at is not None else "draft"


class Party(models.Model):
    """An organisation that signs an agreement, or a post of one that works at the boundary."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    signs = models.BooleanField(default=True)
    """Posts that only work at the boundary do not sign: their station does."""
    of = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="posts")
    """The signing station of such a post."""
    signed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-signs", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="one_party_an_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.organisation_id}"


class AgreementRule(models.Model):
    """A standing rule of casework that an agreement has made."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="rules")
    rule = models.OneToOneField("casework.SharingRule", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.rule_id}"


class JointMeeting(models.Model):
    """A meeting of the parties, with its minutes."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="meetings")
    held_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    topics = models.CharField(max_length=300)
    minutes = models.TextField()
    attendance = models.PositiveIntegerField(default=0)
    """How many people took part; no names."""
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-held_at", "-pk"]

    def __str__(self) -> str:
        return self.topics


class Task(models.Model):
    """What a meeting decided: who does what by when."""

    meeting = models.ForeignKey(JointMeeting, on_delete=models.CASCADE, related_name="tasks")
    text = models.CharField(max_length=300)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    due = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    remark = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["due", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["due"], condition=models.Q(done_at__isnull=True), name="task_open_due")
        ]

    def __str__(self) -> str:
        return self.text
