"""A refusal says what was given, what was expected, where, and what to do."""

from linli.kernel.errors import Finding, InputRefused, Where
from linli.kernel.texts import Text

EXPECTED = Text(zh="非负整数", en="a whole number of 0 or more")
REMEDY = Text(zh="请改正后重新导入。", en="Correct the cell and import again.")


def finding(given: str | None) -> Finding:
    where = Where("places.csv", row=7, column="常住人口", key="residents")
    return Finding("territory.count", where, given, EXPECTED, REMEDY)


def test_the_sentence_has_all_four_parts_in_english() -> None:
    sentence = finding("-3").sentence("en")
    assert sentence == (
        "places.csv, row 7, column “常住人口”, residents: given “-3”; expected a whole number of 0 or more. "
        "Correct the cell and import again."
    )


def test_the_sentence_has_all_four_parts_in_chinese() -> None:
    assert finding("-3").sentence("zh") == (
        "places.csv，第 7 行，“常住人口”列，residents：填的是“-3”；应为非负整数。请改正后重新导入。"
    )


def test_an_empty_cell_is_said_to_be_empty() -> None:
    assert "given nothing" in finding(None).sentence("en")


def test_a_long_cell_is_cut_short() -> None:
    sentence = finding("x" * 500).sentence("en")
    assert "x" * 79 + "…" in sentence
    assert "x" * 80 not in sentence


def test_a_place_may_be_a_file_alone() -> None:
    assert Where("pack.toml").describe("zh") == "pack.toml"


def test_a_refusal_keeps_every_finding() -> None:
    refusal = InputRefused(Text(zh="未导入", en="Not imported"), (finding("-3"), finding(None)))
    assert len(refusal.findings) == 2
    assert str(refusal) == "Not imported"
