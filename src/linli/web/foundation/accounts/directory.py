"""Guarded reads of accounts and organisations: lists, details, the tree."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from linli.kernel.spelling import plain_words, spoken
from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import local_day, scopes
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import Grant, Organisation, User
from linli.web.foundation.accounts.roles import role_of
from linli.web.foundation.accounts.subjects import may_account
from linli.web.foundation.actions.refusals import missing
from linli.web.foundation.findable import found_by

__all__ = [
    "PAGE",
    "People",
    "Wanted",
    "account_for",
    "accounts_of",
    "called",
    "everyone",
    "organisation_page",
    "people_page",
]

say = catalogue("linli.web.foundation.accounts")

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a list of people is narrowed to; empty means everybody."""

    words: str = ""
    role: str = ""
    organisation_id: int | None = None
    active: bool | None = None


@dataclass(frozen=True)
class People:
    """One page of accounts and the user name after which the next begins."""

    users: tuple[User, ...]
    next: str


def accounts_of(actor: Actor) -> QuerySet[User]:
    """The accounts that an actor may see: those with a role in an organisation of the own territory."""
    scope = scopes(
        actor,
        "view",
        ("account",),
        station="organisation__station_code",
        beat=None,
        place=None,
        organisation="organisation_id",
    )
    if scope is None:
        return User.objects.none()
    if scope == Q():
        return User.objects.all()
    return User.objects.filter(Exists(Grant.objects.filter(scope, user=OuterRef("pk"))))


def _narrowed(actor: Actor, wanted: Wanted, at: dt.datetime) -> QuerySet[User]:
    found = accounts_of(actor)
    if wanted.words:
        found = found.filter(pk__in=called(found, wanted.words, by=("username", "display_name")))
    if wanted.active is not None:
        found = found.filter(is_active=wanted.active)
    if wanted.role or wanted.organisation_id is not None:
        day = local_day(at)
        held = Grant.objects.filter(_holding(day), user=OuterRef("pk"))
        if wanted.role:
            held = held.filter(role=wanted.role)
        if wanted.organisation_id is not None:
            held = held.filter(organisation_id=wanted.organisation_id)
        found = found.filter(Exists(held))
    grants = Grant.objects.select_related("organisation").order_by("starts", "pk")
    return found.order_by("username").prefetch_related(Prefetch("grants", grants))


def called(people: QuerySet[User], words: str, *, by: tuple[str, ...], most: int = 1000) -> list[int]:
    """Ids of those whose names ``by`` hold some words, however either was typed; of a few thousand people."""
    forms = {plain_words(words), spoken(words)} - {""}
    rows = people.order_by().values_list("pk", *by).distinct()
    fitting = (pk for pk, *names in rows if any(form in found_by(names) for form in forms))
    return list(islice(fitting, most))


def _holding(day: dt.date) -> Q:
    return Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gte=day))


def people_page(
    actor: Actor, wanted: Wanted, *, at: dt.datetime, after: str = "", size: int = PAGE
) -> People:
    """One page of the accounts that an actor may see, by user name; two queries."""
    found = _narrowed(actor, wanted, at)
    if after:
        found = found.filter(username__gt=after)
    users = list(found[: size + 1])
    return People(tuple(users[:size]), users[size - 1].username if len(users) > size else "")


def everyone(actor: Actor, wanted: Wanted, *, at: dt.datetime, size: int = 500) -> Iterator[User]:
    """The whole list, page by page."""
    after = ""
    while True:
        page = people_page(actor, wanted, at=at, after=after, size=size)
        yield from page.users
        if not page.next:
            return
        after = page.next


def account_for(actor: Actor, pk: int) -> User:
    """An account that the actor may see.

    Raises
    ------
    Missing
        There is none, or the actor may not know of it.
    """
    user = User.objects.filter(pk=pk).first()
    if user is None or not may_account(actor, "view", user):
        raise missing(say("account.missing"), hidden=user is not None)
    return user


@dataclass(frozen=True, kw_only=True)
class OrganisationPage:
    """An organisation, what is above and below it, and who works there now."""

    organisation: Organisation | None
    above: tuple[Organisation, ...]
    below: tuple[tuple[Organisation, int], ...]
    """Each with how many accounts hold a role there now."""
    grants: tuple[Grant, ...]


def organisation_page(actor: Actor, pk: int | None, *, at: dt.datetime) -> OrganisationPage:
    """One organisation of the tree, or the top of it; as much of it as the actor may see."""
    seen = _organisations_of(actor)
    one = None if pk is None else seen.filter(pk=pk).first()
    if pk is not None and one is None:
        raise missing(say("organisation.missing"), hidden=Organisation.objects.filter(pk=pk).exists())
    day = local_day(at)
    below = list(seen.filter(parent=one) if one is not None else _tops(seen))
    counts = _counts(below, day)
    grants = (
        Grant.objects.filter(_holding(day), organisation=one).select_related("user")
        if one is not None
        else ()
    )
    shown = sorted(grants, key=lambda g: (g.role, g.user.username))
    return OrganisationPage(
        organisation=one,
        above=_above(one),
        below=tuple((child, counts[child.pk]) for child in below),
        grants=tuple(grant for grant in shown if role_of(grant.role) is not None),
    )


def _organisations_of(actor: Actor) -> QuerySet[Organisation]:
    scope = scopes(
        actor, "view", ("account",), station="station_code", beat=None, place=None, organisation="pk"
    )
    return Organisation.objects.none() if scope is None else Organisation.objects.filter(scope)


def _tops(seen: QuerySet[Organisation]) -> Iterable[Organisation]:
    """Those above which the actor sees nothing."""
    return seen.filter(Q(parent__isnull=True) | ~Q(parent__in=seen.values("pk")))


def _counts(organisations: list[Organisation], day: dt.date) -> Counter[int]:
    held = Grant.objects.filter(
        _holding(day), organisation__in=[o.pk for o in organisations], user__is_active=True
    )
    return Counter(held.values_list("organisation_id", flat=True))


def _above(one: Organisation | None) -> tuple[Organisation, ...]:
    found: list[Organisation] = []
    parent = one.parent if one is not None else None
    while parent is not None and parent not in found:
        found.insert(0, parent)
        parent = parent.parent
    return tuple(found)
