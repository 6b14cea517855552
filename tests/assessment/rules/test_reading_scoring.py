"""``scoring.toml`` is read whole or refused with every reason: file, key, given, expected, what to do."""

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

from linli.assessment.rules.agreement import pack_scoring
from linli.assessment.rules.bans import check_levels
from linli.assessment.rules.findings import ScoringFindings
from linli.assessment.rules.ladder import ladder_on
from linli.assessment.rules.loading import load_scoring
from linli.assessment.rules.rewards import rewards_on
from linli.assessment.rules.wording import rule_as_read, ties_text
from linli.kernel.errors import InputRefused, LinliError
from linli.policy.loading import load_pack, pack_folders, shipped_packs

NANLU = shipped_packs() / "nanlu-2012"
DAY = dt.date(2013, 6, 30)
OTHER_DAY = {"lanling-2017": dt.date(2018, 6, 30), "hengshan-2020": dt.date(2020, 6, 1)}

BROKEN = [
    ("format", 'format = "linli-scoring/1"', 'format = "linli-scoring/9"', "policy.key.choice"),
    ("key", 'kind = "rising_ranks"', 'kind = "rising_ranks"\ncolour = 1', "policy.key.unknown"),
    ("kind", 'kind = "rising_ranks"', 'kind = "rising"', "policy.key.choice"),
    ("clause", 'clause = "N19"', 'clause = "N91"', "policy.clause.unknown_close"),
    ("clause far", 'clause = "N19"', 'clause = "qqqqqq"', "policy.clause.unknown"),
    ("number", '"notice_rank"', '"notice_rang"', "scoring.number.unknown_close"),
    ("number far", 'notice_rank = "notice_rank"', 'notice_rank = "zzz"', "scoring.number.unknown"),
    ("unit", 'notice_rank = "notice_rank"', 'notice_rank = "first_reward"', "scoring.number.unit"),
    ("measure", 'measure = "courtyards_newly_guarded"', 'measure = "courtyard_newly"', "scoring.measure"),
    ("measure far", 'measure = "courtyards_newly_guarded"', 'measure = "zzz"', "scoring.measure.unknown"),
    ("twice", 'name = "falls"', 'name = "setup"', "scoring.rules.twice"),
    ("missing", 'direction = "lower"}]\nnumbers', 'directions = "lower"}]\nnumbers', "policy.key.missing"),
    ("steps", re.compile(r"steps = \[.*?\n\]\n", re.DOTALL), "", "scoring.steps.none"),
    ("share", 'form = "share"', 'form = "part"', "policy.key.choice"),
    ("inputs", re.compile(r"inputs = \[\n.*?\n\]\n", re.DOTALL), "", "scoring.inputs.count"),
    ("toml", "[[rules]]", "[[rules", "policy.file.toml"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(NANLU, tmp_path / "nanlu-2012")


def refusal(folder: Path) -> InputRefused:
    with pytest.raises(InputRefused) as refused:
        load_scoring(folder, load_pack(folder))
    return refused.value


def codes(refused: InputRefused) -> list[str]:
    return [finding.code for finding in refused.findings]


def change(file: Path, old: str | re.Pattern[str], new: str) -> None:
    text = file.read_text(encoding="utf-8")
    changed = text.replace(old, new, 1) if isinstance(old, str) else old.sub(lambda _: new, text, count=1)
    assert changed != text, "the corpus no longer fits packs/nanlu-2012"
    file.write_text(changed, encoding="utf-8")


@pytest.mark.parametrize(("name", "old", "new", "code"), BROKEN, ids=[case[0] for case in BROKEN])
def test_a_broken_file_is_refused_with_its_place(
    folder: Path, name: str, old: str | re.Pattern[str], new: str, code: str
) -> None:
    change(folder / "scoring.toml", old, new)
    refused = refusal(folder)
    assert any(found.startswith(code) for found in codes(refused)), codes(refused)
    for finding in refused.findings:
        assert finding.where.file == "scoring.toml"
        assert finding.sentence("zh") != finding.sentence("en")


def test_wording_that_the_pack_leaves_open_is_refused(folder: Path) -> None:
    text = (folder / "clauses.toml").read_text(encoding="utf-8")
    start = text.index('[[N19.readings]]\nname = "without_rise"')
    end = text.index("[[N19.readings]]", start + 5)
    (folder / "clauses.toml").write_text(text[:start] + text[end:], encoding="utf-8")
    refused = refusal(folder)
    assert codes(refused) == ["scoring.reading.open"]
    assert "without_rise" in refused.findings[0].sentence("en")
    assert "as_ranked, only_risen" in refused.findings[0].sentence("zh")


def test_an_answer_that_the_rule_cannot_carry_out_is_refused(folder: Path) -> None:
    text = (folder / "clauses.toml").read_text(encoding="utf-8")
    (folder / "clauses.toml").write_text(text.replace("as_ranked", "by_lot"), encoding="utf-8")
    assert codes(refusal(folder)) == ["scoring.reading.answer"]


@pytest.mark.parametrize("measure", ["cases_cleared", "penalties_imposed"])
def test_a_clearing_quota_for_a_community_officer_is_refused(tmp_path: Path, measure: str) -> None:
    folder = shutil.copytree(shipped_packs() / "district-practice", tmp_path / "district-practice")
    change(
        folder / "scoring.toml",
        'measure = "home_visits", direction = "higher"}',
        f'measure = "{measure}", direction = "higher"}}',
    )
    refused = refusal(folder)
    assert "scoring.quota" in codes(refused)
    assert refused.findings[0].where.key == "rules[1].inputs[3]"


def test_the_standing_ban_holds_in_a_pack_that_does_not_repeat_it(folder: Path) -> None:
    change(
        folder / "scoring.toml",
        'indicator = "N20.key_cases", measure = "key_cases"',
        'indicator = "N20.cases_cleared", title = {zh = "破案", en = "clearances"}',
    )
    refused = refusal(folder)
    assert "scoring.quota" in codes(refused)
    assert "L7" in refused.findings[0].sentence("en")


def test_an_enforcement_indicator_is_no_part_of_a_community_officers_score() -> None:
    folder = shipped_packs() / "district-practice"
    scoring = load_scoring(folder, load_pack(folder))
    findings = ScoringFindings()
    check_levels(scoring.rules, frozenset({"E6.visits"}), findings)
    assert [finding.code for finding in findings.found] == ["scoring.quota"]


@pytest.mark.parametrize("name", [path.name for path in pack_folders(shipped_packs())])
def test_every_shipped_pack_agrees_with_its_indicators(name: str) -> None:
    folder = shipped_packs() / name
    pack = load_pack(folder)
    assert pack_scoring(folder, pack) == load_scoring(folder, pack).rules


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"N19.key_cases"', '"N19.key_case"', "scoring.indicator.unknown_close"),
        ('"N19.key_cases"', '"zzzzzz"', "scoring.indicator.unknown"),
        (
            'measure = "key_cases", direction = "lower"',
            'measure = "key_cases", direction = "higher"',
            "scoring.direction",
        ),
    ],
)
def test_a_rule_that_its_indicators_contradict_is_refused(
    folder: Path, old: str, new: str, code: str
) -> None:
    change(folder / "scoring.toml", old, new)
    with pytest.raises(InputRefused) as refused:
        pack_scoring(folder, load_pack(folder))
    assert code in codes(refused.value)
    assert refused.value.findings[0].where.file == "scoring.toml"


OWN = """
[[rules.readings]]
name = "{name}"
question = {{zh = "问", en = "question"}}
chosen = "{chosen}"
reason = {{zh = "因", en = "reason"}}
options = [{options}]
"""
ONE = '{name = "by_rank", title = {zh = "甲", en = "a"}}'
BOTH = ONE + ', {name = "share_of_best", title = {zh = "乙", en = "b"}}'


@pytest.mark.parametrize(
    ("name", "chosen", "options", "code"),
    [
        ("item_marks", "by_lot", BOTH, "policy.key.choice"),
        ("item_marks", "by_rank", ONE, "policy.reading.options"),
        ("colour", "by_rank", BOTH, "scoring.reading.not_asked"),
    ],
)
def test_a_reading_of_a_rules_own_is_read_as_strictly(
    tmp_path: Path, name: str, chosen: str, options: str, code: str
) -> None:
    folder = shutil.copytree(shipped_packs() / "hengshan-2020", tmp_path / "hengshan-2020")
    text = (folder / "scoring.toml").read_text(encoding="utf-8")
    head = text[: text.index("[[rules.readings]]")]
    (folder / "scoring.toml").write_text(
        head + OWN.format(name=name, chosen=chosen, options=options), encoding="utf-8"
    )
    assert code in codes(refusal(folder))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('consequences = ["pay_linked"]', 'consequences = ["pillory"]', "policy.key.choice"),
        ('consequences = ["pay_linked"]', "consequences = []", "scoring.consequences.none"),
        ('consequences = ["pay_linked"]', 'consequences = ["talk"]', "scoring.reading.open"),
        ('"H7.knowledge"', '"H7.visibility"', "scoring.inputs.twice"),
    ],
)
def test_a_score_needs_consequences_that_its_clause_can_have(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    folder = shutil.copytree(shipped_packs() / "hengshan-2020", tmp_path / "hengshan-2020")
    change(folder / "scoring.toml", old, new)
    assert code in codes(refusal(folder))


def test_a_file_without_rules_is_refused(folder: Path) -> None:
    (folder / "scoring.toml").write_text('format = "linli-scoring/1"\n', encoding="utf-8")
    assert codes(refusal(folder)) == ["scoring.rules.none"]


@pytest.mark.parametrize("name", [path.name for path in pack_folders(shipped_packs())])
def test_every_shipped_pack_reads_and_says_its_rules_in_both_languages(name: str) -> None:
    folder = shipped_packs() / name
    pack = load_pack(folder)
    scoring = load_scoring(folder, pack)
    assert (folder / "scoring.toml").exists() is bool(scoring.rules)
    for rule in scoring.rules:
        read = rule_as_read(rule, pack, OTHER_DAY.get(name, DAY))
        assert read.zh != read.en
        assert "{" not in read.zh + read.en
        assert ties_text(rule).en
        assert scoring.of_clause(rule.clause)


def test_what_a_lower_recorded_count_rewards_is_marked_and_a_survey_is_not() -> None:
    scoring = load_scoring(NANLU, load_pack(NANLU))
    marked = {rule.id: rule.met_by_not_recording for rule in scoring.rules}
    assert marked == {"N19.ladder": True, "N20.falls": True, "N20.setup": False, "N7.safety": False}


def test_the_readings_and_numbers_are_those_of_the_pack() -> None:
    pack = load_pack(NANLU)
    scoring = load_scoring(NANLU, pack)
    ladder = ladder_on(scoring.rules[0], pack, DAY)
    assert (ladder.against, ladder.notice_rank, ladder.yellow_card_months) == ("same_month_last_year", 3, 3)
    rewards = rewards_on(scoring.rules[1], pack, DAY)
    assert rewards.falls == (30.0, 50.0, 100.0)
    assert rewards.yuan == (150.0, 270.0, 300.0)


def test_a_day_without_the_number_is_refused_with_a_sentence() -> None:
    pack = load_pack(NANLU)
    rule = load_scoring(NANLU, pack).rules[0]
    with pytest.raises(LinliError, match="1999-01-01"):
        ladder_on(rule, pack, dt.date(1999, 1, 1))


def test_steps_that_do_not_rise_are_refused(folder: Path) -> None:
    change(folder / "scoring.toml", 'fall = "first_fall"', 'fall = "full_fall"')
    pack = load_pack(folder)
    with pytest.raises(LinliError, match="rise"):
        rewards_on(load_scoring(folder, pack).rules[1], pack, DAY)
