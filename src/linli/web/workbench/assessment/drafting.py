"""From a version's figures to what the rules propose of them, each with an honest reading beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from linli.assessment.indicators import Results
from linli.assessment.indicators.periods import ReportPeriod
from linli.assessment.rules.model import RuleKind, ScoringRule
from linli.assessment.rules.proposals import Proposal, Series
from linli.assessment.rules.proposing import propose
from linli.kernel.errors import LinliError
from linli.kernel.texts import Text, catalogue
from linli.web.workbench.assessment.honest import Honest, of_counts, of_items
from linli.web.workbench.assessment.packs import Assessed

__all__ = ["Draft", "Drafted", "draft", "kept_inputs"]

say = catalogue("linli.web.workbench.assessment")

YEAR_BEFORE: Final[frozenset[RuleKind]] = frozenset({"rising_ranks", "fall_rewards", "fall_target"})
"""Rules that hold counts against those of a year before."""


@dataclass(frozen=True)
class Draft:
    """One proposal of a rule, and what can honestly be said of the same figures."""

    rule: ScoringRule
    proposal: Proposal
    token: str
    honest: Honest
    records: dict[tuple[str, str], int]
    """How many records each of its figures counts, by indicator and period."""


@dataclass(frozen=True)
class Drafted:
    """Everything that the rules propose of a month, and which rules could not be worked out and why."""

    drafts: tuple[Draft, ...]
    notes: tuple[Text, ...]


def draft(assessed: Assessed, results: Results, residents: dict[str, float], month: ReportPeriod) -> Drafted:
    """Run every rule of a pack for one month; one that lacks figures is noted and left out."""
    drafts: list[Draft] = []
    notes: list[Text] = []
    for rule in assessed.scoring.rules:
        try:
            drafts += _of_rule(rule, assessed, results, residents, month)
        except LinliError as refusal:
            notes.append(say("draft.not_run", rule=rule.title, why=refusal.text))
    return Drafted(tuple(drafts), tuple(notes))


def _of_rule(
    rule: ScoringRule, assessed: Assessed, results: Results, residents: dict[str, float], month: ReportPeriod
) -> Iterator[Draft]:
    tokens = _tokens(rule, results, month)
    if not tokens:
        return
    series = _series(rule, results.frame, tokens)
    for proposal in propose(rule, assessed.pack, month.last_day, series):
        token = proposal.period.rpartition("/")[2]
        whole_year = "/" in proposal.period
        if token != tokens[-1] or (whole_year and month.first % 12 != 11):
            continue
        if rule.kind in YEAR_BEFORE and len(series[0].areas) > 1:
            honest = of_counts(series[0], proposal.area, residents)
        else:
            honest = of_items(rule, results, proposal.area, tokens[-1])
        yield Draft(rule, proposal, token, honest, _records(proposal, results.frame))


def _tokens(rule: ScoringRule, results: Results, month: ReportPeriod) -> tuple[str, ...]:
    """The periods that a rule looks at; none where its figures are of quarters and none ends now."""
    for each in rule.inputs:
        if each.indicator not in results.definitions:
            raise LinliError(say("draft.no_indicator", indicator=each.indicator))
    lengths = {results.definitions[each.indicator].indicator.period for each in rule.inputs}
    if "year" in lengths:
        return (month.token[:4],) if month.first % 12 == 11 else ()
    if "quarter" in lengths:
        last = month.first % 12 // 3 + 1
        ends = month.first % 3 == 2
        return tuple(f"{month.token[:4]}-Q{n}" for n in range(1, last + 1)) if ends else ()
    first = month.january - (12 if rule.kind in YEAR_BEFORE else 0)
    return tuple(f"{n // 12}-{n % 12 + 1:02}" for n in range(first, month.first + 1))


def _series(rule: ScoringRule, frame: pd.DataFrame, tokens: Sequence[str]) -> list[Series]:
    tables = []
    for each in rule.inputs:
        rows = frame[(frame["indicator"] == each.indicator) & (frame["area_kind"] == rule.area)]
        values = rows.assign(period=rows["period"].astype(str)).pivot_table(
            index="area", columns="period", values="value", aggfunc="first", dropna=False
        )
        tables.append(values.reindex(columns=list(tokens)))
    areas = sorted(set().union(*(table.index for table in tables)))
    if not areas:
        raise LinliError(say("draft.no_areas", area=rule.area))
    arrays = [table.reindex(areas).to_numpy(dtype=np.float64) for table in tables]
    if rule.kind == "share_target":
        # The rule divides a part by a whole; the survey's figure is the share itself, in percent.
        arrays[0] = arrays[0] * arrays[1] / 100.0
    return [
        Series(indicator=each.indicator, areas=tuple(areas), periods=tuple(tokens), values=values)
        for each, values in zip(rule.inputs, arrays, strict=True)
    ]


def _records(proposal: Proposal, frame: pd.DataFrame) -> dict[tuple[str, str], int]:
    rows = frame[(frame["area"] == proposal.area) & frame["indicator"].isin(proposal.indicators)]
    return {(str(r.indicator), str(r.period)): int(r.records) for r in rows.itertuples(index=False)}


def kept_inputs(one: Draft) -> list[dict[str, Any]]:
    """The figures of a proposal as they are kept with a consequence."""
    return [
        {
            "indicator": used.indicator,
            "period": used.period,
            "value": used.value,
            "records": one.records.get((used.indicator, used.period), 0),
        }
        for used in one.proposal.inputs
    ]
