"""What a program makes with a token does not outlive the token."""

import datetime as dt
import importlib
import json

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.test import Client

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden
from linli.web.foundation.audit.chain import Record, append
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Notice
from linli.web.foundation.exchange.ending import EndProgram, list_programs
from linli.web.foundation.exchange.models import CalendarKey, Delivery, Subscription, Token
from linli.web.foundation.exchange.outbox import deliver
from linli.web.foundation.exchange.resending import Resend
from linli.web.foundation.exchange.subscriptions import Subscribe
from linli.web.foundation.exchange.tokens import EndToken, MakeCalendarKey, MakeToken, actor_behind

URL = "https://partner.example/hook"


@pytest.fixture
def partner(settings) -> None:
    settings.WEBHOOK_HOSTS = ["partner.example"]


def token_of(user, at: dt.datetime) -> str:
    who = actor_of(user, at, second_factor=True)
    return perform(MakeToken(title="t", days=30, may_write=True), who, at)[1]


def subscribed_by(token: str) -> Subscription:
    answer = Client().post(
        "/api/v1/webhooks",
        json.dumps({"url": URL, "kinds": []}),
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 201
    return Subscription.objects.get(pk=answer.json()["id"])


def tell(stage, at: dt.datetime) -> None:
    perform(OpenCase(kind="request", category="road", title="路", place=stage.place.code), SYSTEM, at)


def end(one: Token, at: dt.datetime) -> None:
    perform(EndToken(token_id=one.pk), actor_of(one.user, at), at)


def end_by_an_administrator(one: Token, at: dt.datetime) -> None:
    perform(EndProgram(account_id=one.user_id, kind="token", program_id=one.pk), SYSTEM, at)


def expire(one: Token, at: dt.datetime) -> None:
    Token.objects.filter(pk=one.pk).update(expires_at=at)


def take_write(one: Token, at: dt.datetime) -> None:
    Token.objects.filter(pk=one.pk).update(may_write=False)


def move_epoch(one: Token, at: dt.datetime) -> None:
    Token.objects.filter(pk=one.pk).update(epoch=one.epoch + 7)


# Guard 5
@pytest.mark.usefixtures("partner")
@pytest.mark.parametrize("way", [end, end_by_an_administrator, expire, take_write, move_epoch])
def test_a_webhook_that_a_token_made_ends_with_it(cast, stage, monkeypatch, way) -> None:
    from linli.web.foundation import clock

    user, at = cast["minjing"], clock.now()
    kept = token_of(user, at)
    one = subscribed_by(kept)
    by_person = perform(Subscribe(url=URL), actor_of(user, at), at)
    token = Token.objects.get()
    assert one.token == token
    assert by_person.token is None
    tell(stage, at)
    assert Delivery.objects.filter(subscription=one).count() == 1
    way(token, at)
    tell(stage, at)
    one.refresh_from_db()
    assert Delivery.objects.filter(subscription=one).count() == 1
    assert Delivery.objects.filter(subscription=by_person).count() == 2
    assert not one.lives(at)
    assert list(Subscription.objects.living(at)) == [by_person]
    assert [p.pk for p in list_programs(user.pk, at) if p.kind == "webhook"] == [by_person.pk]
    Delivery.objects.filter(subscription=by_person).delete()
    assert deliver(at) == 1
    assert Delivery.objects.get().answer == "subscription ended"
    with pytest.raises(Conflict):
        perform(Resend(delivery_id=Delivery.objects.get().pk), actor_of(user, at), at)


# Guard 5
def test_a_token_makes_nothing_that_lets_it_in_again(cast, now) -> None:
    program = actor_behind(token_of(cast["minjing"], now), now)
    assert program is not None
    for making in (MakeToken(title="noch eins", days=300), MakeCalendarKey()):
        with pytest.raises(Forbidden):
            perform(making, program, now)
    assert Token.objects.count() == 1
    assert not CalendarKey.objects.exists()


# Guard 5
@pytest.mark.usefixtures("partner")
def test_webhooks_that_programs_made_before_the_upgrade_end_with_it_and_no_others(cast, now) -> None:
    who = actor_of(cast["minjing"], now)
    made = {via: perform(Subscribe(url=URL), who, now) for via in ("web", "api")}
    record = Record(action="webhook.subscribe", subject_kind="webhook", subject_id=str(made["api"].pk))
    program = actor_behind(token_of(cast["minjing"], now), now)
    assert program is not None
    append(record, program, now)
    importlib.import_module("linli.web.foundation.exchange.migrations.0007_end_unbound").end_unbound(
        apps, None
    )
    assert list(Subscription.objects.living(now)) == [made["web"]]


# Guard 6
@pytest.mark.parametrize("name", ["suozhang", "minjing"])
def test_auditors_are_told_what_ends_for_a_privileged_account(cast, actor, now, name) -> None:
    TOTP.activate(cast[name], "JBSWY3DPEHPK3PXP")
    token_of(cast[name], now)
    ending = EndProgram(account_id=cast[name].pk, kind="token", program_id=Token.objects.get().pk)
    perform(ending, actor("guanli"), now)
    told = {one.user.username: one.kind for one in Notice.objects.select_related("user")}
    auditors = {"shenji": "account_program_ended"} if name == "suozhang" else {}
    assert told == {name: "program_ended", **auditors}
