"""Budgets with their lines, lots with their payments. Amounts are whole cents; nothing is ever deleted.

A payment is owed to an account or an organisation by its name alone: identity papers and bank accounts are
the finance office's. A mistake is put right by another payment of the same amount below nought.
"""

from typing import ClassVar

from django.db import models

__all__ = ["Budget", "Line", "Lot", "Payment"]


class Budget(models.Model):
    """What one source of money gives for a year (Q2: government, units, users)."""

    class Source(models.TextChoices):
        """Who gives it."""

        GOVERNMENT = "government"
        UNITS = "units"
        USERS = "users"

    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=12, choices=Source.choices)
    cap_cents = models.BigIntegerField()
    note = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-year", "source"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "source"], name="one_budget_a_source"),
            models.CheckConstraint(condition=models.Q(cap_cents__gt=0), name="a_budget_has_a_cap"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.source}"


class Line(models.Model):
    """A part of a budget for one rule of the plan."""

    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="lines")
    pack = models.CharField(max_length=64)
    rule = models.CharField(max_length=80)
    title = models.JSONField()
    """The rule's title in both languages, as it was."""
    clause = models.CharField(max_length=12)
    cap_cents = models.BigIntegerField()
    amount_cents = models.BigIntegerField(null=True)
    """For one record, where the clause names no amount."""
    opened_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["budget", "rule"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["budget", "rule"], name="one_line_a_rule"),
            models.CheckConstraint(condition=models.Q(cap_cents__gt=0), name="a_line_has_a_cap"),
        ]

    def __str__(self) -> str:
        return f"{self.budget_id} {self.rule}"


class Lot(models.Model):
    """Payments that are proposed, approved and paid together, by three different people."""

    class Kind(models.TextChoices):
        """Money out, or taken back."""

        PAYMENT = "payment"
        REVERSAL = "reversal"

    class Status(models.TextChoices):
        """Where it stands."""

        PROPOSED = "proposed"
        APPROVED = "approved"
        PAID = "paid"
        REFUSED = "refused"

    number = models.CharField(max_length=16, unique=True, null=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PAYMENT)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PROPOSED)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="lots")
    station_code = models.CharField(max_length=32)
    beat_code = models.CharField(max_length=40, blank=True)
    """Empty where the lot is the whole station's."""
    starts = models.DateField()
    ends = models.DateField()
    total_cents = models.BigIntegerField()
    count = models.PositiveIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    """Why money is taken back."""
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=300, blank=True)
    paid_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    paid_at = models.DateTimeField(null=True)
    voucher = models.CharField(max_length=60, blank=True)
    """The finance office's own number."""

    class Meta:
        ordering: ClassVar = ["-proposed_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["station_code", "-proposed_at"], name="lot_station"),
            models.Index(fields=["beat_code", "-proposed_at"], name="lot_beat"),
            models.Index(fields=["-proposed_at", "-id"], name="lot_proposed"),
        ]
        constraints: ClassVar = [
            # Whoever proposes does not approve, and neither of them pays.
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | models.Q(status="refused")
                | ~models.Q(decided_by=models.F("proposed_by")),
                name="nobody_approves_their_own_lot",
            ),
            models.CheckConstraint(
                condition=models.Q(paid_by__isnull=True)
                | (~models.Q(paid_by=models.F("proposed_by")) & ~models.Q(paid_by=models.F("decided_by"))),
                name="nobody_pays_what_they_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"


class Payment(models.Model):
    """What one record is worth to one payee. ``live`` until its lot is refused or it is taken back."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="payments")
    rule = models.CharField(max_length=80)
    record = models.CharField(max_length=120)
    on = models.DateField()
    station_code = models.CharField(max_length=32)
    beat_code = models.CharField(max_length=40, blank=True)
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "accounts.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    payee = models.CharField(max_length=200)
    """The payee's name as it was."""
    amount_cents = models.BigIntegerField()
    reverses = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="reversals")
    live = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["payee", "on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "record"],
                condition=models.Q(live=True, reverses__isnull=True),
                name="nothing_is_paid_twice",
            ),
            models.UniqueConstraint(
                fields=["reverses"], condition=models.Q(live=True), name="nothing_is_taken_back_twice"
            ),
            models.CheckConstraint(
                condition=models.Q(reverses__isnull=True, amount_cents__gt=0)
                | models.Q(reverses__isnull=False, amount_cents__lt=0),
                name="only_a_reversal_is_below_nought",
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, organisation__isnull=True)
                | models.Q(user__isnull=True, organisation__isnull=False),
                name="one_payee_a_payment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-on"], name="payment_user"),
            models.Index(fields=["rule", "record"], name="payment_record"),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.record}"
