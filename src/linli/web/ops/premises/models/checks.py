"""Checklists and their versions, the schedule, random draws, inspections, notices and what answers them."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from linli.web.ops.premises.models.register import Premises

__all__ = [
    "Answer",
    "Checklist",
    "Draw",
    "Evidence",
    "Inspection",
    "Interval",
    "Photo",
    "Rectification",
]


class Checklist(models.Model):
    """One version of a kind's checklist. A version is never changed; an edit makes the next one."""

    kind = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    items = models.JSONField()
    """As ``linli.web.ops.premises.checklists.Item``."""
    note = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["kind", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_checklist_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"


class Interval(models.Model):
    """How often premises of a kind and class are inspected, where it differs from what is shipped."""

    kind = models.CharField(max_length=12)
    schedule_class = models.CharField(max_length=8)
    months = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "schedule_class"], name="one_interval_a_class")
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.schedule_class}: {self.months}"


class Draw(models.Model):
    """A random draw, to be repeated from what is kept. It is never deleted; a second one is a second row."""

    number = models.CharField(max_length=24, unique=True, null=True)
    station_code = models.CharField(max_length=32)
    beat_code = models.CharField(max_length=40, blank=True)
    kinds = models.JSONField()
    drawn_at = models.DateTimeField()
    day = models.DateField()
    attempt = models.PositiveSmallIntegerField()
    """1 for the day's first draw of this area and these kinds; more for one that was repeated."""
    reason = models.CharField(max_length=300, blank=True)
    """Why it was drawn again."""
    seed = models.CharField(max_length=32)
    frame = models.JSONField()
    """Codes of all premises that could be drawn, in order of code."""
    frame_digest = models.CharField(max_length=64)
    chosen = models.JSONField()
    drawn_by = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["-drawn_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station_code", "beat_code", "kinds", "day", "attempt"],
                name="one_premises_draw_an_attempt",
            )
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"


class Inspection(models.Model):
    """What an inspection's case is about."""

    case = models.OneToOneField("casework.Case", on_delete=models.CASCADE, related_name="inspection")
    premises = models.ForeignKey(Premises, on_delete=models.PROTECT, related_name="inspections")
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="+")
    draw = models.ForeignKey(Draw, null=True, on_delete=models.PROTECT, related_name="inspections")
    planned_for = models.DateField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["premises", "-planned_for"], name="premises_inspection_day")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.premises_id}"


class Answer(models.Model):
    """The answer to one item of the checklist."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="answers")
    item = models.CharField(max_length=40)
    value = models.CharField(max_length=3)
    """yes, no, na."""
    remark = models.CharField(max_length=300, blank=True)
    fixed = models.BooleanField(null=True)
    """For a ``no``: what the last re-check found."""

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inspection", "item"], name="one_sheet_answer_an_item")
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.item} {self.value}"


class Rectification(models.Model):
    """A rectification notice (N13); a re-check that fails brings the next one."""

    number = models.CharField(max_length=24, unique=True, null=True)
    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="notices")
    round = models.PositiveSmallIntegerField()
    issued_on = models.DateField()
    fix_by = models.DateField()
    findings = models.JSONField()
    """What was found, as it is printed: item, text, rule and remark."""
    served_on = models.DateField(null=True)
    served_how = models.CharField(max_length=12, blank=True)
    answered_at = models.DateTimeField(null=True)
    """When the unit said that it is done."""
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    """fixed, repeated, escalated."""

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inspection", "round"], name="one_notice_a_round")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["fix_by"], condition=models.Q(ended_at__isnull=True), name="premises_notice_due"
            )
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"


class Evidence(models.Model):
    """What the unit says and shows of how it mended what a notice found."""

    rectification = models.ForeignKey(Rectification, on_delete=models.CASCADE, related_name="evidence")
    at = models.DateTimeField()
    text = models.TextField()
    by_unit = models.BooleanField()
    """The unit's own account wrote it; else an inspector on its behalf."""

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.rectification_id} {timezone.localtime(self.at):%Y-%m-%d}"


class Photo(models.Model):
    """A file of the case that shows one item of the checklist, or belongs to some evidence."""

    attachment = models.OneToOneField("casework.Attachment", on_delete=models.CASCADE, related_name="+")
    answer = models.ForeignKey(Answer, null=True, on_delete=models.CASCADE, related_name="photos")
    evidence = models.ForeignKey(Evidence, null=True, on_delete=models.CASCADE, related_name="photos")

    def __str__(self) -> str:
        return f"{self.attachment_id}"
