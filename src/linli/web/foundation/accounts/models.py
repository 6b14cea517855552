"""Organisations, accounts, and which account holds which role where and until when."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.crypto import salted_hmac

__all__ = ["CacheEntry", "Grant", "Organisation", "Pace", "Proposal", "Session", "User", "Users"]


class Organisation(models.Model):
    """A bureau, station, post, committee, unit, court or other partner; a tree."""

    class Kind(models.TextChoices):
        """What an organisation is."""

        BUREAU = "bureau"
        STATION = "station"
        POST = "post"
        COMMITTEE = "committee"
        UNIT = "unit"
        COURT = "court"
        PARTNER = "partner"

    code = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    level = models.CharField(max_length=8, default="own")
    """How far its people see: a ``ScopeLevel``."""
    codes = models.JSONField(default=list)
    """Codes of the stations, beats or places that the level speaks of."""
    station_code = models.CharField(max_length=32, blank=True, db_index=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def stations(self) -> frozenset[str]:
        """Codes of the stations in which its people's territory lies; none for the county and for units."""
        if self.level == "station":
            return frozenset(self.codes)
        return frozenset({self.station_code} if self.level in ("beat", "place") and self.station_code else ())

    def named(self, language: str) -> str:
        """Its name in a language; Chinese where there is no other."""
        return self.name_en if language == "en" and self.name_en else self.name


class Users(BaseUserManager["User"]):
    """Makes accounts."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """An account with a password, or with none until one is set."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person's account at work. What somebody may do follows from grants alone: there is no superuser."""

    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=64)
    language = models.CharField(max_length=2, default="zh")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    temporary_until = models.DateTimeField(null=True, blank=True)
    """The password was given by an administrator: it must be changed at sign-in and ends at this moment."""
    epoch = models.PositiveIntegerField(default=0)
    """Moves on whenever everything that lets the account in is ended; sessions and devices know theirs."""

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]
    objects = Users()

    class Meta:
        ordering: ClassVar = ["username"]

    def __str__(self) -> str:
        return self.display_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's, of the password, and of the epoch: a session of an earlier one is over."""
        salt = "linli.accounts.session"
        return salted_hmac(
            salt, f"{self.epoch}:{self.password}", secret=secret, algorithm="sha256"
        ).hexdigest()


class CacheEntry(models.Model):
    """Something that all processes remember together until it ends; see ``SharedCache``."""

    key = models.CharField(max_length=64, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return self.key


class Pace(models.Model):
    """How much one account asked for in an hour, counted by all processes together; see ``pacing``."""

    account = models.BigIntegerField()
    hour = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "hour"], name="one_pace_an_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.count}"


class Grant(models.Model):
    """An account holds a role in an organisation from one day until another."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=24)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="grants")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "role", "organisation", "starts"], name="one_grant_of_a_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.organisation_id}"

    def holds_on(self, day: dt.date) -> bool:
        """Whether the role is held on a day; the last day counts."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


class Proposal(models.Model):
    """What one administrator would have done to a privileged account, until a second person agrees."""

    class What(models.TextChoices):
        """What needs two."""

        GIVE_ROLE = "give_role"
        RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a change
        RESET_FACTOR = "reset_factor"
        TAKE_ROLE = "take_role"
        STOP = "stop"
        REOPEN = "reopen"

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=16, choices=What.choices)
    values = models.JSONField(default=dict)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    expires = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)

    def __str__(self) -> str:
        return f"{self.what} {self.account_id}"


class Session(AbstractBaseSession):
    """One signed-in browser, with the account it belongs to, so that its owner can see and end it."""

    account_id = models.BigIntegerField(null=True, db_index=True)
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    began_at = models.DateTimeField(null=True)

    class Meta(AbstractBaseSession.Meta):
        db_table = "accounts_session"

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """The engine that reads and writes these rows."""
        from linli.web.foundation.accounts.sessions import SessionStore

        return SessionStore
