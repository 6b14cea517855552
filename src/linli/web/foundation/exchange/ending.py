"""Tokens and calendars end with the account's other credentials, and by an administrator on its page."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.actions.base import AccountAction
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.programs import Program
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Missing
from linli.web.foundation.casework.models import Notice
from linli.web.foundation.exchange.models import CalendarKey, Token

__all__ = ["EndProgram", "end_programs", "list_programs"]

say = catalogue("linli.web.foundation.exchange")


def end_programs(account_id: int, at: dt.datetime) -> int:
    """End every token and calendar of an account; nothing brings them back. Says how many."""
    tokens = Token.objects.filter(user_id=account_id, ended_at__isnull=True).update(ended_at=at)
    calendars, _ = CalendarKey.objects.filter(user_id=account_id).delete()
    return tokens + calendars


def list_programs(account_id: int, at: dt.datetime) -> Iterator[Program]:
    """The tokens and the calendar of an account that let somebody in at a moment."""
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


@dataclass(frozen=True, kw_only=True)
class EndProgram(AccountAction):
    """End a token or the calendar of somebody's account; the person is told."""

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
        if self.kind == "token":
            Token.objects.filter(pk=self.program_id, user=user).update(ended_at=context.at)
        else:
            CalendarKey.objects.filter(pk=self.program_id, user=user).delete()
        told = {"who": found.name} if found.name else {}
        Notice.objects.create(user=user, kind="program_ended", at=context.at, detail=told)
        return user

    def detail(self) -> Mapping[str, Any]:
        """Which kind, and which of them."""
        return {"kind": self.kind, "program": self.program_id}
