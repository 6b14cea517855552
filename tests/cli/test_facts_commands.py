"""``linli facts`` and ``linli assess``: lists in, figures out, a figure opened down to its records."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from assessment.synthetic_facts import ENGINE_WARNINGS, fact, synthetic_facts
from linli.assessment.facts.reference import schema_json, schema_page
from linli.assessment.indicators import COLUMNS
from linli.cli.main import linli

pytestmark = ENGINE_WARNINGS

Run = Callable[..., Result]
HOURS = "日期,派出所,警务区,岗位,勤务类别,实际小时\n2026-03-01,S1,S1-B1,民警,下社区,7.5\n"


@pytest.fixture
def run() -> Run:
    def call(*arguments: object, language: str = "en") -> Result:
        line = ["--language", language, *map(str, arguments)]
        return CliRunner().invoke(linli, line, catch_exceptions=False)

    return call


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthetic_facts(tmp_path_factory.mktemp("county") / "facts", rows=120).folder


def test_the_schema_is_printed_for_programs_and_as_a_page(run: Run) -> None:
    assert run("facts", "schema").output == schema_json()
    assert json.loads(run("facts", "schema").output)["tables"]["cases"]["key"] == ["record_id"]
    assert run("facts", "schema", "--page").output == schema_page()


@pytest.mark.parametrize(("language", "words"), [("zh", "符合表结构"), ("en", "follow the schema")])
def test_a_dataset_in_order_is_said_to_be(run: Run, county: Path, language: str, words: str) -> None:
    said = run("facts", "check", county, language=language)
    assert said.exit_code == 0, said.output
    assert words in said.output


def test_a_changed_file_and_a_wrong_row_are_told_with_exit_code_2(run: Run, tmp_path: Path) -> None:
    dataset = synthetic_facts(tmp_path / "facts", rows=5)
    (first, *_) = dataset.paths("visits")
    first.write_bytes(first.read_bytes()[:-1] + b"x")
    said = run("facts", "check", tmp_path / "facts")
    assert (said.exit_code, "is missing or was changed" in said.output) == (2, True)


def test_a_list_is_taken_in_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "hours.csv").write_text(HOURS, encoding="utf-8")
    line = ("facts", "import", tmp_path / "hours.csv", "--table", "duty_hours", "--into", tmp_path / "facts")
    assert "1 rows, 1 of them new" in run(*line).output
    assert "新增 0 行" in run(*line, language="zh").output


def test_a_broken_list_and_an_unknown_zone_end_with_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "hours.csv").write_text(HOURS.replace("7.5", "77"), encoding="utf-8")
    line = ("facts", "import", tmp_path / "hours.csv", "--table", "duty_hours", "--into", tmp_path / "facts")
    said = run(*line, language="zh")
    assert said.exit_code == 2
    assert "第 2 行，“实际小时”列：填的是“77”" in said.output
    assert "no time zone" in run(*line, "--zone", "Mars/Base").output
    assert not (tmp_path / "facts" / "manifest.json").exists()


def assess(run: Run, county: Path, out: Path, *more: str, language: str = "en") -> Result:
    span = ("--from", "2026-01", "--until", "2026-03", "--out", str(out))
    return run("assess", "run", county, *span, *more, language=language)


@pytest.mark.parametrize(("language", "header"), [("zh", "指标"), ("en", "indicator")])
def test_figures_are_written_with_their_evidence(
    run: Run, county: Path, tmp_path: Path, language: str, header: str
) -> None:
    said = assess(run, county, tmp_path / "out", "--pack", "qiubei-2010", language=language)
    assert said.exit_code == 0, said.output
    table = pq.read_table(tmp_path / "out" / "results.parquet")
    assert tuple(table.column_names) == COLUMNS
    with (tmp_path / "out" / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0][0] == header
    assert len(lines) == table.num_rows + 1
    assert (tmp_path / "out" / "results.xlsx").stat().st_size > 0
    told = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert told["indicators"]["Q5.settled"]["formula"].startswith("ratio of disputes")
    assert len(told["facts"]) == 64
    evidence = tmp_path / "out" / "evidence" / "disputes.parquet"
    ((settled,),) = duckdb.sql(f"SELECT sum(\"Q5.settled|numerator\") FROM '{evidence}'").fetchall()  # noqa: S608
    frame = table.to_pandas()
    quarter = frame[
        (frame["indicator"] == "Q5.settled") & (frame["area"] == "T") & (frame["period"] == "2026-Q1")
    ]
    assert settled == quarter["numerator"].iloc[0]


def test_the_same_facts_give_the_same_bytes(run: Run, county: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assess(run, county, tmp_path / name, "--pack", "luxi-2013")
    for file in ("results.parquet", "results.csv", "results.xlsx"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file


OWN = """[[indicators]]
id = "shops"
title = {zh = "商铺走访", en = "visits to shops"}
kind = "count"
unit = "visit"
period = "month"
scope = ["territory"]
source = "visits"
numerator = "kind == 'shop'"
missing = "zero"
direction = "higher"
"""


def test_users_may_define_their_own(run: Run, county: Path, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    said = assess(run, county, tmp_path / "out", "--indicators", str(tmp_path / "own.toml"))
    assert "1 indicators, 4 results (4 of them known)" in said.output


def test_a_figure_opens_to_areas_and_records_in_both_languages(run: Run, county: Path) -> None:
    line = (
        "assess",
        "explain",
        county,
        "--pack",
        "qiubei-2010",
        "--indicator",
        "Q5.settled",
        "--period",
        "2026",
    )
    zh, en = run(*line, language="zh").output, run(*line, "--records", "0").output
    assert "依据：方案包 qiubei-2010 条款 Q5" in zh
    assert "合成S1所（S1）" in zh
    assert "列出 20 条" in zh
    assert "asked for by clause Q5" in en
    assert en.count("\n  disputes:") == 120
    beat = run(*line, "--area", "S1-B1").output
    assert "(S1-B1)" not in beat
    assert "S1-B1  1·1" in beat


REFUSED = {
    "name a pack": (),
    "has no indicators": ("--pack", "{empty}"),
    "there is no indicator Q5.setled (close: Q5.settled)": (
        "--pack",
        "qiubei-2010",
        "--indicator",
        "Q5.setled",
    ),
    "is no period": ("--pack", "qiubei-2010", "--period", "2026-14"),
    "no result for S9": ("--pack", "qiubei-2010", "--area", "S9"),
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_cannot_be_explained_is_refused(words: str, run: Run, county: Path, tmp_path: Path) -> None:
    given = dict(zip(*[iter(REFUSED[words])] * 2, strict=True))
    if given.get("--pack") == "{empty}":
        given["--pack"] = str(without_indicators(tmp_path))
    options = {"--indicator": "Q5.settled", "--period": "2026", **given}
    said = run("assess", "explain", county, *(part for pair in options.items() for part in pair))
    assert said.exit_code == 2
    assert words in said.output


def without_indicators(folder: Path) -> Path:
    """A copy of a pack that has none."""
    import shutil

    from linli.policy.loading import shipped_packs

    target = folder / "luxi-2013"
    shutil.copytree(shipped_packs() / "luxi-2013", target)
    for name in ("indicators.toml", "scoring.toml", "stipends.toml"):
        (target / name).unlink(missing_ok=True)
    return target


def test_a_range_that_goes_backwards_is_refused(run: Run, county: Path, tmp_path: Path) -> None:
    said = run(
        "assess",
        "run",
        county,
        "--pack",
        "luxi-2013",
        "--from",
        "2026-03",
        "--until",
        "2026-01",
        "--out",
        tmp_path,
    )
    assert (said.exit_code, "the first comes first" in said.output) == (2, True)


def test_packs_are_checked_with_their_indicators(run: Run, tmp_path: Path) -> None:
    pack = without_indicators(tmp_path)
    quota = OWN.replace("shops", "X1.x").replace("title", 'clause = "X99"\ntitle')
    (pack / "indicators.toml").write_text(quota, encoding="utf-8")
    said = run("pack", "check", pack)
    assert said.exit_code == 2
    assert "indicators.toml" in said.output
    assert fact("visits", 1)["synthetic"] is True


def test_the_commands_are_listed_without_being_imported(run: Run) -> None:
    listed = run("assess", "--help").output
    assert {"run", "explain", "chance"} <= set(listed.split())
