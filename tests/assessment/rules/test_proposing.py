"""A rule proposes, with its reasons, figures and records; nothing here says that anything was carried out."""

import dataclasses
import datetime as dt

import numpy as np
import pytest

from linli.assessment.rules.loading import load_scoring
from linli.assessment.rules.model import ScoringRule
from linli.assessment.rules.proposals import Proposal, Series, aligned
from linli.assessment.rules.proposing import propose
from linli.policy.loading import load_pack, shipped_packs
from linli.policy.model import Pack

AREAS = ("B1", "B2", "B3", "B4", "B5")
MONTHS = tuple(f"{year}-{month:02d}" for year in (2012, 2013) for month in range(1, 13))
DAY = dt.date(2013, 12, 31)


def rules(name: str) -> tuple[Pack, dict[str, ScoringRule]]:
    folder = shipped_packs() / name
    pack = load_pack(folder)
    return pack, {rule.id: rule for rule in load_scoring(folder, pack).rules}


def made(
    indicator: str, values: np.ndarray, periods: tuple[str, ...], areas: tuple[str, ...] = AREAS
) -> Series:
    records = {(area, period): (f"case:{indicator}:{area}:{period}",) for area in areas for period in periods}
    return Series(indicator=indicator, areas=areas, periods=periods, values=values, records=records)


@pytest.fixture
def ladder_proposals() -> tuple[Proposal, ...]:
    pack, found = rules("nanlu-2012")
    values = np.full((5, 16), 4.0)
    values[0, 12:16] = [9, 9, 9, 9]
    values[1:3, 12] = [8, 7]
    return propose(found["N19.ladder"], pack, DAY, [made("N19.key_cases", values, MONTHS[:16])])


def test_a_proposal_has_no_state_but_proposed() -> None:
    names = {field.name for field in dataclasses.fields(Proposal)}
    assert not {
        name for name in names if any(word in name for word in ("appl", "state", "status", "confirm"))
    }
    assert Proposal.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_the_ladder_is_climbed_in_proposals_by_month(ladder_proposals: tuple[Proposal, ...]) -> None:
    of_first = [(each.period, each.consequence) for each in ladder_proposals if each.area == "B1"]
    assert of_first == [
        ("2013-01", "notice"),
        ("2013-02", "rectification"),
        ("2013-03", "yellow_card"),
        ("2013-04", "yellow_card"),
        ("2013-04", "no_excellent"),
    ]


def test_each_proposal_carries_clause_wording_reason_figures_and_records(
    ladder_proposals: tuple[Proposal, ...],
) -> None:
    card = next(each for each in ladder_proposals if each.consequence == "yellow_card")
    assert card.clause == "N19"
    assert card.indicators == ("N19.key_cases",)
    assert "+125.0 %" in card.reason.en
    assert "same month last year" in card.as_read.en
    assert card.met_by_not_recording
    assert {used.period for used in card.inputs} == {
        "2012-01",
        "2012-02",
        "2012-03",
        "2013-01",
        "2013-02",
        "2013-03",
    }
    assert "case:N19.key_cases:B1:2013-03" in card.records
    assert all(used.area == "B1" for used in card.inputs)


def test_a_rise_from_none_is_said_in_words() -> None:
    pack, found = rules("nanlu-2012")
    values = np.zeros((5, 13))
    values[0, 12] = 2.0
    (notice, *_) = propose(found["N19.ladder"], pack, DAY, [made("N19.key_cases", values, MONTHS[:13])])
    assert notice.reason.en.startswith("a rise of from none to some")


def test_rewards_are_proposed_in_yuan() -> None:
    pack, found = rules("nanlu-2012")
    values = np.full((5, 13), 10.0)
    values[:3, 12] = [7, 5, 0]
    paid = propose(found["N20.falls"], pack, DAY, [made("N20.key_cases", values, MONTHS[:13])])
    assert [(each.area, each.yuan) for each in paid] == [("B1", 150.0), ("B2", 270.0), ("B3", 300.0)]
    units = made(
        "N20.courtyards_newly_guarded", np.array([[2.0], [0.0], [0.0], [np.nan], [0.0]]), MONTHS[12:13]
    )
    (setup,) = propose(found["N20.setup"], pack, DAY, [units])
    assert setup.yuan == 600.0
    assert setup.records == ("case:N20.courtyards_newly_guarded:B1:2013-01",)


def test_a_missed_share_names_its_uncertainty() -> None:
    pack, found = rules("nanlu-2012")
    part, whole = (
        made(name, np.array([[value]]), ("2013-12",), ("county",))
        for name, value in (("N7.residents_feeling_safe", 380.0), ("N7.residents_surveyed", 400.0))
    )
    (missed,) = propose(found["N7.safety"], pack, DAY, [part, whole])
    assert missed.consequence == "target_missed"
    assert "95.0 %, where 98 %" in missed.reason.en
    assert len(missed.inputs) == 2


def test_a_missed_fall_rests_on_all_months_to_date() -> None:
    pack, found = rules("lanling-2017")
    values = np.full((1, 14), 100.0)
    day = dt.date(2018, 12, 31)
    missed = propose(
        found["L10.fall"], pack, day, [made("L10.preventable_crimes", values, MONTHS[:14], ("county",))]
    )
    assert [each.period for each in missed] == ["2013-01", "2013-02"]
    assert len(missed[1].inputs) == 4


def test_scores_tie_to_pay_each_month_and_name_the_best_and_the_last_of_the_year() -> None:
    pack, found = rules("district-practice")
    rule = found["E6.classes"]
    rng = np.random.default_rng(1)
    series = [made(each.indicator, rng.random((5, 3)), MONTHS[:3]) for each in rule.inputs]
    proposals = propose(rule, pack, DAY, series)
    kinds = [each.consequence for each in proposals]
    assert kinds.count("pay_linked") == 15
    assert (kinds.count("best_rewarded"), kinds.count("ineligible"), kinds.count("talk")) == (1, 1, 1)
    talk = next(each for each in proposals if each.consequence == "talk")
    assert talk.period == "2012-01/2012-03"
    assert len(talk.indicators) == 6
    assert talk.assesses == "community_officer"


def test_a_veto_and_cards_of_the_year() -> None:
    pack, found = rules("qiubei-2010")
    rule = found["Q13.veto"]
    columns = ([95, 90, 80], [5, 6, 7], [1, 2, 0], [1, 0, 0])
    areas = ("S1", "S2", "S3")
    series = [
        made(each.indicator, np.array([[float(value)] * 2 for value in column]), MONTHS[:2], areas)
        for each, column in zip(rule.inputs, columns, strict=True)
    ]
    found_by = {(each.area, each.consequence) for each in propose(rule, pack, DAY, series)}
    assert found_by == {
        ("S1", "veto"),
        ("S1", "no_excellent"),
        ("S2", "yellow_card"),
        ("S2", "no_excellent"),
        ("S3", "yellow_card"),
        ("S3", "no_excellent"),
    }


def test_series_of_other_indicators_shapes_or_areas_are_refused() -> None:
    pack, found = rules("nanlu-2012")
    with pytest.raises(ValueError, match="worked out from"):
        propose(found["N19.ladder"], pack, DAY, [made("N20.key_cases", np.zeros((5, 13)), MONTHS[:13])])
    with pytest.raises(ValueError, match="expected"):
        made("N19.key_cases", np.zeros((5, 12)), MONTHS[:13])
    other = made("b", np.zeros((1, 1)), ("2012-01",), ("B9",))
    with pytest.raises(ValueError, match="other areas"):
        aligned([made("a", np.zeros((1, 1)), ("2012-01",), ("B1",)), other])
