"""Notes of a board, what they leave open, and who has read them."""

from typing import ClassVar

from django.db import models

__all__ = ["Note", "OpenItem", "Reading"]


class OpenItem(models.Model):
    """Something that a shift leaves to the next; carried from note to note until it is done."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    remark = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["opened_at", "pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["organisation"], condition=models.Q(closed_at__isnull=True), name="open_item_board"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Note(models.Model):
    """A message or a hand-over note of a shift, on the board of an organisation. Never edited."""

    class Kind(models.TextChoices):
        """What it is."""

        MESSAGE = "message"
        HANDOVER = "handover"

    class Shift(models.TextChoices):
        """Which shift hands over."""

        DAY = "day"
        EVENING = "evening"
        NIGHT = "night"

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    shift = models.CharField(max_length=8, choices=Shift.choices, blank=True)
    shift_on = models.DateField(null=True)
    at = models.DateTimeField()
    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    cases = models.JSONField(default=list)
    """Numbers of cases; whoever follows one sees it only if they may."""
    items = models.ManyToManyField(OpenItem, related_name="notes")
    """What was open when the note was written, and what it adds."""

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["organisation", "-at", "-id"], name="note_board")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind} {self.pk}"


class Reading(models.Model):
    """Somebody has confirmed to have read a note."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["note", "user"], name="one_reading_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.note_id} {self.user_id}"
