"""Tokens of programs, subscriptions to changes, and the outbox."""

import datetime as dt
from typing import ClassVar

from django.db import models

from linli.web.foundation.exchange.sealing import unsealed

__all__ = ["CalendarKey", "Delivery", "Subscription", "Token"]


class Token(models.Model):
    """Lets a program act as an account. Only a digest is kept; the token itself is shown once."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    start = models.CharField(max_length=12)
    """Its first signs, by which people tell tokens apart."""
    digest = models.CharField(max_length=64, unique=True)
    may_write = models.BooleanField(default=False)
    second_factor = models.BooleanField(default=False)
    """Made in a session with a second factor: only then it acts in roles that ask for one."""
    epoch = models.PositiveIntegerField(default=0)
    """The account's when it was made; it ends with it, whatever else happens at that moment."""
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    used_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.start}…"

    def lives(self, at: dt.datetime, *, write: bool = False) -> bool:
        """Whether it lets a program in: not ended, nor over, nor the credentials of its account; or write."""
        if self.ended_at is not None or self.expires_at <= at or (write and not self.may_write):
            return False
        return self.user.is_active and self.epoch == self.user.epoch


class Subscriptions(models.Manager["Subscription"]):
    """Subscriptions to changes."""

    def living(self, at: dt.datetime) -> "models.QuerySet[Subscription]":
        """Those that are told of something still, as ``Subscription.lives`` says it of one."""
        by_person = models.Q(token__isnull=True)
        by_token = models.Q(
            token__ended_at__isnull=True, token__expires_at__gt=at, token__may_write=True
        ) & models.Q(token__epoch=models.F("user__epoch"))
        return self.filter(
            by_person | by_token, active=True, user__is_active=True, epoch=models.F("user__epoch")
        )


class Subscription(models.Model):
    """A partner's program is told of changes to the cases that an account may see."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="subscriptions")
    url = models.URLField(max_length=300)
    kinds = models.JSONField(default=list)
    """Case types; empty for all."""
    sealed_secret = models.TextField()
    """What messages are signed with, encrypted."""
    made_at = models.DateTimeField()
    second_factor = models.BooleanField(default=False)
    """Made by somebody with a second factor: only then it tells what such a role sees."""
    epoch = models.PositiveIntegerField(default=0)
    """The account's when it was made; it ends with it, whatever else happens at that moment."""
    token = models.ForeignKey(Token, null=True, on_delete=models.CASCADE, related_name="subscriptions")
    """What a program made it with: it is told no longer than that token lets write."""
    active = models.BooleanField(default=True)
    claimed_until = models.DateTimeField(null=True)
    """Somebody is sending its messages, until then at the latest."""
    served_at = models.DateTimeField(null=True)
    """When its turn was last."""
    failures = models.PositiveSmallIntegerField(default=0)
    """How often in a row its receiver did not take a message."""
    paused_until = models.DateTimeField(null=True)

    objects = Subscriptions()

    class Meta:
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return self.url

    def lives(self, at: dt.datetime) -> bool:
        """Whether it is told of anything still: neither it, its account's credentials nor its token ended."""
        if not self.active or not self.user.is_active or self.epoch != self.user.epoch:
            return False
        return self.token is None or self.token.lives(at, write=True)

    @property
    def secret(self) -> str:
        """What messages are signed with.

        Raises
        ------
        LinliError
            It was sealed with a key that the settings do not name any more.
        """
        return unsealed(self.sealed_secret)


class Delivery(models.Model):
    """One message of the outbox. It names the case and what was done, never what a person said."""

    class Status(models.TextChoices):
        """Where a message stands."""

        WAITING = "waiting"
        DELIVERED = "delivered"
        GIVEN_UP = "given_up"

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.UUIDField(unique=True)
    """The receiver's key for leaving out what it has had already."""
    body = models.TextField()
    made_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=models.Q(status="waiting"), name="delivery_waiting")
        ]

    def __str__(self) -> str:
        return str(self.message_id)


class CalendarKey(models.Model):
    """The secret address of an account's calendar."""

    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="calendar_key")
    digest = models.CharField(max_length=64, unique=True)
    epoch = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.user_id)
