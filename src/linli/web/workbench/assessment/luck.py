"""What chance alone makes of a pack's rules with this county's own sizes and counts: kept with a version."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from linli.assessment.chance.county import County, by_areas, by_assumption
from linli.assessment.chance.results import Luck, RuleChance
from linli.assessment.chance.simulation import simulate
from linli.assessment.indicators import Results
from linli.assessment.indicators.periods import ReportPeriod
from linli.assessment.rules.model import Area
from linli.assessment.rules.wording import consequence_text
from linli.kernel.errors import LinliError
from linli.kernel.seeds import Seed
from linli.kernel.texts import catalogue
from linli.web.workbench.assessment.packs import Assessed
from linli.web.workbench.assessment.telling import both

__all__ = ["YEARS", "chance_of"]

say = catalogue("linli.web.workbench.assessment")

YEARS: Final = 400
"""Simulated years: a second or two of work, and a share of 32 % to within 0.3 %."""
MOST_AREAS: Final = 400
MONTH: Final = "[0-9]{4}-[0-9]{2}"


def chance_of(
    assessed: Assessed, results: Results, residents: Mapping[Area, Mapping[str, float]], month: ReportPeriod
) -> list[dict[str, Any]]:
    """Every rule with what chance makes of it; empty where nothing can be simulated."""
    if not assessed.scoring.rules or not 2 <= len(residents["beat"]) <= MOST_AREAS:
        return []
    counties: dict[Area, County] = {"beat": _county(assessed, results.frame, residents["beat"], "beat")}
    if len(residents["station"]) > 1:
        counties["station"] = _county(assessed, results.frame, residents["station"], "station")
    try:
        table = simulate(
            assessed.scoring, assessed.pack, counties, on=month.last_day, years=YEARS, seed=Seed(1)
        )
    except LinliError:
        return []
    about = [both(text) for text in table.assumptions]
    return [{**_rule(one), "about": about, "seed": int(table.seed)} for one in table.rules]


def _county(assessed: Assessed, frame: pd.DataFrame, residents: Mapping[str, float], kind: Area) -> County:
    """The areas with their own mean counts a month where rules count anything, else as assumed."""
    for rule in assessed.scoring.rules:
        first = rule.inputs[0]
        rows = frame[(frame["indicator"] == first.indicator) & (frame["area_kind"] == kind)]
        months = rows[rows["period"].astype(str).str.fullmatch(MONTH)]
        if first.form == "count" and first.direction == "lower" and len(months):
            means = months.groupby("area", observed=True)["value"].mean()
            events = {code: float(means.get(code, 0.0) or 0.0) for code in residents}
            if sum(events.values()) > 0 and not any(v != v for v in events.values()):
                return by_areas(residents, events, source=say("chance.own", indicator=first.indicator))
    return by_assumption(residents)


def _rule(one: RuleChance) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "clause": str(one.clause),
        "title": both(one.title),
        "as_read": both(one.as_read),
        "reading": both(one.reading),
        "chosen": one.chosen,
        "areas": one.areas,
        "years": one.years,
        "met_by_not_recording": one.met_by_not_recording,
        "notes": [both(note) for note in one.notes],
        "rows": [_row(row) for row in one.rows],
    }


def _row(row: Luck) -> dict[str, Any]:
    honest = row.honest
    return {
        "consequence": str(row.consequence),
        "title": both(consequence_text(row.consequence)),
        "a_year": row.a_year,
        "some": row.some,
        "change": row.change,
        "percent": row.change_percent,
        "power": row.power,
        "yuan": row.yuan,
        "honest_a_year": None if honest is None else honest.a_year,
        "honest_yuan": None if honest is None else honest.yuan,
        "times_fewer": row.times_fewer,
    }
