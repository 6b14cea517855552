"""Chance beside the clauses: on the page, in the workbook, as files; and the county it is simulated for."""

import datetime as dt
import json
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from linli.assessment.chance.results import ChanceTable
from linli.assessment.rules.loading import load_scoring
from linli.assessment.rules.model import Scoring
from linli.kernel.errors import LinliError
from linli.kernel.identifiers import ClauseId, PlaceCode
from linli.planning.deployment import Deployment
from linli.policy.loading import load_pack, shipped_packs
from linli.report.chance import chance_sheet, chance_view, rule_tables
from linli.report.chance_files import write_chance
from linli.report.counties import Rates, counties_of
from linli.report.page import render_page
from linli.report.planned_chance import chance_of_plan
from linli.report.shapes import work_out_shapes
from linli.report.workbook import write_workbook
from linli.territory.model import Incident, Territory
from report.synthetic import synthetic_plan

FOLDER = shipped_packs() / "nanlu-2012"
PACK = load_pack(FOLDER)
SCORING = load_scoring(FOLDER, PACK)


@pytest.fixture(scope="module")
def plan() -> tuple[Deployment, Territory]:
    return synthetic_plan()


@pytest.fixture(scope="module")
def table(plan: tuple[Deployment, Territory]) -> ChanceTable:
    found = chance_of_plan(*plan, PACK, SCORING)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def page(plan: tuple[Deployment, Territory], table: ChanceTable) -> str:
    """The synthetic plan's clause stands in for N19."""
    rules = tuple(replace(rule, clause=ClauseId("X-1")) for rule in table.rules)
    return render_page(plan[0], work_out_shapes(*plan), chance=replace(table, rules=rules))


def test_a_plan_gets_the_same_table_every_time(
    plan: tuple[Deployment, Territory], table: ChanceTable
) -> None:
    assert chance_of_plan(*plan, PACK, SCORING) == table
    assert table.areas == len(plan[0].beats)
    assert table.on == plan[0].pack.on


def test_the_page_shows_the_table_beside_the_clause_in_both_languages(page: str) -> None:
    clause = page[page.index('id="clause-X-1"') :]
    clause = clause[: clause.index("</article>")]
    for text in ("随机波动会造成什么", "What chance alone would do", "规则读作", "黄牌", "yellow card"):
        assert text in clause
    for text in ("（合成）", "synthetic", "少登记也能达到", "can be met by not recording"):
        assert text in clause
    assert "方案包所选" in clause
    assert 'id="method-chance"' in page


def test_a_page_without_scoring_rules_says_nothing_of_chance(plan: tuple[Deployment, Territory]) -> None:
    shown = render_page(plan[0], work_out_shapes(*plan))
    assert "What chance alone would do" not in shown
    assert 'id="method-chance"' not in shown


def test_the_workbook_has_a_sheet_of_it(
    plan: tuple[Deployment, Territory], table: ChanceTable, tmp_path: Path
) -> None:
    write_workbook(plan[0], tmp_path / "plan.xlsx", from_points=False, chance=table)
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    sheet = book["随机波动 Chance"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert len(rows) == len(chance_sheet(table).rows)
    assert {row[0] for row in rows} == {"N7", "N19", "N20"}
    assert all(isinstance(row[4], int | float) for row in rows)


def test_tables_leave_empty_columns_out_and_group_rows_by_reading(table: ChanceTable) -> None:
    (ladder,) = rule_tables(table)[ClauseId("N19")]
    keys = [column.key for column in ladder.table.columns]
    assert "yuan" not in keys
    assert "reading" not in keys
    assert [len(rows) for _, rows in ladder.groups] == [4, 4, 4]
    assert sum(len(rows) for _, rows in ladder.groups) == len(ladder.table.rows)
    falls, setup = rule_tables(table)[ClauseId("N20")]
    assert "yuan" in [column.key for column in falls.table.columns]
    assert setup.table.rows == ()
    assert chance_view(None) is None


def test_the_files_say_that_they_are_synthetic_and_are_the_same_twice(
    table: ChanceTable, plan: tuple[Deployment, Territory], tmp_path: Path
) -> None:
    written = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        names = write_chance(table, tmp_path / name, territory=plan[1].name)
        written.append([(tmp_path / name / file).read_bytes() for file in names])
    assert written[0] == written[1]
    assert all("synthetic" in name for name in names)
    content = json.loads(written[0][1])
    assert (content["format"], content["synthetic"]) == ("linli-chance/1", True)
    assert content["rules"][0]["rows"][0]["consequence"] == "notice"
    titles = openpyxl.load_workbook(tmp_path / "a" / names[0]).sheetnames
    assert [title.split(" ")[0] for title in titles] == ["随机波动", "来源与方法"]


def test_a_plan_of_one_beat_or_a_pack_without_rules_gets_no_table(plan: tuple[Deployment, Territory]) -> None:
    one = replace(plan[0], beats=plan[0].beats[:1])
    assert chance_of_plan(one, plan[1], PACK, SCORING) is None
    assert chance_of_plan(*plan, PACK, Scoring(pack=PACK.id, rules=(), digest="")) is None


def test_the_county_is_cut_into_the_plans_beats_and_stations(plan: tuple[Deployment, Territory]) -> None:
    deployment, territory = plan
    counties = counties_of(territory, deployment)
    assert counties["beat"].areas == tuple(beat.id for beat in deployment.beats)
    assert len(counties["station"].areas) == 3
    assert counties["station"].monthly.sum() == pytest.approx(counties["beat"].monthly.sum())
    units = counties_of(territory)
    assert len(units["beat"].areas) == len(territory.places)
    assert "assumed" in units["beat"].source.en


def test_a_rate_by_residents_and_events_by_area(plan: tuple[Deployment, Territory]) -> None:
    deployment, territory = plan
    by_rate = counties_of(territory, deployment, Rates(per_thousand=2.0))["beat"]
    assert by_rate.monthly == pytest.approx(by_rate.residents * 0.002)
    events = {str(beat.id): float(number) for number, beat in enumerate(deployment.beats)}
    given = counties_of(territory, deployment, Rates(events=events))["beat"]
    assert given.monthly.tolist() == list(events.values())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"B00000": None}, "leaves out 1"),
        ({"B99999": 1.0}, "not known"),
    ],
)
def test_events_of_other_areas_are_refused(
    plan: tuple[Deployment, Territory], change: dict[str, float | None], sentence: str
) -> None:
    events = {str(beat.id): 1.0 for beat in plan[0].beats}
    for code, value in change.items():
        if value is None:
            del events[code]
        else:
            events[code] = value
    with pytest.raises(LinliError, match=sentence):
        counties_of(plan[1], plan[0], Rates(events=events))


def test_what_cannot_be_simulated_is_refused_with_a_sentence(plan: tuple[Deployment, Territory]) -> None:
    deployment, territory = plan
    nothing = {str(beat.id): 0.0 for beat in deployment.beats}
    with pytest.raises(LinliError, match="all events are 0"):
        counties_of(territory, deployment, Rates(events=nothing))
    unknown = replace(territory, places=tuple(replace(place, residents=None) for place in territory.places))
    with pytest.raises(LinliError, match="residents"):
        counties_of(unknown, rates=Rates(per_thousand=1.0))
    assert "are not known" in counties_of(unknown)["beat"].source.en
    with pytest.raises(LinliError, match="two areas"):
        counties_of(replace(territory, places=territory.places[:1]))


def test_incidents_of_the_territory_give_its_rates(plan: tuple[Deployment, Territory]) -> None:
    deployment, territory = plan
    first, second = (beat.places[0] for beat in deployment.beats[:2])
    incidents = (
        Incident(day=dt.date(2017, 1, 1), category="theft", count=24, place=first),
        Incident(day=dt.date(2017, 12, 31), category="theft", count=12, place=second),
        Incident(day=dt.date(2017, 6, 1), category="theft", place=PlaceCode("elsewhere")),
        Incident(day=dt.date(2017, 6, 1), category="theft"),
    )
    county = counties_of(replace(territory, incidents=incidents), deployment)["beat"]
    assert county.monthly[:2] == pytest.approx([2.0, 1.0], rel=0.01)
    assert "incidents in the territory" in county.source.en
    assert re.search("警情", county.source.zh)
