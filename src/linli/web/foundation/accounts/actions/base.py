"""What all changes to an account share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.subjects import may_account
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Forbidden, Missing
from linli.web.foundation.audit.chain import Record

__all__ = ["AccountAction", "say"]

say = catalogue("linli.web.foundation.accounts")


@dataclass(frozen=True, kw_only=True)
class AccountAction(Action[User]):
    """A change to one account that is there."""

    verb: ClassVar[str] = "administer"
    account_id: int

    def check(self, context: Context) -> None:
        """The actor may, and the account is there."""
        user = self.locked()
        if not may_account(context.actor, self.verb, user):
            if not may_account(context.actor, "view", user):
                raise Missing(say("account.missing"))
            raise Forbidden(say("account.forbidden"))
        self.check_account(user, context)

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

    def record(self, result: User) -> Record:
        """Which account; subclasses add what was done."""
        detail = {"username": result.username, **self.detail()}
        return Record(action=self.name, subject_kind="account", subject_id=str(result.pk), detail=detail)

    def detail(self) -> Mapping[str, Any]:
        """What the audit log adds."""
        return {}
