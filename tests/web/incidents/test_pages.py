"""The pages of incidents without a script, in both languages: intake, board, map, dispatch, statistics."""

import datetime as dt
import io
import json
import random
import re
from collections.abc import Callable
from urllib.parse import parse_qsl

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.web.demonstration.cast import Stage
from linli.web.demonstration.scene import Scene
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.actions.action import perform
from linli.web.foundation.audit.chain import verify
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.models import Case, PersonalValue
from linli.web.foundation.places.models import Address
from linli.web.ops.incidents.actions.dispatching import Arrive, DispatchUnits
from linli.web.ops.incidents.demonstration import fill
from linli.web.ops.incidents.models import Dispatch, Unit

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
Opens = Callable[..., Case]
Units = dict[str, Unit]
Addresses = list[Address]
LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
PAGES = ("board/", "board/live/", "wall/", "wall/live/", "map/", "map.geojson", "statistics/", "units/")


def call(there: Address, /, **given: str) -> dict[str, str]:
    return {
        "category": "1",
        "address": there.text,
        "data-caller_name": "赵女士",
        "data-caller_phone": "13800000000",
        **given,
    }


@LANGUAGES
def test_a_call_is_taken_without_a_script_and_leads_to_its_dispatch(
    signed_in: SignIn, addresses: Addresses, units: Units, stage: Stage, language: str
) -> None:
    client = signed_in("jiejing", language)
    page = client.get("/incidents/intake/").content.decode()
    assert 'data-shortcut="Ctrl+Enter"' in page
    assert 'data-draft="incident-intake"' in page
    answer = client.post("/incidents/intake/", call(addresses[0], title="门锁被撬"))
    case = Case.objects.get()
    assert answer["Location"] == f"/incidents/{case.number}/dispatch/"
    assert (case.category, case.channel, case.title) == ("burglary", "phone", "门锁被撬")
    assert (case.address, case.station_code) == (addresses[0].text, stage.station.station_code)
    assert case.longitude == addresses[0].longitude
    assert set(PersonalValue.objects.values_list("field", flat=True)) == {"caller_name", "caller_phone"}
    shown = client.get(answer["Location"]).content.decode()
    assert "城关01" in shown
    assert "13800000000" not in shown


def test_the_category_is_typed_by_letters_and_the_title_follows_from_it(
    signed_in: SignIn, addresses: Addresses
) -> None:
    signed_in("jiejing").post("/incidents/intake/", call(addresses[0], category="djdo"))
    case = Case.objects.get()
    assert (case.category, case.title) == ("fight", f"打架斗殴 {addresses[0].text}")


@pytest.mark.parametrize(("typed", "said"), [("r", "1 入室盗窃"), ("zz", "没有这个警情类别"), ("", "")])
def test_a_category_that_is_not_clear_is_asked_for_with_what_it_may_be(
    signed_in: SignIn, addresses: Addresses, typed: str, said: str
) -> None:
    answer = signed_in("jiejing").post(
        "/incidents/intake/", call(addresses[0], category=typed, title="门锁被撬")
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "门锁被撬" in page
    assert not Case.objects.exists()


def test_words_that_fit_several_addresses_are_asked_about_and_can_be_left_as_they_are(
    signed_in: SignIn, addresses: Addresses, stage: Stage
) -> None:
    client = signed_in("jiejing")
    given = call(addresses[0], address="和平路")
    answer = client.post("/incidents/intake/", given)
    assert answer.status_code == 422
    assert all(f'value="{one.code}"' in answer.content.decode() for one in addresses)
    assert (
        client.post("/incidents/intake/", {**given, "address_choice": addresses[1].code}).status_code == 302
    )
    assert Case.objects.get().address == addresses[1].text
    as_typed = {**given, "address_choice": "none", "place": stage.place.name}
    assert client.post("/incidents/intake/", as_typed).status_code == 302
    free = Case.objects.latest("pk")
    assert (free.address, free.place_code, free.longitude) == ("和平路", stage.place.code, None)


def test_a_call_from_nowhere_known_is_taken_all_the_same(signed_in: SignIn, units: Units) -> None:
    client = signed_in("jiejing")
    answer = client.post("/incidents/intake/", {"category": "其他警情", "address": "河边的小路"}, follow=True)
    assert answer.status_code == 200
    assert Case.objects.get().station_code == ""
    assert "警情没有定位" in answer.content.decode()


def test_a_form_sent_twice_takes_one_call(signed_in: SignIn, addresses: Addresses) -> None:
    client = signed_in("jiejing")
    given = call(addresses[0], submission="abc")
    first, second = client.post("/incidents/intake/", given), client.post("/incidents/intake/", given)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


@LANGUAGES
def test_what_is_typed_shows_category_area_and_incidents_nearby(
    signed_in: SignIn, addresses: Addresses, open_incident: Opens, now: dt.datetime, language: str
) -> None:
    near = open_incident(at=now - dt.timedelta(minutes=20), longitude=addresses[0].longitude)
    old = open_incident(at=now - dt.timedelta(hours=3), longitude=addresses[0].longitude)
    given = {"category": "rsdq", "address": addresses[0].text}
    page = signed_in("jiejing", language).post("/incidents/intake/hints/", given).content.decode()
    assert "入室盗窃" in page or "Residential burglary" in page
    assert str(near.number) in page
    assert str(old.number) not in page
    assert (
        str(near.number)
        not in signed_in("linsuozhang").post("/incidents/intake/hints/", given).content.decode()
    )


def test_the_same_check_works_without_a_script(
    signed_in: SignIn, addresses: Addresses, open_incident: Opens
) -> None:
    near = open_incident(longitude=addresses[0].longitude)
    answer = signed_in("jiejing").post("/incidents/intake/", call(addresses[0], look="1"))
    assert answer.status_code == 200
    assert str(near.number) in answer.content.decode()
    assert Case.objects.count() == 1


def test_a_call_about_a_known_incident_is_entered_and_merged_with_its_caller(
    signed_in: SignIn, addresses: Addresses, open_incident: Opens
) -> None:
    known = open_incident(longitude=addresses[0].longitude)
    answer = signed_in("jiejing").post("/incidents/intake/", call(addresses[0], same_as=str(known.number)))
    assert answer["Location"] == f"/cases/{known.number}/"
    second = Case.objects.latest("pk")
    assert second.merged_into == known
    assert PersonalValue.objects.filter(case=second).count() == 2


@LANGUAGES
def test_the_dispatch_page_explains_and_asks_a_reason_for_another_choice(
    signed_in: SignIn, open_incident: Opens, units: Units, make_unit: Callable[..., Unit], language: str
) -> None:
    make_unit("城关08", on_duty=False)
    case, client = open_incident(), signed_in("jiejing", language)
    url = f"/incidents/{case.number}/dispatch/"
    page = client.get(url).content.decode()
    assert re.search(rf'value="{units["near"].pk}" checked', page)
    assert "城关08" in page
    refused = client.post(url, {"unit": [str(units["far"].pk)], "revision": "1"})
    assert refused.status_code == 422
    assert "城关01" in refused.content.decode()
    assert re.search(rf'value="{units["far"].pk}" checked', refused.content.decode())
    assert (
        client.post(url, {"unit": [str(units["far"].pk)], "reason": "顺路", "revision": "1"}).status_code
        == 302
    )
    assert Dispatch.objects.get().reason == "顺路"
    busy = client.post(url, {"unit": [str(units["far"].pk)], "reason": "顺路"})
    assert busy.status_code == 409


@LANGUAGES
def test_an_incident_is_worked_on_its_page_without_a_script(
    signed_in: SignIn, open_incident: Opens, units: Units, language: str
) -> None:
    case = open_incident()
    signed_in("jiejing", language).post(
        f"/incidents/{case.number}/dispatch/", {"unit": [str(units["near"].pk)]}
    )
    officer = signed_in("minjing", language)
    page = officer.get(f"/cases/{case.number}/").content.decode()
    assert "城关01" in page
    sent = Dispatch.objects.get()
    assert officer.post(f"/incidents/{case.number}/units/{sent.pk}/accept/").status_code == 302
    assert officer.post(f"/incidents/{case.number}/units/{sent.pk}/arrive/").status_code == 302
    sent.refresh_from_db()
    case.refresh_from_db()
    assert (sent.accepted_at is not None, sent.arrived_at is not None, case.state) == (True, True, "on_scene")
    assert officer.post(f"/incidents/{case.number}/units/{sent.pk}/clear/").status_code == 302
    sent.refresh_from_db()
    assert sent.cleared_at is not None
    assert officer.post(f"/incidents/{case.number}/units/{sent.pk}/fly/").status_code == 404


@LANGUAGES
def test_the_board_shows_what_waits_is_sent_and_is_on_scene_late_ones_first(
    signed_in: SignIn, open_incident: Opens, units: Units, now: dt.datetime, language: str
) -> None:
    fresh = open_incident(title="新的")
    late = open_incident(at=now - dt.timedelta(minutes=40), title="迟的")
    sent = open_incident(title="已派的")
    perform(DispatchUnits(case_id=sent.pk, units=(units["near"].pk,)), SYSTEM, now)
    there = open_incident(title="到场的")
    perform(DispatchUnits(case_id=there.pk, units=(units["far"].pk,), reason="r"), SYSTEM, now)
    perform(Arrive(case_id=there.pk, dispatch_id=Dispatch.objects.get(case=there).pk), SYSTEM, now)
    client = signed_in("jiejing", language)
    page = client.get("/incidents/board/").content.decode()
    for case in (fresh, late, sent, there):
        assert case.title in page
    assert page.index("迟的") < page.index("新的") < page.index("已派的") < page.index("到场的")
    assert "城关01" in page
    assert '<linli-live id="board-live"' in page
    live = client.get("/incidents/board/live/").content.decode()
    assert "<html" not in live
    assert "迟的" in live
    assert "城关01" in client.get("/incidents/wall/").content.decode()


def test_the_board_says_where_an_incident_has_no_unit_on_it(
    signed_in: SignIn, open_incident: Opens, now: dt.datetime
) -> None:
    case = open_incident()
    perform(Move(case_id=case.pk, step="dispatch", note="消防救援站已出动"), SYSTEM, now)
    assert "无出警力量" in signed_in("jiejing").get("/incidents/board/").content.decode()


@LANGUAGES
def test_the_map_holds_incidents_and_units(
    signed_in: SignIn, open_incident: Opens, units: Units, language: str
) -> None:
    case = open_incident()
    client = signed_in("jiejing", language)
    found = json.loads(client.get("/incidents/map.geojson").content)["features"]
    titles = {one["properties"]["title"] for one in found}
    assert {"城关01", "城关步02", "邻所01"} < titles
    assert any(str(case.number) in title for title in titles)
    assert "/incidents/map.geojson" in client.get("/incidents/map/").content.decode()


def test_the_next_station_sees_nothing_of_ours_anywhere(
    signed_in: SignIn, open_incident: Opens, units: Units
) -> None:
    case = open_incident(title="我所警情")
    for username in ("linsuo", "linsuozhang"):
        client = signed_in(username)
        for page in PAGES:
            text = client.get(f"/incidents/{page}").content.decode()
            assert "我所警情" not in text
            assert "城关01" not in text
            assert str(case.number) not in text
        assert client.get(f"/incidents/{case.number}/dispatch/").status_code == 404
        assert client.get(f"/incidents/units/{units['near'].pk}/").status_code == 404


@pytest.mark.parametrize("username", ["jumin", "shenji", "guanli", "tiaojie", "danwei"])
def test_those_who_do_not_deal_with_incidents_are_turned_away(signed_in: SignIn, username: str) -> None:
    client = signed_in(username)
    for page in (*PAGES, "intake/"):
        assert client.get(f"/incidents/{page}").status_code == 403
    assert "/incidents/" not in client.get("/?cards=1").content.decode()


@pytest.mark.parametrize(
    ("username", "intake", "board"),
    [("jiejing", True, True), ("suozhang", True, True), ("minjing", True, True), ("fujing", False, True),
     ("wangge", False, False), ("guihua", False, False)],
)  # fmt: skip
def test_the_menu_shows_intake_and_board_to_those_who_use_them(
    signed_in: SignIn, username: str, intake: bool, board: bool
) -> None:
    page = signed_in(username).get("/?cards=1").content.decode()
    assert ('href="/incidents/intake/"' in page) is intake
    assert ('href="/incidents/board/"' in page) is board


@LANGUAGES
def test_response_times_are_shown_with_what_is_missing_and_exported(
    signed_in: SignIn, open_incident: Opens, units: Units, now: dt.datetime, language: str
) -> None:
    for minutes in (4, 8, 20):
        case = open_incident(at=now - dt.timedelta(hours=minutes))
        opened = case.opened_at
        perform(DispatchUnits(case_id=case.pk, units=(units["near"].pk,), reason="r"), SYSTEM, opened)
        arrived = Arrive(case_id=case.pk, dispatch_id=Dispatch.objects.get(case=case).pk)
        perform(arrived, SYSTEM, opened + dt.timedelta(minutes=minutes))
        done = Move(
            case_id=case.pk, step="end", result="settled", answer="已处置", data={"attended": "已处置"}
        )
        perform(done, SYSTEM, opened + dt.timedelta(minutes=minutes + 5))
    open_incident()
    client = signed_in("suozhang", language)
    page = client.get("/incidents/statistics/?by=category").content.decode()
    assert ">8.0<" in page.replace("\n", "")
    assert ">20.0<" in page.replace("\n", "")
    answer = client.get("/incidents/statistics.csv?by=month")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[1].split(",")[1:6] == ["4", "0.0", "0.0", "3", "1"]
    assert lines[2].startswith("2026-03,4,")
    answer = client.get("/incidents/statistics.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert len(book.worksheets) == 2
    hours = [cell.value for cell in list(book.worksheets[1].iter_rows())[1]]
    assert (hours[11], hours[-1]) == (1, 4)
    assert Entry.objects.filter(action="export").count() == 2


def test_a_dispatcher_sees_the_statistics_but_takes_no_file_away(
    signed_in: SignIn, open_incident: Opens
) -> None:
    client = signed_in("jiejing")
    assert client.get("/incidents/statistics/").status_code == 200
    assert client.get("/incidents/statistics.csv").status_code == 403
    assert client.get("/incidents/units.csv").status_code == 403


@pytest.mark.parametrize(
    "query",
    ["from=2026-13-45", "from=9999-12-31", "from=0001-01-01&until=0001-01-01", "by=x&station=y",
     "until=2020-01-01&from=2024-01-01"],
)  # fmt: skip
def test_odd_periods_do_no_harm(signed_in: SignIn, query: str) -> None:
    assert signed_in("suozhang").get(f"/incidents/statistics/?{query}").status_code == 200


@pytest.mark.parametrize(
    "path", [*PAGES, "POST intake/hints/?category=1&address={address}", "{number}/dispatch/", "/"]
)
def test_a_page_takes_the_same_number_of_queries_for_5_and_for_50_incidents(
    signed_in: SignIn,
    open_incident: Opens,
    make_unit: Callable[..., Unit],
    addresses: Addresses,
    actor: Callable[[str], Actor],
    now: dt.datetime,
    path: str,
) -> None:
    client = signed_in("jiejing")

    def fill(first: int, last: int) -> Case:
        for number in range(first, last):
            case = open_incident(at=now - dt.timedelta(minutes=number), address=addresses[0].text)
            if number % 2:
                unit = make_unit(f"车{number:03d}")
                perform(DispatchUnits(case_id=case.pk, units=(unit.pk,), reason="r"), SYSTEM, now)
        return open_incident()

    def queries(case: Case) -> int:
        method, _, url = path.format(number=case.number, address=addresses[0].text).rpartition(" ")
        address, _, given = (url if url == "/" else f"/incidents/{url}").partition("?")

        def ask() -> int:
            if method:
                return client.post(address, dict(parse_qsl(given))).status_code
            return client.get(f"{address}?{given}").status_code

        ask()
        with CaptureQueriesContext(connection) as seen:
            assert ask() == 200
        return len(seen)

    few = queries(fill(0, 5))
    many = queries(fill(5, 50))
    assert many == few
    assert few < 40


def test_the_demonstration_shows_incidents_in_every_state_and_six_units(
    stage: Stage, addresses: Addresses, cast: dict[str, User], now: dt.datetime
) -> None:
    scene = Scene(
        version=stage.place.deployment,
        stage=stage,
        cast=cast,
        rng=random.Random("1"),  # noqa: S311 - made-up data
        now=now,
        addresses=addresses,
    )
    fill(scene)
    assert Unit.objects.count() == 6
    states = set(Case.objects.values_list("state", flat=True))
    assert states == {"received", "dispatched", "on_scene", "follow_up", "closed"}
    assert Case.objects.count() == 15
    assert list(verify()) == []
