"""A clause is explained as a person would read it, in both languages, and the command line says it."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from linli.cli.main import linli
from linli.kernel.identifiers import ClauseId
from linli.kernel.texts import catalogue
from linli.kernel.units import parse_unit
from linli.policy.catalogue import ROLES
from linli.policy.explanation import explain
from linli.policy.expression import parse
from linli.policy.loading import load_pack, shipped_packs
from linli.policy.model import Pack
from linli.policy.register import clause_register
from linli.policy.wording import quantity_text, rule_text, unit_text

ON = dt.date(2020, 6, 1)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(shipped_packs() / "hengshan-2020")


def run(*arguments: str, language: str = "en") -> Result:
    return CliRunner().invoke(linli, ["--language", language, "pack", *arguments])


def test_a_rule_is_said_in_words_with_the_days_numbers(pack: Pack) -> None:
    text = rule_text(parse("share(community_officers, officers) >= room_officer_share"), pack.values, ON)
    assert text.en == "community officers (of rooms, of villages) as % of officers of the station ≥ 40 %"
    assert text.zh == "社区（驻室、驻村）民警占派出所民警的百分比 ≥ 40 %"


def test_every_construct_can_be_said(pack: Pack) -> None:
    text = (
        "(max(beats, 0) - -beats > 2 * beats if not rural else villages > 0) and (urban or rural) "
        "and ceil(beats / 2) == beats"
    )
    said = rule_text(parse(text), pack.values, ON)
    assert "rounded up" in said.en
    assert "若" in said.zh
    assert "max(beats, 0)" in said.en
    assert "not lies in a rural area" in said.en


def test_a_value_without_a_number_on_the_day_is_said_by_its_title(pack: Pack) -> None:
    text = rule_text(parse("villages > villages_per_room_minimum"), pack.values, dt.date(2019, 1, 1))
    assert text.en.endswith("fewest administrative villages a rural centre room serves")


@pytest.mark.parametrize(
    ("number", "unit", "zh", "en"),
    [
        (8, "hour/day", "8 小时/天", "8 hour/day"),
        (1, "person", "1 人", "1 person"),
        (2, "person", "2 人", "2 people"),
        (40, "%", "40 %", "40 %"),
        (1.5, "1", "1.5", "1.5"),
        (197541, "visit", "197,541 人次", "197,541 visits"),
        (62552000, "yuan", "62,552,000 元", "62,552,000 yuan"),
    ],
)
def test_a_quantity_is_said_with_its_unit(number: float, unit: str, zh: str, en: str) -> None:
    text = quantity_text(number, parse_unit(unit))
    assert (text.zh, text.en) == (zh, en)


def test_a_yes_no_has_words_for_its_unit() -> None:
    assert unit_text(None).en == "yes or no"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_clause_can_be_explained(pack: Pack, language: str) -> None:
    for clause in pack.clauses:
        for on in (dt.date(2019, 12, 31), ON):
            for block in explain(pack, clause, on=on):
                lines = [line.in_("zh" if language == "zh" else "en") for line in block.lines]
                assert all(lines)
                assert not any("{" in line for line in lines)


def test_inputs_that_the_user_gives_are_worked_out(pack: Pack) -> None:
    blocks = explain(pack, ClauseId("H5"), on=ON, given={"officers": 10, "community_officers": 4})
    assert any("→ met" in line.en for line in blocks[1].lines)
    assert any("not known" in line.en for line in blocks[2].lines)


def test_an_unknown_clause_is_a_mistake_of_the_caller(pack: Pack) -> None:
    with pytest.raises(KeyError):
        explain(pack, ClauseId("H99"), on=ON)


def test_list_shows_every_pack_on_a_line() -> None:
    result = run("list")
    assert result.exit_code == 0
    assert "hengshan-2020" in result.output
    assert run("list", language="zh").output != result.output


def test_check_passes_a_sound_pack() -> None:
    result = run("check", "hengshan-2020")
    assert result.exit_code == 0
    assert "hengshan-2020 passes" in result.output
    assert "100.0 %" in result.output


def test_check_ends_with_2_when_cases_fail_and_mutants_live(tmp_path: Path) -> None:
    copy = shutil.copytree(shipped_packs() / "hengshan-2020", tmp_path / "hengshan-2020")
    cases = copy / "cases" / "operations.toml"
    text = cases.read_text(encoding="utf-8").replace('expect = "met"', 'expect = "not_met"')
    cases.write_text(text, encoding="utf-8")
    (copy / "cases" / "values.toml").unlink()
    (copy / "equivalent.toml").write_text(
        "".join(
            f'[[equivalent]]\nmutant = "{mutant}"\nreason = {{zh = "测试", en = "test"}}\n'
            for mutant in ("beat_tolerance from 2020-01-01: 10 → 11", "nothing")
        ),
        encoding="utf-8",
    )
    result = run("check", "hengshan-2020", "--packs", str(tmp_path))
    assert result.exit_code == 2
    assert "expected not_met, got met" in result.output
    assert "no case notices: beat_tolerance from 2020-01-01: 10 → 9" in result.output
    assert "argued equivalent: beat_tolerance from 2020-01-01: 10 → 11" in result.output
    assert "the argument does not hold" in result.output
    assert "hengshan-2020 fails" in result.output


def test_a_broken_pack_ends_with_2_and_its_sentences(tmp_path: Path) -> None:
    copy = shutil.copytree(shipped_packs() / "hengshan-2020", tmp_path / "hengshan-2020")
    with (copy / "pack.toml").open("a", encoding="utf-8") as file:
        file.write("colour = 1\n")
    result = run("check", str(copy))
    assert result.exit_code == 2
    assert "colour" in result.stderr
    assert "Traceback" not in result.output


def test_explain_speaks_both_languages() -> None:
    zh = run("explain", "hengshan-2020", "H5", "--on", "2020-06-01", language="zh").output
    en = run("explain", "hengshan-2020", "H5", "--on", "2020-06-01").output
    assert "社区（驻室、驻村）民警占派出所民警的百分比 ≥ 40 %" in zh
    assert "worked case: community officers (of rooms, of villages) 399 people" in en


def test_explain_works_out_what_is_given() -> None:
    result = run(
        "explain",
        "hengshan-2020",
        "H3",
        "--on",
        "2020-06-01",
        "--given",
        "open_hours=8",
        "--given",
        "is_room=1",
    )
    assert (
        "with what is given: hours a day open and staffed 8 hour/day, is a police room yes → met"
        in result.output
    )


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("explain", "hengshan-2020", "H55", "--on", "2020-06-01"), "Did you mean “H5”"),
        (("explain", "hengshan-2020", "zzz", "--on", "2020-06-01"), "has no clause “zzz”"),
        (("explain", "hengshan-2020", "H5", "--on", "June"), "is not a day"),
        (("explain", "hengshan-202", "H5", "--on", "2020-06-01"), "did you mean “hengshan-2020”"),
        (
            ("explain", "hengshan-2020", "H5", "--on", "2020-06-01", "--given", "oficers=1"),
            "Did you mean “officers”",
        ),
        (
            ("explain", "hengshan-2020", "H5", "--on", "2020-06-01", "--given", "zzzz=1"),
            "there is no measure",
        ),
        (("explain", "hengshan-2020", "H5", "--on", "2020-06-01", "--given", "officers=x"), "officers=10"),
        (("check", "nothing"), "there is no pack"),
    ],
)
def test_a_mistake_on_the_command_line_ends_with_2_and_a_sentence(
    arguments: tuple[str, ...], part: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert part in result.output + result.stderr


def test_the_register_escapes_bars_and_is_the_same_each_time(pack: Pack) -> None:
    text = clause_register([pack])
    assert text == clause_register([pack])
    rows = [line for line in text.splitlines() if line.startswith("| ") and "---" not in line]
    assert len(rows) == len(pack.clauses) + 1
    assert "| H4 | record | waiting for `post_inspections` (run)" in text
    assert "| H3 | rule | evaluated; in part waiting for `duty_shifts` (run)" in text
    assert "| D1 | declined | declined: files kept on people" in text


def test_the_table_command_writes_the_file_whole(tmp_path: Path) -> None:
    out = tmp_path / "clauses.md"
    assert run("table", "--out", str(out)).exit_code == 0
    assert out.read_text(encoding="utf-8") == run("table").output
    assert [path.name for path in tmp_path.iterdir()] == ["clauses.md"]


def test_a_check_not_in_force_is_shown_with_the_numbers_of_its_nearest_day() -> None:
    result = run("explain", "nanlu-2012", "N7", "--on", "2012-09-01")
    assert "answers to the survey of safety ≥ 98 %" in result.output
    assert "not in force on 2012-09-01; the numbers shown are those of 2013-01-01" in result.output
    ended = run("explain", "nanlu-2012", "N7", "--on", "2013-09-01").output
    assert "those of 2012-12-31" in ended


def test_bans_are_explained() -> None:
    result = run("explain", "lanling-2017", "L7", "--on", "2018-09-01")
    assert "may judge a community officer by: " in result.output
    assert "cases cleared" in result.output


def test_every_role_has_words() -> None:
    assert all(f"role.{role}" in catalogue("linli.policy").templates for role in ROLES)
