"""Reading ``stipends.toml``: strict, to the end of the file, every mistake with its place and its remedy."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from linli.assessment.stipends.model import Source, StipendRule, Stipends, cents_of
from linli.kernel.errors import Finding, InputRefused, Where
from linli.kernel.identifiers import ClauseId, ValueId
from linli.kernel.texts import catalogue
from linli.policy.model import Pack
from linli.policy.reading.table import Findings, Table, close_name, read_toml

__all__ = ["FILE", "FORMAT", "ROLES", "load_stipends", "pack_stipends"]

FILE: Final = "stipends.toml"
FORMAT: Final = "linli-stipends/1"
ROLES: Final = ("officer", "auxiliary", "grid_worker", "assistant", "mediator")
"""Roles of the platform that a rule can pay."""

say = catalogue("linli.assessment.stipends")


class StipendFindings(Findings):
    """Findings whose kind this room has words for get the code ``stipends.<kind>``."""

    def add(self, kind: str, where: Where, given: str | None, **values: object) -> None:
        """One finding; its texts are ``<kind>.expected`` and ``<kind>.remedy``."""
        if f"{kind}.expected" not in say.templates:
            super().add(kind, where, given, **values)
            return
        expected, remedy = say(f"{kind}.expected", **values), say(f"{kind}.remedy", **values)
        self.found.append(Finding(f"stipends.{kind}", where, given, expected, remedy))


def load_stipends(folder: Path, pack: Pack) -> Stipends:
    """The stipend rules in a pack's folder; none where it has no ``stipends.toml``.

    Raises
    ------
    InputRefused
        The file is not sound; every reason is in ``findings``.
    """
    path = folder / FILE
    if not path.is_file():
        return Stipends(pack=pack, rules=(), digest="")
    findings = StipendFindings()
    content = read_toml(path, findings)
    rules = () if content is None else _rules(content, pack, findings)
    if findings.found:
        text = say("refused", pack=pack.id, count=len(findings.found))
        raise InputRefused(text, tuple(findings.found))
    return Stipends(pack=pack, rules=rules, digest=hashlib.sha256(path.read_bytes()).hexdigest())


def pack_stipends(folder: Path, pack: Pack) -> tuple[StipendRule, ...]:
    """The rules alone, as ``linli pack check`` counts them."""
    return load_stipends(folder, pack).rules


def _rules(content: Mapping[str, Any], pack: Pack, findings: StipendFindings) -> tuple[StipendRule, ...]:
    root = Table(FILE, "", content, findings)
    root.word("format", (FORMAT,))
    rules = tuple(_rule(table, pack) for table in root.tables("rules"))
    if not rules:
        root.wrong("rules.none", "rules")
    names = [rule.id for rule in rules]
    for repeated in sorted({name for name in names if names.count(name) > 1}):
        root.wrong("rules.twice", "rules", repeated)
    root.finish()
    return rules


def _rule(table: Table, pack: Pack) -> StipendRule:
    clause = _clause(table, pack)
    source: Source = table.choice("source", Source)
    rule = StipendRule(
        id=f"{clause}.{table.string('name')}",
        clause=clause,
        title=table.text("title"),
        source=source,
        amounts=tuple(_value(table, "amounts", name, pack) for name in table.strings("amounts")),
        local=table.flag("local", default=False),
        least=_least(table, pack),
        decides=table.optional_string("decides"),
        roles=tuple(_roles(table)),
        note=table.optional_text("note"),
    )
    _check(rule, table)
    table.finish()
    return rule


def _check(rule: StipendRule, table: Table) -> None:
    if rule.local is bool(rule.amounts):
        table.wrong("amount.which", "amounts")
    if rule.least is not None and not rule.local:
        table.wrong("least.local", "least", rule.least)
    decided = rule.source == "confirmed_decision"
    if len(rule.amounts) > 1 and not decided:
        table.wrong("amounts.several", "amounts", len(rule.amounts))
    if decided is not (rule.decides is not None):
        table.wrong("decides.which", "decides", rule.decides)


def _clause(table: Table, pack: Pack) -> ClauseId:
    given = table.string("clause")
    known = [str(each.id) for each in pack.clauses.values() if each.status != "declined"]
    if given and given not in known:
        close = close_name(given, known)
        kind = "clause.unknown" if close is None else "clause.unknown_close"
        table.wrong(kind, "clause", given, close=close)
    return ClauseId(given)


def _least(table: Table, pack: Pack) -> ValueId | None:
    given = table.optional_string("least")
    return None if given is None else _value(table, "least", given, pack)


def _roles(table: Table) -> Iterator[str]:
    for role in table.strings("roles"):
        if role not in ROLES:
            table.wrong("key.choice", "roles", role, words=", ".join(ROLES))
        yield role


def _value(table: Table, key: str, given: str, pack: Pack) -> ValueId:
    """The id of a value of the pack in yuan, or yuan for one of anything, in whole cents."""
    name = ValueId(given)
    value = pack.values.get(name)
    if value is None:
        close = close_name(given, list(pack.values))
        table.wrong("value.unknown" if close is None else "value.unknown_close", key, given, close=close)
    elif value.unit.text.partition("/")[0] != "yuan":
        table.wrong("value.unit", key, value.unit.text, value=given)
    elif not all(_whole(entry.value) for entry in value.entries):
        table.wrong("value.cents", key, given)
    return name


def _whole(yuan: float | None) -> bool:
    try:
        return yuan is None or cents_of(yuan) >= 0
    except ValueError:
        return False
