"""Every spreadsheet goes through one door, is bounded before parsing, and is parsed in a process apart."""

import ast
import os
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

import linli
from linli.io.parsers import bounds as scanning
from linli.io.parsers.bounds import scanned
from linli.io.sheets import read_sheet
from linli.io.workbooks import BULK, FORM_BOUNDS, WEB, WrongWorkbook, read_workbook
from linli.kernel.errors import InputRefused
from linli.privacy import apart as running
from linli.privacy.apart import Busy, Limits, TooHard, _folder, apart
from privacy.workbook_files import ENTITIES, FAR, MAIN, TABLE, cell, packed, workbook

OWN_FOLDER = _folder
SOURCE = Path(linli.__file__).parent
PARSERS = {"python_calamine", "openpyxl", "pyxform", "xlrd", "odf", "pandas.io.excel", "pyexcel"}

pytestmark = pytest.mark.any_database


def wrong(content: bytes, bounds=WEB) -> str:
    with pytest.raises(WrongWorkbook) as refused:
        read_workbook(content, bounds=bounds)
    return refused.value.reason


# Guard 9
@pytest.mark.parametrize("bounds", [WEB, FORM_BOUNDS, BULK])
def test_a_last_cell_in_the_last_corner_is_refused_before_anything_is_made_room_for(bounds) -> None:
    content = workbook(FAR)
    assert len(content) < 5000
    assert wrong(content, bounds) == "far"


# Guard 9
@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1048576"><c><v>1</v></c></row>',
        "<row r='9'><c r='XFD9'><v>1</v></c></row>",
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1000000"><c r="A1000000"><v>1</v></c></row>',
        '<row r="1">' + "<c><v>1</v></c>" * 257 + "</row>",
        '<row r="1"><c r="xfd1" t="inlineStr"><is><t>a</t></is></c></row>',
        '<row r="1"><c r="XFD1"><f>1+1</f></c></row>',
        '<row r="1"><c r="&#88;FD1"><v>1</v></c></row>',
        '<x:row xmlns:x="' + MAIN + '" r="1"><x:c r="XFD1"><x:v>1</x:v></x:c></x:row>',
        cell("IV100000"),
    ],
)
def test_a_far_cell_is_found_however_it_is_spelt(rows: str) -> None:
    with pytest.raises(WrongWorkbook) as refused:
        scanned(workbook(rows, dimension="A1:B2"), WEB)
    assert refused.value.reason == "far"


# Guard 9
def test_a_far_cell_in_a_part_under_any_name_is_found() -> None:
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{cell("XFD1048576")}</sheetData></worksheet>'
    for name in ("xl/worksheets/sheet2.xml", "xl/media/photo.png", "docProps/app"):
        with pytest.raises(WrongWorkbook) as refused:
            scanned(workbook(TABLE, parts={name: sheet}), WEB)
        assert refused.value.reason == "far"


# Guard 9
def test_formats_that_reach_to_the_last_cell_are_no_content() -> None:
    content = workbook(
        TABLE + '<row r="1048576" s="1"><c r="XFD1048576" s="1"/></row>', dimension="A1:XFD1048576"
    )
    (rows,) = read_workbook(content).sheets.values()
    assert rows == [(1, ["1", "1", "1"]), (2, ["2", "2", "2"]), (3, ["3", "3", "3"])]


# Guard 9
def test_entities_are_refused() -> None:
    assert wrong(workbook("", parts={"xl/worksheets/sheet1.xml": ENTITIES})) == "entities"
    assert wrong(workbook(TABLE, parts={"xl/sharedStrings.xml": "<!DOCTYPE a []><a/>"})) == "entities"


# Guard 9
def test_elements_within_elements_without_end_are_refused() -> None:
    assert wrong(workbook("<a>" * 5000 + "</a>" * 5000)) == "damaged"


# Guard 9
def test_archives_that_unpack_to_too_much_or_lie_of_it_are_refused() -> None:
    assert wrong(workbook(TABLE, parts={"xl/media/a.bin": b"\0" * (65 * 1024 * 1024)})) == "unpacks"
    assert wrong(workbook(TABLE, parts={f"xl/{n}": "" for n in range(5001)})) == "unpacks"
    for size, reason in ((10, "unpacks"), (10_000_000, "damaged")):
        assert wrong(_claiming(workbook(TABLE, parts={"a.bin": b"a" * 1_000_000}), 1_000_000, size)) == reason


def _claiming(content: bytes, true: int, said: int) -> bytes:
    """The archive, whose directory says another size of one part."""
    return content.replace(struct.pack("<I", true), struct.pack("<I", said))


# Guard 9
def test_two_parts_of_one_name_an_unknown_packing_and_another_format_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = _twice("xl/worksheets/sheet1.xml")
    assert wrong(content) == "damaged"
    assert wrong(
        packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"})
    )


def _twice(name: str) -> bytes:
    import io
    import zipfile

    target = io.BytesIO(workbook(TABLE))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(name, "<worksheet/>")
    return target.getvalue()


# Guard 9
def test_one_long_text_shown_in_every_cell_ends_with_its_process_and_not_with_ours() -> None:
    strings = f'<sst xmlns="{MAIN}"><si><t>{"字" * 30_000}</t></si></sst>'
    row = "".join('<c t="s"><v>0</v></c>' for _ in range(200))
    rows = "".join(f"<row>{row}</row>" for _ in range(2000))
    links = {
        "xl/sharedStrings.xml": strings,
        "xl/_rels/workbook.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId1" Target="worksheets/sheet1.xml" Type="http://schemas.openxmlformats.org'
            '/officeDocument/2006/relationships/worksheet"/>'
            '<Relationship Id="rId2" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org'
            '/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
        ),
    }
    assert wrong(workbook(rows, parts=links)) in ("unpacks", "hard")


# Guard 9
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (workbook(FAR), "sheets.file_far"),
        (workbook("", parts={"xl/worksheets/sheet1.xml": ENTITIES}), "sheets.file_entities"),
        (workbook(TABLE, parts={"a": b"\0" * (65 * 1024 * 1024)}), "sheets.file_unpacks"),
    ],
)
def test_a_refusal_is_a_sentence_that_says_what_to_do(content: bytes, code: str) -> None:
    with pytest.raises(InputRefused) as refused:
        read_sheet("表.xlsx", content)
    (finding,) = refused.value.findings
    assert finding.code == code
    assert finding.sentence("zh").endswith("。")
    assert finding.sentence("en").endswith(".")


# Guard 9
@pytest.mark.parametrize(("failure", "code"), [(TooHard, "file_hard"), (Busy, "file_busy")])
def test_a_process_that_fell_over_and_a_busy_machine_are_said(
    failure: type[Exception], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> bytes:
        raise failure

    monkeypatch.setattr("linli.io.workbooks.apart", fails)
    with pytest.raises(InputRefused) as refused:
        read_sheet("表.xlsx", workbook(TABLE))
    assert [finding.code for finding in refused.value.findings] == [f"sheets.{code}"]


# Guard 9
def test_nothing_else_imports_a_parser_of_spreadsheets() -> None:
    found = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        for name in _imported(path)
        if any(name == one or name.startswith(f"{one}.") for one in PARSERS)
    }
    assert found == {"io/parsers/workbook.py", "io/parsers/xlsform.py"}
    # They are run, and not imported by what runs in the platform.
    users = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        for name in _imported(path)
        if name in ("linli.io.parsers.workbook", "linli.io.parsers.xlsform")
    }
    assert users == set()
    assert not any("pyogrio" in _imported(path) for path in (SOURCE / "web").rglob("*.py"))


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return names


CHILD = """
import os, sys
from linli.privacy.apart import serve
def handle(content, arguments):
    if arguments[0] == "memory":
        return bytes(len(bytearray(2_000_000_000)) and 1)
    if arguments[0] == "time":
        while True:
            pass
    if arguments[0] == "abort":
        os.abort()
    if arguments[0] == "limits":
        import resource
        kinds = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE)
        return repr([resource.getrlimit(one) for one in kinds]).encode()
    return repr(sorted(os.environ)).encode()
serve(handle)
"""


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], bytes]:
    (tmp_path / "hard_child.py").write_text(CHILD, encoding="utf-8")
    monkeypatch.setattr(running, "ROOT", os.pathsep.join([str(tmp_path), str(running.ROOT)]))
    return lambda what: apart("hard_child", b"", Limits(megabytes=400, seconds=1), [what])


# Guard 9
@pytest.mark.parametrize("what", ["memory", "time", "abort"])
def test_a_process_that_wants_too_much_is_ended(child: Callable[[str], bytes], what: str) -> None:
    with pytest.raises(TooHard):
        child(what)


# Guard 9
@pytest.mark.usefixtures("child")
def test_the_process_has_the_limits_that_it_was_given() -> None:
    limits = Limits(megabytes=400, seconds=30, wait=30)
    found = apart("hard_child", b"", limits, ["limits"]).decode()
    assert found == repr([(400 << 20, 400 << 20), (30, 30), (0, 0)])


# Guard 9
def test_no_secret_goes_along(child: Callable[[str], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "geheim")
    monkeypatch.setenv("DATABASE_URL", "postgres://geheim")
    known = child("environment").decode()
    assert "PYTHONPATH" in known
    assert "SECRET_KEY" not in known
    assert "DATABASE_URL" not in known


# Guard 9
def test_one_at_a_time_runs_in_a_process_and_on_a_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with running._slot(0), pytest.raises(Busy), running._slot(0):
        pass
    monkeypatch.setattr(running, "_folder", lambda: tmp_path)
    # Another process holds the place of the machine.
    monkeypatch.setattr(running, "_HERE", running.threading.BoundedSemaphore(9))
    with running._slot(0), pytest.raises(Busy), running._slot(0):
        pass
    with running._slot(0):
        pass


# Guard 9
def test_the_places_of_the_machine_lie_in_a_folder_that_is_ours_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(running.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = OWN_FOLDER()
    assert folder is not None
    assert folder.stat().st_mode & 0o077 == 0
    folder.rmdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder.symlink_to(elsewhere)
    assert OWN_FOLDER() is None


def test_the_columns_are_counted_as_a_spreadsheet_names_them() -> None:
    for column in (1, 26, 27, 702, 703, 16_384):
        assert scanning._column(scanning._letters(column)) == column
    assert scanning._letters(16_384) == "XFD"
