"""``linli assess bulletin`` from the folder that ``linli assess run`` writes."""

import json
import shutil
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from assessment.synthetic_facts import synthetic_facts
from linli.assessment.indicators import areas_of, compute, pack_indicators, periods_between
from linli.cli.main import linli
from linli.io.facts import duckdb_tables
from linli.io.facts.results import write_evidence, write_results, write_run
from linli.policy.loading import find_pack, load_pack, shipped_packs


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Facts of two years and figures of some indicators of them."""
    folder = tmp_path_factory.mktemp("bulletin")
    facts = synthetic_facts(folder / "facts", rows=400, years=2)
    pack_folder = find_pack("nanlu-2012", shipped_packs())
    every = pack_indicators(pack_folder, load_pack(pack_folder))
    chosen = tuple(one for one in every if one.indicator.clause in ("N11", "N19", "N20", "N8"))
    tables, periods = duckdb_tables(facts), periods_between("2025-01", "2026-03")
    results = compute(chosen, tables, periods, facts=facts.digest)
    out = folder / "figures"
    out.mkdir()
    write_results(results, areas_of(tables), out, "zh")
    write_run(results, write_evidence(results, tables, periods, out), out)
    return folder / "facts", out


def run(*given: object) -> Result:
    return CliRunner().invoke(linli, ["assess", "bulletin", *map(str, given)])


def test_a_bulletin_comes_from_figures_and_facts(figures, tmp_path: Path) -> None:
    facts, folder = figures
    out = tmp_path / "out"
    done = run(folder, "--facts", facts, "--out", out, "--issued", "2026-04-05")
    assert done.exit_code == 0, done.output
    page = (out / "bulletin.synthetic.html").read_text(encoding="utf-8")
    for said in ("合成县", "2026年3月", "N19", "合成数据", "差异不显著，不宜排名"):
        assert said in page, said
    assert "警务区" in page
    book = openpyxl.load_workbook(out / "bulletin-evidence.synthetic.xlsx")
    listed = [
        row[3].value for row in book.worksheets[1].iter_rows(min_row=2) if row[0].value == "N19.key_cases"
    ]
    frame = pq.read_table(folder / "results.parquet").to_pandas()
    whole = frame[
        (frame["indicator"] == "N19.key_cases")
        & (frame["area_kind"] == "territory")
        & (frame["period"] == "2026-03")
    ]
    assert len(listed) == int(whole["records"].iloc[0])
    assert len(set(listed)) == len(listed)


def test_the_years_ladder_asks_of_the_first_three_and_says_it_is_a_proposal(figures, tmp_path: Path) -> None:
    facts, folder = figures
    done = run(
        folder, "--facts", facts, "--out", tmp_path / "out", "--language", "en", "--issued", "2026-04-05"
    )
    assert done.exit_code == 0, done.output
    page = (tmp_path / "out" / "bulletin.synthetic.html").read_text(encoding="utf-8")
    assert ">proposed<" in page
    assert "can be met by not recording" in page


def test_without_facts_it_says_that_it_does_not_know(figures, tmp_path: Path) -> None:
    done = run(figures[1], "--out", tmp_path / "out", "--period", "2025-12")
    assert done.exit_code == 0, done.output
    page = (tmp_path / "out" / "bulletin.html").read_text(encoding="utf-8")
    assert "没有记载所据事实是否含有合成记录" in page
    assert "请从上年1月开始" in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--period", "2031-01"], "没有时段"),
        (["--issued", "soon"], "不是日期"),
        (["--facts", "OTHER"], "不是计算这些结果所用的数据"),
        (["--chance", "RUN"], "不是 linli assess chance"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(figures, tmp_path: Path, given, said) -> None:
    folder = figures[1]
    other = tmp_path / "other"
    synthetic_facts(other, rows=20)
    named = [{"OTHER": str(other), "RUN": str(folder / "run.json")}.get(one, one) for one in given]
    done = run(folder, "--out", tmp_path / "out", *named)
    assert done.exit_code == 2
    assert said in done.output
    assert not (tmp_path / "out").exists()


def broken(folder: Path, target: Path, **changes: object) -> Path:
    shutil.copytree(folder, target)
    content = json.loads((target / "run.json").read_text(encoding="utf-8"))
    for name, value in changes.items():
        if name == "digest":
            content["indicators"]["N19.key_cases"]["digest"] = value
        else:
            content["indicators"] = {**content["indicators"], name: {"pack": "nanlu-2012", "digest": ""}}
    (target / "run.json").write_text(json.dumps(content), encoding="utf-8")
    return target


def test_figures_of_other_definitions_are_refused(figures, tmp_path: Path) -> None:
    folder = figures[1]
    changed = run(broken(folder, tmp_path / "a", digest="other"), "--out", tmp_path / "out")
    assert (changed.exit_code, "定义与计算时不同" in changed.output) == (2, True)
    unknown = run(broken(folder, tmp_path / "b", own="x"), "--out", tmp_path / "out")
    assert (unknown.exit_code, "不在方案包里" in unknown.output) == (2, True)


@pytest.mark.parametrize("file", ["run.json", "results.parquet"])
@pytest.mark.parametrize("content", [None, b"{}", b"\x00PAR1"])
def test_a_folder_that_is_broken_is_refused(figures, tmp_path: Path, file, content) -> None:
    target = tmp_path / "broken"
    shutil.copytree(figures[1], target)
    (target / file).unlink() if content is None else (target / file).write_bytes(content)
    done = run(target, "--out", tmp_path / "out")
    assert (done.exit_code, "不是 linli assess run 写出的结果文件夹" in done.output) == (2, True)
