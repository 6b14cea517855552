"""What a pack's parts mean together: references, units, periods, bans. Runs after every file was read."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from linli.kernel.errors import Where
from linli.kernel.identifiers import ClauseId
from linli.policy.catalogue import measures
from linli.policy.expression import ExpressionRefused
from linli.policy.figures import work_out
from linli.policy.model import Ban, Check, CheckId, Clause, ClauseStatus, DatedValue, Figure, Pack
from linli.policy.reading.planning_meaning import check_planning
from linli.policy.reading.table import Findings, close_name
from linli.policy.rules import CompiledCheck, compile_check

__all__ = ["check_meaning", "given_later", "with_waits"]

BANNED_KINDS = ("score", "target", "norm")


def given_later(compiled: CompiledCheck) -> tuple[str, ...]:
    """Measures of a check that a plan does not give: the check waits for them."""
    return tuple(name for name in compiled.measures if measures()[name].given_by != "plan")


def with_waits(pack: Pack) -> Pack:
    """The same pack with each clause's ``waits_for`` filled in from the measures of its checks."""
    clauses = {}
    for clause in pack.clauses.values():
        later = (given_later(compile_check(check, pack.values)) for check in clause.checks)
        waits_for = tuple(dict.fromkeys(name for names in later for name in names))
        clauses[clause.id] = replace(clause, waits_for=waits_for)
    return replace(pack, clauses=clauses)


def check_meaning(pack: Pack, findings: Findings) -> None:
    """Add a finding for every part of a pack that contradicts another."""
    _references(pack, findings)
    compiled: dict[CheckId, CompiledCheck] = {}
    for check in pack.checks():
        built = _compiled(pack, check, findings)
        if built is not None:
            compiled[check.id] = built
            _scopes(built, findings)
            _periods(pack, built, findings)
            _banned(pack, built, findings)
    for clause in pack.clauses.values():
        _clause(pack, clause, compiled, findings)
        _readings(clause, compiled, findings)
    for figure in pack.figures:
        _figure(figure, findings)
    check_planning(pack, findings)
    _ban_measures(pack, findings)
    _cases(pack, compiled, findings)


def _compiled(pack: Pack, check: Check, findings: Findings) -> CompiledCheck | None:
    try:
        return compile_check(check, pack.values)
    except ExpressionRefused as refusal:
        findings.refused(Where("clauses.toml", key=f"{check.id}.rule"), refusal)
        return None


def _references(pack: Pack, findings: Findings) -> None:
    for where, clause in _cited(pack):
        if clause not in pack.clauses:
            _unknown(findings, "clause.unknown", where, clause, pack.clauses)


def _cited(pack: Pack) -> Iterator[tuple[Where, ClauseId]]:
    for value in pack.values.values():
        yield Where("values.toml", key=f"{value.id}.clause"), value.clause
    for figure in pack.figures:
        yield Where("figures.toml", key=f"{figure.id}.clause"), figure.clause
    for declined in pack.clauses.values():
        for limit in declined.limits:
            yield Where("declined.toml", key=f"{declined.id}.limits"), limit
    rules = pack.planning
    yield Where("planning.toml", key="workload.clause"), rules.workload.clause
    clauses = [rule.clause for rule in rules.beats] + [post.clause for post in rules.posts]
    for clause in clauses + [norm.clause for norm in rules.staffing]:
        yield Where("planning.toml", key="clause"), clause


def _unknown(findings: Findings, kind: str, where: Where, given: str, known: Iterable[str]) -> None:
    close = close_name(given, list(known))
    findings.add(kind if close is None else f"{kind}_close", where, given, close=close)


def _clause(pack: Pack, clause: Clause, compiled: dict[CheckId, CompiledCheck], findings: Findings) -> None:
    if clause.status == "declined":
        if not clause.limits:
            findings.add("clause.no_limits", Where("declined.toml", key=f"{clause.id}.limits"), None)
        return
    where = Where("clauses.toml", key=str(clause.id))
    figures = any(figure.clause == clause.id for figure in pack.figures)
    ids = [check.id for check in clause.checks]
    named = [*map(str, ids), *(str(figure.id) for figure in pack.figures if figure.clause == clause.id)]
    for twice in dict.fromkeys(name for name in named if named.count(name) > 1):
        findings.add("check.twice", where, twice)
    built = [compiled[name] for name in ids if name in compiled]
    if not figures and not ids:
        findings.add("clause.no_check", where, None)
    elif len(built) == len(ids):
        answered: ClauseStatus = "waiting"
        if figures or any(not given_later(check) for check in built):
            answered = "evaluated"
        if clause.status != answered:
            key = Where("clauses.toml", key=f"{clause.id}.status")
            findings.add("clause.status", key, clause.status, answered=answered)


def _readings(clause: Clause, compiled: dict[CheckId, CompiledCheck], findings: Findings) -> None:
    """Every option's measures exist, and the clause's rules use those of the chosen one."""
    used = {name for check in clause.checks if check.id in compiled for name in compiled[check.id].measures}
    for reading in clause.readings:
        where = Where("clauses.toml", key=reading.id)
        for option in reading.options:
            for name in option.measures:
                if name not in measures():
                    _unknown(findings, "reading.measure", where, name, measures())
        for name in reading.option().measures:
            if name in measures() and name not in used:
                findings.add("reading.not_used", where, name, chosen=reading.chosen)


def _scopes(compiled: CompiledCheck, findings: Findings) -> None:
    check = compiled.check
    for name in compiled.measures:
        scopes = measures()[name].scopes
        if check.scope not in scopes:
            where = Where("clauses.toml", key=f"{check.id}.scope")
            findings.add("check.scope", where, check.scope, measure=name, scopes=", ".join(sorted(scopes)))


def _periods(pack: Pack, compiled: CompiledCheck, findings: Findings) -> None:
    check = compiled.check
    for name in compiled.values:
        day = _first_day_without(pack.values[name], check.start, check.end)
        if day is not None:
            where = Where("values.toml", key=f"{name}.values")
            findings.add("value.not_in_force", where, None, day=day, check=check.id)


def _first_day_without(value: DatedValue, start: dt.date, end: dt.date | None) -> dt.date | None:
    """The first day of a period on which a value has no entry; ``None`` where it always has one."""
    day = start
    for entry in value.entries:
        if entry.start <= day and (entry.end is None or day <= entry.end):
            if entry.end is None:
                return None
            day = entry.end + dt.timedelta(days=1)
    return None if end is not None and day > end else day


def _banned(pack: Pack, compiled: CompiledCheck, findings: Findings) -> None:
    clause = pack.clauses[compiled.check.clause]
    for ban in _bans(pack):
        used = sorted(ban.measures & set(compiled.measures))
        judged = compiled.check.assesses == ban.role or _about(ban, compiled)
        if used and judged and clause.kind in BANNED_KINDS:
            where = Where("clauses.toml", key=f"{compiled.check.id}.rule")
            findings.add("ban.broken", where, compiled.check.rule, clause=ban.clause, measure=used[0])


def _about(ban: Ban, compiled: CompiledCheck) -> bool:
    """A rule that names the role's own people judges them even without ``assesses``."""
    return f"{ban.role}s" in compiled.measures


def _bans(pack: Pack) -> Iterator[Ban]:
    for clause in pack.clauses.values():
        yield from clause.bans


def _ban_measures(pack: Pack, findings: Findings) -> None:
    for ban in _bans(pack):
        where = Where("clauses.toml", key=f"{ban.clause}.bans")
        if not ban.measures:
            findings.add("ban.empty", where, None)
        for name in sorted(ban.measures - measures().keys()):
            _unknown(findings, "reading.measure", where, name, measures())


def _figure(figure: Figure, findings: Findings) -> None:
    where = Where("figures.toml", key=str(figure.id))
    try:
        result = work_out(figure)
    except ExpressionRefused as refusal:
        findings.refused(where, refusal)
        return
    if result != figure.computed:
        shown = None if result is None else f"{result:g}"
        findings.add("figure.computed", where, f"{figure.computed:g}", result=shown)


def _cases(pack: Pack, compiled: dict[CheckId, CompiledCheck], findings: Findings) -> None:
    ids = {str(check.id) for check in pack.checks()}
    for case in pack.cases:
        where = Where(case.file, row=case.number, key=str(case.check))
        if case.check not in ids:
            _unknown(findings, "case.check", where, case.check, ids)
        elif case.check in compiled:
            for name in case.given:
                if name not in compiled[case.check].measures:
                    _unknown(findings, "case.measure", where, name, compiled[case.check].measures)
    for value_case in pack.value_cases:
        where = Where(value_case.file, row=value_case.number, key=str(value_case.value))
        if value_case.value not in pack.values:
            _unknown(findings, "case.value", where, value_case.value, pack.values)
    covered = {case.check for case in pack.cases}
    for check in pack.checks():
        if check.id not in covered:
            findings.add("check.no_case", Where("clauses.toml", key=str(check.id)), None)
