"""What has been entered of working time: notices of years, office hours, and how far deadlines follow them.

Rows are never changed: what replaces one says when it was replaced, so that it can be told what was in use.
"""

from typing import ClassVar

from django.db import models

__all__ = ["CalendarState", "OfficeHours", "Reworked", "YearNotice"]


class YearNotice(models.Model):
    """The State Council's notice for a year: days off and made-up workdays, as entered."""

    year = models.PositiveSmallIntegerField()
    rest = models.JSONField(default=list)
    """Every day off that the notice names, as ISO dates."""
    worked = models.JSONField(default=list)
    """Weekend days that are worked."""
    source = models.CharField(max_length=200, blank=True)
    """Its number or address."""
    entered_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-year", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["year"], condition=models.Q(replaced_at__isnull=True), name="one_notice_a_year"
            )
        ]

    def __str__(self) -> str:
        return str(self.year)


class OfficeHours(models.Model):
    """Opening hours from a day on: the county's, or a station's own."""

    station_code = models.CharField(max_length=32, blank=True)
    """Empty for the county."""
    valid_from = models.DateField()
    periods = models.JSONField(default=list)
    """Pairs of opening and closing time; empty where a station keeps the county's again."""
    entered_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["station_code", "-valid_from", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station_code", "valid_from"],
                condition=models.Q(replaced_at__isnull=True),
                name="one_set_of_hours_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.station_code} {self.valid_from}"


class CalendarState(models.Model):
    """One row: a token that is another after every change, by which processes learn of it."""

    token = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.token


class Reworked(models.Model):
    """How far one kind of stored deadline has followed the calendar."""

    name = models.CharField(max_length=40, unique=True)
    done = models.CharField(max_length=100, blank=True)
    """The calendar by which all of them have been worked out."""
    doing = models.CharField(max_length=100, blank=True)
    """The calendar by which those up to ``cursor`` have."""
    cursor = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
