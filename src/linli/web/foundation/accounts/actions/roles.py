"""Who holds which role where, from one day until another."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.actions.base import AccountAction, say
from linli.web.foundation.accounts.actions.people import guard_last
from linli.web.foundation.accounts.actions.renewing import renew_entry
from linli.web.foundation.accounts.credentials import end_credentials
from linli.web.foundation.accounts.leaving import tell_leaving
from linli.web.foundation.accounts.models import Grant, Organisation, User
from linli.web.foundation.accounts.roles import KEEPERS, Role, are_apart, fits, role_of, takes_two
from linli.web.foundation.accounts.selectors import reads_stations
from linli.web.foundation.accounts.telling import AUDITOR, chiefs_over, leaders, watchers
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid

__all__ = ["LONGEST_GRANT", "WATCHED_FOR", "GiveRole", "TakeRole"]

LONGEST_GRANT: Final = dt.timedelta(days=5 * 366)
"""A role is given until a day at most this far away, so that each is looked at again."""

WATCHED_FOR: Final = dt.timedelta(days=2)
"""A new auditor begins so many days later while there is another: for a day at least that one still looks."""


def _kinds(role: Role) -> Text:
    """Where a role can be held, in words."""
    names = [say(f"kind.{kind}") for kind in role.at]
    return Text(zh="、".join(one.zh for one in names), en=", ".join(one.en for one in names))


@dataclass(frozen=True, kw_only=True)
class GiveRole(AccountAction):
    """Give an account a role in an organisation; never to oneself.

    With a password, as a second person gives it, whatever let anybody into the account before is ended: an
    administrator who made the account, or reset it while it was nobody's, knew its password.
    """

    name: ClassVar[str] = "account.give_role"
    told: ClassVar[str] = "role_given"
    role: str
    organisation_id: int
    starts: dt.date
    ends: dt.date | None = None
    password: str = field(default="", repr=False)

    def check_account(self, user: User, context: Context) -> None:
        """Another's account, a known role, an active organisation, days in order; not held already."""
        if user.pk == context.actor.user_id:
            raise Forbidden(say("role.not_oneself"))
        if not user.is_active:
            raise Conflict(say("account.stopped_already"))
        wrong = {}
        if role_of(self.role) is None:
            wrong["role"] = say("role.unknown")
        if place := self._wrong_place():
            wrong["organisation"] = place
        if self.starts < local_day(context.at):
            # What was done in between would be read as if it had been allowed.
            wrong["starts"] = say("role.past")
        if (
            self.ends is not None
            and not max(self.starts, local_day(context.at)) <= self.ends <= self.starts + LONGEST_GRANT
        ):
            wrong["ends"] = say("role.no_end")
        if wrong:
            raise Invalid(say("account.refused", count=len(wrong)), wrong)
        self._check_held(user)
        self._check_apart(user, context)

    def _wrong_place(self) -> Text | None:
        office = Organisation.objects.filter(pk=self.organisation_id, active=True).first()
        if office is None:
            return say("role.no_organisation")
        role = role_of(self.role)
        if role is None or fits(self.role, office.kind, office.level):
            return None
        return say("role.not_there", role=role.name, kinds=_kinds(role))

    def _check_apart(self, user: User, context: Context) -> None:
        held = Grant.objects.filter(user=user).exclude(ends__lt=local_day(context.at))
        for other in held.values_list("role", flat=True):
            if are_apart(self.role, other):
                both = KEEPERS.issuperset({self.role, other})
                raise Conflict(say("role.apart" if both else "role.apart_from_cases"))

    def needs_second(self, user: User, context: Context) -> bool:
        """A privileged role is given by two, and so is one that sees or works on cases of many stations."""
        return not context.actor.is_system and self.weighs(user, context)

    def weighs(self, user: User, context: Context) -> bool:
        """Whether the account can do with the role what only two people give."""
        office = Organisation.objects.filter(pk=self.organisation_id).first()
        role = role_of(self.role)
        if office is None or role is None:
            return False
        if takes_two(self.role, office.level):
            return True
        return role.weighs_by_reach and len(reads_stations(user, context.at) | office.stations) > 1

    def _check_held(self, user: User) -> None:
        same = Grant.objects.filter(user=user, role=self.role, organisation_id=self.organisation_id)
        for grant in same:
            begins_in_time = self.ends is None or grant.starts <= self.ends
            if begins_in_time and (grant.ends is None or grant.ends >= self.starts):
                raise Conflict(say("role.held"))

    def change(self, context: Context) -> User:
        """Write it; with a role that weighs, what was made with less to lose is ended."""
        user = self.locked()
        if self.password:
            renew_entry(user, self.password, context.at, factors=True)
        elif self.weighs(user, context):
            end_credentials(user.pk, context.at)
        object.__setattr__(self, "_begins_on", self._first_day(context))
        Grant.objects.update_or_create(
            user=user,
            role=self.role,
            organisation_id=self.organisation_id,
            starts=self.begins_on,
            defaults={"ends": self.ends, "given_by_id": context.actor.user_id},
        )
        return user

    @property
    def begins_on(self) -> dt.date:
        """The day from which it is held, once it was given; the day that was asked for until then."""
        begins: dt.date = self.__dict__.get("_begins_on", self.starts)
        return begins

    def _first_day(self, context: Context) -> dt.date:
        """As asked for; of an auditor not before those who watch now had time to see who comes to watch."""
        if self.role != AUDITOR or context.actor.is_system or not watchers(context.at):
            return self.starts
        return max(self.starts, local_day(context.at) + WATCHED_FOR)

    def _given(self) -> Grant:
        given = Grant.objects.filter(user_id=self.account_id, role=self.role, starts=self.begins_on)
        return given.select_related("organisation").get(organisation_id=self.organisation_id)

    def told_too(self, user: User, context: Context) -> Iterable[int]:
        """The chiefs whose cases the account works on by it; of an auditor whoever leads in the county."""
        led = leaders(context.at) if self.role == AUDITOR else set()
        return chiefs_over([self._given()], context.at) | led

    def told_more(self, context: Context) -> Text | None:
        """Which role, where, from when, and who gave it."""
        office, role = self._given().organisation, role_of(self.role)
        place = Text(zh=office.name, en=office.named("en"))
        return say(
            "role.given_where",
            role=role.name if role else self.role,
            place=place,
            day=self.begins_on.isoformat(),
            by=context.actor.name,
        )

    def detail(self) -> Mapping[str, Any]:
        """Which role where, and until when."""
        ends = "" if self.ends is None else self.ends.isoformat()
        return {
            "role": self.role,
            "organisation": self.organisation_id,
            "from": self.begins_on.isoformat(),
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
        """It is held or will be, is not one's own, and not the last one's of those who keep the platform."""
        if user.pk == context.actor.user_id:
            raise Forbidden(say("role.not_oneself"))
        grant = self._grant()
        if grant is None or (grant.ends is not None and grant.ends < local_day(context.at)):
            raise Conflict(say("role.not_held"))
        if grant.role in KEEPERS:
            guard_last(user, context, {grant.role})

    def needs_second(self, user: User, context: Context) -> bool:
        """Whoever agrees to the changes of administrators is not removed by one of them."""
        grant = self._grant()
        agrees = grant is not None and grant.role == "security_administrator"
        return not context.actor.is_system and agrees

    def _grant(self) -> Grant | None:
        return Grant.objects.filter(pk=self.grant_id, user_id=self.account_id).first()

    def change(self, context: Context) -> User:
        """End it the day before, whenever it began: an account is not forgotten to have held it today."""
        grant = self._grant()
        assert grant is not None  # noqa: S101 - checked above
        object.__setattr__(self, "_taken", (grant.role, grant.organisation_id))
        grant.ends = local_day(context.at) - dt.timedelta(days=1)
        grant.save(update_fields=["ends"])
        return self.locked()

    def told_too(self, user: User, context: Context) -> Iterable[int]:
        """Of an auditor whoever leads in the county: nobody empties that chair among the keepers alone."""
        return leaders(context.at) if self.__dict__["_taken"][0] == AUDITOR else ()

    def follow(self, result: User, context: Context) -> None:
        """Tell of it, and let go what hung on the role."""
        super().follow(result, context)
        tell_leaving(result.pk, context.at)

    def detail(self) -> Mapping[str, Any]:
        """Which role where."""
        role, organisation = self.__dict__["_taken"]
        return {"role": role, "organisation": organisation}
