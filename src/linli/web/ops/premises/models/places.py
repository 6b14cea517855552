"""What is kept of courtyards and schools, and which incidents nearby a unit was told of: never names."""

from typing import ClassVar

from django.db import models

from linli.web.ops.premises.models.register import Premises

__all__ = ["CourtyardSurvey", "IncidentsTold", "JointMeeting", "Presence", "SchoolPoint"]


class CourtyardSurvey(models.Model):
    """A survey of a courtyard and the class that came of it (N9)."""

    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="surveys")
    surveyed_on = models.DateField()
    basis = models.CharField(max_length=8)
    staffed = models.BooleanField()
    volunteers = models.PositiveIntegerField()
    doors = models.PositiveIntegerField()
    security_doors = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["-surveyed_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(security_doors__lte=models.F("doors")),
                name="no_more_security_doors_than_doors",
            )
        ]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.surveyed_on}"


class SchoolPoint(models.Model):
    """A gate, main road or side street at a school, and the organisation that owns it (N14)."""

    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="points")
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    owner = models.ForeignKey("accounts.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    removed_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """Whether somebody stood at a school's point when it opened or closed on a day (N14)."""

    point = models.ForeignKey(SchoolPoint, on_delete=models.CASCADE, related_name="presences")
    day = models.DateField()
    hour = models.CharField(max_length=8)
    present = models.BooleanField()

    class Meta:
        ordering: ClassVar = ["-day", "hour"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["point", "day", "hour"], name="one_presence_an_hour")
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.day} {self.hour}"


class JointMeeting(models.Model):
    """A joint meeting with a school (N14); its minutes are in the case of joint work it is linked to."""

    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="joint_meetings")
    held_on = models.DateField()
    case = models.ForeignKey("casework.Case", null=True, on_delete=models.SET_NULL, related_name="+")
    subject = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.held_on}"


class IncidentsTold(models.Model):
    """The incidents nearby that a unit was told of (N3): kind, day and place of each, nothing nearer."""

    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="told")
    at = models.DateTimeField()
    since = models.DateField()
    until = models.DateField()
    lines = models.JSONField(default=list)
    advice = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.until}"
