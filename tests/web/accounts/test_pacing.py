"""Nobody copies the county page by page: what one account asks for in an hour is counted by all processes."""

import datetime as dt

import pytest
from django.test import Client

from linli.web.foundation.accounts.models import Pace
from linli.web.foundation.accounts.pacing import STEP, forget_paces, is_hasty
from linli.web.foundation.actions.action import perform
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.exchange.tokens import MakeToken

HOUR = dt.timedelta(hours=1)
PAGES = (
    "/search/?q=x",
    "/cases/",
    "/cases/map.geojson",
    "/requests/",
    "/incidents/map.geojson",
    "/premises/",
    "/equipment/",
    "/places/addresses/",
)


@pytest.fixture
def at(monkeypatch, now) -> list[dt.datetime]:
    """The moment, which a test may move."""
    held = [now.replace(minute=50)]
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: held[0])
    return held


# Guard D
@pytest.mark.parametrize("path", PAGES)
def test_searches_lists_and_maps_are_slowed_down(path, at, signed_in, settings) -> None:
    settings.REQUESTS_OF_ONE_ACCOUNT = 3
    client = signed_in("minjing", "en")
    assert {client.get(path).status_code for _ in range(3)} == {200}
    refused = client.get(path)
    assert refused.status_code == 429
    assert "looked at too much" in refused.content.decode()
    assert signed_in("fujing").get("/cases/").status_code == 200
    at[0] += HOUR / 4
    assert client.get(path).status_code == 200


# Guard D
def test_the_api_is_slowed_down_with_the_pages_of_its_account(at, actor, now, signed_in, settings) -> None:
    settings.REQUESTS_OF_ONE_ACCOUNT = 3
    _, token = perform(MakeToken(title="x", days=30), actor("minjing"), now)
    program = Client(headers={"authorization": f"Bearer {token}"})
    assert signed_in("minjing").get("/cases/").status_code == 200
    assert [program.get("/api/v1/cases").status_code for _ in range(3)] == [200, 200, 429]
    assert program.get("/api/v1/me").json()["code"] == "too_many"


# Guard D
def test_what_must_be_entered_is_sent_all_the_same_and_searches_by_post_are_not(
    at, stage, signed_in, settings
) -> None:
    settings.REQUESTS_OF_ONE_ACCOUNT = 1
    client = signed_in("minjing")
    client.get("/cases/")
    assert client.get("/cases/").status_code == 429
    assert client.post("/places/addresses.json", {"q": "x"}).status_code == 429
    assert client.post("/incidents/intake/hints/", {}).status_code == 429
    given = {
        "category": "streetlight",
        "title": "路灯不亮",
        "place": stage.place.code,
        "submission": "abcdefgh",
    }
    assert client.post("/cases/open/request/", given).status_code != 429


# Guard D
def test_it_is_in_the_log_once_an_hour(at, signed_in, settings, cast) -> None:
    settings.REQUESTS_OF_ONE_ACCOUNT = 1
    client = signed_in("minjing")
    for _ in range(5):
        client.get("/cases/")
    (entry,) = Entry.objects.filter(action="refused")
    assert (entry.detail["tried"], entry.subject_id) == ("account.pace", str(cast["minjing"].pk))


# Guard 5
def test_processes_count_together(actor, now, settings) -> None:
    settings.REQUESTS_OF_ONE_ACCOUNT = 10 * STEP * STEP
    who = actor("minjing")
    for _process in range(3):
        # Another process knows nothing of what this one has counted, but for the row.
        forget_paces()
        assert not any(is_hasty(who, now) for _ in range(2 * STEP))
    assert Pace.objects.get().count == 6 * STEP
    settings.REQUESTS_OF_ONE_ACCOUNT = 7 * STEP * 1
    forget_paces()
    assert [is_hasty(who, now) for _ in range(2 * STEP)].count(True) >= STEP - 1
    assert not is_hasty(who, now + HOUR)


def test_a_page_costs_no_write_but_every_so_many(actor, now, settings, django_assert_num_queries) -> None:
    settings.REQUESTS_OF_ONE_ACCOUNT = 3600
    who = actor("minjing")
    with django_assert_num_queries(0):
        for _ in range(STEP - 1):
            is_hasty(who, now)


def test_nobody_in_particular_is_not_counted(now, db) -> None:
    from linli.web.foundation.accounts.actor import ANONYMOUS, SYSTEM

    assert not is_hasty(ANONYMOUS, now)
    assert not is_hasty(SYSTEM, now)
    assert not Pace.objects.exists()
