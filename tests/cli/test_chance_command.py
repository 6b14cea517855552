"""``linli assess chance`` as a user runs it: the table in both languages, files, refusals, the same bytes."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from linli.cli.main import linli

ROOT = Path(__file__).parents[2]
LUXI = ("--territory", str(ROOT / "examples" / "luxi"), "--years", "20")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(linli, list(arguments))


def chance(*arguments: str, language: str = "zh") -> Result:
    return run("--language", language, "assess", "chance", *LUXI, *arguments)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh",
            (
                "随机波动模拟（合成）",
                "黄牌",
                "翻番",
                "方案包所选",
                "因运气每年发出",
                "少登记也能达到",
                "87 个片区",
            ),
        ),
        (
            "en",
            (
                "Simulation of chance (synthetic)",
                "yellow card",
                "doubling",
                "(the pack's reading)",
                "paid by luck",
            ),
        ),
    ],
)
def test_the_table_is_printed_beside_each_clause(language: str, words: tuple[str, ...]) -> None:
    result = chance("--pack", "nanlu-2012", language=language)
    assert result.exit_code == 0, result.output
    for word in (*words, "N19", "N20", "N7"):
        assert word in result.output


def test_the_files_are_written_and_the_same_twice(tmp_path: Path) -> None:
    for name in ("a", "b"):
        result = chance("--pack", "nanlu-2012", "--rates", "1.5", "--out", str(tmp_path / name))
        assert result.exit_code == 0, result.output
        assert "chance.synthetic.xlsx" in result.output
    for file in ("chance.synthetic.xlsx", "chance.synthetic.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_the_beats_of_a_plan_are_ranked_where_one_is_given(tmp_path: Path) -> None:
    out = tmp_path / "plan"
    planned = run("plan", LUXI[1], "--pack", "qiubei-2010", "--on", "2010-12-31", "--out", str(out))
    assert planned.exit_code == 0, planned.output
    result = chance("--pack", "qiubei-2010", "--deployment", str(out), "--scenario", "both", language="en")
    assert result.exit_code == 0, result.output
    assert "over-dispersed and seasonal" in result.output
    assert "Q13" in result.output
    assert "Q13" in (out / "plan.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--pack", "luxi-2013"), "no scoring rules"),
        (("--pack", "nanlu-2031"), "nanlu-2012"),
        (("--pack", "nanlu-2012", "--rates", "-3"), "above 0"),
        (("--pack", "nanlu-2012", "--rates", "nothing.csv"), "nothing.csv"),
        (("--pack", "nanlu-2012", "--on", "31.12.2013"), "31.12.2013"),
        (("--pack", "nanlu-2012", "--deployment", "nothing.json"), "nothing.json"),
    ],
)
def test_bad_input_ends_with_exit_code_2_and_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    result = chance(*arguments, language="en")
    assert result.exit_code == 2
    assert sentence in result.output


def test_a_table_of_rates_must_name_the_areas(tmp_path: Path) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("area,events\nB1,4\n", encoding="utf-8")
    result = chance("--pack", "nanlu-2012", "--rates", str(rates), language="en")
    assert result.exit_code == 2
    assert "leaves out 87" in result.output


def test_a_folder_of_someone_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    result = chance("--pack", "nanlu-2012", "--out", str(tmp_path), language="en")
    assert result.exit_code == 2
    assert (tmp_path / "thesis.docx").read_text() == "years of work"
