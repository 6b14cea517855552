"""What a dispute has beside its case: parties, sessions, agreements and their terms, hand-overs.

Names and telephones of parties are no columns here: they lie in casework's ``PersonalValue`` under the
role ``party_1``, ``party_2``, … with purpose, legal basis and keep-days, and reading them is logged.
"""

from typing import ClassVar

from django.db import models

from linli.web.foundation.casework.models import Attachment, Case

__all__ = ["Agreement", "Handover", "Obligation", "Party", "Session"]


class Party(models.Model):
    """One of those who disagree: a person (by number alone) or a unit (by its name)."""

    class Kind(models.TextChoices):
        """What a party is."""

        PERSON = "person"
        UNIT = "unit"

    class Side(models.TextChoices):
        """Who asked, and who was asked."""

        APPLICANT = "applicant"
        RESPONDENT = "respondent"
        THIRD = "third"

    class Consent(models.TextChoices):
        """Whether the party agrees to mediation."""

        UNASKED = "unasked"
        AGREED = "agreed"
        DECLINED = "declined"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PERSON)
    side = models.CharField(max_length=12, choices=Side.choices)
    unit_name = models.CharField(max_length=120, blank=True)
    consent = models.CharField(max_length=8, choices=Consent.choices, default=Consent.UNASKED)
    consent_at = models.DateTimeField(null=True)
    told_rights_at = models.DateTimeField(null=True)
    """When the party was told that they may always go to court or complain (D3)."""

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="one_party_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.role}"

    @property
    def role(self) -> str:
        """Whose personal values are this party's."""
        return f"party_{self.number}"


class Session(models.Model):
    """The parties meet with the mediator."""

    class State(models.TextChoices):
        """Where a session stands."""

        PLANNED = "planned"
        HELD = "held"
        CANCELLED = "cancelled"

    class Outcome(models.TextChoices):
        """What came of it."""

        AGREED = "agreed"
        GO_ON = "go_on"
        NO_AGREEMENT = "no_agreement"
        ABSENT = "absent"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    planned_at = models.DateTimeField()
    place = models.CharField(max_length=120)
    attended = models.JSONField(default=dict)
    """How many came, by what they are: parties, mediators, officers, committee, experts, helpers."""
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    note = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="one_session_a_number")
        ]
        indexes: ClassVar = [
            models.Index(fields=["planned_at"], condition=models.Q(state="planned"), name="session_planned")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number}"


class Agreement(models.Model):
    """What the parties agreed on. A relapse ends it; a new one is another row."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    reached_on = models.DateField()
    summary = models.TextField(blank=True)
    signed_on = models.DateField(null=True)
    scan = models.ForeignKey(Attachment, null=True, on_delete=models.SET_NULL, related_name="+")
    due_on = models.DateField()
    """The last day of its terms."""
    fulfilled_on = models.DateField(null=True)
    broken_on = models.DateField(null=True)
    relapsed_on = models.DateField(null=True)
    check_on = models.DateField()
    """Ninety days after ``due_on``: when it is asked whether the agreement held."""
    checked_on = models.DateField(null=True)
    kept = models.BooleanField(null=True)
    check_note = models.TextField(blank=True)
    check_reminded_at = models.DateTimeField(null=True)
    after_session = models.PositiveSmallIntegerField()
    """The last session before it: after a relapse a new agreement needs a session of its own."""

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="one_agreement_a_number")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["check_on"],
                condition=models.Q(kept__isnull=True, relapsed_on__isnull=True),
                name="agreement_check",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number}"


class Obligation(models.Model):
    """One term of an agreement: which party does what by when."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open"
        FULFILLED = "fulfilled"
        BROKEN = "broken"

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="obligations")
    number = models.PositiveSmallIntegerField()
    party = models.PositiveSmallIntegerField()
    """The number of the party who does it."""
    text = models.CharField(max_length=500)
    amount_yuan = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    settled_on = models.DateField(null=True)
    """When it was done, or found not to be done."""
    note = models.CharField(max_length=300, blank=True)
    reminded_at = models.DateTimeField(null=True)
    overdue_reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "number"], name="one_obligation_a_number")
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on"], condition=models.Q(state="open"), name="obligation_due")
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}.{self.number}"


class Handover(models.Model):
    """A dispute, or a question about it, goes to or comes from another office, which acknowledges it (Q5)."""

    class Direction(models.TextChoices):
        """Which way."""

        OUT = "out"
        IN = "in"

    class Purpose(models.TextChoices):
        """What is asked of the other office."""

        WHOLE = "whole"
        QUESTION = "question"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="handovers")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.WHOLE)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    reference = models.CharField(max_length=60, blank=True)
    """The other office's own number of the matter."""
    handed_at = models.DateTimeField()
    handed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    acknowledge_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reminded_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    return_note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["handed_at", "pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["acknowledge_by"],
                condition=models.Q(acknowledged_at__isnull=True),
                name="handover_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.direction} {self.organisation_id}"
