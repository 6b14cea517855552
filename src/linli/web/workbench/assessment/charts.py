"""What the charts are given: the same numbers as the tables beside them."""

from collections.abc import Mapping, Sequence
from typing import Any

from linli.web.foundation.screens.wording import phrase, said
from linli.web.workbench.assessment.comparing import Funnel, League, RunChart

__all__ = ["funnel_data", "league_data", "run_data"]


def _say(key: str, **values: object) -> str:
    return said(phrase(f"assessment:{key}", **values))


def league_data(league: League, names: Sequence[str]) -> dict[str, Any]:
    """Places as dots with their intervals; place 1 is the highest rate."""
    return {
        "kind": "interval",
        "horizontal": True,
        "categories": list(names),
        "unit": _say("league.place"),
        "series": [
            {
                "name": _say("league.expected"),
                "values": [row.place for row in league.rows],
                "low": [row.low for row in league.rows],
                "high": [row.high for row in league.rows],
                "tone": "info",
            }
        ],
        "target": {"name": _say("league.middle"), "value": (league.areas + 1) / 2},
        "description": _say("league.described", areas=league.areas),
    }


def funnel_data(funnel: Funnel, names: Mapping[str, str]) -> dict[str, Any]:
    """Counts over what was expected, between the limits of chance."""
    rows = funnel.rows
    plain = [row.count if row.flag in ("ordinary", "cannot_tell") else None for row in rows]
    apart = [row.count if row.flag in ("high", "low") else None for row in rows]
    return {
        "kind": "funnel",
        "categories": [names[row.area] for row in rows],
        "x": [round(row.expected, 2) for row in rows],
        "x_name": _say("funnel.expected"),
        "unit": _say("funnel.count"),
        "series": [
            {
                "name": _say("funnel.within"),
                "values": plain,
                "low": [row.low for row in rows],
                "high": [row.high for row in rows],
                "tone": "info",
            },
            {"name": _say("funnel.outside"), "values": apart, "tone": "danger"},
        ],
        "description": _say("funnel.described", areas=len(rows)),
    }


def run_data(run: RunChart, unit: str) -> dict[str, Any]:
    """A series with its centre and limits."""
    chart = run.chart

    def rounded(values: Any) -> list[float | None]:
        return [None if value != value else round(float(value), 3) for value in values]

    return {
        "kind": "line",
        "categories": list(run.tokens),
        "unit": unit,
        "series": [
            {"name": _say("run.value"), "values": rounded(chart.values), "tone": "info"},
            {"name": _say("run.centre"), "values": rounded(chart.centre), "tone": "neutral"},
            {"name": _say("run.low"), "values": rounded(chart.low), "tone": "warning"},
            {"name": _say("run.high"), "values": rounded(chart.high), "tone": "warning"},
        ],
        "description": _say("run.described", count=len(run.tokens)),
    }
