"""A dataset is whole or as it was: any steps give the same bytes, and a killed writer changes nothing."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.synthetic_facts import ZONE, fact
from linli.assessment.facts import arrow_schema
from linli.io.facts import MANIFEST, drafting, open_dataset
from linli.io.facts.manifest import write_manifest
from linli.kernel.errors import LinliError

SCHEMA = arrow_schema("visits")


def visits(*numbers: int, kind: str = "shop") -> pa.Table:
    rows = [fact("visits", n, month=f"2026-{n % 3 + 1:02}", kind=kind) for n in numbers]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def add(folder: Path, *tables: pa.Table) -> None:
    with drafting(folder, zone=ZONE) as draft:
        for table in tables:
            draft.add("visits", table)


def test_rows_are_kept_by_month_and_read_again(tmp_path: Path) -> None:
    add(tmp_path / "f", visits(*range(7)))
    dataset = open_dataset(tmp_path / "f")
    assert [part.month for part in dataset.manifest.tables["visits"]] == ["2026-01", "2026-02", "2026-03"]
    assert dataset.manifest.rows("visits") == dataset.read("visits").num_rows == 7
    assert list(dataset.broken_parts()) == []


def test_a_row_takes_the_place_of_one_with_its_number(tmp_path: Path) -> None:
    add(tmp_path / "f", visits(1, 2, 3))
    add(tmp_path / "f", visits(2, kind="unit"))
    rows = {row["record_id"]: row["kind"] for row in open_dataset(tmp_path / "f").read("visits").to_pylist()}
    assert rows == {"visits:00001": "shop", "visits:00002": "unit", "visits:00003": "shop"}


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3)), min_size=1, max_size=8))
def test_a_row_of_another_month_leaves_the_month_it_stood_in(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("a") / "f"
    for number, month in moves:
        rows = [fact("visits", number, month=f"2026-{month:02}", kind="shop")]
        add(folder, pa.Table.from_pylist(rows, schema=SCHEMA))
    held = open_dataset(folder).read("visits").to_pylist()
    last = {f"visits:{number:05}": f"2026-{month:02}" for number, month in moves}
    assert sorted((row["record_id"], row["month"]) for row in held) == sorted(last.items())
    assert list(open_dataset(folder).broken_parts()) == []


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(8)), st.integers(1, 7))
def test_the_same_rows_in_any_steps_give_the_same_digest(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], cut: int
) -> None:
    first, second = tmp_path_factory.mktemp("a") / "f", tmp_path_factory.mktemp("b") / "f"
    add(first, visits(*range(8)))
    add(second, visits(*order[:cut]))
    add(second, visits(*order[cut:]), visits(order[0]))
    assert open_dataset(first).digest == open_dataset(second).digest


def test_an_error_half_way_leaves_everything_as_it_was(tmp_path: Path) -> None:
    add(tmp_path / "f", visits(1))
    before = (tmp_path / "f" / MANIFEST).read_bytes()

    def fail() -> None:
        with drafting(tmp_path / "f", zone=ZONE) as draft:
            draft.add("visits", visits(2))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (tmp_path / "f" / MANIFEST).read_bytes() == before
    assert open_dataset(tmp_path / "f").read("visits").num_rows == 1


WRITER = """
import sys, time
from pathlib import Path
import pyarrow as pa
sys.path.insert(0, {tests!r})
from assessment.synthetic_facts import ZONE, fact
from linli.assessment.facts import arrow_schema
from linli.io.facts import drafting
rows = [fact("visits", n, kind="unit") for n in range(3000)]
table = pa.Table.from_pylist(rows, schema=arrow_schema("visits"))
print("ready", flush=True)
while True:
    with drafting(Path({folder!r}), zone=ZONE) as draft:
        for _ in range(4):
            draft.add("visits", table)
        draft.marks["round"] = str(int(draft.before.marks.get("round", "0")) + 1)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system knows no kill -9")
def test_a_writer_killed_at_any_moment_leaves_a_whole_dataset_and_the_next_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    add(folder, visits(1))
    code = WRITER.format(tests=str(Path(__file__).parents[2]), folder=str(folder))
    for pause in (0.05, 0.11, 0.23, 0.37):
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(pause)
            os.kill(writer.pid, signal.SIGKILL)
        dataset = open_dataset(folder)
        assert list(dataset.broken_parts()) == []
        assert dataset.read("visits").num_rows in (1, 3000)
    add(folder, visits(9001))
    dataset = open_dataset(folder)
    listed = {part.name for part in dataset.manifest.tables["visits"]}
    assert {path.name for path in (folder / "visits").iterdir()} == listed
    assert not (folder / ".unfinished").exists()


def test_a_folder_of_others_and_a_dataset_of_another_zone_are_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(LinliError, match=r"notes\.txt"):
        add(tmp_path, visits(1))
    add(tmp_path / "f", visits(1))
    with pytest.raises(LinliError, match="one zone"), drafting(tmp_path / "f", zone="UTC"):
        pass
    (tmp_path / "file").write_text("x")
    with pytest.raises(LinliError):
        add(tmp_path / "file", visits(1))


def test_two_writers_at_once_are_told_apart(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    add(folder, visits(1))

    def both() -> None:
        with drafting(folder, zone=ZONE) as draft:
            draft.add("visits", visits(2))
            write_manifest(folder, replace(draft.before, marks={"other": "1"}))

    with pytest.raises(LinliError, match="changed by somebody else"):
        both()


def test_a_column_that_the_schema_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(pa.ArrowInvalid, match="surname"), drafting(tmp_path / "f", zone=ZONE) as draft:
        draft.add("visits", visits(1).append_column("surname", pa.array(["x"])))


BROKEN = {
    "none": None,
    "unreadable": "{",
    "format": '{"format": 99}',
    "unreadable keys": '{"format": 1}',
    "table": '{"format": 1, "zone": "UTC", "tables": {"people": []}, "marks": {}, "imports": []}',
    "missing": (
        '{"format": 1, "zone": "UTC", "tables": {"visits": [{"name": "part-x.parquet", "month": "x",'
        ' "rows": 1, "sha256": ""}]}, "marks": {}, "imports": []}'
    ),
    "outside": (
        '{"format": 1, "zone": "UTC", "tables": {"visits": [{"name": "../../x", "month": "x",'
        ' "rows": 1, "sha256": ""}]}, "marks": {}, "imports": []}'
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_folder_that_is_no_dataset_is_refused_in_both_languages(kind: str, tmp_path: Path) -> None:
    if BROKEN[kind] is not None:
        (tmp_path / MANIFEST).write_text(BROKEN[kind] or "", encoding="utf-8")
    with pytest.raises(LinliError) as refused:
        open_dataset(tmp_path)
    assert refused.value.text.zh != refused.value.text.en


def test_a_changed_file_is_found(tmp_path: Path) -> None:
    add(tmp_path / "f", visits(1))
    (part,) = open_dataset(tmp_path / "f").paths("visits")
    part.write_bytes(part.read_bytes() + b"x")
    assert list(open_dataset(tmp_path / "f").broken_parts()) == [("visits", part.name)]
