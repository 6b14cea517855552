"""What all changes to an account share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from linli.kernel.texts import Text, catalogue
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.selectors import actor_of, has_privileged_role, holders
from linli.web.foundation.accounts.subjects import may_account
from linli.web.foundation.accounts.telling import tell_of_account
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Hidden, Missing
from linli.web.foundation.audit.chain import Record

__all__ = ["AccountAction", "say", "wait_for_administrators"]

say = catalogue("linli.web.foundation.accounts")


@dataclass(frozen=True, kw_only=True)
class AccountAction(Action[User]):
    """A change to one account that is there."""

    verb: ClassVar[str] = "administer"
    told: ClassVar[str] = ""
    """What the person and the auditors are told, as a kind of notice; empty where ``follow`` tells more."""
    among_administrators: ClassVar[bool] = False
    """It can leave the platform without an administrator: such changes wait for each other."""
    account_id: int
    seconded: bool = False
    """A second person has agreed; only a confirmed proposal says so."""

    def check(self, context: Context) -> None:
        """The actor may, the account is there, and a second person agreed where one must."""
        if self.among_administrators:
            wait_for_administrators(context)
        user = self.locked()
        if not may_account(context.actor, self.verb, user):
            if not may_account(context.actor, "view", user):
                raise Hidden(say("account.missing"))
            raise Forbidden(say("account.forbidden"))
        self.check_account(user, context)
        if self.needs_second(user, context) and not self.seconded:
            raise Conflict(say("second.needed"))

    def needs_second(self, user: User, context: Context) -> bool:
        """Whether one person alone may not do it."""
        return False

    def check_account(self, user: User, context: Context) -> None:
        """More reasons to refuse."""

    def locked(self) -> User:
        """The account, locked until the transaction ends and read once."""
        found = self.__dict__.get("_user")
        if found is None:
            found = User.objects.select_for_update().filter(pk=self.account_id).first()
            if found is None:
                raise Missing(say("account.missing"))
            object.__setattr__(self, "_user", found)
        user: User = found
        return user

    def follow(self, result: User, context: Context) -> None:
        """Tell the person and the auditors; of a privileged account whoever agrees to its changes too."""
        if self.told:
            also = set(self.told_too(result, context))
            if has_privileged_role(result, context.at):
                also |= set(holders({"security_administrator"}, context.at))
            tell_of_account(
                self.told, result, context.actor, context.at, also=also, more=self.told_more(context)
            )

    def told_too(self, user: User, context: Context) -> Iterable[int]:
        """Who else is told of it."""
        return ()

    def told_more(self, context: Context) -> Text | None:
        """What else they are told."""
        return None

    def record(self, result: User) -> Record:
        """Which account; subclasses add what was done."""
        detail = {"username": result.username, **self.detail()}
        return Record(action=self.name, subject_kind="account", subject_id=str(result.pk), detail=detail)

    def detail(self) -> Mapping[str, Any]:
        """What the audit log adds."""
        return {}


def wait_for_administrators(context: Context) -> None:
    """Lock all administrators in one order, so that of two who stop each other one comes second.

    Whoever comes second may have been stopped meanwhile, and then may do nothing any more.
    """
    held = User.objects.select_for_update().filter(pk__in=holders({"administrator"}, context.at))
    list(held.order_by("pk"))
    actor = context.actor
    if actor.user_id is None:
        return
    acting = User.objects.filter(pk=actor.user_id, is_active=True).first()
    if acting is None or not actor_of(acting, context.at).roles >= actor.roles:
        raise Forbidden(say("account.forbidden"))
