"""Figures and consequences over the API: read only, and no more than the account may see on its pages."""

import pytest
from django.test import Client

from linli.web.foundation.actions.action import perform
from linli.web.foundation.exchange.tokens import MakeToken

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(actor, now):
    """A program with a token of a member of the cast."""

    def make(username: str) -> Client:
        _, token = perform(MakeToken(title="试验", days=30, may_write=False), actor(username), now)
        return Client(headers={"authorization": f"Bearer {token}"})

    return make


def test_periods_and_figures_are_read_page_by_page(computed, program, stage) -> None:
    client = program("suozhang")
    (period,) = client.get("/api/v1/assessment/periods").json()
    assert (period["month"], period["versions"][0]["status"]) == ("2026-02", "computed")
    url, seen, after = f"/api/v1/assessment/versions/{computed.pk}/figures", [], 0
    while after is not None:
        page = client.get(url, {"after": after, "size": 50}).json()
        seen, after = seen + page["items"], page["next"]
    stations = {one["area"] for one in seen if one["area_kind"] == "station"}
    assert stations == {stage.station.station_code}
    assert len(seen) == len({one["id"] for one in seen})
    every = program("guihua").get(url, {"indicator": "N19.key_cases", "size": 500}).json()["items"]
    assert len({one["area"] for one in every}) == 16
    territory = computed.areas.get(kind="territory").code
    only = client.get(url, {"indicator": "N19.key_cases", "area": territory}).json()["items"]
    assert [one["area_kind"] for one in only] == ["territory"]


def test_consequences_are_those_of_ones_own_areas(proposed, program, stage) -> None:
    url = "/api/v1/assessment/consequences"
    every = program("guihua").get(url, {"status": "proposed"}).json()["items"]
    assert len(every) == proposed.consequences.filter(status="proposed").count() > 0
    own = program("suozhang").get(url, {"size": 2}).json()
    codes = set(proposed.areas.filter(station_code=stage.station.station_code).values_list("code", flat=True))
    assert {one["area"] for one in own["items"]} <= codes


def test_who_has_no_part_in_assessment_reads_nothing(computed, program) -> None:
    client = program("fujing")
    assert client.get("/api/v1/assessment/periods").status_code == 403
    assert client.get(f"/api/v1/assessment/versions/{computed.pk}/figures").status_code == 404
    assert client.get("/api/v1/assessment/consequences").json() == {"items": [], "next": None}
