"""Messages leave the outbox signed, come again until they are taken, and go to nobody who was not named."""

import datetime as dt
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client
from icalendar import Calendar

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Invalid, Missing
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.reading import ReadPersonal
from linli.web.foundation.casework.actions.working import Assign
from linli.web.foundation.casework.models import Case
from linli.web.foundation.exchange.models import Delivery
from linli.web.foundation.exchange.outbox import ATTEMPTS, deliver
from linli.web.foundation.exchange.subscriptions import EndSubscription, Subscribe
from linli.web.foundation.exchange.tokens import MakeCalendarKey

pytestmark = pytest.mark.django_db


@dataclass
class Receiver:
    """A partner's program: a real server on this machine."""

    url: str = ""
    status: int = 200
    had: list[tuple[dict[str, str], str]] = field(default_factory=list)


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:  # type: ignore[no-untyped-def]
    partner = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            partner.had.append((dict(self.headers), body))
            self.send_response(partner.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    partner.url = f"http://127.0.0.1:{server.server_port}/linli"
    settings.WEBHOOK_HOSTS = [f"127.0.0.1:{server.server_port}"]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield partner
    server.shutdown()
    thread.join()
    server.server_close()


def opened(stage: Stage, now: dt.datetime) -> Case:
    where = {"longitude": stage.place.longitude, "latitude": stage.place.latitude}
    data = {"reporter_phone": "13800001234"}
    return perform(OpenCase(kind="request", category="road", title="路面", data=data, **where), SYSTEM, now)


def test_a_change_leaves_signed_and_without_anything_personal(
    receiver: Receiver, actor: Callable[[str], Actor], stage: Stage, now: dt.datetime
) -> None:
    one = perform(Subscribe(url=receiver.url), actor("suozhang"), now)
    case = opened(stage, now)
    perform(ReadPersonal(case_id=case.pk), actor("minjing"), now)
    assert deliver(now) == 1
    headers, body = receiver.had[0]
    told = json.loads(body)
    assert (told["event"], told["case"], told["state"]) == ("case.open", case.number, "received")
    assert "13800001234" not in body
    moment, _, sign = headers["Linli-Signature"].removeprefix("t=").partition(",v1=")
    assert hmac.compare_digest(
        sign, hmac.new(one.secret.encode(), f"{moment}.{body}".encode(), sha256).hexdigest()
    )
    assert Delivery.objects.get().status == "delivered"
    assert deliver(now) == 0


def test_a_message_that_is_not_taken_comes_again_later_and_is_given_up_in_the_end(
    receiver: Receiver, actor: Callable[[str], Actor], stage: Stage, now: dt.datetime
) -> None:
    perform(Subscribe(url=receiver.url), actor("suozhang"), now)
    opened(stage, now)
    receiver.status = 503
    assert deliver(now) == 1
    assert deliver(now + dt.timedelta(seconds=29)) == 0
    assert deliver(now + dt.timedelta(seconds=31)) == 1
    for day in range(2, ATTEMPTS + 2):
        deliver(now + dt.timedelta(days=day))
    message = Delivery.objects.get()
    assert (message.status, message.attempts, message.answer) == ("given_up", ATTEMPTS, "HTTP 503")
    assert len({json.loads(body)["id"] for _, body in receiver.had}) == 1


def test_who_may_not_see_a_case_is_not_told_of_it(
    receiver: Receiver, actor: Callable[[str], Actor], stage: Stage, now: dt.datetime
) -> None:
    perform(Subscribe(url=receiver.url), actor("linsuo"), now)
    perform(Subscribe(url=receiver.url, kinds=("incident",)), actor("suozhang"), now)
    opened(stage, now)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/hook",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "https://user@127.0.0.1/",
        "http://[::1",
        "",
    ],
)
def test_an_address_that_the_installation_does_not_name_is_refused(
    receiver: Receiver, actor: Callable[[str], Actor], now: dt.datetime, url: str
) -> None:
    with pytest.raises(Invalid):
        perform(Subscribe(url=url), actor("suozhang"), now)


def test_only_the_own_subscription_can_be_ended(
    receiver: Receiver, actor: Callable[[str], Actor], stage: Stage, now: dt.datetime
) -> None:
    one = perform(Subscribe(url=receiver.url), actor("suozhang"), now)
    with pytest.raises(Missing):
        perform(EndSubscription(subscription_id=one.pk), actor("minjing"), now)
    perform(EndSubscription(subscription_id=one.pk), actor("suozhang"), now)
    opened(stage, now)
    assert deliver(now) == 0


def test_a_calendar_shows_the_deadlines_of_its_account_to_whoever_has_the_address(
    actor: Callable[[str], Actor],
    cast: dict[str, User],
    stage: Stage,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)
    case = opened(stage, now)
    perform(
        Assign(case_id=case.pk, organisation_id=stage.post.pk, assignee_id=cast["minjing"].pk),
        actor("suozhang"),
        now,
    )
    key = perform(MakeCalendarKey(), actor("minjing"), now)
    answer = Client().get(f"/calendar/{key}.ics")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == [f"事项 {case.number} 到期"]
    assert [str(event["uid"]) for event in events] == [f"case-{case.number}-due@linli"]
    perform(MakeCalendarKey(), actor("minjing"), now)
    assert Client().get(f"/calendar/{key}.ics").status_code == 404


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "访问令牌"), ("en", "Tokens")])
def test_the_page_shows_a_token_once(signed_in: Callable[..., Client], language: str, word: str) -> None:
    client = signed_in("minjing", language)
    made = client.post("/exchange/tokens/", {"title": "报表", "days": "30"}).content.decode()
    assert word in made
    assert "linli_" in made
    again = client.get("/exchange/").content.decode()
    assert "报表" in again
    assert client.post("/exchange/tokens/", {"title": "", "days": "9999999"}).status_code == 302
