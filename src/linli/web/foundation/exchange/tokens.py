"""Tokens: made, ended, and the actor behind one."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.selectors import actor_of, has_second_factor, usable
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.exchange.models import CalendarKey, Token

__all__ = [
    "EndToken",
    "MakeCalendarKey",
    "MakeToken",
    "actor_behind",
    "calendar_owner",
    "digest",
    "locked_epoch",
]

say = catalogue("linli.web.foundation.exchange")

LONGEST_DAYS: Final = 366
MOST_TOKENS: Final = 20
"""That let programs in at a time, of one account."""
PREFIX: Final = "linli_"


def digest(token: str) -> str:
    """What is kept of a token: it has 256 random bits, so one plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def locked_epoch(context: Context) -> int:
    """The actor's own, locked: no end of the account's credentials falls between asking and writing."""
    return User.objects.select_for_update().get(pk=context.actor.account).epoch


def _check_person(context: Context) -> None:
    """Refuse a program: what it made would let it in when its own token has ended."""
    if context.actor.user_id is None:
        raise Forbidden(say("token.no_account"))
    if context.actor.token_id is not None:
        raise Forbidden(say("token.by_program"))


@dataclass(frozen=True, kw_only=True)
class MakeToken(Action[tuple[Token, str]]):
    """Make a token for one's own account; the answer holds the token, which is shown this once."""

    name: ClassVar[str] = "token.make"
    title: str
    days: int
    may_write: bool = False

    def check(self, context: Context) -> None:
        """A person with an account, a name, a time that is not too long."""
        _check_person(context)
        if not self.title.strip() or len(self.title) > 80:
            raise Invalid(say("token.no_name"), {"title": say("token.no_name")})
        if not 1 <= self.days <= LONGEST_DAYS:
            raise Invalid(
                say("token.days", most=LONGEST_DAYS), {"days": say("token.days", most=LONGEST_DAYS)}
            )
        own = Token.objects.filter(user_id=context.actor.account, epoch=locked_epoch(context))
        if own.filter(ended_at__isnull=True, expires_at__gt=context.at).count() >= MOST_TOKENS:
            raise Conflict(say("token.many", most=MOST_TOKENS))

    def change(self, context: Context) -> tuple[Token, str]:
        """Keep the digest."""
        token = PREFIX + secrets.token_urlsafe(32)
        kept = Token.objects.create(
            user_id=context.actor.account,
            name=self.title.strip(),
            start=token[:12],
            digest=digest(token),
            may_write=self.may_write,
            second_factor=context.actor.second_factor,
            epoch=locked_epoch(context),
            made_at=context.at,
            expires_at=context.at + dt.timedelta(days=self.days),
        )
        return kept, token

    def record(self, result: tuple[Token, str]) -> Record:
        """Which token."""
        detail = {"name": self.title, "write": self.may_write, "days": self.days}
        return Record(action=self.name, subject_kind="token", subject_id=str(result[0].pk), detail=detail)


@dataclass(frozen=True, kw_only=True)
class EndToken(Action[Token]):
    """End one of one's own tokens."""

    name: ClassVar[str] = "token.end"
    token_id: int

    def check(self, context: Context) -> None:
        """It is one's own."""
        if not Token.objects.filter(pk=self.token_id, user_id=context.actor.account).exists():
            raise missing(say("token.missing"), hidden=Token.objects.filter(pk=self.token_id).exists())

    def change(self, context: Context) -> Token:
        """End it now."""
        token = Token.objects.get(pk=self.token_id)
        token.ended_at = token.ended_at or context.at
        token.save(update_fields=["ended_at"])
        return token

    def record(self, result: Token) -> Record:
        """Which token."""
        return Record(action=self.name, subject_kind="token", subject_id=str(result.pk))


@dataclass(frozen=True, kw_only=True)
class MakeCalendarKey(Action[str]):
    """Make the secret address of one's own calendar; an earlier one ends."""

    name: ClassVar[str] = "calendar.make"

    def check(self, context: Context) -> None:
        """A person with an account."""
        _check_person(context)

    def change(self, context: Context) -> str:
        """Keep the digest."""
        key = secrets.token_urlsafe(24)
        CalendarKey.objects.update_or_create(
            user_id=context.actor.account,
            defaults={"digest": digest(key), "made_at": context.at, "epoch": locked_epoch(context)},
        )
        return key

    def record(self, result: str) -> Record:
        """That there is a new one; never the key."""
        return Record(action=self.name, subject_kind="calendar", subject_id="own")


def actor_behind(token: str, at: dt.datetime, *, address: str = "", write: bool = False) -> Actor | None:
    """The actor that a token stands for; ``None`` for one that is unknown, over, or may only read.

    Without a second factor behind it that the account still has, it stands for no role that asks for one.
    """
    found = Token.objects.select_related("user").filter(digest=digest(token)).first()
    if found is None or not found.lives(at, write=write):
        return None
    if found.used_on != local_day(at):
        Token.objects.filter(pk=found.pk).update(used_on=local_day(at))
    strong = found.second_factor and has_second_factor(found.user)
    who = actor_of(found.user, at, via="api", address=address, second_factor=strong)
    return usable(replace(who, token_id=found.pk))


def calendar_owner(key: str, at: dt.datetime, *, address: str = "") -> Actor | None:
    """Whose calendar a secret address shows, as a session with a password alone; ``None`` for none."""
    found = CalendarKey.objects.select_related("user").filter(digest=digest(key)).first()
    if found is None or not found.user.is_active or found.epoch != found.user.epoch:
        return None
    return usable(actor_of(found.user, at, via="api", address=address))
