"""Clauses as the page and the PDF list them: each once, with every check made of it."""

from dataclasses import dataclass

from linli.kernel.identifiers import ClauseId
from linli.kernel.texts import Text, catalogue
from linli.planning.deployment import ClauseCheck, Deployment
from linli.report.figures import STATUSES, word
from linli.report.method import number
from linli.report.tables import Tables
from linli.report.wording import unit_words

__all__ = ["ClauseEntry", "clause_entries", "measured"]


@dataclass(frozen=True, kw_only=True)
class ClauseEntry:
    """One clause: its checks (none where the plan only follows it) and the words around them."""

    id: ClauseId
    title: Text | None
    kind: Text | None
    status: str | None
    checks: tuple[ClauseCheck, ...]
    failing: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """The id that links point to."""
        return f"clause-{self.id}"


def clause_entries(deployment: Deployment) -> tuple[ClauseEntry, ...]:
    """Every clause that is checked or followed, in the order of the pack."""
    tables = Tables(deployment)
    checks: dict[ClauseId, list[ClauseCheck]] = {}
    for check in deployment.checks:
        checks.setdefault(check.clause, []).append(check)
    for clause in _followed(deployment):
        checks.setdefault(clause, [])
    return tuple(_entry(clause, tuple(found), tables) for clause, found in checks.items())


def _followed(deployment: Deployment) -> list[ClauseId]:
    """Clauses that sized or staffed something, in order of first use."""
    used = [b.clause for b in deployment.beats] + [p.clause for p in deployment.posts]
    used += [n.clause for n in deployment.staffing] + [h.clause for h in deployment.hiring]
    used += [a.clause for a in deployment.assumptions if a.clause is not None]
    return [clause for clause in dict.fromkeys(used) if clause]


def _entry(clause: ClauseId, checks: tuple[ClauseCheck, ...], tables: Tables) -> ClauseEntry:
    if not checks:
        return ClauseEntry(id=clause, title=None, kind=None, status=None, checks=(), failing=())
    worst = min((c.status for c in checks), key=STATUSES.index)
    failing = dict.fromkeys(tables.scope_name(name) for check in checks for name in check.failing)
    return ClauseEntry(
        id=clause,
        title=checks[0].title,
        kind=word("kind", checks[0].kind),
        status=worst,
        checks=checks,
        failing=tuple(failing),
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
    if check.threshold is None:
        return say("html.measured_only", value=value, unit=unit)
    if check.value is None:
        return say("html.asked_only", threshold=threshold, unit=unit)
    return say("html.measured", value=value, threshold=threshold, unit=unit)


def _digits(value: float | None) -> int:
    if value is None or float(value).is_integer():
        return 0
    return 3 if abs(value) < 1 else 2
