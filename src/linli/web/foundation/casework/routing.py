"""Who gets a case: the first routing rule of its type that holds, else the beat's post or the station."""

import datetime as dt
from dataclasses import dataclass

from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.accounts.roles import Confidentiality
from linli.web.foundation.casework.clocks import zone
from linli.web.foundation.casework.receivers import takers
from linli.web.foundation.casework.types.model import Route, TypeSpec
from linli.web.foundation.places.importing import BUREAU
from linli.web.foundation.places.locating import Located

__all__ = ["Routed", "post_of", "route", "unroutable"]


@dataclass(frozen=True)
class Routed:
    """Where a case goes, and the rule that said so."""

    organisation: Organisation | None
    rule: int | None
    """Its number in the case type's file, from 1; ``None`` where no rule held."""
    priority: str | None = None


def route(spec: TypeSpec, *, category: str, where: Located, at: dt.datetime) -> Routed:
    """The organisation that a case goes to."""
    local = at.astimezone(zone())
    for number, rule in enumerate(spec.routes, 1):
        if rule.when.holds(
            category=category, station=where.station, beat=where.beat, place=where.place, local=local
        ):
            found = _target(spec, rule, where, at)
            if found is not None:
                return Routed(found, number, rule.priority)
    return Routed(post_of(where) or _station_of(where) or _coded(BUREAU), None)


def _target(spec: TypeSpec, rule: Route, where: Located, at: dt.datetime) -> Organisation | None:
    match rule.to:
        case "post":
            return post_of(where)
        case "station":
            return _station_of(where)
        case "bureau":
            return _coded(BUREAU)
        case _:
            # An office far from the place gets only what somebody there could work on.
            closely = Confidentiality[spec.confidentiality.upper()]
            return takers(spec.id, closely, at).filter(code=rule.to.removeprefix("org:")).first()


def post_of(where: Located) -> Organisation | None:
    """The active post that works for the beat of a position."""
    if not where.beat:
        return None
    kind = Organisation.Kind.POST
    posts = Organisation.objects.filter(kind=kind, active=True, station_code=where.station)
    return next((post for post in posts if where.beat in post.codes), None)


def _station_of(where: Located) -> Organisation | None:
    return _coded(f"station:{where.station}") if where.station else None


def _coded(code: str) -> Organisation | None:
    return Organisation.objects.filter(code=code, active=True).first()


def unroutable(spec: TypeSpec) -> list[tuple[int, str]]:
    """Rules of a type that name an organisation which is not active: number of the rule, and code."""
    codes = {number: rule.to for number, rule in enumerate(spec.routes, 1) if rule.to.startswith("org:")}
    active = set(Organisation.objects.filter(active=True).values_list("code", flat=True))
    return [(number, to.removeprefix("org:")) for number, to in codes.items() if to[4:] not in active]
