"""Who holds which role where, from one day until another."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.actions.base import AccountAction, say
from linli.web.foundation.accounts.actions.people import guard_last
from linli.web.foundation.accounts.models import Grant, Organisation, User
from linli.web.foundation.accounts.roles import is_privileged, role_of
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid

__all__ = ["APART", "LONGEST_GRANT", "GiveRole", "TakeRole"]

APART: Final = frozenset({"administrator", "security_administrator", "auditor"})
"""Of these an account holds one at most, so that no one person keeps accounts, agrees, and watches."""
LONGEST_GRANT: Final = dt.timedelta(days=5 * 366)
"""A role is given until a day at most this far away, so that each is looked at again."""


@dataclass(frozen=True, kw_only=True)
class GiveRole(AccountAction):
    """Give an account a role in an organisation; never to oneself."""

    name: ClassVar[str] = "account.give_role"
    told: ClassVar[str] = "role_given"
    role: str
    organisation_id: int
    starts: dt.date
    ends: dt.date | None = None

    def check_account(self, user: User, context: Context) -> None:
        """Another's account, a known role, an active organisation, days in order; not held already."""
        if user.pk == context.actor.user_id:
            raise Forbidden(say("role.not_oneself"))
        if not user.is_active:
            raise Conflict(say("account.stopped_already"))
        wrong = {}
        if role_of(self.role) is None:
            wrong["role"] = say("role.unknown")
        if not Organisation.objects.filter(pk=self.organisation_id, active=True).exists():
            wrong["organisation"] = say("role.no_organisation")
        if (
            self.ends is not None
            and not max(self.starts, local_day(context.at)) <= self.ends <= self.starts + LONGEST_GRANT
        ):
            wrong["ends"] = say("role.no_end")
        if wrong:
            raise Invalid(say("account.refused", count=len(wrong)), wrong)
        self._check_held(user)
        self._check_apart(user, context)

    def _check_apart(self, user: User, context: Context) -> None:
        others = APART - {self.role} if self.role in APART else frozenset()
        held = Grant.objects.filter(user=user, role__in=others).exclude(ends__lt=local_day(context.at))
        if held.exists():
            raise Conflict(say("role.apart"))

    def needs_second(self, user: User, context: Context) -> bool:
        """A privileged role is given by two."""
        return not context.actor.is_system and is_privileged({self.role})

    def _check_held(self, user: User) -> None:
        same = Grant.objects.filter(user=user, role=self.role, organisation_id=self.organisation_id)
        for grant in same:
            begins_in_time = self.ends is None or grant.starts <= self.ends
            if begins_in_time and (grant.ends is None or grant.ends >= self.starts):
                raise Conflict(say("role.held"))

    def change(self, context: Context) -> User:
        """Write it."""
        Grant.objects.create(
            user=self.locked(),
            role=self.role,
            organisation_id=self.organisation_id,
            starts=self.starts,
            ends=self.ends,
            given_by_id=context.actor.user_id,
        )
        return self.locked()

    def detail(self) -> Mapping[str, Any]:
        """Which role where, and until when."""
        ends = "" if self.ends is None else self.ends.isoformat()
        return {
            "role": self.role,
            "organisation": self.organisation_id,
            "from": self.starts.isoformat(),
            "until": ends,
        }


@dataclass(frozen=True, kw_only=True)
class TakeRole(AccountAction):
    """Take a role away at once; that it was held stays on record."""

    name: ClassVar[str] = "account.take_role"
    told: ClassVar[str] = "role_taken"
    among_administrators: ClassVar[bool] = True
    grant_id: int

    def check_account(self, user: User, context: Context) -> None:
        """It is held or will be, it is not one's own, and it is not the last administrator's or auditor's."""
        if user.pk == context.actor.user_id:
            raise Forbidden(say("role.not_oneself"))
        grant = self._grant()
        if grant is None or (grant.ends is not None and grant.ends < local_day(context.at)):
            raise Conflict(say("role.not_held"))
        if grant.role in ("administrator", "auditor"):
            guard_last(user, context, {grant.role})

    def _grant(self) -> Grant | None:
        return Grant.objects.filter(pk=self.grant_id, user_id=self.account_id).first()

    def change(self, context: Context) -> User:
        """End it the day before; a role that began today or has not begun goes altogether."""
        grant = self._grant()
        assert grant is not None  # noqa: S101 - checked above
        object.__setattr__(self, "_taken", (grant.role, grant.organisation_id))
        yesterday = local_day(context.at) - dt.timedelta(days=1)
        if grant.starts > yesterday:
            grant.delete()
        else:
            grant.ends = yesterday
            grant.save(update_fields=["ends"])
        return self.locked()

    def detail(self) -> Mapping[str, Any]:
        """Which role where."""
        role, organisation = self.__dict__["_taken"]
        return {"role": role, "organisation": organisation}
