"""Guarded reads: periods, figures of areas that the actor reaches, consequences of the actor's business."""

from collections.abc import Mapping, Sequence

from django.db.models import Q, QuerySet

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import may_anywhere, scopes
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.refusals import missing
from linli.web.workbench.assessment.models import Area, Consequence, Figure, Period, Version
from linli.web.workbench.assessment.reach import KIND, is_county, may_place

__all__ = [
    "area_for",
    "areas_for",
    "areas_of",
    "consequence_for",
    "consequences",
    "figures",
    "periods",
    "stations_of",
    "version_for",
    "visible_names",
]

say = catalogue("linli.web.workbench.assessment")


def _scope(actor: Actor) -> Q | None:
    return scopes(actor, "view", [KIND], place=None, organisation=None)


def periods(actor: Actor) -> QuerySet[Period]:
    """All periods, for whoever has to do with assessment."""
    if not may_anywhere(actor, "view", KIND):
        return Period.objects.none()
    return Period.objects.prefetch_related("versions")


def version_for(actor: Actor, pk: int) -> Version:
    """A version of a period.

    Raises
    ------
    Missing
        There is none, or the actor has nothing to do with assessment.
    """
    found = Version.objects.select_related("period", "ordered_by", "locked_by").filter(pk=pk).first()
    if found is None or not may_anywhere(actor, "view", KIND):
        raise missing(say("missing.version"), hidden=found is not None)
    return found


def figures(actor: Actor, version: Version) -> QuerySet[Figure]:
    """The figures of the areas that the actor reaches, and the whole territory's."""
    scope = _scope(actor)
    if scope is None:
        return Figure.objects.none()
    found = Figure.objects.filter(version=version)
    # An empty condition is everything; "or" with it would be the other condition alone.
    return found.filter(scope | Q(area_kind="territory")) if scope else found


def stations_of(version: Version) -> list[str]:
    """Codes of the stations that approve a version."""
    return list(version.areas.filter(kind="station").values_list("code", flat=True))


def areas_for(actor: Actor, version: Version) -> list[Area]:
    """The areas whose figures the actor may see: one's own, and the whole."""
    if not may_anywhere(actor, "view", KIND):
        return []
    return [a for a in version.areas.all() if a.kind == "territory" or may_place(actor, "view", a)]


def area_for(actor: Actor, version: Version, code: str) -> Area | None:
    """One of them by its code; the widest where two kinds share it."""
    order = {"territory": 0, "station": 1, "beat": 2, "post": 3}
    found = [area for area in areas_for(actor, version) if area.code == code]
    return min(found, key=lambda area: order[area.kind]) if found else None


def visible_names(actor: Actor, version: Version) -> Mapping[tuple[str, str], Area | None]:
    """Every area by kind and code; those whose name the actor may not learn yet are ``None``.

    Before the county has locked a version, who stands where is between an office and the county.
    """
    open_to_all = version.status == Version.Status.LOCKED or is_county(actor)
    return {
        (area.kind, area.code): area
        if open_to_all or area.kind == "territory" or may_place(actor, "view", area)
        else None
        for area in version.areas.all()
    }


def consequences(actor: Actor) -> QuerySet[Consequence]:
    """What is proposed for areas that the actor reaches; drafts are the county's alone."""
    scope = _scope(actor)
    if scope is None:
        return Consequence.objects.none()
    found = Consequence.objects.select_related("version__period")
    found = found.filter(scope) if scope else found
    return found if is_county(actor) else found.exclude(status=Consequence.Status.DRAFTED)


def areas_of(found: Sequence[Consequence]) -> list[Area | None]:
    """The area of each of the consequences that an actor reaches, in one query."""
    areas = Area.objects.filter(
        version__in={one.version_id for one in found}, code__in={one.area for one in found}
    )
    known = {(area.version_id, area.kind, area.code): area for area in areas}
    return [known.get((one.version_id, one.area_kind, one.area)) for one in found]


def consequence_for(actor: Actor, pk: int) -> Consequence:
    """One consequence.

    Raises
    ------
    Missing
        There is none, or it concerns another office.
    """
    found = consequences(actor).filter(pk=pk).select_related("proposed_by", "decided_by", "seen_by").first()
    if found is None:
        raise missing(say("missing.consequence"), hidden=Consequence.objects.filter(pk=pk).exists())
    return found
