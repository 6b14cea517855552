"""The register as a file: out, in again, and broken in every way that a file can be."""

from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from linli.web.foundation.audit.models import Entry
from linli.web.ops.premises.models import Premises

from .conftest import Works

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def _send(client: Client, content: bytes, name: str = "场所.csv") -> HttpResponse:
    return client.post("/premises/import/", {"file": SimpleUploadedFile(name, content)})  # type: ignore[return-value]


def _csv(works: Works, *rows: str, header: str = "类别,名称,地址,经度,纬度,责任单位") -> bytes:
    place = works.stage.place
    where = f"{place.longitude},{place.latitude}"
    return "\r\n".join([header, *(row.replace("@", where) for row in rows)]).encode()


def test_rows_are_taken_in(works: Works, signed_in: SignIn) -> None:
    content = _csv(
        works, f"商铺餐饮,合成面馆,合成路 1 号,@,{works.stage.unit.code}", "venue,合成影院,合成路 2 号,@,"
    )
    assert _send(signed_in("minjing"), content).status_code == 302
    noodles, cinema = Premises.objects.order_by("pk")
    assert (noodles.kind, noodles.organisation) == ("shop", works.stage.unit)
    assert (cinema.kind, cinema.beat_code) == ("venue", works.stage.place.beat_code)
    assert Entry.objects.filter(action="premises.register").count() == 2


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_was_exported_goes_in_again_and_changes_nothing(
    works: Works, signed_in: SignIn, form: str, language: str
) -> None:
    for number, name in enumerate(("=1+1 面馆", "'合成'影院", "普通店")):
        works.premises(name=name, address=f"合成路 {number} 号", key_clause="N13" if number else "")
    client = signed_in("minjing", language)
    response = client.get(f"/premises/export.{form}")
    content = b"".join(response.streaming_content) if response.streaming else response.content
    skipped = {"_state", "revision"}
    before = [
        {k: v for k, v in vars(one).items() if k not in skipped} for one in Premises.objects.order_by("pk")
    ]
    assert _send(client, content, f"premises.{form}").status_code == 302
    after = [
        {k: v for k, v in vars(one).items() if k not in skipped} for one in Premises.objects.order_by("pk")
    ]
    assert before == after
    assert Entry.objects.filter(action="export", actor_id=works.cast["minjing"].pk).count() == 1


def test_a_column_that_the_file_does_not_have_stays(works: Works, signed_in: SignIn) -> None:
    premises = works.premises(opening_hours="8:00–22:00")
    content = f"code,kind,name,address\r\n{premises.code},shop,新名,合成路 1 号".encode()
    assert _send(signed_in("minjing"), content).status_code == 302
    premises.refresh_from_db()
    assert (premises.name, premises.opening_hours) == ("新名", "8:00–22:00")
    assert premises.organisation == works.stage.unit


def test_one_wrong_row_and_nothing_goes_in(works: Works, signed_in: SignIn) -> None:
    response = _send(
        signed_in("minjing"),
        _csv(
            works, "商铺餐饮,好店,合成路 1 号,@,", "教堂,坏店,合成路 2 号,@,", "商铺餐饮,,合成路 3 号,abc,1,x"
        ),
    )
    assert response.status_code == 422
    text = response.content.decode()
    assert "第 3 行" in text
    assert "第 4 行" in text
    assert not Premises.objects.exists()
    assert not Entry.objects.filter(action="premises.register").exists()


def test_no_row_reaches_another_territory(works: Works, signed_in: SignIn) -> None:
    other, far = works.elsewhere(), works.stage.other_place
    content = _csv(works, f"商铺餐饮,店,路,{far.longitude},{far.latitude},")
    assert _send(signed_in("minjing"), content).status_code == 422
    taken = f"code,kind,name,address\r\n{other.code},shop,改名,路".encode()
    assert _send(signed_in("minjing"), taken).status_code == 422
    other.refresh_from_db()
    assert other.name == "邻所商铺"


def _book(rows: list[list[object]]) -> bytes:
    book, content = openpyxl.Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(content)
    return content.getvalue()


BROKEN = {
    "no.csv": b"",
    "binary.csv": b"\x00\xff\xfe\x00" * 50,
    "picture.png": b"\x89PNG\r\n",
    "cut.xlsx": _book([["kind", "name", "address"]])[:200],
    "text.xlsx": b"kind,name,address",
    "no_header.csv": b"a,b,c\r\n1,2,3",
    "missing.csv": b"kind,name\r\nshop,x",
    "ragged.csv": b"kind,name,address\r\nshop,x,y,z,w",
    "twice.csv": "类别,kind,name,address\r\nshop,shop,x,y".encode(),
    "same_code.csv": b"code,kind,name,address\r\nA1,shop,x,y\r\nA1,shop,z,w",
    "formula.xlsx": _book([["kind", "name", "address"], ["shop", "=1+1", "y"]]),
    "nul.csv": b"kind,name,address\r\nshop,x\x00,y",
    "date.csv": "kind,name,address,报警联网日期\r\nshop,x,y,昨天".encode(),
    "no_rows.xlsx": b"PK\x03\x04",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_the_reason(works: Works, signed_in: SignIn, name: str) -> None:
    response = _send(signed_in("minjing"), BROKEN[name], name)
    assert response.status_code == 422
    assert "没有导入" in response.content.decode() or "field-error" in response.content.decode()
    assert not Premises.objects.exists()


@pytest.mark.parametrize("username", ["danwei", "guihua", "wangge", "jumin", "shenji"])
def test_only_who_registers_imports(works: Works, signed_in: SignIn, username: str) -> None:
    assert signed_in(username).get("/premises/import/").status_code == 403


@pytest.mark.parametrize(("username", "status"), [("guihua", 200), ("fujing", 403), ("danwei", 403)])
def test_only_who_exports_exports(works: Works, signed_in: SignIn, username: str, status: int) -> None:
    works.premises()
    response = signed_in(username).get("/premises/export.csv")
    assert response.status_code == status
    if response.streaming:
        assert "0874" not in b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def test_courtyards_are_exported(works: Works, signed_in: SignIn) -> None:
    works.premises(kind="courtyard", name="1 号院")
    response = signed_in("minjing").get("/premises/courtyards/export.xlsx")
    sheet = openpyxl.load_workbook(BytesIO(b"".join(response))).active
    assert sheet is not None
    assert sheet["B2"].value == "1 号院"


def test_the_template_can_be_filled_in(works: Works, signed_in: SignIn) -> None:
    client = signed_in("minjing")
    response = client.get("/premises/import/template.csv")
    header = b"".join(response.streaming_content).decode("utf-8-sig").strip()  # type: ignore[attr-defined]
    cells = ["" for _ in header.split(",")]
    place = works.stage.place
    for name, value in (
        ("类别", "学校幼儿园"),
        ("名称", "合成小学"),
        ("地址", "学府路"),
        ("村（社区）", place.code),
    ):
        cells[header.split(",").index(name)] = value
    assert _send(client, f"{header}\r\n{','.join(cells)}".encode()).status_code == 302
    assert Premises.objects.get().kind == "school"
