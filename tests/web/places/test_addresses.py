"""The register of standard addresses: out as a list, in again, refused whole with every mistake."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.places.models import Address, AddressGram

pytestmark = pytest.mark.django_db
Cast = Callable[[str], Actor]
SignIn = Callable[..., Client]

HEADER = "编号,地址,村（社区）代码,类别,经度,纬度\n"


def line(
    code: str, text: str, place: str, kind: str = "住宅", longitude: object = 103.7, latitude: object = 23.9
) -> str:
    return f"{code},{text},{place},{kind},{longitude},{latitude}\n"


def send(client: Client, text: str | bytes, name: str = "addresses.csv") -> tuple[int, str]:
    content = text.encode() if isinstance(text, str) else text
    answer = client.post("/places/addresses/import/", {"file": SimpleUploadedFile(name, content)})
    return answer.status_code, answer.content.decode()


def test_addresses_are_taken_in_found_changed_and_found_anew(
    signed_in: SignIn, stage: Stage, cast: dict[str, User]
) -> None:
    client = signed_in("suozhang")
    place = stage.place.code
    first = HEADER + line("A1", "幸福路1号", place) + line("A2", "幸福路2号", place, "商铺")
    assert send(client, first)[0] == 302
    assert Address.objects.get(code="A2").kind == "shop"
    assert client.post("/places/addresses.json", {"q": "幸福路1"}).json()[0]["id"] == "A1"
    again = HEADER + line("A1", "和平街1号", place) + line("A2", "幸福路2号", place, "shop")
    page = client.post(
        "/places/addresses/import/", {"file": SimpleUploadedFile("a.csv", again.encode())}, follow=True
    )
    assert "新增 0，更新 1，未变 1" in page.content.decode()
    assert client.post("/places/addresses.json", {"q": "幸福路1"}).json() == []
    assert client.post("/places/addresses.json", {"q": "和平街"}).json()[0]["id"] == "A1"
    assert AddressGram.objects.filter(address__code="A1", gram="幸福").count() == 0


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_was_taken_out_is_taken_in_again_as_it_was(
    signed_in: SignIn, stage: Stage, cast: dict[str, User], language: str, form: str
) -> None:
    client = signed_in("suozhang", language)
    place = stage.place.code
    send(client, HEADER + line("A1", "幸福路1号", place) + line("'=A2", "'+幸福路2号", place, "单位"))
    assert Address.objects.filter(code="=A2", text="+幸福路2号").exists()
    before = list(Address.objects.order_by("code").values())
    out = b"".join(client.get(f"/places/addresses/export.{form}").streaming_content)  # type: ignore[arg-type]
    assert send(client, out, f"addresses.{form}")[0] == 302
    assert list(Address.objects.order_by("code").values()) == before
    if form == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(out)).active.max_row == 3


def test_broken_lists_are_refused_whole_with_every_mistake(
    signed_in: SignIn, stage: Stage, cast: dict[str, User]
) -> None:
    client = signed_in("suozhang", "en")
    place, other = stage.place.code, stage.other_place.code
    assert send(client, HEADER + line("K1", "已有路1号", place))[0] == 302
    for broken, word in (
        ("", ""),
        ("编号,地址\nA1,幸福路\n", "Code of the village"),
        (HEADER + line("", "幸福路1号", place), "at most 40 characters"),
        (HEADER + line("A1", "", place), "at most 200 characters"),
        (HEADER + line("A1", "幸福路1号", "123"), "deployment in force"),
        (HEADER + line("A1", "幸福路1号", other), "your own area"),
        (HEADER + line("A1", "幸福路1号", place, "城堡"), "House, Unit or Shop"),
        (HEADER + line("A1", "幸福路1号", place, longitude="east"), "WGS 84"),
        (HEADER + line("A1", "幸福路1号", place, latitude=91), "WGS 84"),
        (HEADER + line("A1", "幸福路1号", place, latitude="nan"), "WGS 84"),
        (HEADER + line("A1", "甲路1号", place) + line("A1", "甲路2号", place), "entered once"),
        (HEADER + line("A1", "甲路1号", place) + line("A2", "甲路1号", place), "entered once"),
        (HEADER + line("A1", "已有路1号", place), "K1"),
        (b"\x00\x01\x02", ""),
    ):
        status, page = send(client, broken)
        assert status == 422, broken
        assert word in page, broken
    assert send(client, b"PK\x03\x04 not a workbook", "a.xlsx")[0] == 422
    assert send(client, "x", "a.pdf")[0] == 422
    both = HEADER + line("A1", "好路1号", place) + line("A2", "坏路2号", "123") + line("A3", "", place)
    status, page = send(client, both)
    assert "2 mistakes" in page
    assert list(Address.objects.values_list("code", flat=True)) == ["K1"]


def test_the_register_is_paged_filtered_and_a_constant_number_of_queries(
    signed_in: SignIn, stage: Stage, cast: dict[str, User]
) -> None:
    client, counts = signed_in("suozhang"), []
    for start, count in ((0, 3), (3, 80)):
        rows = "".join(line(f"A{n}", f"幸福路{n}号", stage.place.code) for n in range(start, count))
        assert send(client, HEADER + rows)[0] == 302
        client.get("/places/addresses/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/places/addresses/").content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "after=" in page
    assert "幸福路79号" in client.get("/places/addresses/?q=路79&kind=house").content.decode()
    assert "幸福路79号" not in client.get("/places/addresses/?kind=shop").content.decode()
    none = client.get(f"/places/addresses/?station={stage.other_station.station_code}").content.decode()
    assert "幸福路" not in none


@pytest.mark.parametrize(
    ("username", "status"), [("minjing", 403), ("wangge", 403), ("jumin", 403), ("shenji", 403)]
)
def test_others_do_not_take_lists_in(
    signed_in: SignIn, stage: Stage, cast: dict[str, User], username: str, status: int
) -> None:
    client = signed_in(username)
    assert send(client, HEADER + line("A1", "幸福路1号", stage.place.code))[0] == status
    assert not Address.objects.exists()


# Guard 1
def test_a_known_code_of_another_station_is_not_taken_over(
    signed_in: SignIn, stage: Stage, cast: dict[str, User]
) -> None:
    other = stage.other_place
    theirs = Address.objects.create(
        code="B-1",
        text="邻村路1号",
        place_code=other.code,
        kind="house",
        longitude=other.longitude,
        latitude=other.latitude,
    )
    before = Address.objects.values().get(pk=theirs.pk)
    rows = HEADER + line("A1", "好路1号", stage.place.code) + line("B-1", "被搬走的地址", stage.place.code)
    status, page = send(signed_in("suozhang", "en"), rows)
    assert status == 422
    assert "another station" in page
    assert list(Address.objects.values()) == [before]
    assert not AddressGram.objects.exists()
    (entry,) = Entry.objects.filter(action="refused")
    assert (entry.detail["tried"], entry.detail["named"]) == ("address.import", ["B-1"])


# Guard 14
def test_the_entry_of_an_import_names_codes_and_stations(
    signed_in: SignIn, stage: Stage, cast: dict[str, User]
) -> None:
    client, place = signed_in("suozhang"), stage.place.code
    assert send(client, HEADER + line("A1", "幸福路1号", place))[0] == 302
    changed = HEADER + line("A1", "幸福路3号", place) + line("A2", "幸福路2号", place)
    assert send(client, changed)[0] == 302
    entry = Entry.objects.filter(action="address.import").order_by("pk").last()
    assert entry is not None
    assert entry.station_code == stage.place.station_code
    told = {name: entry.detail[name] for name in ("new_codes", "changed_codes", "stations")}
    assert told == {"new_codes": ["A2"], "changed_codes": ["A1"], "stations": [stage.place.station_code]}


# Guard 4
def test_an_address_for_another_stations_village_is_a_try(
    signed_in: SignIn, stage: Stage, cast: dict[str, User]
) -> None:
    assert send(signed_in("suozhang"), HEADER + line("A1", "路1号", stage.other_place.code))[0] == 422
    assert [one.detail["tried"] for one in Entry.objects.filter(action="refused")] == ["address.import"]
