"""A second factor follows a role's reach: who reads of the whole county has one as a chief has."""

import datetime as dt

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from icalendar import Calendar

from linli.web.foundation import clock
from linli.web.foundation.accounts.actor import SYSTEM, Held
from linli.web.foundation.accounts.factors import asking_factor, needs_second_factor
from linli.web.foundation.accounts.models import Grant
from linli.web.foundation.accounts.roles import roles, takes_two
from linli.web.foundation.accounts.selectors import actor_of, has_privileged_role
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.working import Assign
from linli.web.foundation.exchange.models import Delivery
from linli.web.foundation.exchange.subscriptions import Subscribe
from linli.web.foundation.exchange.tokens import MakeCalendarKey, MakeToken
from web.accounts.conftest import code_of

SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 - of made-up accounts
SINCE = dt.date(2026, 1, 1)
pytestmark = pytest.mark.usefixtures("strict")


def held(role: str, level: str, *stations: str) -> Held:
    reach = frozenset(stations)
    return Held(role=role, organisation_id=1, organisation="", level=level, codes=reach, stations=reach)


def reading_the_county(user, stage) -> None:
    """An officer of the bureau instead."""
    Grant.objects.filter(user=user).update(organisation=stage.bureau)


def roles_by(token: str) -> list[str]:
    return Client().get("/api/v1/me", headers={"authorization": f"Bearer {token}"}).json()["roles"]


# Guard 5
@pytest.mark.any_database
@pytest.mark.parametrize("level", ["county", "station", "beat", "own"])
@pytest.mark.parametrize("role", sorted(roles()))
def test_a_role_asks_for_a_second_factor_where_two_people_give_it(role, level) -> None:
    one = held(role, level, "s1")
    assert needs_second_factor([one]) == takes_two(role, level)
    assert asking_factor([one]) == (frozenset([one]) if takes_two(role, level) else frozenset())


# Guard 5
@pytest.mark.any_database
def test_roles_that_read_of_two_stations_together_ask_for_one_and_others_beside_them_do_not(settings) -> None:
    first, second = held("officer", "beat", "s1"), held("mediator", "station", "s2")
    clerk = held("partner", "own")
    assert asking_factor([first, second, clerk]) == {first, second}
    assert asking_factor([first, held("mediator", "station", "s1"), clerk]) == frozenset()
    auxiliary = held("auxiliary", "beat", "s2")
    assert asking_factor([first, auxiliary]) == {first, auxiliary}
    assert asking_factor([first, held("resident", "beat", "s2")]) == frozenset()
    settings.SECOND_FACTOR = "everybody"
    assert asking_factor([clerk]) == {clerk}
    assert needs_second_factor([])


# Guard 5
@pytest.mark.parametrize("name", ["jiejing", "minjing", "tiaojie"])
def test_who_reads_of_the_whole_county_sets_a_second_factor_up_before_anything_else(
    enter, cast, stage, name
) -> None:
    reading_the_county(cast[name], stage)
    client = enter(name)
    assert client.get("/")["Location"] == "/accounts/2fa/"
    assert client.post("/people/new/", {"username": "x"})["Location"] == "/accounts/2fa/"
    TOTP.activate(cast[name], SECRET)
    client = enter(name)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    assert client.get("/").status_code == 200


# Guard 5
def test_who_reads_of_two_stations_sets_one_up_too(enter, cast, stage) -> None:
    assert enter("minjing").get("/").status_code == 200
    Grant.objects.create(user=cast["minjing"], role="officer", organisation=stage.other_post, starts=SINCE)
    assert has_privileged_role(cast["minjing"], clock.now())
    assert enter("minjing").get("/")["Location"] == "/accounts/2fa/"


# Guard 5
def test_who_reads_of_the_whole_county_keeps_the_last_second_factor(enter, cast, stage) -> None:
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator

    TOTP.activate(cast["minjing"], SECRET)
    factor = Authenticator.objects.get(user=cast["minjing"])
    assert get_adapter().can_delete_authenticator(factor)
    reading_the_county(cast["minjing"], stage)
    assert not get_adapter().can_delete_authenticator(factor)


# Guard 5
def test_a_token_reads_of_the_county_only_if_it_was_made_with_a_second_factor(cast, stage) -> None:
    user, at = cast["jiejing"], clock.now()
    TOTP.activate(user, SECRET)
    for strong, seen in ((False, []), (True, ["dispatcher"])):
        who = actor_of(user, at, second_factor=strong)
        assert roles_by(perform(MakeToken(title="t", days=30), who, at)[1]) == seen


# Guard 5
def test_webhooks_and_calendars_tell_nothing_of_the_county_without_one(cast, settings, stage) -> None:
    settings.WEBHOOK_HOSTS = ["partner.example"]
    at, user = clock.now(), cast["minjing"]
    hook = perform(Subscribe(url="https://partner.example/"), actor_of(user, at), at)
    key = perform(MakeCalendarKey(), actor_of(user, at), at)

    def told() -> tuple[bool, bool]:
        case = perform(
            OpenCase(kind="request", category="road", title="路", place=stage.place.code), SYSTEM, at
        )
        perform(Assign(case_id=case.pk, organisation_id=stage.post.pk, assignee_id=user.pk), SYSTEM, at)
        dates = Calendar.from_ical(Client().get(f"/calendar/{key}.ics").content).walk("VEVENT")
        return Delivery.objects.filter(subscription=hook, body__contains=case.number).exists(), bool(dates)

    assert told() == (True, True)
    Grant.objects.create(user=user, role="officer", organisation=stage.other_post, starts=SINCE)
    assert told() == (False, False)


# Guard 5
def test_the_demonstration_asks_nobody(enter, cast, settings, stage) -> None:
    settings.DEMO = True
    reading_the_county(cast["minjing"], stage)
    assert enter("minjing").get("/").status_code == 200
    token = perform(MakeToken(title="t", days=3), actor_of(cast["minjing"], clock.now()), clock.now())[1]
    assert roles_by(token) == ["officer"]
