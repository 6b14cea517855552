"""What the pack's rules ask of whom by when, worked out from the figures; all of it no more than proposed."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from linli.assessment.indicators import Definition, period
from linli.assessment.rules.comparing import YEAR
from linli.assessment.rules.ladder import ladder_on
from linli.assessment.rules.loading import load_scoring
from linli.assessment.rules.model import RuleKind, ScoringRule
from linli.assessment.rules.proposals import Proposal, Series
from linli.assessment.rules.proposing import propose
from linli.assessment.rules.wording import consequence_text
from linli.kernel.errors import LinliError
from linli.kernel.texts import Text, catalogue
from linli.policy.model import Pack
from linli.report.bulletin.content import Demand
from linli.report.bulletin.gathering import Told, token_for

__all__ = ["demands_of"]

say = catalogue(__package__)

YEAR_BEFORE: Final[frozenset[RuleKind]] = frozenset({"rising_ranks", "fall_rewards", "fall_target"})
"""Rules that hold counts against those of a year before."""
UNSERVED: Final = frozenset({"reward", "pay_linked", "best_rewarded", "selected"})
"""Consequences that ask nothing of anybody: money and praise are no demands."""


def demands_of(
    frame: pd.DataFrame,
    definitions: Mapping[str, Definition],
    folder: Path | None,
    pack: Pack | None,
    token: str,
    told: Told,
) -> tuple[tuple[Demand, ...], tuple[Text, ...]]:
    """The demands of a month by clause and area, and which rules could not be worked out and why.

    Parameters
    ----------
    folder, pack : Path, Pack, optional
        The pack and its folder; without them there are no rules.
    token : str
        A month; rules are worked out month by month, so that other periods have no demands.
    """
    if folder is None or pack is None or token_for("month", token) is None:
        return (), ()
    demands: list[Demand] = []
    notes: list[Text] = []
    for rule in load_scoring(folder, pack).rules:
        try:
            demands += _of_rule(rule, frame, definitions, pack, token, told)
        except LinliError as refusal:
            notes.append(say("rule.not_run", rule=rule.title, why=refusal.text))
    return tuple(demands), tuple(notes)


def _of_rule(
    rule: ScoringRule,
    frame: pd.DataFrame,
    definitions: Mapping[str, Definition],
    pack: Pack,
    token: str,
    told: Told,
) -> Iterator[Demand]:
    tokens = _tokens(rule, definitions, token)
    if not tokens:
        return
    series = _series(rule, frame, tokens)
    for proposal in propose(rule, pack, period(token).last_day, series):
        of_year = "/" in proposal.period
        ends = proposal.period.rpartition("/")[2] == tokens[-1] and (not of_year or token.endswith("-12"))
        if ends and proposal.consequence not in UNSERVED:
            yield _demand(rule, proposal, pack, token, told)


def _demand(rule: ScoringRule, proposal: Proposal, pack: Pack, token: str, told: Told) -> Demand:
    return Demand(
        clause=str(proposal.clause),
        rule=rule.title,
        as_read=proposal.as_read,
        what=consequence_text(proposal.consequence),
        who=told.name(proposal.area),
        period=proposal.period,
        reason=proposal.reason,
        due=_due(rule, proposal, pack, token),
        by_silence=proposal.met_by_not_recording,
    )


def _due(rule: ScoringRule, proposal: Proposal, pack: Pack, token: str) -> dt.date | None:
    """The day by which a rectification ends; no rule gives a day for anything else."""
    if rule.kind != "rising_ranks" or proposal.consequence not in ("rectification", "yellow_card"):
        return None
    month = period(token).last + ladder_on(rule, pack, period(token).last_day).rectification_period
    return period(f"{month // 12}-{month % 12 + 1:02}").last_day


def _tokens(rule: ScoringRule, definitions: Mapping[str, Definition], token: str) -> tuple[str, ...]:
    """The periods that a rule looks at; none where its figures are of quarters or years and none ends now."""
    missing = [each.indicator for each in rule.inputs if each.indicator not in definitions]
    if missing:
        raise LinliError(say("rule.no_indicator", indicator=missing[0]))
    lengths = {definitions[each.indicator].indicator.period for each in rule.inputs}
    for length in ("year", "quarter"):
        if length in lengths:
            last = token_for(length, token)
            if last is None:
                return ()
            return (
                (last,) if length == "year" else tuple(f"{last[:6]}{n}" for n in range(1, int(last[6]) + 1))
            )
    month = period(token)
    first = month.january - (YEAR if rule.kind in YEAR_BEFORE else 0)
    return tuple(f"{n // 12}-{n % 12 + 1:02}" for n in range(first, month.first + 1))


def _series(rule: ScoringRule, frame: pd.DataFrame, tokens: Sequence[str]) -> list[Series]:
    tables = []
    for each in rule.inputs:
        chosen = (frame["indicator"] == each.indicator) & (frame["area_kind"] == rule.area)
        rows = frame[chosen].assign(period=lambda found: found["period"].astype(str))
        rows = rows.assign(area=rows["area"].astype(str))
        gone = sorted(set(tokens) - set(rows["period"]))
        if gone:
            raise LinliError(say("rule.no_period", period=gone[0], indicator=each.indicator))
        values = rows.pivot_table(
            index="area", columns="period", values="value", aggfunc="first", dropna=False
        )
        tables.append(values.reindex(columns=list(tokens)))
    areas = sorted(set().union(*(table.index for table in tables)))
    arrays = [table.reindex(areas).to_numpy(dtype=np.float64) for table in tables]
    if rule.kind == "share_target":
        # The rule divides a part by a whole; the figure of the survey is the share itself, in percent.
        arrays[0] = arrays[0] * arrays[1] / 100.0
    return [
        Series(indicator=each.indicator, areas=tuple(areas), periods=tuple(tokens), values=values)
        for each, values in zip(rule.inputs, arrays, strict=True)
    ]
