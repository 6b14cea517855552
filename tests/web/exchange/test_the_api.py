"""The API: tokens, lists by cursor, ETags, one error shape, one sending done once, the published schema."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.sharing import ShareCase
from linli.web.foundation.casework.models import Case
from linli.web.foundation.exchange.api.build import api
from linli.web.foundation.exchange.tokens import EndToken, MakeToken

pytestmark = pytest.mark.django_db
SCHEMA = Path(__file__).parents[3] / "docs" / "reference" / "openapi.json"


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch, now: dt.datetime) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)


@pytest.fixture
def program(actor: Callable[[str], Actor], now: dt.datetime) -> Callable[..., Client]:
    """A program with a token of a member of the cast."""

    def make(username: str, *, may_write: bool = True) -> Client:
        _, token = perform(MakeToken(title="试验", days=30, may_write=may_write), actor(username), now)
        return Client(headers={"authorization": f"Bearer {token}"})

    return make


def opened(stage: Stage, now: dt.datetime, count: int = 1) -> list[Case]:
    where = {"longitude": stage.place.longitude, "latitude": stage.place.latitude}
    return [
        perform(
            OpenCase(kind="request", category="road", title=f"路面 {n}", **where),
            SYSTEM,
            now - dt.timedelta(minutes=n),
        )
        for n in range(count)
    ]


def send(client: Client, url: str, body: object, **headers: str) -> Any:
    return client.post(url, json.dumps(body), content_type="application/json", headers=headers)


def test_without_a_token_every_address_answers_401_in_the_one_shape() -> None:
    for url in ("/api/v1/me", "/api/v1/cases", "/api/v1/places", "/api/v1/webhooks"):
        answer = Client().get(url)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
        assert set(answer.json()) == {"code", "status", "message", "fields", "findings"}


def test_a_token_that_is_over_ended_or_may_only_read_does_not_write(
    program: Callable[..., Client],
    actor: Callable[[str], Actor],
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader = program("minjing", may_write=False)
    assert reader.get("/api/v1/me").json()["roles"] == ["officer"]
    refused = send(reader, "/api/v1/cases", {"type": "request", "category": "road", "title": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    kept, token = perform(MakeToken(title="短", days=1), actor("minjing"), now)
    client = Client(headers={"authorization": f"Bearer {token}"})
    perform(EndToken(token_id=kept.pk), actor("minjing"), now)
    assert client.get("/api/v1/me").status_code == 401
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now + dt.timedelta(days=31))
    assert reader.get("/api/v1/me").status_code == 401


def test_a_list_is_followed_by_its_cursor_to_the_end(
    program: Callable[..., Client], stage: Stage, now: dt.datetime
) -> None:
    cases = opened(stage, now, 7)
    client, after, seen = program("suozhang"), "", []
    while after is not None:
        page = client.get(f"/api/v1/cases?size=3&after={after}").json()
        seen += [item["number"] for item in page["items"]]
        after = page["next"]
    assert seen == [case.number for case in cases]
    wrong = client.get("/api/v1/cases?after=nonsense")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (422, ["after"])


def test_another_station_gets_404_for_a_case_that_is_there(
    program: Callable[..., Client], stage: Stage, now: dt.datetime
) -> None:
    number = opened(stage, now)[0].number
    assert program("linsuo").get(f"/api/v1/cases/{number}").status_code == 404
    assert program("linsuo").get("/api/v1/cases").json()["items"] == []


def test_a_case_is_opened_once_however_often_it_is_sent(program: Callable[..., Client], stage: Stage) -> None:
    client = program("minjing")
    body = {
        "type": "request", "category": "streetlight", "title": "路灯不亮", "place": stage.place.code,
        "data": {"reporter_phone": "13800001234"},
    }  # fmt: skip
    first = send(client, "/api/v1/cases", body, **{"idempotency-key": "k1"})
    again = send(client, "/api/v1/cases", body, **{"idempotency-key": "k1"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]
    assert "13800001234" not in first.content.decode()
    assert Case.objects.get().beat_code == stage.place.beat_code


def test_an_etag_saves_reading_and_an_old_revision_is_refused(
    program: Callable[..., Client], stage: Stage, now: dt.datetime
) -> None:
    url = f"/api/v1/cases/{opened(stage, now)[0].number}"
    client = program("minjing")
    read = client.get(url)
    assert "accept" in read.json()["steps"]
    assert client.get(url, headers={"if-none-match": read["ETag"]}).status_code == 304
    assert send(client, f"{url}/notes", {"text": "已到现场"}).status_code == 201
    late = send(client, f"{url}/steps/accept", {"revision": 1})
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert send(client, f"{url}/steps/accept", {"revision": 2}).json()["state"] == "accepted"
    assert [event["kind"] for event in client.get(f"{url}/events").json()] == ["opened", "note", "moved"]


@pytest.mark.parametrize(
    "body",
    [
        {"type": "request", "category": "road", "title": "x", "longitude": False, "latitude": 1.0},
        {"type": "request", "category": "road", "title": "x", "religion": "x"},
        {"type": "request", "category": "road", "title": ""},
        {"type": "request", "category": "road", "title": "x", "occurred_at": "2026-03-01T08:00:00"},
        {"type": "request", "category": "road", "title": "x", "longitude": 200.0, "latitude": 1.0},
        [],
    ],
)
def test_what_is_not_as_declared_is_refused_with_422_and_nothing_is_kept(
    program: Callable[..., Client], body: object
) -> None:
    answer = send(program("minjing"), "/api/v1/cases", body)
    assert answer.status_code == 422
    assert answer.json()["fields"]
    assert not Case.objects.exists()


def test_the_published_schema_is_the_one_that_is_served(program: Callable[..., Client]) -> None:
    served = json.loads(json.dumps(api().get_openapi_schema(path_prefix="/api/v1/"), default=str))
    assert served["openapi"].startswith("3.1")
    assert served == json.loads(SCHEMA.read_text(encoding="utf-8")), "run: scripts/api-schema"


def test_a_read_from_outside_the_own_territory_is_logged(
    program: Callable[..., Client], actor: Callable[[str], Actor], stage: Stage, now: dt.datetime
) -> None:
    case = opened(stage, now)[0]
    share = ShareCase(case_id=case.pk, organisation_id=stage.other_post.pk, reason="边界协作")
    perform(share, actor("minjing"), now)
    assert program("linsuo").get(f"/api/v1/cases/{case.number}").status_code == 200
    entry = Entry.objects.get(action="case.view_outside")
    assert (entry.actor_name, entry.via) == ("邻所民警 韩", "api")
