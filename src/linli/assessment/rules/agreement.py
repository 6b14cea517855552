"""Whether a pack's ``scoring.toml`` and ``indicators.toml`` say the same of the figures that they share."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from linli.assessment.indicators.model import Definition
from linli.assessment.indicators.reading import pack_indicators
from linli.assessment.rules.bans import check_levels
from linli.assessment.rules.findings import ScoringFindings, say
from linli.assessment.rules.loading import load_scoring
from linli.assessment.rules.model import Input, ScoringRule
from linli.assessment.rules.reading import FILE
from linli.kernel.errors import InputRefused, Where
from linli.policy.model import Pack
from linli.policy.reading.table import close_name

__all__ = ["check_agreement", "pack_scoring"]


def pack_scoring(folder: Path, pack: Pack) -> tuple[ScoringRule, ...]:
    """The scoring rules of a pack, held against its indicators as well; none where it has no rules.

    Raises
    ------
    InputRefused
        ``scoring.toml`` is not sound, names an indicator that the pack does not define, calls another
        direction better than the indicator does, or judges a community officer by enforcement.
    """
    scoring = load_scoring(folder, pack)
    findings = ScoringFindings()
    check_agreement(scoring.rules, pack_indicators(folder, pack), findings)
    if findings.found:
        text = say("refused", pack=pack.id, count=len(findings.found))
        raise InputRefused(text, tuple(findings.found))
    return scoring.rules


def check_agreement(
    rules: Iterable[ScoringRule], definitions: Iterable[Definition], findings: ScoringFindings
) -> None:
    """Add a finding for every input of a rule that the indicators contradict."""
    rules = tuple(rules)
    known = {each.indicator.id: each for each in definitions}
    for position, rule in enumerate(rules, 1):
        for number, each in enumerate(rule.inputs, 1):
            _input(each, f"rules[{position}].inputs[{number}]", known, findings)
    enforcement = frozenset(name for name, each in known.items() if each.indicator.level == "enforcement")
    check_levels(rules, enforcement, findings)


def _input(given: Input, key: str, known: Mapping[str, Definition], findings: ScoringFindings) -> None:
    definition = known.get(given.indicator)
    if definition is None:
        close = close_name(given.indicator, list(known))
        kind = "indicator.unknown" if close is None else "indicator.unknown_close"
        findings.add(kind, Where(FILE, key=f"{key}.indicator"), given.indicator, close=close)
        return
    better = definition.indicator.direction
    if better not in ("neither", given.direction):
        where = Where(FILE, key=f"{key}.direction")
        findings.add("direction", where, given.direction, indicator=given.indicator, better=better)
