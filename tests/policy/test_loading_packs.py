"""A pack is read whole or refused with every reason: file, key, given, expected, what to do."""

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from linli.kernel.errors import InputRefused, LinliError
from linli.kernel.identifiers import ClauseId, ValueId
from linli.policy.loading import find_pack, load_pack, pack_folders, shipped_packs

BROKEN = tomllib.loads((Path(__file__).parent / "broken_packs.toml").read_text(encoding="utf-8"))["broken"]
PACK = shipped_packs() / "hengshan-2020"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(PACK, tmp_path / "hengshan-2020")


def breaks(folder: Path, case: dict[str, Any]) -> None:
    path = folder / case["file"]
    if "remove" in case:
        path.unlink()
    elif "replace" in case:
        text = path.read_text(encoding="utf-8")
        assert case["replace"] in text, "the corpus no longer fits packs/hengshan-2020"
        path.write_text(text.replace(case["replace"], case["by"], 1), encoding="utf-8")
    else:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(before + case["add"], encoding="utf-8")


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case["name"])
def test_a_broken_pack_is_refused_with_its_sentence(copy: Path, case: dict[str, Any]) -> None:
    breaks(copy, case)
    with pytest.raises(InputRefused) as refused:
        load_pack(copy)
    found = [finding for finding in refused.value.findings if finding.code == case["code"]]
    assert found, [finding.code for finding in refused.value.findings]
    finding = found[0]
    assert finding.where.file == case.get("in", case["file"])
    assert finding.where.key == case.get("key")
    assert case["zh"] in finding.sentence("zh")
    assert case["en"] in finding.sentence("en")


def test_the_corpus_of_broken_packs_is_large() -> None:
    assert len(BROKEN) >= 60


def test_every_reason_is_given_at_once(copy: Path) -> None:
    breaks(copy, {"file": "pack.toml", "add": "colour = 1\n"})
    breaks(copy, {"file": "values.toml", "replace": 'unit = "village"', "by": 'unit = "vilage"'})
    with pytest.raises(InputRefused) as refused:
        load_pack(copy)
    assert {finding.where.file for finding in refused.value.findings} == {"pack.toml", "values.toml"}
    assert "2" in refused.value.text.zh


def test_a_file_that_is_not_utf8_is_refused(copy: Path) -> None:
    (copy / "values.toml").write_bytes("[警务]".encode("gb18030"))
    with pytest.raises(InputRefused) as refused:
        load_pack(copy)
    assert refused.value.findings[0].code == "policy.file.encoding"


def test_brackets_without_end_do_not_break_the_reader(copy: Path) -> None:
    (copy / "values.toml").write_text("a = " + "[" * 100_000, encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        load_pack(copy)
    assert refused.value.findings[0].code == "policy.file.toml"


@pytest.mark.parametrize(
    ("add", "code"),
    [
        ('bad = "table"\n', "policy.key.mistyped"),
        ('[H11]\nkind = "record"\nevidence = "x"\n', "policy.key.mistyped"),
        ('[H11]\nkind = "record"\nevidence = [{zh = " ", en = "x"}]\n', "policy.key.mistyped"),
        ('[H11]\nkind = ""\n', "policy.key.mistyped"),
        ("[[H9.bans]]\nrole = 1\nmeasures = [1]\n", "policy.key.mistyped"),
        ("[[H9.checks]]\nmet_by_not_recording = 1\n", "policy.key.mistyped"),
    ],
)
def test_a_key_of_another_type_is_refused(copy: Path, add: str, code: str) -> None:
    path = copy / "clauses.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(add + text if add.startswith("bad") else text + add, encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        load_pack(copy)
    assert code in {finding.code for finding in refused.value.findings}


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        load_pack(tmp_path / "nothing")
    assert refused.value.findings[0].code == "policy.file.folder"


def test_a_pack_is_found_by_its_id_and_by_its_folder() -> None:
    assert find_pack("hengshan-2020", shipped_packs()) == PACK
    assert find_pack(str(PACK), Path("nowhere")) == PACK


def test_a_misspelt_pack_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(LinliError, match="did you mean “hengshan-2020”"):
        find_pack("hengshan-202", shipped_packs())
    with pytest.raises(LinliError, match="there is no pack “zzz”"):
        find_pack("zzz", tmp_path)
    assert pack_folders(tmp_path / "nothing") == ()


def test_the_same_files_have_the_same_digest(copy: Path) -> None:
    before = load_pack(PACK).digest
    assert load_pack(copy).digest == before
    with (copy / "pack.toml").open("a", encoding="utf-8") as file:
        file.write("# one comment\n")
    assert load_pack(copy).digest != before


def test_a_clause_names_the_measures_it_waits_for() -> None:
    clauses = load_pack(PACK).clauses
    assert clauses[ClauseId("H3")].waits_for == ("open_hours", "officer_hours_in_beat")
    assert clauses[ClauseId("H2")].waits_for == ()


def test_an_announced_value_is_expected_and_has_no_number(copy: Path) -> None:
    breaks(
        copy,
        {
            "file": "values.toml",
            "replace": "values = [{from = 2020-01-01, value = 20}]",
            "by": "values = [{from = 2020-01-01, value = 20}, {from = 2021-01-01, expected = true}]",
        },
    )
    value = load_pack(copy).values[ValueId("officer_hours")]
    entries = value.entries
    assert entries[0].end is not None
    assert entries[0].end.isoformat() == "2020-12-31"
    assert value.on(entries[1].start) is None
    assert value.entry_on(entries[1].start) == entries[1]
