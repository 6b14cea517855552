"""Deployments by version, and the stations, beats, places and posts of each.

A case keeps the codes of the place, beat and station it had when it was opened, and the version they
belong to; a later deployment adds rows of its own and never changes those of an earlier one.
"""

from typing import ClassVar

from django.db import models

__all__ = ["Address", "AddressGram", "Beat", "Deployment", "Place", "Post", "Station"]


class Deployment(models.Model):
    """One version of the plan that ``linli plan`` wrote."""

    class Status(models.TextChoices):
        """Where a version stands."""

        PROPOSED = "proposed"
        APPROVED = "approved"
        IN_FORCE = "in_force"
        RETIRED = "retired"
        REJECTED = "rejected"

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    territory = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    pack = models.CharField(max_length=64)
    pack_title = models.CharField(max_length=200)
    pack_title_en = models.CharField(max_length=200, blank=True)
    planned_for = models.DateField()
    """The day whose values of the pack the plan was made with."""
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    synthetic = models.JSONField(default=list)
    """Names of made-up fields; every screen that shows them says so."""
    document = models.TextField()
    """The deployment file as it was given, from which it can be exported again byte for byte."""
    outlines = models.JSONField(default=dict)
    """GeoJSON of the beats for the map, where the plan's folder held it."""
    reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-proposed_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["status"], condition=models.Q(status="in_force"), name="one_deployment_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.planned_for}"


class Station(models.Model):
    """A police station of a version."""

    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="stations")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deployment", "code"], name="one_station_a_code")
        ]

    def __str__(self) -> str:
        return self.name


class Beat(models.Model):
    """A beat (警务区) of a version."""

    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="beats")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    station_code = models.CharField(max_length=32)
    residents = models.PositiveIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deployment", "code"], name="one_beat_a_code")
        ]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """A village or community of a version, with the beat it belongs to."""

    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="places")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=120)
    station_code = models.CharField(max_length=32)
    beat_code = models.CharField(max_length=40)
    residents = models.PositiveIntegerField(null=True)
    longitude = models.FloatField()
    latitude = models.FloatField()

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deployment", "code"], name="one_place_a_code")
        ]
        indexes: ClassVar = [models.Index(fields=["deployment", "beat_code"], name="place_beat")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A police room (警务室) or work station of a version."""

    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="posts")
    code = models.CharField(max_length=64)
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    place_code = models.CharField(max_length=32)
    beat_codes = models.JSONField(default=list)
    longitude = models.FloatField()
    latitude = models.FloatField()

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deployment", "code"], name="one_post_a_code")
        ]

    def __str__(self) -> str:
        return self.name


class Address(models.Model):
    """A standard address (clause H9): every house, unit and shop has one, entered once."""

    code = models.CharField(max_length=40, unique=True)
    text = models.CharField(max_length=200)
    place_code = models.CharField(max_length=32, db_index=True)
    kind = models.CharField(max_length=12, default="house")
    longitude = models.FloatField()
    latitude = models.FloatField()
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["text"]

    def __str__(self) -> str:
        return self.text


class AddressGram(models.Model):
    """A two-character piece of an address: how a Chinese address is found on either database."""

    gram = models.CharField(max_length=2)
    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="grams")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gram", "address"], name="one_gram_an_address")
        ]

    def __str__(self) -> str:
        return self.gram
