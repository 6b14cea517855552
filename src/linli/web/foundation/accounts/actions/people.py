"""Accounts are made, changed, stopped and opened again. None is deleted: the history names them."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import local_day, may
from linli.web.foundation.accounts.actions.base import AccountAction, say
from linli.web.foundation.accounts.actions.renewing import TEMPORARY
from linli.web.foundation.accounts.credentials import end_credentials
from linli.web.foundation.accounts.leaving import tell_leaving
from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.accounts.names import is_borne, is_plain
from linli.web.foundation.accounts.roles import KEEPERS
from linli.web.foundation.accounts.selectors import has_privileged_role, holders, lasting_holders
from linli.web.foundation.accounts.subjects import ANYWHERE
from linli.web.foundation.accounts.telling import AUDITOR, chiefs_over, leaders, tell_of_account
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid
from linli.web.foundation.audit.chain import Record

__all__ = [
    "ChangeAccount",
    "Deactivate",
    "MakeAccount",
    "Reactivate",
    "guard_last",
]

_USERNAME: Final = re.compile(r"[a-z][a-z0-9._-]{2,31}")
LANGUAGES: Final = ("zh", "en")


def _wrong(display_name: str, language: str, at: dt.datetime, *, of: User | None = None) -> dict[str, Text]:
    wrong = {}
    if not display_name.strip() or len(display_name.strip()) > 64:
        wrong["display_name"] = say("account.no_name")
    elif not is_plain(display_name):
        wrong["display_name"] = say("account.name_unseen")
    elif of is not None and of.display_name == display_name.strip():
        # Two who had the same name before are left with it until one is corrected.
        pass
    elif is_borne(display_name, at, but_by=None if of is None else of.pk):
        wrong["display_name"] = say("account.name_borne")
    if language not in LANGUAGES:
        wrong["language"] = say("account.no_language")
    return wrong


def guard_last(user: User, context: Context, roles: Iterable[str] = tuple(sorted(KEEPERS))) -> None:
    """Refuse to leave the platform without anybody who makes accounts, agrees to it, or is told of it.

    Whoever stays must hold the role for a while yet: one that ends tonight keeps nothing tomorrow.
    """
    for role in roles:
        if user.pk in holders({role}, context.at) and not lasting_holders(role, context.at) - {user.pk}:
            raise Conflict(say(f"account.last_{role}"))


@dataclass(frozen=True, kw_only=True)
class MakeAccount(Action[User]):
    """Make an account: it can do nothing until it has a role, and its password must be changed at sign-in."""

    name: ClassVar[str] = "account.make"
    username: str
    display_name: str
    password: str = field(repr=False)
    language: str = "zh"

    def check(self, context: Context) -> None:
        """A user name that is free, a name, a language."""
        if not may(context.actor, "edit", ANYWHERE):
            raise Forbidden(say("account.forbidden"))
        wrong = _wrong(self.display_name, self.language, context.at)
        if _USERNAME.fullmatch(self.username) is None:
            wrong["username"] = say("account.no_username")
        elif User.objects.filter(username=self.username).exists():
            wrong["username"] = say("account.taken")
        if wrong:
            raise Invalid(say("account.refused", count=len(wrong)), wrong)

    def change(self, context: Context) -> User:
        """Write it."""
        return User.objects.create_user(
            self.username,
            self.password,
            display_name=self.display_name.strip(),
            language=self.language,
            temporary_until=context.at + TEMPORARY,
        )

    def follow(self, result: User, context: Context) -> None:
        """Tell the auditors."""
        tell_of_account("made", result, context.actor, context.at)

    def record(self, result: User) -> Record:
        """Which account."""
        detail = {"username": result.username}
        return Record(action=self.name, subject_kind="account", subject_id=str(result.pk), detail=detail)


@dataclass(frozen=True, kw_only=True)
class ChangeAccount(AccountAction):
    """Correct the name that is shown, or the language; never of one's own account.

    By this name others know who wrote what: nobody takes it on unseen, nor that of somebody else.
    """

    name: ClassVar[str] = "account.change"
    told: ClassVar[str] = "changed"
    verb: ClassVar[str] = "edit"
    display_name: str
    language: str

    def check_account(self, user: User, context: Context) -> None:
        """Another's account, a name that nobody else bears, and a language."""
        if user.pk == context.actor.user_id:
            raise Forbidden(say("account.not_own_name"))
        wrong = _wrong(self.display_name, self.language, context.at, of=user)
        if wrong:
            raise Invalid(say("account.refused", count=len(wrong)), wrong)

    def change(self, context: Context) -> User:
        """Write it."""
        user = self.locked()
        object.__setattr__(self, "_former", (user.display_name, user.language))
        user.display_name, user.language = self.display_name.strip(), self.language
        user.save(update_fields=["display_name", "language"])
        return user

    def detail(self) -> Mapping[str, Any]:
        """What was there before, and what is there now."""
        name, language = self.__dict__["_former"]
        return {
            "former_name": name,
            "name": self.display_name.strip(),
            "former_language": language,
            "language": self.language,
        }


@dataclass(frozen=True, kw_only=True)
class Deactivate(AccountAction):
    """Stop an account: it cannot sign in, and whoever is signed in with it is signed out."""

    name: ClassVar[str] = "account.deactivate"
    told: ClassVar[str] = "stopped"
    among_administrators: ClassVar[bool] = True
    reason: str

    def needs_second(self, user: User, context: Context) -> bool:
        """Whoever agrees to the changes of administrators is not removed by one of them.

        Anybody else is stopped at once, as an emergency asks; it takes two to let a privileged one in again.
        """
        agrees = Grant.objects.filter(user=user, role="security_administrator")
        return not context.actor.is_system and agrees.exclude(ends__lt=local_day(context.at)).exists()

    def check_account(self, user: User, context: Context) -> None:
        """Not one's own, not the last one's of those who keep the platform, not twice, and for a reason."""
        if user.pk == context.actor.user_id:
            raise Forbidden(say("account.not_oneself"))
        if not user.is_active:
            raise Conflict(say("account.stopped_already"))
        if not self.reason.strip():
            raise Invalid(say("account.no_reason"), {"reason": say("account.no_reason")})
        guard_last(user, context)

    def change(self, context: Context) -> User:
        """Stop it and end its sessions."""
        user = self.locked()
        user.is_active = False
        user.save(update_fields=["is_active"])
        end_credentials(user.pk, context.at)
        return user

    def told_too(self, user: User, context: Context) -> Iterable[int]:
        """Of an auditor whoever leads in the county: nobody empties that chair among the keepers alone."""
        held = Grant.objects.filter(user=user, role=AUDITOR).exclude(ends__lt=local_day(context.at))
        return leaders(context.at) if held.exists() else ()

    def follow(self, result: User, context: Context) -> None:
        """Tell of it, and let go what the account had in hand."""
        super().follow(result, context)
        tell_leaving(result.pk, context.at)

    def detail(self) -> Mapping[str, Any]:
        """Why."""
        return {"reason": self.reason.strip()[:200]}


@dataclass(frozen=True, kw_only=True)
class Reactivate(AccountAction):
    """Let a stopped account sign in again."""

    name: ClassVar[str] = "account.reactivate"
    told: ClassVar[str] = "opened"

    def check_account(self, user: User, context: Context) -> None:
        """It is stopped, and its name has not become somebody else's."""
        if user.is_active:
            raise Conflict(say("account.not_stopped"))
        if is_borne(user.display_name, context.at, but_by=user.pk):
            raise Conflict(say("account.name_borne"))

    def needs_second(self, user: User, context: Context) -> bool:
        """A privileged account is let in again by two."""
        return not context.actor.is_system and has_privileged_role(user, context.at)

    def told_too(self, user: User, context: Context) -> Iterable[int]:
        """The chiefs whose cases it works on again."""
        held = Grant.objects.filter(user=user).exclude(ends__lt=local_day(context.at))
        return chiefs_over(held.select_related("organisation"), context.at)

    def change(self, context: Context) -> User:
        """Open it."""
        user = self.locked()
        user.is_active = True
        user.save(update_fields=["is_active"])
        return user
