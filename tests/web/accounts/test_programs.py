"""What acts for an account without a session: made with the password, ended with it, listed, no stronger."""

import datetime as dt
import json
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.conf import settings as settings_of_django
from django.db.models import CASCADE
from django.test import Client
from icalendar import Calendar

from linli.web.foundation import clock
from linli.web.foundation.accounts.actions.entry import (
    EndSession,
    EndSessions,
    ResetPassword,
    ResetSecondFactor,
)
from linli.web.foundation.accounts.actions.people import Deactivate, Reactivate
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.credentials import end_credentials
from linli.web.foundation.accounts.models import Grant, Session, User
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Forbidden, Missing
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.working import Assign
from linli.web.foundation.casework.models import Notice
from linli.web.foundation.exchange.ending import EndProgram, list_programs
from linli.web.foundation.exchange.models import CalendarKey, Delivery, Subscription, Token
from linli.web.foundation.exchange.outbox import deliver
from linli.web.foundation.exchange.subscriptions import Subscribe
from linli.web.foundation.exchange.tokens import MakeCalendarKey, MakeToken
from web.accounts.conftest import code_of
from web.conftest import PASSWORD

SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 - of made-up accounts
NEW = "seven green bicycles 42"
ENDING = {
    "reset password": lambda pk: ResetPassword(account_id=pk, password="x7mq-x2vn-p9dw"),  # noqa: S106
    "reset second factor": lambda pk: ResetSecondFactor(account_id=pk),
    "stop": lambda pk: Deactivate(account_id=pk, reason="调离"),
    "sign out everywhere": lambda pk: EndSessions(account_id=pk),
}
READ = "/api/v1/me"


def token_of(user, *, strong: bool = False, write: bool = False) -> str:
    who = actor_of(user, clock.now(), second_factor=strong)
    return perform(MakeToken(title="t", days=30, may_write=write), who, clock.now())[1]


def calendar_of(user) -> str:
    return perform(MakeCalendarKey(), actor_of(user, clock.now()), clock.now())


def status(token: str, url: str = READ) -> int:
    return Client().get(url, headers={"authorization": f"Bearer {token}"}).status_code


def both(user) -> tuple[str, str]:
    token, key = token_of(user), calendar_of(user)
    assert (status(token), Client().get(f"/calendar/{key}.ics").status_code) == (200, 200)
    return token, key


def over(token: str, key: str) -> bool:
    return (status(token), Client().get(f"/calendar/{key}.ics").status_code) == (401, 404)


# Guard 5
@pytest.mark.parametrize("way", ENDING)
def test_tokens_and_calendars_end_with_whatever_ends_the_account_and_nothing_revives_them(
    cast, actor, way
) -> None:
    user, at = cast["minjing"], clock.now()
    TOTP.activate(user, SECRET)
    kept = both(user)
    perform(ENDING[way](user.pk), actor("guanli"), at)
    if way == "stop":
        perform(Reactivate(account_id=user.pk), actor("guanli"), at)
    assert over(*kept)


@pytest.fixture
def partner(settings) -> str:
    settings.WEBHOOK_HOSTS = ["partner.example"]
    return "https://partner.example/hook?key=of-the-receiver"


def hook_of(user, url: str) -> Subscription:
    return perform(Subscribe(url=url), actor_of(user, clock.now(), second_factor=True), clock.now())


def told_of(one: Subscription, stage) -> bool:
    before = Delivery.objects.filter(subscription=one).count()
    perform(
        OpenCase(kind="request", category="road", title="路", place=stage.place.code), SYSTEM, clock.now()
    )
    return Delivery.objects.filter(subscription=one).count() > before


# Guard 5
@pytest.mark.parametrize("way", ENDING)
def test_webhooks_end_with_whatever_ends_the_account_and_nothing_revives_them(
    cast, actor, way, partner, stage
) -> None:
    user, at = cast["minjing"], clock.now()
    TOTP.activate(user, SECRET)
    one = hook_of(user, partner)
    assert told_of(one, stage)
    perform(ENDING[way](user.pk), actor("guanli"), at)
    if way == "stop":
        perform(Reactivate(account_id=user.pk), actor("guanli"), at)
    assert not told_of(one, stage)
    Subscription.objects.update(active=True)
    assert not told_of(one, stage)
    assert deliver(clock.now()) == 1
    assert Delivery.objects.get().answer == "subscription ended"
    user.refresh_from_db()
    assert told_of(hook_of(user, partner), stage)


# Guard 5
def test_a_webhook_tells_nothing_once_its_owners_role_may_not_subscribe(cast, partner, stage) -> None:
    one = hook_of(cast["minjing"], partner)
    Grant.objects.filter(user=cast["minjing"]).update(role="grid_worker")
    assert not told_of(one, stage)
    with pytest.raises(Forbidden):
        hook_of(cast["minjing"], partner)
    assert "hook-url" not in page_of(cast["minjing"])
    Grant.objects.filter(user=cast["minjing"]).update(role="officer")
    assert "hook-url" in page_of(cast["minjing"])


def page_of(user) -> str:
    client = Client()
    client.force_login(user, backend=settings_of_django.AUTHENTICATION_BACKENDS[-1])
    return client.get("/exchange/").content.decode()


# Guard 5
def test_an_administrator_sees_and_ends_a_webhook_by_its_host_alone(signed_in, cast, partner, stage) -> None:
    user = cast["minjing"]
    one = hook_of(user, partner)
    url = f"/people/{user.pk}/"
    page = signed_in("guanli").get(url).content.decode()
    assert ("变更推送" in page, "partner.example" in page, "of-the-receiver" in page) == (True, True, False)
    assert "Webhook" in signed_in("guanli", "en").get(url).content.decode()
    (end,) = re.findall(rf'action="({url}programs/webhook/\d+/end/)"', page)
    assert signed_in("minjing").post(end).status_code == 404
    signed_in("guanli").post(end)
    assert not told_of(one, stage)
    assert Notice.objects.filter(user=user, kind="program_ended").count() == 1
    assert "programs/" not in signed_in("guanli").get(url).content.decode()


SECRET_LIKE = re.compile(r"digest|secret|token|password|session|(^|_)key($|_)|hash")
OURS = tuple(one.label + "." for one in apps.get_app_configs() if one.name.startswith("linli.web."))


def _owned(field) -> bool:
    """Whether a row goes with the account; one that only names who did something stays."""
    return field.name == "account_id" or (
        field.related_model is User and field.remote_field.on_delete is CASCADE
    )


def session_of(user) -> None:
    ends = clock.now() + dt.timedelta(hours=1)
    Session.objects.create(session_key="k", session_data="", expire_date=ends, account_id=user.pk)


# Guard 5
def test_every_table_that_keeps_a_secret_for_an_account_is_emptied_of_it_by_the_one_ender(
    cast, partner
) -> None:
    user = cast["minjing"]
    ways = {"exchange.Token": token_of, "exchange.CalendarKey": calendar_of}
    ways["exchange.Subscription"] = lambda one: hook_of(one, partner)
    ways["accounts.Session"] = session_of
    found = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.label.startswith(OURS)
        and any(_owned(field) for field in model._meta.fields)
        and any(SECRET_LIKE.search(field.name) for field in model._meta.fields)
    }
    assert found == set(ways), "a new credential belongs into the ender and into this test"
    for way in ways.values():
        way(user)
    assert len(list(list_programs(user.pk, clock.now()))) == len(ways) - 1
    assert end_credentials(user.pk, clock.now()) >= len(ways)
    assert list(list_programs(user.pk, clock.now())) == []
    assert not Session.objects.filter(account_id=user.pk).exists()


# Guard 5
def test_tokens_and_calendars_end_when_their_owner_changes_the_password_or_signs_out_elsewhere(
    enter, cast
) -> None:
    client = enter("minjing")
    kept = both(cast["minjing"])
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert over(*kept)
    cast["minjing"].refresh_from_db()
    kept = both(cast["minjing"])
    who = actor_of(cast["minjing"], clock.now())
    perform(EndSession(keep="x"), who, clock.now())
    assert over(*kept)


# Guard 5
def test_one_that_was_made_while_the_account_was_ended_does_not_outlive_it(cast) -> None:
    user = cast["minjing"]
    kept = both(user)
    user.epoch += 1
    user.save(update_fields=["epoch"])
    assert over(*kept)


# Guard 5
@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("url", ["/exchange/tokens/", "/exchange/calendar/"])
def test_who_makes_one_gives_the_password_again_and_goes_on(enter, cast, url) -> None:
    client = enter("minjing")
    asked = client.post(url, {"title": "报表", "days": "30"})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert not Token.objects.exists()
    assert not CalendarKey.objects.exists()
    client.post(asked["Location"], {"password": "wrong"})
    assert not Token.objects.exists()
    made = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": url}).content.decode()
    assert re.search(r"linli_[\w-]{43}|/calendar/[\w-]{32}\.ics", made)
    assert client.post(url, {"title": "又一个", "days": "30"}).status_code == 200


# Guard 5
@pytest.mark.usefixtures("strict")
def test_who_subscribes_gives_the_password_again_and_goes_on(enter, cast, partner) -> None:
    client = enter("minjing")
    asked = client.post("/exchange/webhooks/", {"url": partner})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert not Subscription.objects.exists()
    client.post(asked["Location"], {"password": PASSWORD, "next": "/exchange/webhooks/"})
    assert Subscription.objects.get().url == partner


# Guard 5
def test_an_administrator_sees_and_ends_what_acts_for_an_account_and_its_owner_is_told(
    signed_in, cast, actor
) -> None:
    user = cast["minjing"]
    token, key = both(user)
    url = f"/people/{user.pk}/"
    page = signed_in("guanli").get(url).content.decode()
    assert ("访问令牌" in page, "日历地址" in page, token in page, key in page) == (True, True, False, False)
    assert "Calendar" in signed_in("guanli", "en").get(url).content.decode()
    ends = re.findall(rf'action="({url}programs/(?:token|calendar)/\d+/end/)"', page)
    assert len(ends) == 2
    assert signed_in("minjing").post(ends[0]).status_code == 404
    assert signed_in("suozhang").post(ends[0], follow=True).status_code == 200
    assert status(token) == 200
    for end in ends:
        signed_in("guanli").post(end)
    assert over(token, key)
    assert Notice.objects.filter(user=user, kind="program_ended").count() == 2
    assert Entry.objects.filter(action="account.end_program", subject_id=str(user.pk)).count() == 2
    assert "programs/" not in signed_in("guanli").get(url).content.decode()
    with pytest.raises(Missing):
        perform(EndProgram(account_id=user.pk, kind="token", program_id=1), actor("guanli"), clock.now())
    with pytest.raises((Forbidden, Missing)):
        perform(EndProgram(account_id=user.pk, kind="token", program_id=1), actor("suozhang"), clock.now())


# Guard 5
@pytest.mark.usefixtures("strict")
def test_a_token_acts_in_a_privileged_role_only_if_it_was_made_with_a_second_factor(cast) -> None:
    TOTP.activate(cast["suozhang"], SECRET)
    headers = {"authorization": f"Bearer {token_of(cast['suozhang'])}"}
    assert Client().get(READ, headers=headers).json()["roles"] == []
    headers = {"authorization": f"Bearer {token_of(cast['suozhang'], strong=True)}"}
    assert Client().get(READ, headers=headers).json()["roles"] == ["chief"]
    Grant.objects.create(
        user=cast["suozhang"],
        role="officer",
        organisation=Grant.objects.get(user=cast["suozhang"]).organisation,
        starts=dt.date(2026, 1, 1),
    )
    headers = {"authorization": f"Bearer {token_of(cast['suozhang'])}"}
    assert Client().get(READ, headers=headers).json()["roles"] == ["officer"]


# Guard 5
@pytest.mark.usefixtures("strict")
def test_a_token_and_a_subscription_are_strong_only_while_the_account_has_a_second_factor(
    cast, settings, stage
) -> None:
    settings.WEBHOOK_HOSTS = ["partner.example"]
    at, chief = clock.now(), cast["suozhang"]
    TOTP.activate(chief, SECRET)
    headers = {"authorization": f"Bearer {token_of(chief, strong=True)}"}
    one = perform(Subscribe(url="https://partner.example/"), actor_of(chief, at, second_factor=True), at)
    assert Client().get(READ, headers=headers).json()["roles"] == ["chief"]
    Authenticator.objects.filter(user=chief).delete()
    Authenticator.objects.create(user=chief, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert Client().get(READ, headers=headers).json()["roles"] == []
    perform(OpenCase(kind="request", category="road", title="路", place=stage.place.code), SYSTEM, at)
    assert not Delivery.objects.filter(subscription=one).exists()


# Guard 5
@pytest.mark.usefixtures("strict")
def test_a_token_that_is_made_on_the_page_after_a_code_is_strong(enter, cast) -> None:
    TOTP.activate(cast["suozhang"], SECRET)
    client = enter("suozhang")
    client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/exchange/tokens/", {"title": "报表", "days": "30"})
    assert Token.objects.get().second_factor


# Guard 5
@pytest.mark.usefixtures("strict")
def test_a_calendar_shows_what_a_session_without_a_second_factor_could(cast, actor, stage) -> None:
    at = clock.now()
    case = perform(
        OpenCase(kind="request", category="road", title="路面", place=stage.place.code), SYSTEM, at
    )
    chief = cast["suozhang"]
    give = Assign(case_id=case.pk, organisation_id=stage.station.pk, assignee_id=chief.pk)
    perform(give, actor("suozhang"), at)
    key = calendar_of(chief)
    assert not Calendar.from_ical(Client().get(f"/calendar/{key}.ics").content).walk("VEVENT")
    perform(
        Assign(case_id=case.pk, organisation_id=stage.post.pk, assignee_id=cast["minjing"].pk),
        actor("suozhang"),
        at,
    )
    key = calendar_of(cast["minjing"])
    assert Calendar.from_ical(Client().get(f"/calendar/{key}.ics").content).walk("VEVENT")


# Guard 5
@pytest.mark.usefixtures("strict")
def test_a_subscription_tells_what_its_owner_saw_when_making_it(cast, settings, stage) -> None:
    settings.WEBHOOK_HOSTS = ["partner.example"]
    at = clock.now()
    TOTP.activate(cast["suozhang"], SECRET)
    for strong in (False, True):
        who = actor_of(cast["suozhang"], at, second_factor=strong)
        one = perform(Subscribe(url="https://partner.example/"), who, at)
        perform(OpenCase(kind="request", category="road", title="路", place=stage.place.code), SYSTEM, at)
        assert Delivery.objects.filter(subscription=one).exists() == strong


# Guard 14
def test_entries_of_the_api_carry_the_clients_address_behind_the_proxy(cast, settings, stage) -> None:
    settings.PROXY_COUNT = 1
    client = Client(REMOTE_ADDR="127.0.0.1")
    body = {"type": "request", "category": "road", "title": "路面", "place": stage.place.code}
    client.post(
        "/api/v1/cases",
        json.dumps(body),
        content_type="application/json",
        headers={
            "authorization": f"Bearer {token_of(cast['minjing'], write=True)}",
            "x-forwarded-for": "10.9.9.9, 203.0.113.7",
        },
    )
    entry = Entry.objects.get(action="case.open")
    assert (entry.via, entry.address) == ("api", "203.0.113.7")
