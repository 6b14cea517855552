"""Lists written for Excel come back as they were; formulas are never run; broken files are refused."""

import csv
import datetime as dt
import io
import tracemalloc
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.io import sheets
from linli.io.sheets import Cell, Listing, read_sheet, stream_csv, write_xlsx
from linli.io.territory import delimited
from linli.io.territory.tables import Table
from linli.kernel.errors import InputRefused

HEADER = ("编号", "标题", "件数")
ROWS: list[Sequence[Cell]] = [
    ("A1", "路灯不亮", 3),
    ("A2", '=HYPERLINK("http://evil","点")', -5),
    ("A3", "+86 138", None),
    ("A4", '多行\n文字，带“引号"”', 2.5),
]


def csv_bytes(header: Sequence[str] = HEADER, rows: Sequence[Sequence[Cell]] = ROWS) -> bytes:
    return b"".join(stream_csv(header, rows))


def xlsx_bytes(*listings: Listing) -> bytes:
    kept = io.BytesIO()
    write_xlsx(kept, listings or (Listing("诉求", HEADER, ROWS),))
    return kept.getvalue()


def codes(name: str, content: bytes, **options: int) -> list[str]:
    with pytest.raises(InputRefused) as refused:
        read_sheet(name, content, **options)
    for finding in refused.value.findings:
        assert finding.sentence("zh")
        assert finding.sentence("en")
    return [finding.code for finding in refused.value.findings]


class TestCsv:
    def test_begins_with_the_mark_by_which_excel_knows_utf_8(self) -> None:
        assert csv_bytes().startswith(b"\xef\xbb\xbf" + "编号,标题,件数\r\n".encode())

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1"])
    def test_holds_no_formula(self, text: str) -> None:
        (row,) = list(csv.reader(io.StringIO(csv_bytes((text,), []).decode("utf-8-sig"), newline="")))
        assert row == [f"'{text}"]

    def test_keeps_numbers_as_numbers_and_says_days_in_order(self) -> None:
        row = (-5, -2.5, Decimal("-0.10"), None, float("nan"), dt.date(2024, 3, 5), moment(), True)
        assert csv_bytes(("a",), [row]).decode("utf-8-sig").splitlines()[1] == (
            "-5,-2.5,-0.10,,,2024-03-05,2024-03-05 17:30:00,True"
        )

    def test_comes_in_pieces_before_the_last_row_is_made(self) -> None:
        made = []

        def rows() -> Iterator[Sequence[Cell]]:
            for number in range(50_000):
                made.append(number)
                yield (number, "路灯不亮" * 10)

        pieces = stream_csv(("a", "b"), rows())
        next(pieces)
        assert len(made) < 5_000
        assert sum(piece.count(b"\r\n") for piece in pieces) > 40_000

    def test_survives_characters_that_no_file_can_hold(self) -> None:
        assert "a\ufffdb" in csv_bytes(("a\ud800b",), []).decode("utf-8")


def moment() -> dt.datetime:
    return dt.datetime(2024, 3, 5, 17, 30)  # noqa: DTZ001


class TestXlsx:
    def test_opens_elsewhere_with_header_frozen_and_no_formula(self) -> None:
        book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes()))
        sheet = book["诉求"]
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == "A1:C5"
        assert [cell.value for cell in sheet[1]] == list(HEADER)
        assert sheet["A1"].font.bold
        assert sheet["B3"].value == '\'=HYPERLINK("http://evil","点")'
        assert sheet["B3"].data_type == "s"
        assert sheet["C3"].value == -5
        assert sheet["C4"].value is None
        assert b"<f>" not in zipfile.ZipFile(io.BytesIO(xlsx_bytes())).read("xl/worksheets/sheet1.xml")

    def test_writes_days_as_days_and_long_numbers_whole(self) -> None:
        row: Sequence[Cell] = (
            dt.date(2024, 3, 5),
            moment(),
            371324001001123456,
            "长" * 40_000,
            float("inf"),
            dt.date(1800, 1, 1),
            moment().replace(tzinfo=dt.UTC),
        )
        sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(Listing("a", ["x"] * 7, [row])))).active
        assert sheet is not None
        values = [cell.value for cell in sheet[2]]
        assert values[:3] == [dt.datetime(2024, 3, 5), moment(), "371324001001123456"]  # noqa: DTZ001
        assert len(str(values[3])) == 32_767
        assert values[4:] == ["inf", "1800-01-01", "2024-03-05 17:30:00+00:00"]

    def test_names_of_sheets_are_accepted_and_differ(self) -> None:
        wanted = ["a/b", "A b", "", "History", "'x'", "邻" * 40, "邻" * 41, "[1]:*?"]
        book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(*(Listing(n, ["a"], []) for n in wanted))))
        names = book.sheetnames
        assert len({name.lower() for name in names}) == len(wanted)
        assert all(0 < len(name) <= 31 for name in names)
        assert names[0] == "a b"
        assert names[1] == "A b 2"

    def test_a_list_too_long_for_a_sheet_goes_on_to_the_next(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sheets, "LONGEST_LIST", 3)
        rows = [(number,) for number in range(6)]
        book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(Listing("表", ["n"], rows))))
        assert book.sheetnames == ["表", "表 2"]
        assert [row[0] for row in book["表 2"].iter_rows(values_only=True)] == ["n", 3, 4, 5]

    def test_memory_does_not_grow_with_the_rows(self, tmp_path: Path) -> None:
        def peak(count: int) -> int:
            rows = ((f"案件{number}", number) for number in range(count))
            tracemalloc.start()
            write_xlsx(tmp_path / "a.xlsx", [Listing("表", ["a", "b"], rows)])
            highest = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return highest

        peak(10)
        assert peak(20_000) < peak(2_000) + 1_000_000

    def test_the_same_list_makes_the_same_cells_again(self) -> None:
        first, second = (zipfile.ZipFile(io.BytesIO(xlsx_bytes())) for _ in range(2))
        assert {n: first.read(n) for n in first.namelist()} == {n: second.read(n) for n in second.namelist()}


class TestReading:
    @pytest.mark.parametrize("name", ["诉求.csv", "诉求.xlsx"])
    def test_what_was_written_is_read_again(self, name: str) -> None:
        read = read_sheet(name, csv_bytes() if name.endswith("csv") else xlsx_bytes())
        assert read.headers == HEADER
        assert read.rows[1].values == {"编号": "A2", "标题": '=HYPERLINK("http://evil","点")', "件数": "-5"}
        assert read.rows[2].values["标题"] == "+86 138"
        assert read.rows[0].number == 2
        assert read.rows[3].values["件数"] == "2.5"
        assert read.notes == ()

    def test_gb18030_is_read_and_said(self) -> None:
        read = read_sheet("a.csv", "编号,标题\r\n1,路灯\r\n".encode("gb18030"))
        assert read.rows[0].values == {"编号": "1", "标题": "路灯"}
        assert [note.code for note in read.notes] == ["sheets.encoding_gb18030"]

    @pytest.mark.parametrize(
        ("name", "content", "expected"),
        [
            ("a.xls", b"x", ["sheets.kind"]),
            ("a", b"x", ["sheets.kind"]),
            ("a.csv", b"", ["sheets.empty"]),
            ("a.csv", b"\xff\xfea\x00", ["sheets.encoding"]),
            ("a.csv", b"a\n\xff\xff\xff", ["sheets.encoding"]),
            ("a.csv", b"\n\n", ["sheets.table_empty"]),
            ("a.csv", b"a,b\n", ["sheets.table_empty"]),
            ("a.csv", b"a,b\n1\n1,2\n1,2,3\n", ["sheets.row_ragged", "sheets.row_ragged"]),
            ("a.csv", b"a,a,\n1,2,3\n", ["sheets.header_twice", "sheets.header_empty"]),
            ("a.csv", b"a\n=1+1\n", ["sheets.formula"]),
            ("a.csv", b"a\nx\x00y\n", ["sheets.control_character"]),
            ("a.csv", b'a\n"x\n', ["sheets.file_unreadable"]),
            ("a.xlsx", b"not a workbook", ["sheets.file_unreadable"]),
            ("a.xlsx", b"PK\x03\x04", ["sheets.file_unreadable"]),
        ],
    )
    def test_a_broken_file_is_refused_with_every_fault(
        self, name: str, content: bytes, expected: list[str]
    ) -> None:
        assert codes(name, content) == expected

    # Mend 15
    @pytest.mark.parametrize("name", ["名单.xls", "名单.et", "名单.XLS"])
    def test_the_old_format_of_excel_and_of_wps_is_read(self, name: str) -> None:
        read = read_sheet(name, (Path(__file__).parent / "kept" / "places.synthetic.xls").read_bytes())
        assert read.headers[:2] == ("编码", "名称")
        assert (read.rows[1].number, read.rows[1].values["名称"]) == (3, "中枢镇")

    # Mend 15
    def test_text_parted_by_tabs_below_a_title_is_read_and_said(self) -> None:
        read = read_sheet("设备.txt", "设备登记表\t\t\n编号\t名称\t数量\n1\t摄像头\t3\n".encode("gb18030"))
        assert read.headers == ("编号", "名称", "数量")
        assert (read.rows[0].number, read.rows[0].values["名称"]) == (3, "摄像头")
        assert {note.code for note in read.notes} == {
            "sheets.encoding_gb18030",
            "sheets.separator",
            "sheets.head_found",
        }

    def test_a_file_too_large_is_refused(self) -> None:
        assert codes("a.csv", b"a\n" + b"1\n" * 100, most_bytes=100) == ["sheets.too_large"]

    def test_a_workbook_that_unpacks_without_end_is_refused(self) -> None:
        kept = io.BytesIO(xlsx_bytes())
        with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/big.xml", b"0" * 30_000_000)
        assert codes("a.xlsx", kept.getvalue()) == ["sheets.file_unpacks"]

    def test_a_workbook_cut_short_is_refused(self) -> None:
        content = xlsx_bytes()
        assert codes("a.xlsx", content[: len(content) // 2]) == ["sheets.file_unreadable"]


WHOLE = xlsx_bytes()
# A cell is stripped of blank space at its ends when it is read, and an empty row is passed over.
LETTERS = st.one_of(st.sampled_from("'=+-@＝"), st.characters(codec="utf-8", exclude_categories=("C", "Z")))
TEXTS = st.text(LETTERS, min_size=1, max_size=20)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8))
def test_any_text_comes_back_from_csv(rows: list[tuple[str, str]]) -> None:
    read = read_sheet("a.csv", csv_bytes(("甲", "乙"), rows))
    assert [tuple(row.values.values()) for row in read.rows] == rows


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8))
def test_any_text_comes_back_from_xlsx(rows: list[tuple[str, str]]) -> None:
    read = read_sheet("a.xlsx", xlsx_bytes(Listing("表", ("甲", "乙"), rows)))
    assert [tuple(row.values.values()) for row in read.rows] == rows


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert readable_or_refused("a.xlsx", bytes(content))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_as_csv_or_refused(content: bytes) -> None:
    assert readable_or_refused("a.csv", content)


def readable_or_refused(name: str, content: bytes) -> bool:
    try:
        return bool(read_sheet(name, content).rows)
    except InputRefused as refusal:
        return bool(refusal.findings)


WIDE = ",".join(map(str, range(257))).encode()


# Guard 9
@pytest.mark.parametrize(
    "content",
    [
        b"a\n" + b"1\n" * 100_000,
        b"a\r" + b"1\r" * 100_000,
        b"a\n" + b"\n" * 100_000,
        WIDE + b"\n" + WIDE,
        b",".join(b"%d" % i for i in range(100_000)) + b"\n1",
        b"a,b\n" + b"1" + b"," * 100_000,
        b'"' + b'\n","' * 40_000 + b'"',
        b"a,b,c,d,e,f,g,h,i,j,k\n" + b"1,2,3,4,5,6,7,8,9,0,1\n" * 91_000,
        b"a\n" + b'"\n\n\n\n"\n' * 90_000,
        (b"1;" * 100_000 + b"1\n") * 2,
    ],
    ids=[
        "rows",
        "rows of the Mac",
        "empty rows",
        "columns",
        "100,000 columns",
        "empty cells",
        "a row of many lines",
        "cells",
        "lines",
        "semicolons",
    ],
)
def test_a_csv_file_reaches_no_farther_than_a_workbook(content: bytes) -> None:
    assert codes("a.csv", content) == ["sheets.file_far"]


# Guard 9
def test_rows_of_a_csv_file_are_counted_before_a_parser_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited.csv, "reader", lambda *a, **k: pytest.fail("parsed"))
    assert codes("a.csv", b"a\n" + b"1\n" * 400_000) == ["sheets.file_far"]


# Guard 9
def test_a_row_of_a_csv_file_is_not_taken_apart_once_it_is_too_wide() -> None:
    tracemalloc.start()
    assert codes("a.csv", b"," * 4_000_000) == ["sheets.file_far"]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # Taken apart it would be 32 MB of places for cells; the line itself is 4 MB, and was copied.
    assert most < 24_000_000


# Guard 9
def test_no_cell_of_a_csv_file_is_longer_than_programs_know_and_faults_show_only_its_start() -> None:
    assert codes("a.csv", b"a\n" + b"x" * 32_768) == ["sheets.cell_long"]
    assert len(read_sheet("a.csv", b"a\n" + b"x" * 32_767).rows) == 1
    for start in ("=", "\x01"):
        with pytest.raises(InputRefused) as refused:
            read_sheet("a.csv", b"a\n" + start.encode() * 30_000)
        assert len(refused.value.findings[0].given or "") <= 200 * len("<U+0001>")


# Guard 9
def test_empty_cells_beyond_the_bounds_and_line_breaks_within_cells_are_no_rows_or_columns() -> None:
    few = read_sheet("a.csv", b"a\n1" + b",  " * 300)
    assert few.rows[0].values == {"a": "1"}
    assert len(read_sheet("a.csv", b"a\n" + b'"1\n2"\n' * 60_000).rows) == 60_000
    commas = "，," * 400
    assert read_sheet("a.csv", f'a\n"{commas}"'.encode()).rows[0].values == {"a": commas}


# Guard 9
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("before", range(3))
def test_characters_over_the_end_of_a_piece_are_read(
    monkeypatch: pytest.MonkeyPatch, encoding: str, before: int
) -> None:
    monkeypatch.setattr(delimited, "CHUNK", 4)
    text = "x" * before + "邻里" * 20
    assert read_sheet("a.csv", f"{text}\n1".encode(encoding)).headers == (text,)


# Guard 9
def test_the_line_of_a_byte_that_is_no_text_is_named_whatever_piece_it_is_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delimited, "CHUNK", 4)
    with pytest.raises(InputRefused) as refused:
        read_sheet("a.csv", "编号\n一\n".encode() + b"\xff\xff\n")
    assert refused.value.findings[0].where.row == 3


# Guard 9
def test_headers_are_compared_once_each() -> None:
    asked = 0

    class Header(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            nonlocal asked
            asked += 1
            return str.__eq__(self, str(other))

        __hash__ = str.__hash__

    headers = tuple(Header(f"h{i}") for i in range(500))
    table = Table(file="a.csv", headers=headers, columns=tuple(["1"] for _ in headers), rows=[2])
    assert sheets._wrong_headers(table) == []
    assert asked < 1000


# Guard 9
def test_an_archive_of_too_many_parts_is_refused_before_its_directory_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for number in range(5001):
            archive.writestr(str(number), b"")
    monkeypatch.setattr(zipfile, "ZipFile", lambda *a, **k: pytest.fail("read"))
    assert codes("a.xlsx", kept.getvalue()) == ["sheets.file_unpacks"]
