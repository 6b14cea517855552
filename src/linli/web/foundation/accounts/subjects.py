"""An account and an organisation as permission sees them."""

from linli.web.foundation.accounts.access import Subject, may
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import Organisation, User

__all__ = ["ANYWHERE", "may_account", "organisation_subject"]

ANYWHERE = Subject(kind="account")
"""Accounts that belong to no station: only a role that reaches the whole county reaches them."""


def organisation_subject(organisation: Organisation) -> Subject:
    """The accounts of an organisation: they lie in its station's area."""
    return Subject(kind="account", station=organisation.station_code, organisation_id=organisation.pk)


def may_account(actor: Actor, verb: str, user: User) -> bool:
    """Whether an actor may do something to an account, through an organisation where it holds a role."""
    if may(actor, verb, ANYWHERE):
        return True
    grants = user.grants.select_related("organisation")
    return any(may(actor, verb, organisation_subject(grant.organisation)) for grant in grants)
