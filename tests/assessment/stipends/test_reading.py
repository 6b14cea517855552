"""``stipends.toml``: the shipped files are sound, and every mistake is named with its place and remedy."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from linli.assessment.stipends.model import cents_of
from linli.assessment.stipends.reading import load_stipends, pack_stipends
from linli.kernel.errors import InputRefused
from linli.kernel.identifiers import ValueId
from linli.policy.loading import find_pack, load_pack, pack_folders, shipped_packs

SOUND = """
format = "linli-stipends/1"
[[rules]]
clause = "N20"
name = "setup"
title = {zh = "奖励", en = "Reward"}
source = "guarded_courtyard"
amounts = ["setup_reward"]
"""


@pytest.fixture
def pack():
    return load_pack(find_pack("nanlu-2012", shipped_packs()))


@pytest.fixture
def read(pack, tmp_path):
    def load(text: str):
        (tmp_path / "stipends.toml").write_text(text, encoding="utf-8")
        return load_stipends(tmp_path, pack)

    return load


def test_every_shipped_file_is_sound_and_its_amounts_are_whole_cents() -> None:
    found = {}
    for folder in pack_folders(shipped_packs()):
        stipends = load_stipends(folder, load_pack(folder))
        for rule in stipends.rules:
            found[rule.id] = stipends.amounts(rule, dt.date(2026, 3, 1))
            assert rule.id.startswith(f"{rule.clause}.")
            assert rule.local or found[rule.id].cents
    assert found["N20.setup"].cents == (30_000,)
    assert found["N20.falls"].cents == (15_000, 27_000, 30_000)
    assert found["Q2.patrol_pay"].least == 80_000
    assert set(found) >= {"Q6.settled", "L17.selected", "E6.best"}


def test_amounts_are_those_of_the_day(read) -> None:
    stipends = read(SOUND)
    (rule,) = stipends.rules
    assert stipends.amounts(rule, dt.date(2011, 12, 31)).cents == ()
    assert stipends.amounts(rule, dt.date(2012, 1, 1)).cents == (30_000,)
    assert stipends.rule("N20.setup") is rule
    assert stipends.rule("N20.other") is None
    assert (stipends.id, len(stipends.digest)) == ("nanlu-2012", 64)


def test_a_pack_without_the_file_pays_nothing(pack, tmp_path) -> None:
    assert pack_stipends(tmp_path, pack) == ()
    assert load_stipends(tmp_path, pack).digest == ""


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ('format = "linli-stipends/1"', 'format = "x"', "policy.key.choice", "format"),
        ("[[rules]]", "[[other]]", "stipends.rules.none", "rules"),
        ('clause = "N20"', 'clause = "N2O"', "stipends.clause.unknown_close", "rules[1].clause"),
        ('clause = "N20"', 'clause = "??"', "stipends.clause.unknown", "rules[1].clause"),
        ('"guarded_courtyard"', '"reported_count"', "policy.key.choice", "rules[1].source"),
        ('["setup_reward"]', '["setup_rewards"]', "stipends.value.unknown_close", "rules[1].amounts"),
        ('["setup_reward"]', '["??"]', "stipends.value.unknown", "rules[1].amounts"),
        ('["setup_reward"]', '["first_fall"]', "stipends.value.unit", "rules[1].amounts"),
        (
            '["setup_reward"]',
            '["setup_reward", "first_reward"]',
            "stipends.amounts.several",
            "rules[1].amounts",
        ),
        ('amounts = ["setup_reward"]', "", "stipends.amount.which", "rules[1].amounts"),
        ("amounts =", "local = true\namounts =", "stipends.amount.which", "rules[1].amounts"),
        ("amounts =", 'least = "setup_reward"\namounts =', "stipends.least.local", "rules[1].least"),
        ("amounts =", 'decides = "N20.falls"\namounts =', "stipends.decides.which", "rules[1].decides"),
        ("amounts =", 'roles = ["mayor"]\namounts =', "policy.key.choice", "rules[1].roles"),
        ("amounts =", "quota = 3\namounts =", "policy.key.unknown", "rules[1].quota"),
        ("format", "= =", "policy.file.toml", None),
    ],
)
def test_a_mistake_is_named_with_its_place(old, new, code, key, read) -> None:
    with pytest.raises(InputRefused) as refusal:
        read(SOUND.replace(old, new, 1))
    found = {finding.code: finding for finding in refusal.value.findings}
    assert code in found
    assert found[code].where.key == key
    assert found[code].remedy.zh
    assert found[code].remedy.en


def test_a_rule_is_named_once(read) -> None:
    with pytest.raises(InputRefused) as refusal:
        read(SOUND + SOUND.partition('1"')[2])
    assert [finding.code for finding in refusal.value.findings] == ["stipends.rules.twice"]


def test_an_amount_with_a_part_of_a_cent_is_refused(tmp_path) -> None:
    folder = tmp_path / "nanlu-2012"
    shutil.copytree(Path(find_pack("nanlu-2012", shipped_packs())), folder)
    values = folder / "values.toml"
    text = values.read_text(encoding="utf-8")
    values.write_text(text.replace("value = 300}", "value = 300.005}", 1), encoding="utf-8")
    pack = load_pack(folder)
    assert pack.value_on(ValueId("setup_reward"), dt.date(2026, 1, 1)) == 300.005
    with pytest.raises(InputRefused) as refusal:
        load_stipends(folder, pack)
    assert "stipends.value.cents" in {finding.code for finding in refusal.value.findings}
    with pytest.raises(ValueError, match="whole cents"):
        cents_of(0.001)
