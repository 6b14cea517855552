"""Rounds of checks, checks and what they found, hours stated by posts, progress published, leading groups."""

from typing import ClassVar

from django.db import models

__all__ = ["Check", "Finding", "Group", "Publication", "Round", "Statement", "YearPlan"]


class Round(models.Model):
    """Checks drawn at one time from one list: with the seed, anybody can draw them again."""

    class Kind(models.TextChoices):
        """The four checks of N18."""

        PLANS_RECORDS = "plans_records"
        STREET = "street"
        PLACES = "places"
        AFTER_CASE = "after_case"

    class Source(models.TextChoices):
        """What is drawn from."""

        POST = "post"
        VILLAGE = "village"
        COURTYARD = "courtyard"
        PREMISES = "premises"
        UNIT = "unit"
        STREET = "street"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    source = models.CharField(max_length=12, choices=Source.choices)
    title = models.CharField(max_length=120)
    seed = models.CharField(max_length=32)
    frame = models.JSONField(default=list)
    """The codes drawn from, in order."""
    frame_digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    per_station = models.BooleanField(default=False)
    """So many of each station, not of the whole county."""
    station_code = models.CharField(max_length=32, blank=True)
    """Only this station's; empty for the county."""
    case_number = models.CharField(max_length=24, blank=True)
    """The serious case that is reviewed."""
    due_on = models.DateField()
    drawn_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-drawn_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class Check(models.Model):
    """One check: where, on which sheet, and how it went. Unannounced: the station sees it when it is done."""

    class Status(models.TextChoices):
        """Where it stands."""

        PLANNED = "planned"
        DONE = "done"
        CANCELLED = "cancelled"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="checks")
    sequence = models.PositiveIntegerField()
    """In which place it was drawn."""
    target_code = models.CharField(max_length=64)
    target_name = models.CharField(max_length=200)
    station_code = models.CharField(max_length=32)
    beat_code = models.CharField(max_length=40, blank=True)
    place_code = models.CharField(max_length=32, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    answers = models.JSONField(default=dict)
    """By line of the sheet: yes, no or not applicable."""
    asked = models.PositiveIntegerField(null=True)
    """Residents asked; never who."""
    know_officer = models.PositiveIntegerField(null=True)
    see_patrols = models.PositiveIntegerField(null=True)
    remark = models.TextField(blank=True)
    due_on = models.DateField()
    done_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-due_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "target_code"], name="one_supervision_check_a_target")
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "-due_on", "-id"], name="supervision_check_status"),
            models.Index(fields=["station_code", "-due_on", "-id"], name="supervision_check_station"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}-{self.sequence}"


class Finding(models.Model):
    """A line of a sheet that was not met, and the case that follows it up."""

    # Named `check_done`, since Django keeps `check` for itself.
    check_done = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="findings")
    item = models.CharField(max_length=40)
    case = models.OneToOneField("casework.Case", on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.check_done_id} {self.item}"


class Statement(models.Model):
    """What a post says of the hours that its room was staffed in a month (L16); a later one replaces it."""

    post_code = models.CharField(max_length=64)
    station_code = models.CharField(max_length=32)
    beat_code = models.CharField(max_length=40)
    month = models.DateField()
    """Its first day."""
    planned_hours = models.DecimalField(max_digits=7, decimal_places=1)
    hours = models.DecimalField(max_digits=7, decimal_places=1)
    reason = models.CharField(max_length=300, blank=True)
    """Why it was not staffed as planned."""
    stated_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post_code", "month"], name="one_hours_statement_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.post_code} {self.month:%Y-%m}"


class Publication(models.Model):
    """The progress of dated norms as it was made known to all stations on a day; never changed afterwards."""

    day = models.DateField()
    deployment = models.ForeignKey("places.Deployment", on_delete=models.PROTECT, related_name="+")
    rows = models.JSONField(default=list)
    remark = models.CharField(max_length=500, blank=True)
    published_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.day}"


class Group(models.Model):
    """The leading group and office of the county, or the group of a township (L15); offices, never names."""

    class Level(models.TextChoices):
        """Whose group."""

        COUNTY = "county"
        TOWNSHIP = "township"

    level = models.CharField(max_length=10, choices=Level.choices)
    name = models.CharField(max_length=120, unique=True)
    station_code = models.CharField(max_length=32, blank=True)
    chair = models.CharField(max_length=120)
    """The office that leads it."""
    members = models.CharField(max_length=500)
    """The offices that belong to it."""
    office = models.CharField(max_length=200)
    """Where its office is."""
    founded_on = models.DateField()
    kept_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["level", "name"]

    def __str__(self) -> str:
        return self.name


class YearPlan(models.Model):
    """A group's plan of a year (L15)."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="plans")
    year = models.PositiveSmallIntegerField()
    goals = models.TextField()
    adopted_on = models.DateField()
    review = models.TextField(blank=True)
    """What came of it, at the end of the year."""
    kept_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-year"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "year"], name="one_group_plan_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.year}"
