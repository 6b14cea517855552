"""Who must have a second factor: by role and reach, the notion by which two people give a role."""

from collections.abc import Iterable

from django.conf import settings

from linli.web.foundation.accounts.actor import Held
from linli.web.foundation.accounts.roles import role_of, takes_two

__all__ = ["asking_factor", "needs_second_factor"]


def asking_factor(held: Iterable[Held]) -> frozenset[Held]:
    """Those of somebody's roles that may be used only with a second factor, or all where everybody must.

    A privileged role asks for one everywhere; one that sees or works on cases asks for it in the whole
    county, and so do several that together reach more than one station.
    """
    all_held = frozenset(held)
    if _asked_of_everybody():
        return all_held
    local = {one for one in all_held if one.stations and (role := role_of(one.role)) and role.weighs_by_reach}
    together = local if len({code for one in local for code in one.stations}) > 1 else set()
    return frozenset(one for one in all_held if one in together or takes_two(one.role, one.level))


def needs_second_factor(held: Iterable[Held]) -> bool:
    """Whether somebody with these roles must sign in with a second factor: by the roles, or as everybody."""
    return _asked_of_everybody() or bool(asking_factor(held))


def _asked_of_everybody() -> bool:
    return bool(settings.SECOND_FACTOR == "everybody")
