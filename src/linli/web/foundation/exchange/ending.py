"""Tokens, calendars, webhooks end with the account's other credentials, or by an administrator."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar
from urllib.parse import urlsplit

from django.db.models import Model, QuerySet

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.actions.base import AccountAction
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.programs import Program
from linli.web.foundation.accounts.selectors import has_privileged_role
from linli.web.foundation.accounts.telling import tell, watchers
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Missing
from linli.web.foundation.casework.models import Notice
from linli.web.foundation.exchange.models import CalendarKey, Subscription, Token

__all__ = ["EndProgram", "end_programs", "list_programs"]

say = catalogue("linli.web.foundation.exchange")

Kept = TypeVar("Kept", bound=Model)


def end_programs(account_id: int, at: dt.datetime) -> int:
    """End every token, calendar and webhook of an account; nothing brings them back. Says how many."""
    return sum(end(account_id, at, None) for end in _ENDS.values())


def _end_tokens(account_id: int, at: dt.datetime, pk: int | None) -> int:
    return _one(Token.objects.filter(user_id=account_id, ended_at__isnull=True), pk).update(ended_at=at)


def _end_calendar(account_id: int, at: dt.datetime, pk: int | None) -> int:
    count, _ = _one(CalendarKey.objects.filter(user_id=account_id), pk).delete()
    return count


def _end_webhooks(account_id: int, at: dt.datetime, pk: int | None) -> int:
    return _one(Subscription.objects.filter(user_id=account_id, active=True), pk).update(active=False)


def _one(found: QuerySet[Kept], pk: int | None) -> QuerySet[Kept]:
    return found if pk is None else found.filter(pk=pk)


_ENDS: Final[Mapping[str, Callable[[int, dt.datetime, int | None], int]]] = {
    "token": _end_tokens,
    "calendar": _end_calendar,
    "webhook": _end_webhooks,
}
"""By kind: ends all of an account, or one of them."""


def list_programs(account_id: int, at: dt.datetime) -> Iterator[Program]:
    """What of an account lets somebody in, or tells somebody of changes, at a moment."""
    for token in Token.objects.filter(user_id=account_id, ended_at__isnull=True, expires_at__gt=at):
        yield Program(
            kind="token",
            pk=token.pk,
            name=f"{token.name} ({token.start}…)",
            made_at=token.made_at,
            expires_at=token.expires_at,
            used_on=token.used_on,
            may_write=token.may_write,
        )
    for key in CalendarKey.objects.filter(user_id=account_id):
        yield Program(kind="calendar", pk=key.pk, name="", made_at=key.made_at)
    for one in Subscription.objects.living(at).filter(user_id=account_id):
        # The host alone: what follows may be the receiver's own secret.
        yield Program(kind="webhook", pk=one.pk, name=urlsplit(one.url).hostname or "", made_at=one.made_at)


@dataclass(frozen=True, kw_only=True)
class EndProgram(AccountAction):
    """End a token, the calendar or a webhook of somebody's account; the person is told.

    So are the auditors where the account holds a privileged role: what told a chief of something is silent.
    """

    name: ClassVar[str] = "account.end_program"
    kind: str
    program_id: int

    def check_account(self, user: User, context: Context) -> None:
        """There is such a one."""
        if self._found(user, context.at) is None:
            raise Missing(say("program.missing"))

    def _found(self, user: User, at: dt.datetime) -> Program | None:
        listed = list_programs(user.pk, at)
        return next((one for one in listed if (one.kind, one.pk) == (self.kind, self.program_id)), None)

    def change(self, context: Context) -> User:
        """End it and tell its owner."""
        user = self.locked()
        found = self._found(user, context.at)
        assert found is not None  # noqa: S101 - checked above
        _ENDS[self.kind](user.pk, context.at, self.program_id)
        told = {"who": found.name} if found.name else {}
        Notice.objects.create(user=user, kind="program_ended", at=context.at, detail=told)
        return user

    def follow(self, result: User, context: Context) -> None:
        """Tell the auditors of what ends for somebody with a privileged role."""
        if has_privileged_role(result, context.at):
            told = watchers(context.at) - {result.pk, context.actor.user_id}
            tell("program_ended", (one for one in told if one is not None), result, context.at)

    def detail(self) -> Mapping[str, Any]:
        """Which kind, and which of them."""
        return {"kind": self.kind, "program": self.program_id}
