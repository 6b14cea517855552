"""Each clause of a pack evaluated on the deployment, and each published figure worked out again.

Works from the deployment and the pack alone, so that ``linli deployment check --pack`` can repeat it.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from linli.kernel.texts import Text, catalogue
from linli.planning.deployment import CheckStatus, ClauseCheck, Deployment, InputValue
from linli.planning.evaluation.columns import Columns
from linli.policy.catalogue import measures
from linli.policy.expression import compile_expression, names_in
from linli.policy.expression.tree import Comparison, Expression
from linli.policy.model import Check, Clause, Figure, Measure, Pack
from linli.policy.rules import Column, CompiledCheck, Outcome, compile_check, known_names, run_check

__all__ = ["MOST_FAILING", "clause_checks"]

say = catalogue("linli.planning.evaluation")

MOST_FAILING = 20
NOT_ADDED = frozenset({"min", "%"})
"""Units of journeys and shares, which mean nothing when added up over rows."""


def clause_checks(deployment: Deployment, pack: Pack, on: dt.date) -> tuple[ClauseCheck, ...]:
    """All checks and figures of all clauses, in the pack's order; declined ones are named too."""
    columns = Columns(deployment)
    return tuple(row for clause in pack.clauses.values() for row in _of_clause(clause, columns, pack, on))


def _of_clause(clause: Clause, columns: Columns, pack: Pack, on: dt.date) -> Iterator[ClauseCheck]:
    if clause.status == "declined":
        yield _without_rows(clause, "declined", _declined_note(clause))
        return
    figures = [figure for figure in pack.figures if figure.clause == clause.id]
    for check in clause.checks:
        yield _checked(clause, check, columns, pack, on)
    for figure in figures:
        yield _figure(clause, figure)
    if not clause.checks and not figures:
        yield _without_rows(clause, "waiting", _waiting_note(clause.waits_for))


def _declined_note(clause: Clause) -> Text | None:
    if clause.reason is None:
        return None
    instead = clause.instead or Text(zh="", en="")
    return say("note.declined", reason=clause.reason, instead=instead)


def _waiting_note(names: tuple[str, ...]) -> Text:
    titles = [measures()[name].title for name in names if name in measures()]
    if not titles:
        return say("note.waiting")
    listed = Text(zh="、".join(t.zh for t in titles), en=", ".join(t.en for t in titles))
    return say("note.waiting_for", names=listed)


def _without_rows(clause: Clause, status: CheckStatus, note: Text | None) -> ClauseCheck:
    return ClauseCheck(
        clause=clause.id,
        kind=clause.kind,
        title=clause.title,
        scope="territory",
        status=status,
        rows=0,
        met=0,
        not_met=0,
        unknown=0,
        value=None,
        threshold=None,
        unit=None,
        formula=None,
        inputs=(),
        failing=(),
        note=note,
        id=str(clause.id),
    )


def _checked(clause: Clause, check: Check, columns: Columns, pack: Pack, on: dt.date) -> ClauseCheck:
    compiled = compile_check(check, pack.values)
    ids = columns.ids(check.scope)
    given = {name: columns.get(check.scope, name) for name in compiled.measures}
    known: dict[str, Column] = {name: column for name, column in given.items() if column is not None}
    outcome = run_check(compiled, pack.values, on=on, columns=known, rows=len(ids))
    later = tuple(name for name in compiled.measures if measures()[name].given_by != "plan")
    status = _status(outcome, later)
    failing = np.sort(np.concatenate([outcome.rows("not_met"), outcome.rows("not_yet_due")]))
    side = _sides(compiled, known, pack, on, len(ids))
    return ClauseCheck(
        clause=clause.id,
        kind=clause.kind,
        title=check.title,
        scope=check.scope,
        status=status,
        rows=len(ids),
        met=outcome.count("met"),
        not_met=len(failing),
        unknown=outcome.count("unknown"),
        value=side.value,
        threshold=side.threshold,
        unit=side.unit,
        formula=check.rule if check.applies is None else f"{check.rule}  if  {check.applies}",
        inputs=tuple(_inputs(compiled, known, pack, on, len(ids))),
        failing=tuple(ids[row] for row in failing[:MOST_FAILING]),
        note=_note(check, outcome, status, later),
        id=str(check.id),
    )


def _status(outcome: Outcome, later: tuple[str, ...]) -> CheckStatus:
    """The worst answer of any row; unknown for want of a later record is waiting."""
    if outcome.count("not_met"):
        return "not_met"
    if outcome.count("not_yet_due"):
        return "not_yet_due"
    if outcome.count("unknown"):
        return "waiting" if later else "unknown"
    return "met" if outcome.count("met") else "not_applicable"


def _note(check: Check, outcome: Outcome, status: CheckStatus, later: tuple[str, ...]) -> Text | None:
    if outcome.count("not_in_force"):
        return say("note.not_in_force", start=check.start)
    if status == "waiting":
        return _waiting_note(later)
    if status == "not_yet_due":
        return say("note.not_yet_due", due=str(check.due))
    return None


@dataclass(frozen=True)
class _Sides:
    """The two sides of a rule that is one comparison, as far as each is one number."""

    value: float | None = None
    threshold: float | None = None
    unit: str | None = None


def _sides(compiled: CompiledCheck, known: dict[str, Column], pack: Pack, on: dt.date, rows: int) -> _Sides:
    rule = compiled.rule.expression
    if not isinstance(rule, Comparison) or len(rule.operands) != 2:
        return _Sides()
    left, right = rule.operands
    program = compile_expression(left, known_names(pack.values))
    unit = None if program.unit is None else str(program.unit)
    value = _one_number(left, known, pack, on) if rows == 1 else None
    constant = all(name in pack.values for name in names_in(right))
    threshold = _one_number(right, known, pack, on) if constant or rows == 1 else None
    return _Sides(value, None if threshold is None else threshold * _factor(left, right, pack), unit)


def _factor(left: Expression, right: Expression, pack: Pack) -> float:
    """What turns the right side's unit into the left side's; 1 for a written zero, which has none."""
    names = known_names(pack.values)
    units = [compile_expression(side, names).unit for side in (left, right)]
    if units[0] is None or units[1] is None or not units[1].same_dimension(units[0]):
        return 1.0
    return float(units[1].per(units[0]))


def _one_number(expression: Expression, known: dict[str, Column], pack: Pack, on: dt.date) -> float | None:
    compiled = compile_expression(expression, known_names(pack.values))
    missing: Column = np.full(1, np.nan)
    frame = {
        name: _dated(pack, name, on) if name in pack.values else known.get(name, missing)
        for name in compiled.names
    }
    number = float(np.ravel(compiled.numbers(frame))[0])
    return None if np.isnan(number) else number


def _dated(pack: Pack, name: str, on: dt.date) -> Column:
    number = next(value for key, value in pack.values.items() if key == name).on(on)
    return np.full(1, np.nan if number is None else number)


def _inputs(
    compiled: CompiledCheck, known: dict[str, Column], pack: Pack, on: dt.date, rows: int
) -> Iterator[InputValue]:
    """The pack's values of the day, and each measure: its one number, or what sums its rows up."""
    for name in compiled.values:
        value = pack.values[name]
        yield InputValue(
            name=name,
            title=value.title,
            value=value.on(on),
            unit=str(value.unit),
            source=say("source.value", clause=value.clause),
        )
    for measure in compiled.measures:
        yield _measured(measures()[measure], known.get(measure), rows)


def _measured(about: Measure, column: Column | None, rows: int) -> InputValue:
    key = _sum_up(about, rows)
    number = None if column is None or not rows else float(column.mean() if key == "mean" else column.sum())
    return InputValue(
        name=about.id,
        title=about.title,
        value=None if number is None or np.isnan(number) else number,
        unit="" if key == "yes" else "yes/no" if about.unit is None else str(about.unit),
        source=say(f"source.measure_{key}", source=about.source, rows=rows),
    )


def _sum_up(about: Measure, rows: int) -> Literal["one", "yes", "mean", "total"]:
    """Counts add up over rows; times and shares do not, so their mean is shown."""
    if rows == 1:
        return "one"
    if about.unit is None:
        return "yes"
    return "mean" if str(about.unit) in NOT_ADDED or "/" in str(about.unit) else "total"


def _figure(clause: Clause, figure: Figure) -> ClauseCheck:
    """A published figure worked out again: it judges the source's arithmetic, not the plan."""
    agrees = figure.agrees
    status: CheckStatus = "worked_out" if agrees is None else "reproduced" if agrees else "differs"
    return replace(
        _without_rows(clause, status, None),
        kind="figure",
        title=figure.title,
        value=figure.computed,
        threshold=figure.stated,
        unit=str(figure.unit),
        formula=figure.expression,
        inputs=tuple(
            InputValue(
                name=i.name,
                title=i.title,
                value=i.value,
                unit=str(i.unit),
                source=say("source.figure", clause=clause.id),
            )
            for i in figure.inputs
        ),
        note=figure.note if figure.note is not None or agrees is not None else say("note.figure_implied"),
        id=str(figure.id),
    )
