"""The Open311 server over real HTTP: read by a foreign client, written to as the specification says."""

import datetime as dt
import json
import re
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from xml.etree import ElementTree as Xml

import pytest
from georeport import GeoReport

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.merging import Merge
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.working import Describe
from linli.web.foundation.casework.models import Case, PersonalValue
from linli.web.intake import receiving
from linli.web.intake.codes import hashed
from linli.web.intake.models import Entry, Track

pytestmark = pytest.mark.django_db(transaction=True)

REQUEST_FIELDS = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime",
    "address", "address_id", "zipcode", "lat", "long", "media_url",
}  # fmt: skip
SERVICE_FIELDS = {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
ATTRIBUTE_FIELDS = {
    "variable", "code", "datatype", "required", "datatype_description", "order", "description",
}  # fmt: skip


@pytest.fixture
def root(live_server: Any, stage: Stage) -> str:
    return f"{live_server.url}/open311/v2"


def get(url: str, **query: str) -> tuple[int, Any]:
    """Status and body of an answer; JSON read, XML parsed."""
    address = f"{url}?{urllib.parse.urlencode(query)}" if query else url
    asked = urllib.request.Request(address, headers={"Accept-Language": "zh-CN"})  # noqa: S310
    return _answer(asked, xml=url.endswith(".xml"))


def post(url: str, **given: str) -> tuple[int, Any]:
    body = urllib.parse.urlencode(given).encode()
    content_type = "application/x-www-form-urlencoded; charset=utf-8"
    asked = urllib.request.Request(url, body, {"Content-Type": content_type}, method="POST")  # noqa: S310
    return _answer(asked, xml=url.endswith(".xml"))


def _answer(asked: urllib.request.Request, *, xml: bool) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310
            status, body, kind = answer.status, answer.read(), answer.headers["Content-Type"]
    except HTTPError as refused:
        status, body, kind = refused.code, refused.read(), refused.headers["Content-Type"]
    assert kind == ("text/xml; charset=utf-8" if xml else "application/json; charset=utf-8")
    if xml:
        assert body.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return status, Xml.fromstring(body) if xml else json.loads(body)  # noqa: S314 - our own answer


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_foreign_client_reads_services_definitions_and_requests(
    root: str, sent: Callable[..., Case], form: str, stage: Stage
) -> None:
    case = sent()
    client = GeoReport(root, output_format=form)
    services = client.get_service_list()
    assert {one["service_code"] for one in services} >= {"request-streetlight", "request-road"}
    assert all(set(one) == SERVICE_FIELDS for one in services)
    definition = client.get_service_definition("request-streetlight")
    assert definition["service_code"] == "request-streetlight"
    found = client.get_service_requests(start_date="2026-03-01T00:00:00Z", end_date="2026-04-01T00:00:00Z")
    listed = [found] if isinstance(found, dict) else found
    assert [one["service_request_id"] for one in listed] == [case.number]
    one = client.get_service_request(case.number or "")
    row = one[0] if isinstance(one, list) else one
    assert (row["status"], row["address"]) == ("open", stage.place.name)


def test_a_service_has_the_shape_that_the_specification_documents(root: str) -> None:
    status, rows = get(f"{root}/services.json")
    assert status == 200
    for row in rows:
        assert set(row) == SERVICE_FIELDS
        assert isinstance(row["metadata"], bool)
        assert row["type"] in ("realtime", "batch", "blackbox")
    status, tree = get(f"{root}/services.xml")
    assert tree.tag == "services"
    assert {child.tag for child in tree} == {"service"}
    assert {part.tag for part in tree[0]} == SERVICE_FIELDS
    assert tree[0].findtext("metadata") in ("true", "false")


def test_a_definition_has_the_shape_that_the_specification_documents(root: str) -> None:
    status, row = get(f"{root}/services/request-streetlight.json")
    assert (status, set(row)) == (200, {"service_code", "attributes"})
    attribute = row["attributes"][0]
    assert set(attribute) == ATTRIBUTE_FIELDS
    assert (attribute["code"], attribute["datatype"], attribute["order"]) == ("seen_on", "datetime", 1)
    _, tree = get(f"{root}/services/request-streetlight.xml")
    assert tree.tag == "service_definition"
    assert tree.find("attributes/attribute/code").text == "seen_on"
    codes = {one["code"] for one in row["attributes"]}
    assert not codes & {"reporter_name", "reporter_phone"}


def test_only_category_village_status_and_dates_of_listed_requests_are_told(
    root: str, sent: Callable[..., Case], stage: Stage
) -> None:
    case = sent(longitude=stage.place.longitude + 0.003, latitude=stage.place.latitude)
    sent(service="request-help", title="老人独居无人照料")
    status, rows = get(f"{root}/requests.json")
    assert status == 200
    assert [row["service_request_id"] for row in rows] == [case.number]
    row = rows[0]
    assert set(row) == REQUEST_FIELDS
    assert row["description"] is None
    assert (row["long"], row["lat"]) == (stage.place.longitude, stage.place.latitude)
    assert row["requested_datetime"] == "2026-03-10T10:00:00+08:00"
    assert row["expected_datetime"] == "2026-03-17T17:00:00+08:00"
    text = json.dumps(rows, ensure_ascii=False)
    for secret in (
        case.code,
        case.tracking_hash,
        "张某",
        "13800001234",
        "王某",
        "13911112222",
        "老槐树",
        "老人独居",
    ):
        assert secret not in text
    hidden = Case.objects.get(category="help")
    assert get(f"{root}/requests/{hidden.number}.json")[0] == 404


def test_a_request_is_the_same_in_xml(root: str, sent: Callable[..., Case]) -> None:
    case = sent()
    _, tree = get(f"{root}/requests/{case.number}.xml")
    assert tree.tag == "service_requests"
    assert [child.tag for child in tree] == ["request"]
    assert {part.tag for part in tree[0]} == REQUEST_FIELDS
    assert tree[0].findtext("service_request_id") == case.number
    assert tree[0].findtext("description") == ""


def test_requests_are_filtered_by_id_service_date_and_status_and_paged(
    root: str, sent: Callable[..., Case], step: Callable[..., Case], now: dt.datetime
) -> None:
    first = sent()
    second = sent(at=now + dt.timedelta(hours=1), service="request-road", title="路面塌陷")
    third = sent(at=now + dt.timedelta(hours=2))
    step(step(third, "start", now), "resolve", now)
    until = {"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-04-01T00:00:00+08:00"}

    def ids(**query: str) -> list[str]:
        status, rows = get(f"{root}/requests.json", **{**until, **query})
        assert status == 200
        return [row["service_request_id"] for row in rows]

    assert ids() == [third.number, second.number, first.number]
    assert ids(service_request_id=f"{first.number},{third.number}") == [third.number, first.number]
    assert ids(service_request_id=str(first.number), status="closed") == [first.number]
    assert ids(service_code="request-road") == [second.number]
    assert ids(service_code="request-road,request-streetlight") == [third.number, second.number, first.number]
    assert ids(service_code="nothing") == []
    assert ids(status="open") == [second.number, first.number]
    assert ids(status="closed") == [third.number]
    assert ids(status="open,closed", page_size="2") == [third.number, second.number]
    assert ids(page_size="2", page="2") == [first.number]
    assert ids(end_date="2026-03-10T10:30:00+08:00") == [first.number]
    assert ids(start_date="2026-03-10T11:30:00+08:00") == [third.number]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"start_date": "yesterday"}, 400),
        ({"start_date": "2026-03-01T00:00:00"}, 400),
        ({"start_date": "2025-03-01T00:00:00Z", "end_date": "2026-03-01T00:00:00Z"}, 400),
        ({"start_date": "2026-04-01T00:00:00Z", "end_date": "2026-03-01T00:00:00Z"}, 400),
        ({"end_date": "0001-01-01T00:00:00Z"}, 400),
        ({"status": "closed,solved"}, 400),
        ({"page": "0"}, 400),
        ({"page_size": "5000"}, 400),
        ({"page": "²"}, 400),
        ({"service_request_id": ",".join(str(i) for i in range(201))}, 400),
    ],
)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_filter_that_cannot_be_read_is_refused_in_the_documented_shape(
    root: str, query: dict[str, str], status: int, form: str
) -> None:
    found, body = get(f"{root}/requests.{form}", **query)
    assert found == status
    if form == "json":
        assert [set(row) for row in body] == [{"code", "description"}]
        assert body[0]["code"] == status
    else:
        assert body.tag == "errors"
        assert body.findtext("error/code") == str(status)
        assert body.findtext("error/description")


@pytest.mark.parametrize("path", ["services/nothing", "requests/SQ0", "tokens/ABCDEFGHJK", "nothing"])
@pytest.mark.parametrize("form", ["json", "xml"])
def test_what_is_not_there_is_a_404_in_the_documented_shape(root: str, path: str, form: str) -> None:
    status, body = get(f"{root}/{path}.{form}")
    assert status == 404
    assert (body[0]["code"] if form == "json" else body.findtext("error/code")) in (404, "404")


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_request_is_filed_and_its_number_and_code_come_back(root: str, stage: Stage, form: str) -> None:
    status, body = post(
        f"{root}/requests.{form}",
        api_key="anything",
        jurisdiction_id="lanling",
        service_code="request-streetlight",
        lat=str(stage.place.latitude),
        long=str(stage.place.longitude),
        address_string="村委会东侧",
        description="路灯不亮\n老槐树旁",
        first_name="卫",
        last_name="某",
        phone="13800005678",
        email="someone@example.org",
        device_id="abc-123",
        account_id="77",
        media_url="http://192.0.2.1/picture.jpg",
        **{"attribute[seen_on]": "2026-03-09"},
    )
    assert status == 201
    case = Case.objects.get()
    row = body[0] if form == "json" else {part.tag: part.text for part in body[0]}
    assert row["service_request_id"] == case.number
    code = re.search(r"[2-9A-Z]{5} [2-9A-Z]{5}", row["service_notice"])[0].replace(" ", "")
    assert hashed(code) == case.tracking_hash
    assert (case.channel, case.title, case.address) == ("open311", "路灯不亮", "村委会东侧")
    assert case.data == {"seen_on": "2026-03-09"}
    assert sorted(PersonalValue.objects.values_list("value", flat=True)) == ["13800005678", "卫 某"]
    kept = (
        str(list(Case.objects.values()))
        + str(list(Entry.objects.values()))
        + str(list(Track.objects.values()))
    )
    for declined in ("someone@example.org", "abc-123", "192.0.2.1"):
        assert declined not in kept
    assert get(f"{root}/tokens/{code}.json")[1][0]["service_request_id"] == case.number
    assert get(f"{root}/requests/{case.number}.json")[1][0]["status"] == "open"


def test_a_village_code_is_taken_as_address_id_and_no_person_is_needed(root: str, stage: Stage) -> None:
    status, _ = post(f"{root}/requests.json", service_code="request-road", address_id=stage.place.code)
    assert status == 201
    case = Case.objects.get()
    assert (case.place_code, case.title) == (stage.place.code, "道路设施")
    assert not PersonalValue.objects.exists()


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 400),
        ({"service_code": "nothing", "address_string": "村口"}, 404),
        ({"service_code": "request-road"}, 400),
        ({"service_code": "request-road", "lat": "34.8"}, 400),
        ({"service_code": "request-road", "lat": "north", "long": "118"}, 400),
        ({"service_code": "request-road", "lat": "nan", "long": "118"}, 400),
        ({"service_code": "request-road", "address_string": "村口", "phone": "call me"}, 400),
        ({"service_code": "request-road", "address_string": "村口", "attribute[nothing]": "1"}, 400),
        ({"service_code": "request-road", "address_id": "no such village"}, 400),
        ({"service_code": "request-road", "address_string": "村口", "description": "x" * 4001}, 400),
    ],
)
def test_what_cannot_be_filed_is_refused_and_nothing_is_queued(
    root: str, given: dict[str, str], status: int
) -> None:
    found, body = post(f"{root}/requests.json", **given)
    assert found == status
    assert all(set(row) == {"code", "description"} for row in body)
    assert not Entry.objects.exists()


def test_while_the_queue_is_held_up_a_token_is_given_for_the_number(
    root: str, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "_RECEIVERS", [])
    status, body = post(f"{root}/requests.json", service_code="request-road", address_id=stage.place.code)
    assert status == 201
    assert "service_request_id" not in body[0]
    status, found = get(f"{root}/tokens/{body[0]['token']}.json")
    assert (status, found[0]["service_request_id"]) == (200, "")


def test_one_that_was_merged_is_closed_and_says_into_which(
    root: str, sent: Callable[..., Case], now: dt.datetime
) -> None:
    first, second = sent(), sent()
    perform(Merge(case_id=second.pk, into_id=first.pk), SYSTEM, now)
    _, rows = get(f"{root}/requests/{second.number}.json")
    assert rows[0]["status"] == "closed"
    assert first.number in rows[0]["status_notes"]


def test_the_server_says_where_it_is_and_may_be_read_from_any_page(root: str) -> None:
    status, row = get(f"{root.removesuffix('/v2')}/discovery.json")
    assert status == 200
    assert row["endpoints"][0]["url"] == root
    with urllib.request.urlopen(f"{root}/services.json") as answer:  # noqa: S310
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    asked = urllib.request.Request(f"{root}/services.json", method="DELETE")  # noqa: S310
    assert _answer(asked, xml=False)[0] == 405


def test_names_are_told_in_the_language_that_is_asked_for(root: str) -> None:
    asked = urllib.request.Request(f"{root}/services.json", headers={"Accept-Language": "en"})  # noqa: S310
    _, rows = _answer(asked, xml=False)
    assert "Street light" in {row["service_name"] for row in rows}


# Guard 4
def test_what_was_opened_unlisted_is_not_made_public_by_another_category(stage, actor, now) -> None:
    given = {"kind": "request", "title": "困难求助", "place": stage.place.code}
    case = perform(OpenCase(category="help", **given), SYSTEM, now)
    describe = Describe(case_id=case.pk, title=case.title, category="streetlight", priority=0)
    perform(describe, actor("minjing"), now)
    assert not Track.objects.get(number=case.number).listed
    lamp = perform(OpenCase(category="streetlight", **given), SYSTEM, now)
    assert Track.objects.get(number=lamp.number).listed
    perform(Describe(case_id=lamp.pk, title="x", category="help", priority=0), actor("minjing"), now)
    assert not Track.objects.get(number=lamp.number).listed
