"""Sheets of devices: out and in again unchanged; broken ones refused whole, with every fault named."""

import datetime as dt
import io

import pytest
from openpyxl import Workbook

from linli.io.sheets import stream_csv
from linli.kernel.errors import InputRefused
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.ops.equipment.actions.base import say
from linli.web.ops.equipment.actions.entering import ImportDevices
from linli.web.ops.equipment.importing import COLUMNS, read_devices
from linli.web.ops.equipment.models import Device
from web.equipment.entries import Store

pytestmark = pytest.mark.django_db
ZH = {id_: say(f"column.{id_}").zh for id_ in COLUMNS}


def sheet(*rows: dict[str, str], header: list[str] | None = None) -> bytes:
    """A CSV with columns named in Chinese unless said otherwise."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    titles = header or [ZH.get(key, key) for key in columns]
    return b"".join(stream_csv(titles, [[row.get(key, "") for key in columns] for row in rows]))


def good(store: Store, **given: str) -> dict[str, str]:
    values = {
        "code": "SS-1", "kind": "报警装置", "name": "联网报警", "purpose": "夜间防盗", "status": "使用中",
        "organisation": store.stage.post.name, "place": store.stage.place.name, "linked": "是",
        "radius_m": "80", "acquired_on": "2025/3/1",
    }  # fmt: skip
    return {**values, **given}


def faults(content: bytes, name: str = "d.csv") -> set[str]:
    with pytest.raises(InputRefused) as refused:
        read_devices(name, content, today=dt.date(2026, 3, 10))
    return {finding.code for finding in refused.value.findings}


def read(store: Store, content: bytes, name: str = "d.csv") -> list:  # type: ignore[type-arg]
    return read_devices(name, content, today=store.at.date())


def test_a_sheet_in_chinese_or_english_is_taken_in(store: Store) -> None:
    (entry,) = read(store, sheet(good(store)))
    assert (entry.kind, entry.place, entry.linked, entry.radius_m) == (
        "alarm",
        store.stage.place.code,
        True,
        80,
    )
    english = [say(f"column.{key}").en for key in good(store)]
    (other,) = read(store, sheet(good(store, kind="Alarm", status="in use", linked="yes"), header=english))
    assert other == entry
    added = store.does("suozhang", ImportDevices(entries=[entry], file="d.csv"))
    assert added == (1, 0)
    changed = read(store, sheet(good(store, name="改名")))
    assert store.does("suozhang", ImportDevices(entries=changed, file="d.csv")) == (0, 1)
    assert Device.objects.get().name == "改名"


def test_an_xlsx_file_is_taken_in_too(store: Store) -> None:
    book, kept = Workbook(), io.BytesIO()
    row = good(store, code="SS-7", acquired_on="")
    assert book.active is not None
    book.active.append([ZH[key] for key in row])
    book.active.append([*row.values()])
    book.save(kept)
    (entry,) = read(store, kept.getvalue(), "d.xlsx")
    assert entry.code == "SS-7"


@pytest.mark.parametrize("column", ["车牌", "人脸图片", "license plate", "face", "身份证号"])
def test_a_column_for_what_is_declined_is_refused_and_not_dropped(store: Store, column: str) -> None:
    assert faults(sheet(good(store, **{column: "x"}))) == {"equipment.declined"}


@pytest.mark.parametrize("column", ["视频流地址", "rtsp", "图片"])
def test_an_unknown_column_is_refused_and_not_dropped(store: Store, column: str) -> None:
    assert faults(sheet(good(store, **{column: "x"}))) == {"equipment.column"}


def test_every_fault_of_every_row_is_named_at_once(store: Store) -> None:
    rows = [
        good(store, kind="无人机", organisation="没有的单位", place="没有的村"),
        good(store, code="有字"),
        good(store, code="", name=""),
        good(store, code="SS-2", linked="也许", radius_m="远", acquired_on="昨天"),
        good(store, code="SS-3"),
        good(store, code="SS-3"),
    ]
    with pytest.raises(InputRefused) as refused:
        read(store, sheet(*rows))
    found = [(finding.code, finding.where.row) for finding in refused.value.findings]
    assert found == [
        ("equipment.value", 2), ("equipment.keeper", 2), ("equipment.place", 2), ("equipment.cell", 3),
        ("equipment.empty", 4), ("equipment.empty", 4), ("equipment.value", 5), ("equipment.value", 5),
        ("equipment.value", 5), ("equipment.twice", None),
    ]  # fmt: skip
    for finding in refused.value.findings:
        assert finding.sentence("zh")
        assert finding.sentence("en")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("d.csv", b""), ("d.pdf", b"%PDF-1.4"), ("d.xlsx", b"PK\x03\x04 not a workbook"), ("d.xlsx", b"no"),
        ("d.csv", b"\xff\xfe\x00\x01\x02"), ("d.csv", "编号,种类\r\nSS-1\r\n".encode()),
        ("d.csv", "编号,编号\r\nSS-1,SS-2\r\n".encode()), ("d.csv", b"only"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_a_sentence(store: Store, name: str, content: bytes) -> None:
    assert faults(content, name)


def test_a_column_that_is_needed_must_be_there(store: Store) -> None:
    row = good(store)
    del row["purpose"]
    assert faults(sheet(row)) == {"equipment.missing"}


def test_one_device_of_another_area_refuses_the_whole_sheet(store: Store) -> None:
    rows = [good(store), good(store, code="SS-2", place=store.stage.other_place.name)]
    entries = read(store, sheet(*rows))
    with pytest.raises(Forbidden):
        store.does("suozhang", ImportDevices(entries=entries, file="d.csv"))
    assert not Device.objects.exists()
    store.does("guihua", ImportDevices(entries=entries, file="d.csv"))
    theirs = read(store, sheet(good(store, code="SS-2")))
    with pytest.raises(Forbidden):
        store.does("suozhang", ImportDevices(entries=theirs, file="d.csv"))
