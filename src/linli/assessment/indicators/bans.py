"""What a pack may not measure: quotas that it bans itself (L7, E3), and counts that silence would lower."""

from collections.abc import Iterable
from typing import Final

from linli.assessment.facts.schema import fact_tables
from linli.assessment.indicators.model import Definition
from linli.kernel.errors import Where
from linli.policy.model import Ban, Pack
from linli.policy.reading.table import Findings

__all__ = ["banned", "check_bans", "measures_of", "needs_recording_mark"]

REPORTED: Final = frozenset({"cases", "disputes"})
"""Tables whose rows are there only because somebody wrote them down when they came up."""
COUNTS: Final = frozenset({"count", "cumulative", "rate"})
OWN_AREAS: Final = frozenset({"post", "beat"})
"""Areas that one officer answers for: a figure for them is that officer's figure."""


def measures_of(definition: Definition) -> frozenset[str]:
    """The policy measures that an indicator counts: the one it names and those of the columns it reads."""
    columns = fact_tables()[definition.indicator.source].columns
    found = {columns[name].measure for name in definition.columns} | {definition.indicator.measure}
    return frozenset(measure for measure in found if measure is not None)


def banned(definition: Definition, pack: Pack) -> Ban | None:
    """The ban that an indicator breaks; ``None`` where it breaks none.

    An indicator judges a role where it says so (``assesses``) and where it is worked out for a post or a
    beat: one officer answers for those, so that a count of cleared cases there is a quota in all but name.
    """
    told = definition.indicator
    for clause in pack.clauses.values():
        for ban in clause.bans:
            judged = told.assesses == ban.role or bool(OWN_AREAS & set(told.scope))
            if judged and ban.measures & measures_of(definition):
                return ban
    return None


def needs_recording_mark(definition: Definition) -> bool:
    """Whether a better figure can be had by writing less down: a reported count of which less is better."""
    told = definition.indicator
    return told.source in REPORTED and told.kind in COUNTS and told.direction == "lower"


def check_bans(definitions: Iterable[Definition], pack: Pack, file: str, findings: Findings) -> None:
    """A finding for every indicator that breaks a ban, or lacks the mark that it can be met by silence."""
    for definition in definitions:
        told, ban = definition.indicator, banned(definition, pack)
        if ban is not None:
            measure = ", ".join(sorted(ban.measures & measures_of(definition)))
            where = Where(file, key=f"{told.id}.numerator")
            findings.add("ban", where, told.numerator, clause=ban.clause, role=ban.role, measure=measure)
        if needs_recording_mark(definition) and not told.met_by_not_recording:
            findings.add("mark", Where(file, key=f"{told.id}.met_by_not_recording"), "false")
