"""Whatever stands in a folder, reading ends with a territory or with a refusal: never with a crash."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.io.territory import read_territory
from linli.kernel.errors import InputRefused
from territory.synthetic_territories import BASE, write_base

FILES = sorted(BASE)
SNIPPETS = st.sampled_from(
    [
        *(
            "",
            ",",
            "\n",
            '"',
            "'",
            "\x00",
            "\ufeff",
            "=1+1",
            "-1",
            "1e400",
            "nan",
            "inf",
            "９",
            "½",
            "Ⅳ",
            "1_000",
        ),
        *(
            "9" * 30,
            "0x10",
            "true",
            "null",
            "[]",
            "{}",
            "{",
            "}",
            "村",
            "县",
            "S1",
            "2024-02-30",
            "990101101001",
        ),
        *("\u202e", "\r", "\t", "105", "35", "-0.0", "1,2", "Polygon", "Point", "coordinates", "EPSG:4549"),
    ]
)


def read(folder: Path) -> None:
    """Read a folder; a refusal must name at least one mistake, in both languages."""
    sentences: list[str] = ["accepted"]
    try:
        read_territory(folder)
    except InputRefused as refusal:
        sentences = [f.sentence(language) for f in refusal.findings for language in ("zh", "en")]
    assert sentences
    assert all(sentences)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FILES), st.floats(0, 1), st.integers(0, 12), SNIPPETS)
def test_a_text_cut_and_pasted_anywhere_is_read_or_refused(
    file: str, at: float, length: int, snippet: str
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = write_base(Path(place) / "base")
        text = BASE[file]
        start = int(at * len(text))
        (folder / file).write_text(
            text[:start] + snippet + text[start + length :], encoding="utf-8", newline=""
        )
        read(folder)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FILES), st.binary(max_size=200))
def test_bytes_of_any_kind_are_read_or_refused(file: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = write_base(Path(place) / "base")
        (folder / file).write_bytes(content)
        read(folder)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([".xlsx", ".geojson", ".gpkg", ".shp"]), st.binary(max_size=200))
def test_bytes_under_any_ending_are_read_or_refused(suffix: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = write_base(Path(place) / "base")
        (folder / "places.csv").unlink()
        (folder / f"places{suffix}").write_bytes(content)
        read(folder)


@pytest.mark.parametrize("name", ["places.csv", "boundary.geojson", "territory.toml"])
def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path, name: str) -> None:
    folder = write_base(tmp_path / "base")
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(InputRefused):
        read_territory(folder)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "base").write_text("no folder", encoding="utf-8")
    with pytest.raises(InputRefused):
        read_territory(tmp_path / "base")
