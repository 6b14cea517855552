"""Definitions are read strictly, and a pack that sets a quota it bans itself is refused (L7, E3)."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from linli.assessment.indicators import Definition, banned, pack_indicators, read_indicators
from linli.kernel.errors import InputRefused
from linli.kernel.identifiers import ClauseId
from linli.policy.loading import load_pack, shipped_packs
from linli.policy.model import Ban, Pack

HERE = Path(__file__).parent
GOOD: dict[str, Any] = {
    "id": "H7.satisfaction",
    "clause": "H7",
    "title": {"zh": "群众满意度", "en": "satisfaction"},
    "kind": "ratio",
    "unit": "%",
    "period": "month",
    "scope": ["beat", "station"],
    "source": "cases",
    "numerator": "feedback == 'satisfied'",
    "denominator": "feedback is not null",
    "missing": "unknown",
    "direction": "higher",
}
BROKEN = tomllib.loads((HERE / "broken.toml").read_text(encoding="utf-8"))["cases"]


@pytest.fixture(scope="module")
def hengshan() -> Pack:
    return load_pack(shipped_packs() / "hengshan-2020")


@pytest.fixture(scope="module")
def lanling() -> Pack:
    return load_pack(shipped_packs() / "lanling-2017")


def written(folder: Path, *indicators: dict[str, Any]) -> Path:
    file = folder / "indicators.toml"
    parts = [
        "[[indicators]]\n" + "\n".join(f"{k} = {_toml(v)}" for k, v in one.items()) for one in indicators
    ]
    file.write_text("\n".join(parts), encoding="utf-8")
    return file


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def codes(file: Path, pack: Pack | None) -> list[str]:
    with pytest.raises(InputRefused) as refused:
        read_indicators(file, pack=pack)
    assert all(f.sentence("zh") != f.sentence("en") for f in refused.value.findings)
    return [finding.code for finding in refused.value.findings]


def test_a_good_one_is_read(tmp_path: Path, hengshan: Pack) -> None:
    (read,) = read_indicators(written(tmp_path, GOOD), pack=hengshan)
    assert read.pack == "hengshan-2020"
    assert read.formula == "ratio of cases: feedback == 'satisfied' over feedback is not null [%]"
    assert read.code_version.partition("+")[2] == read.digest[:12]


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: f"{case['code']}-{sorted(case.get('set', case))}")
def test_a_mistake_is_refused_with_its_reason(case: dict[str, Any], tmp_path: Path, hengshan: Pack) -> None:
    changed = {**GOOD, **case.get("set", {})}
    for key in case.get("remove", ()):
        del changed[key]
    assert case["code"] in codes(written(tmp_path, changed), hengshan)


def test_an_id_given_twice_and_a_file_without_any_are_refused(tmp_path: Path, hengshan: Pack) -> None:
    assert codes(written(tmp_path, GOOD, GOOD), hengshan) == ["indicators.twice"]
    assert codes(written(tmp_path), hengshan) == ["indicators.none"]
    (tmp_path / "indicators.toml").write_text("[[", encoding="utf-8")
    assert codes(tmp_path / "indicators.toml", hengshan) == ["policy.file.toml"]


def test_a_user_needs_no_pack_and_no_clause(tmp_path: Path) -> None:
    mine = {key: value for key, value in GOOD.items() if key != "clause"} | {"id": "my_own"}
    (read,) = read_indicators(written(tmp_path, mine))
    assert (read.indicator.clause, read.pack) == ("", "")


def test_a_declined_clause_is_not_measured(tmp_path: Path, hengshan: Pack) -> None:
    declined = next(clause for clause in hengshan.clauses.values() if clause.status == "declined")
    changed = {**GOOD, "id": f"{declined.id}.x", "clause": str(declined.id)}
    assert "indicators.declined" in codes(written(tmp_path, changed), hengshan)


QUOTA = {**GOOD, "id": "L7.solved", "clause": "L7", "numerator": "solved", "denominator": "recorded"}


def test_a_clearing_quota_for_a_community_officer_is_refused(tmp_path: Path, lanling: Pack) -> None:
    assert codes(written(tmp_path, QUOTA), lanling) == ["indicators.ban"]


def test_it_is_refused_where_only_the_measure_gives_it_away(tmp_path: Path, lanling: Pack) -> None:
    hidden = {**QUOTA, "numerator": "result == 'case_opened'", "denominator": "result is not null"}
    assert codes(written(tmp_path, {**hidden, "measure": "cases_cleared"}), lanling) == ["indicators.ban"]
    assert len(read_indicators(written(tmp_path, hidden), pack=lanling)) == 1


def test_it_is_refused_for_a_station_where_it_judges_the_officer(tmp_path: Path, lanling: Pack) -> None:
    station = {**QUOTA, "scope": ["station"]}
    assert len(read_indicators(written(tmp_path, station), pack=lanling)) == 1
    judging = {**station, "assesses": "community_officer"}
    assert codes(written(tmp_path, judging), lanling) == ["indicators.ban"]


def test_no_shipped_pack_breaks_any_ban_of_another(definitions: list[Definition], lanling: Pack) -> None:
    everything = Ban(
        clause=ClauseId("L7"),
        role="community_officer",
        measures=frozenset({"cases_cleared", "penalties_imposed", "clues_submitted"}),
    )
    clauses = {name: replace(clause, bans=(everything,)) for name, clause in lanling.clauses.items()}
    strict = replace(lanling, clauses=clauses)
    assert [one.indicator.id for one in definitions if banned(one, strict)] == []


def test_the_packs_ask_for_the_figures_of_their_clauses(definitions: list[Definition]) -> None:
    ids = {one.indicator.id for one in definitions}
    assert len(ids) == len(definitions) >= 60
    six = {"visibility", "knowledge", "incident_rate", "place_data", "results", "satisfaction"}
    assert {f"H7.{name}" for name in six} <= ids
    assert {f"X9.{name}" for name in ("accepted", "reported", "handled", "resolved", "answered")} <= ids
    assert {"L10.preventable_crimes", "N19.key_cases", "N7.residents_feeling_safe", "Q5.kept"} <= ids
    for one in definitions:
        assert one.indicator.title.zh != one.indicator.title.en
        assert {"iccs", "sdg"} >= one.indicator.reference.keys()


def test_a_pack_without_indicators_has_none(tmp_path: Path, hengshan: Pack) -> None:
    assert pack_indicators(tmp_path, hengshan) == ()
