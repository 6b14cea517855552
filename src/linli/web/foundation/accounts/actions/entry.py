"""How an account gets in: temporary passwords, lost second factors, sessions that are ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from allauth.mfa.models import Authenticator

from linli.web.foundation.accounts.actions.base import AccountAction, say
from linli.web.foundation.accounts.actions.renewing import renew_entry
from linli.web.foundation.accounts.credentials import end_credentials
from linli.web.foundation.accounts.lockout import forget_failures
from linli.web.foundation.accounts.models import Session, User
from linli.web.foundation.accounts.selectors import has_privileged_role
from linli.web.foundation.accounts.sessions import session_name
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Missing
from linli.web.foundation.audit.chain import Record

__all__ = ["EndSession", "EndSessions", "ResetPassword", "ResetSecondFactor", "Unlock"]


@dataclass(frozen=True, kw_only=True)
class ResetPassword(AccountAction):
    """Give somebody else's account a temporary password and end its sessions."""

    name: ClassVar[str] = "account.reset_password"
    told: ClassVar[str] = "password_reset"
    password: str = field(repr=False)

    def needs_second(self, user: User, context: Context) -> bool:
        """Whoever resets a privileged account could become it."""
        return not context.actor.is_system and has_privileged_role(user, context.at)

    def check_account(self, user: User, context: Context) -> None:
        """Not one's own, for which there is a page, and not a stopped one's."""
        if user.pk == context.actor.user_id:
            raise Forbidden(say("password.own"))
        if not user.is_active:
            raise Conflict(say("account.stopped_already"))

    def change(self, context: Context) -> User:
        """Set it, end every session, and forget wrong passwords."""
        user = self.locked()
        renew_entry(user, self.password, context.at)
        return user


@dataclass(frozen=True, kw_only=True)
class ResetSecondFactor(AccountAction):
    """Take away the second factors of somebody who has lost them; new ones are set up at sign-in."""

    name: ClassVar[str] = "account.reset_factor"
    told: ClassVar[str] = "factor_reset"

    def needs_second(self, user: User, context: Context) -> bool:
        """Whoever resets a privileged account could become it."""
        return not context.actor.is_system and has_privileged_role(user, context.at)

    def check_account(self, user: User, context: Context) -> None:
        """Not one's own, and there is one."""
        if user.pk == context.actor.user_id:
            raise Forbidden(say("factor.own"))
        if not Authenticator.objects.filter(user=user).exists():
            raise Conflict(say("factor.none"))

    def change(self, context: Context) -> User:
        """Delete them and end every session."""
        user = self.locked()
        Authenticator.objects.filter(user=user).delete()
        end_credentials(user.pk, context.at)
        return user


@dataclass(frozen=True, kw_only=True)
class Unlock(AccountAction):
    """Let an account that is locked after wrong passwords try again at once."""

    name: ClassVar[str] = "account.unlock"
    told: ClassVar[str] = "unlocked"

    def change(self, context: Context) -> User:
        """Forget the wrong passwords."""
        user = self.locked()
        forget_failures(user)
        return user


@dataclass(frozen=True, kw_only=True)
class EndSessions(AccountAction):
    """Sign somebody out everywhere."""

    name: ClassVar[str] = "account.end_sessions"
    told: ClassVar[str] = "signed_out"

    def change(self, context: Context) -> User:
        """End every session."""
        user = self.locked()
        end_credentials(user.pk, context.at)
        return user


@dataclass(frozen=True, kw_only=True)
class EndSession(Action[int]):
    """End one of one's own other sessions, or all others where none is named.

    ``keep`` is the key of the one that asks.
    """

    name: ClassVar[str] = "account.end_session"
    keep: str = field(repr=False)
    session: str = ""

    def check(self, context: Context) -> None:
        """Somebody with an account; the session is there and is not the one that asks."""
        if context.actor.user_id is None:
            raise Forbidden(say("account.forbidden"))
        if self.session and self._meant(context) is None:
            raise Missing(say("session.missing"))

    def _meant(self, context: Context) -> Session | None:
        others = Session.objects.filter(account_id=context.actor.user_id).exclude(session_key=self.keep)
        return next((one for one in others if session_name(one.session_key) == self.session), None)

    def change(self, context: Context) -> int:
        """End it."""
        account = context.actor.user_id
        assert account is not None  # noqa: S101 - checked above
        meant = self._meant(context) if self.session else None
        if meant is not None:
            meant.delete()
        else:
            end_credentials(account, context.at, keep=self.keep)
        return account

    def record(self, result: int) -> Record:
        """Whose."""
        detail: Mapping[str, Any] = {"all": not self.session}
        return Record(action=self.name, subject_kind="account", subject_id=str(result), detail=detail)
