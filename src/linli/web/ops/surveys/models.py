"""Waves of surveys, the addresses drawn for each, answers that lead back to no address, and street checks.

An answer is kept apart from the address it came from: it knows its stratum and primary unit, which its weight
needs, and neither address nor day. What an address came to (answered, refused, nobody met) stands with it.
"""

import uuid
from typing import ClassVar

from django.db import models

__all__ = ["Invitation", "Questionnaire", "Response", "StreetCheck", "Wave"]


class Questionnaire(models.Model):
    """A questionnaire as an XLSForm and what was made of it; never changed once it is kept."""

    title = models.CharField(max_length=120)
    file_name = models.CharField(max_length=120)
    workbook = models.BinaryField()
    xform = models.TextField()
    questions = models.JSONField()
    """Name, kind, texts and choices of each question, in order."""
    validated = models.BooleanField()
    """ODK Validate has read the form and found nothing."""
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class Wave(models.Model):
    """One survey: a questionnaire put to addresses drawn at random."""

    class Status(models.TextChoices):
        """Whether answers are taken."""

        OPEN = "open"
        CLOSED = "closed"

    class Layer(models.TextChoices):
        """What the strata are."""

        STATION = "station"
        BEAT = "beat"

    class Allocation(models.TextChoices):
        """How the sample is shared out among strata."""

        PROPORTIONAL = "proportional"
        EQUAL = "equal"

    code = models.SlugField(max_length=24, unique=True)
    title = models.CharField(max_length=120)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="waves")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    layer = models.CharField(max_length=8, choices=Layer.choices)
    allocation = models.CharField(max_length=12, choices=Allocation.choices)
    wanted = models.PositiveIntegerField()
    """Addresses; places where ``each`` is given."""
    each = models.PositiveIntegerField(null=True)
    """Addresses in each place drawn; ``None`` for addresses drawn one by one."""
    reserve_percent = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    frame_count = models.PositiveIntegerField()
    frame_digest = models.CharField(max_length=64)
    """With the seed, the frame and this digest anyone can repeat the draw."""
    strata = models.JSONField()
    """Addresses of each stratum in the frame."""
    opens_on = models.DateField()
    closes_on = models.DateField()
    drawn_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-opens_on", "-pk"]

    def __str__(self) -> str:
        return self.code


class Invitation(models.Model):
    """One address drawn for a wave, and what it came to."""

    class Outcome(models.TextChoices):
        """What it came to."""

        OPEN = "open"
        ANSWERED = "answered"
        REFUSED = "refused"
        NOT_MET = "not_met"
        NOT_ELIGIBLE = "not_eligible"

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="invitations")
    address_code = models.CharField(max_length=40)
    address = models.CharField(max_length=200)
    station_code = models.CharField(max_length=32)
    beat_code = models.CharField(max_length=40)
    place_code = models.CharField(max_length=32)
    stratum = models.CharField(max_length=40)
    psu = models.CharField(max_length=40)
    order = models.PositiveIntegerField()
    reserve = models.BooleanField()
    used = models.BooleanField()
    """Part of the sample: drawn at first, or a reserve that was called up in its turn."""
    stratum_size = models.PositiveIntegerField()
    unit_size = models.PositiveIntegerField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.OPEN)
    channel = models.CharField(max_length=8, blank=True)
    code_digest = models.CharField(max_length=64, blank=True, db_index=True)
    """Of the one-time code in the letter; the code itself is kept nowhere."""

    class Meta:
        ordering: ClassVar = ["stratum", "psu", "order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wave", "address_code"], name="one_invitation_an_address")
        ]
        indexes: ClassVar = [
            models.Index(fields=["wave", "station_code", "id"], name="invitation_station"),
            models.Index(fields=["wave", "beat_code", "id"], name="invitation_beat"),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id} {self.address_code}"


class Response(models.Model):
    """The answers of one household; its number is random, so that the order of entry tells nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="responses")
    station_code = models.CharField(max_length=32)
    beat_code = models.CharField(max_length=40)
    stratum = models.CharField(max_length=40)
    psu = models.CharField(max_length=40, blank=True)
    """The place, where places were drawn; empty otherwise, as the weight does not need it."""
    channel = models.CharField(max_length=8)
    answers = models.JSONField()
    mark = models.CharField(max_length=64, blank=True, default="", db_index=True)
    """Of what staff entered while the letter's code still counts; taken away when the wave closes."""

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["wave", "stratum"], name="response_stratum")]

    def __str__(self) -> str:
        return str(self.pk)


class StreetCheck(models.Model):
    """Passers-by asked unannounced (N18): how many, and how many said yes. Nobody is named."""

    station_code = models.CharField(max_length=32)
    beat_code = models.CharField(max_length=40)
    place_code = models.CharField(max_length=32)
    on = models.DateField()
    asked = models.PositiveSmallIntegerField()
    know_officer = models.PositiveSmallIntegerField()
    see_patrols = models.PositiveSmallIntegerField()
    feel_safe = models.PositiveSmallIntegerField()
    checked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-on", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["station_code", "-on"], name="check_station"),
            models.Index(fields=["beat_code", "-on"], name="check_beat"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(know_officer__lte=models.F("asked"))
                & models.Q(see_patrols__lte=models.F("asked"))
                & models.Q(feel_safe__lte=models.F("asked")),
                name="no_more_yes_than_asked",
            )
        ]

    def __str__(self) -> str:
        return f"{self.place_code} {self.on}"
