"""Nobody alone makes a privileged account, or takes one over: a second person agrees.

Giving a privileged role, resetting the password or second factor of an account that holds or lately held
one, letting such an account in again, and removing a security administrator are proposed by an
administrator and confirmed by a security administrator. Where there is none any more, an auditor confirms;
where there never was one, another administrator, or an auditor where there is no other. What says which
changes take two is each action's ``needs_second``. On the server itself ``linli platform user`` does it at
once: whoever may use it holds the database anyway, and the auditors are told all the same.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from django.db.models import QuerySet

from linli.web.foundation.accounts.access import local_day, may_anywhere
from linli.web.foundation.accounts.actions.base import AccountAction, say, wait_for_administrators
from linli.web.foundation.accounts.actions.entry import ResetPassword, ResetSecondFactor
from linli.web.foundation.accounts.actions.people import Deactivate, Reactivate
from linli.web.foundation.accounts.actions.roles import GiveRole, TakeRole
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import Grant, Proposal, User
from linli.web.foundation.accounts.selectors import actor_of, holders
from linli.web.foundation.accounts.subjects import may_account
from linli.web.foundation.accounts.telling import tell, tell_of_account, watchers
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Hidden, Missing
from linli.web.foundation.audit.chain import Record, append

__all__ = [
    "OPEN_FOR",
    "ConfirmProposal",
    "ProposeChange",
    "RefuseProposal",
    "as_allowed",
    "may_confirm",
    "open_proposals",
]

AGREES: Final = "security_administrator"
OPEN_FOR: Final = dt.timedelta(days=3)
"""How long a proposal waits; then it is as if it had not been made."""


def open_proposals(at: dt.datetime) -> QuerySet[Proposal]:
    """Those that nobody has decided and whose time has not passed."""
    return Proposal.objects.filter(decided_at__isnull=True, expires__gt=at).order_by("proposed_at", "pk")


def may_confirm(actor: Actor, proposal: Proposal, at: dt.datetime) -> bool:
    """Whether an actor is the second person: neither who proposed it nor whom it is about."""
    if actor.user_id is None or actor.user_id in (proposal.proposed_by_id, proposal.account_id):
        return False
    others = _others(proposal, at)
    if others:
        return actor.user_id in others
    return actor.user_id in watchers(at) and may_anywhere(actor, "approve", "audit")


def _others(proposal: Proposal, at: dt.datetime) -> set[int]:
    """Who could confirm, auditors aside: security administrators; administrators where there never was one.

    Where there was one, nobody gets around the three roles by losing the one in the middle.
    """
    concerned = {proposal.proposed_by_id, proposal.account_id}
    security = set(holders({AGREES}, at)) - concerned
    if security or Grant.objects.filter(role=AGREES).exists():
        return security
    return set(holders({"administrator"}, at)) - concerned


def _action(proposal: Proposal, password: str, *, earliest: dt.date = dt.date.min) -> AccountAction:
    """What is done once it is confirmed; a role begins on its day, but not before ``earliest``."""
    given, account = proposal.values, proposal.account_id
    match proposal.what:
        case Proposal.What.RESET_PASSWORD:
            return ResetPassword(account_id=account, password=password, seconded=True)
        case Proposal.What.RESET_FACTOR:
            return ResetSecondFactor(account_id=account, seconded=True)
        case Proposal.What.TAKE_ROLE:
            return TakeRole(account_id=account, grant_id=given["grant_id"], seconded=True)
        case Proposal.What.STOP:
            return Deactivate(account_id=account, reason=given["reason"], seconded=True)
        case Proposal.What.REOPEN:
            return Reactivate(account_id=account, seconded=True)
        case _:
            return GiveRole(
                account_id=account,
                role=given["role"],
                organisation_id=given["organisation_id"],
                starts=max(dt.date.fromisoformat(given["starts"]), earliest),
                ends=dt.date.fromisoformat(given["ends"]) if given["ends"] else None,
                password=password,
                seconded=True,
            )


def as_allowed(action: AccountAction, user: User, context: Context) -> AccountAction:
    """The action itself, or its proposal where the actor may not do it alone."""
    if not action.needs_second(user, context):
        return action
    values: Mapping[str, Any] = {}
    match action:
        case GiveRole():
            what = Proposal.What.GIVE_ROLE
            values = {
                "role": action.role,
                "organisation_id": action.organisation_id,
                "starts": action.starts.isoformat(),
                "ends": "" if action.ends is None else action.ends.isoformat(),
            }
        case TakeRole():
            what, values = Proposal.What.TAKE_ROLE, {"grant_id": action.grant_id}
        case Deactivate():
            what, values = Proposal.What.STOP, {"reason": action.reason}
        case Reactivate():
            what = Proposal.What.REOPEN
        case ResetSecondFactor():
            what = Proposal.What.RESET_FACTOR
        case _:
            what = Proposal.What.RESET_PASSWORD
    return ProposeChange(account_id=action.account_id, what=what, values=values)


@dataclass(frozen=True, kw_only=True)
class ProposeChange(AccountAction):
    """Propose what needs a second person; nothing changes yet, and those concerned are told."""

    name: ClassVar[str] = "account.propose"
    what: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def check_account(self, user: User, context: Context) -> None:
        """It could be done, and it does not wait already."""
        _action(self._proposal(context), "").check_account(user, context)
        same = open_proposals(context.at).filter(account=user, what=self.what)
        if any(one.values == dict(self.values) for one in same):
            raise Conflict(say("second.waits"))

    def _proposal(self, context: Context) -> Proposal:
        return Proposal(
            account_id=self.account_id,
            what=self.what,
            values=dict(self.values),
            proposed_by_id=context.actor.account,
            proposed_at=context.at,
            expires=context.at + OPEN_FOR,
        )

    def change(self, context: Context) -> User:
        """Keep it."""
        proposal = self._proposal(context)
        proposal.save()
        also = _others(proposal, context.at) or watchers(context.at)
        tell_of_account("proposed", self.locked(), context.actor, context.at, also=also)
        return self.locked()

    def detail(self) -> Mapping[str, Any]:
        """What is proposed."""
        return {"what": self.what, **self.values}


@dataclass(frozen=True, kw_only=True)
class _Decide(Action[User]):
    """What confirming and refusing share: the proposal is open, and is decided once."""

    account_id: int
    proposal_id: int

    def check(self, context: Context) -> None:
        """It is there, it is open, and the actor may decide it."""
        proposal = self._locked(context)
        if not may_account(context.actor, "view", proposal.account):
            raise Hidden(say("second.missing"))
        self._check_decider(proposal, context)

    def _check_decider(self, proposal: Proposal, context: Context) -> None:
        if not may_confirm(context.actor, proposal, context.at):
            raise Forbidden(say("second.not_you"))

    def _locked(self, context: Context) -> Proposal:
        kept = self.__dict__.get("_proposal")
        if kept is None:
            found = Proposal.objects.select_for_update().filter(
                pk=self.proposal_id, account_id=self.account_id
            )
            kept = found.filter(decided_at__isnull=True, expires__gt=context.at).first()
            if kept is None:
                raise Missing(say("second.missing"))
            object.__setattr__(self, "_proposal", kept)
        proposal: Proposal = kept
        return proposal

    def _decide(self, context: Context, *, accepted: bool) -> Proposal:
        proposal = self._locked(context)
        proposal.decided_by_id, proposal.decided_at = context.actor.user_id, context.at
        proposal.accepted = accepted
        proposal.save(update_fields=["decided_by", "decided_at", "accepted"])
        if proposal.proposed_by_id != context.actor.user_id:
            told = "confirmed" if accepted else "refused"
            tell(told, {proposal.proposed_by_id}, proposal.account, context.at)
        return proposal

    def record(self, result: User) -> Record:
        """Which account, what, and who had proposed it."""
        proposal: Proposal = self.__dict__["_proposal"]
        detail = {"username": result.username, "what": proposal.what, "proposed_by": proposal.proposed_by_id}
        return Record(action=self.name, subject_kind="account", subject_id=str(result.pk), detail=detail)


@dataclass(frozen=True, kw_only=True)
class ConfirmProposal(_Decide):
    """Agree as the second person: what was proposed is done now."""

    name: ClassVar[str] = "account.confirm"
    password: str = field(repr=False)
    """The temporary password that the account has afterwards, where what is confirmed sets one."""

    def check(self, context: Context) -> None:
        """Besides: who proposed it may still do so, and it can still be done."""
        super().check(context)
        proposal = self._locked(context)
        proposer = actor_of(proposal.proposed_by, context.at)
        if not proposal.proposed_by.is_active or not may_account(proposer, "administer", proposal.account):
            raise Conflict(say("second.void"))
        inner = _action(proposal, self.password, earliest=local_day(context.at))
        if inner.among_administrators:
            wait_for_administrators(context)
        inner.check_account(inner.locked(), context)

    def change(self, context: Context) -> User:
        """Do it, and write it down under its own name too."""
        proposal = self._decide(context, accepted=True)
        inner = _action(proposal, self.password, earliest=local_day(context.at))
        done = inner.change(context)
        inner.follow(done, context)
        append(inner.record(done), context.actor, context.at)
        return done


@dataclass(frozen=True, kw_only=True)
class RefuseProposal(_Decide):
    """Refuse as the second person, or withdraw what one proposed."""

    name: ClassVar[str] = "account.refuse"

    def _check_decider(self, proposal: Proposal, context: Context) -> None:
        if context.actor.user_id != proposal.proposed_by_id:
            super()._check_decider(proposal, context)

    def change(self, context: Context) -> User:
        """Close it."""
        return self._decide(context, accepted=False).account
