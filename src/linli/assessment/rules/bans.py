"""Quotas that no rule may set: a community officer is not judged by cases cleared (clauses L7, E3)."""

from collections.abc import Iterable, Iterator
from typing import Final

from linli.assessment.rules.findings import ScoringFindings
from linli.assessment.rules.model import Input, ScoringRule
from linli.kernel.errors import Where
from linli.kernel.identifiers import ClauseId
from linli.policy.model import Ban, Pack

__all__ = ["STANDING", "check_bans", "check_levels"]

STANDING: Final = (
    Ban(clause=ClauseId("L7"), role="community_officer", measures=frozenset({"cases_cleared"})),
)
"""Bans that hold in every pack, whether or not it repeats them."""


def check_bans(rules: Iterable[ScoringRule], pack: Pack, findings: ScoringFindings) -> None:
    """Add a finding for every input that a ban of the pack, or a standing one, forbids."""
    for position, rule in enumerate(rules, 1):
        for ban in (*_of(pack), *STANDING):
            forbidden = [each for each in rule.inputs if _judges(rule, ban) and _names(ban, each)]
            for number, each in enumerate(rule.inputs, 1):
                if each in forbidden:
                    key = f"rules[{position}].inputs[{number}]"
                    findings.add("quota", Where("scoring.toml", key=key), each.indicator, clause=ban.clause)
            if forbidden:
                break


def check_levels(
    rules: Iterable[ScoringRule], enforcement: frozenset[str], findings: ScoringFindings
) -> None:
    """The same where it is known from ``indicators.toml`` which indicators count enforcement (Q8, Q13).

    Parameters
    ----------
    enforcement : frozenset of str
        Ids of indicators whose level is ``enforcement``.
    """
    for position, rule in enumerate(rules, 1):
        for number, each in enumerate(rule.inputs, 1):
            if _judges(rule, STANDING[0]) and each.indicator in enforcement:
                key = f"rules[{position}].inputs[{number}]"
                findings.add("quota", Where("scoring.toml", key=key), each.indicator, clause="L7")


def _of(pack: Pack) -> Iterator[Ban]:
    for clause in pack.clauses.values():
        yield from clause.bans


def _judges(rule: ScoringRule, ban: Ban) -> bool:
    """One community officer answers for a beat: what ranks beats judges the officer, whatever it says."""
    return rule.assesses == ban.role or (rule.area == "beat" and ban.role == "community_officer")


def _names(ban: Ban, given: Input) -> bool:
    """By the catalogue's measure, or by an indicator that carries its name."""
    own = given.indicator.rpartition(".")[2]
    return given.measure in ban.measures or own in ban.measures
