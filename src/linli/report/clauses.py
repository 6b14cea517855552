"""Clauses as the page and the PDF list them: each once, with every check made of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from linli.kernel.identifiers import ClauseId
from linli.kernel.texts import Text, catalogue
from linli.planning.deployment import ClauseCheck, Deployment
from linli.report.figures import STATUSES, judged_checks, published_figures, word
from linli.report.method import number
from linli.report.wording import unit_words

__all__ = ["ClauseEntry", "clause_entries", "figure_entries", "measured"]


@dataclass(frozen=True, kw_only=True)
class ClauseEntry:
    """One clause: its checks (none where the plan only follows it) and the words around them."""

    id: ClauseId
    title: Text | None
    kind: Text | None
    status: str | None
    checks: tuple[ClauseCheck, ...]
    anchor: str
    """The id that links point to; one entry of each clause has ``clause-<id>``."""


def clause_entries(deployment: Deployment) -> tuple[ClauseEntry, ...]:
    """Every clause that is checked or followed, in the order of the pack; without published figures."""
    checks = _by_clause(judged_checks(deployment))
    for clause in _followed(deployment):
        checks.setdefault(clause, [])
    return tuple(_entry(clause, found, f"clause-{clause}") for clause, found in checks.items())


def figure_entries(deployment: Deployment) -> tuple[ClauseEntry, ...]:
    """The clauses that publish figures, each with those figures worked out again."""
    taken = {entry.id for entry in clause_entries(deployment)}
    return tuple(
        _entry(clause, found, f"figure-{clause}" if clause in taken else f"clause-{clause}")
        for clause, found in _by_clause(published_figures(deployment)).items()
    )


def _by_clause(checks: Iterable[ClauseCheck]) -> dict[ClauseId, list[ClauseCheck]]:
    found: dict[ClauseId, list[ClauseCheck]] = {}
    for check in checks:
        found.setdefault(check.clause, []).append(check)
    return found


def _followed(deployment: Deployment) -> list[ClauseId]:
    """Clauses that sized or staffed something, in order of first use."""
    used = [b.clause for b in deployment.beats] + [p.clause for p in deployment.posts]
    used += [n.clause for n in deployment.staffing] + [h.clause for h in deployment.hiring]
    used += [a.clause for a in deployment.assumptions if a.clause is not None]
    return [clause for clause in dict.fromkeys(used) if clause]


def _entry(clause: ClauseId, checks: Sequence[ClauseCheck], anchor: str) -> ClauseEntry:
    if not checks:
        return ClauseEntry(id=clause, title=None, kind=None, status=None, checks=(), anchor=anchor)
    worst = min((c.status for c in checks), key=STATUSES.index)
    return ClauseEntry(
        id=clause,
        title=checks[0].title,
        kind=word("kind", checks[0].kind),
        status=worst,
        checks=tuple(checks),
        anchor=anchor,
    )


def measured(check: ClauseCheck) -> Text | None:
    """What was measured against what is asked, where the check has one figure."""
    if check.value is None and check.threshold is None:
        return None
    say = catalogue(__package__)
    value, threshold = (
        number(check.value, _digits(check.value)),
        number(check.threshold, _digits(check.threshold)),
    )
    unit = unit_words(check.unit)
    if check.kind == "figure":
        key = "html.figure_computed" if check.threshold is None else "html.figure_compared"
        return say(key, value=value, threshold=threshold, unit=unit)
    if check.threshold is None:
        return say("html.measured_only", value=value, unit=unit)
    if check.value is None:
        return say("html.asked_only", threshold=threshold, unit=unit)
    return say("html.measured", value=value, threshold=threshold, unit=unit)


def _digits(value: float | None) -> int:
    if value is None or float(value).is_integer():
        return 0
    return 3 if abs(value) < 1 else 2
