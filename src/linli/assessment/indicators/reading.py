"""Reading ``indicators.toml``: strictly, with every mistake found at once, in a pack or in a user's file."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast, get_args

from linli.assessment.facts.schema import FactTable, fact_tables
from linli.assessment.indicators.bans import check_bans
from linli.assessment.indicators.language import Compiled, LanguageRefused, compile_over, parse
from linli.assessment.indicators.model import (
    EXPOSURES,
    AreaKind,
    Definition,
    Direction,
    Indicator,
    Kind,
    Level,
    Missing,
    Since,
)
from linli.assessment.indicators.periods import Length
from linli.kernel.errors import Finding, InputRefused, Where
from linli.kernel.identifiers import ClauseId
from linli.kernel.texts import Text, catalogue
from linli.policy.catalogue import ROLES, measures
from linli.policy.model import Pack
from linli.policy.reading.table import Findings, Table, close_name, read_toml
from linli.privacy.forbidden import forbidden_in

__all__ = ["FILE", "pack_indicators", "read_indicators"]

say = catalogue("linli.assessment.indicators")

FILE: Final = "indicators.toml"
"""The name of the file in a pack's folder."""

ID: Final = re.compile(r"[A-Z]{1,2}[0-9]{1,3}(\.[a-z][a-z0-9_]*)")
OWN_ID: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
REFERENCES: Final = ("iccs", "sdg")
SOURCES: Final = tuple(name for name in fact_tables() if name not in ("areas", "calendar"))
PARTS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "ratio": (frozenset({"denominator"}), frozenset()),
    "rate": (frozenset({"exposure"}), frozenset({"per"})),
    "count": (frozenset(), frozenset()),
    "cumulative": (frozenset(), frozenset()),
    "survey": (frozenset(), frozenset({"denominator"})),
    "percentile": (frozenset({"quantile"}), frozenset()),
}
"""For each kind: the keys it needs and those it may have, of denominator, exposure, per, quantile."""


class IndicatorFindings(Findings):
    """Findings whose texts are this package's own where it has them, and policy's otherwise."""

    def add(self, kind: str, where: Where, given: str | None, **values: object) -> None:
        """One finding of a kind."""
        if f"{kind}.expected" not in say.templates:
            super().add(kind, where, given, **values)
            return
        expected, remedy = say(f"{kind}.expected", **values), say(f"{kind}.remedy", **values)
        self.found.append(Finding(f"indicators.{kind}", where, given, expected, remedy))


def pack_indicators(folder: Path, pack: Pack) -> tuple[Definition, ...]:
    """The indicators of a pack; none where it has no ``indicators.toml``.

    Raises
    ------
    InputRefused
        The file is not in order, cites a clause the pack does not have, or breaks one of its bans.
    """
    path = folder / FILE
    return read_indicators(path, pack=pack) if path.is_file() else ()


def read_indicators(path: Path, *, pack: Pack | None = None) -> tuple[Definition, ...]:
    """The indicators of a file. With a pack, clauses are checked against it and its bans hold.

    Raises
    ------
    InputRefused
        With every mistake found.
    """
    findings = IndicatorFindings()
    content = read_toml(path, findings)
    root = Table(path.name, "", content or {}, findings)
    told = [_indicator(table, pack) for table in root.tables("indicators")]
    root.finish()
    if content is not None and not told:
        findings.add("none", Where(path.name), None)
    definitions = [found for one in told if (found := _definition(*one, pack, findings)) is not None]
    _together([one for one, _ in told], path.name, findings)
    if pack is not None:
        check_bans(definitions, pack, path.name, findings)
    if findings.found:
        text = say("refused", file=path.name, count=len(findings.found))
        raise InputRefused(text, tuple(findings.found))
    return tuple(definitions)


def _indicator(table: Table, pack: Pack | None) -> tuple[Indicator, Table]:
    kind: Kind = table.choice("kind", Kind)
    found = Indicator(
        id=_id(table, pack),
        clause=_clause(table, pack),
        title=_harmless(table, "title", table.text("title")),
        kind=kind,
        unit=table.unit("unit"),
        period=table.choice("period", Length),
        scope=_scope(table),
        source=table.word("source", SOURCES),
        numerator=table.string("numerator"),
        denominator=table.optional_string("denominator"),
        where=table.optional_string("where"),
        exposure=table.word("exposure", EXPOSURES) if table.has("exposure") else None,
        per=_positive(table, "per", 1.0),
        quantile=_quantile(table),
        since=_chosen(table, "since", Since, "year" if kind == "cumulative" else "period"),
        missing=table.choice("missing", Missing),
        direction=table.choice("direction", Direction),
        linked=table.strings("linked"),
        level=_chosen(table, "level", Level, "field"),
        assesses=table.word("assesses", tuple(ROLES)) if table.has("assesses") else None,
        measure=_measure(table),
        met_by_not_recording=table.flag("met_by_not_recording", default=False),
        reference=_reference(table),
        note=table.optional_text("note"),
    )
    _parts(table, kind)
    table.finish()
    return found, table


def _id(table: Table, pack: Pack | None) -> str:
    given = table.string("id")
    pattern = ID if pack is not None else re.compile(f"{ID.pattern}|{OWN_ID.pattern}")
    if given and pattern.fullmatch(given) is None:
        table.wrong("id", "id", given)
    elif pack is not None and given.partition(".")[0] != table.data.get("clause"):
        table.wrong("id_clause", "id", given, clause=table.data.get("clause"))
    return given


def _clause(table: Table, pack: Pack | None) -> ClauseId:
    """The clause; in a user's own file it may be left out."""
    if pack is None and not table.has("clause"):
        return ClauseId("")
    given = ClauseId(table.string("clause"))
    if pack is not None and given and given not in pack.clauses:
        close = close_name(given, [str(clause) for clause in pack.clauses])
        table.wrong("clause", "clause", given, pack=pack.id, close=close or "–")
    elif pack is not None and given and pack.clauses[given].status == "declined":
        table.wrong("declined", "clause", given)
    return given


def _harmless(table: Table, key: str, text: Text) -> Text:
    for match in (*forbidden_in(text.zh), *forbidden_in(text.en)):
        table.wrong("forbidden", key, match.word, why=match.why)
    return text


def _scope(table: Table) -> tuple[AreaKind, ...]:
    given, known = table.strings("scope"), get_args(AreaKind)
    for one in given:
        if one not in known:
            table.wrong("key.choice", "scope", one, words=", ".join(known))
    if not given:
        table.wrong("scope", "scope")
    return tuple(cast(AreaKind, one) for one in given if one in known)


def _chosen(table: Table, key: str, kinds: Any, absent: str) -> Any:
    return table.choice(key, kinds) if table.has(key) else absent


def _positive(table: Table, key: str, absent: float) -> float:
    given = table.optional_number(key)
    if given is not None and given <= 0:
        table.wrong("positive", key, given)
    return absent if given is None else given


def _quantile(table: Table) -> float | None:
    given = table.optional_number("quantile")
    if given is not None and not 0 < given < 1:
        table.wrong("quantile", "quantile", given)
        return 0.5
    return given


def _measure(table: Table) -> str | None:
    given = table.optional_string("measure")
    if given is not None and given not in measures():
        table.wrong("measure", "measure", given, close=close_name(given, list(measures())) or "–")
    return given


def _reference(table: Table) -> dict[str, str]:
    if not table.has("reference"):
        return {}
    inner = table.table("reference")
    found = {name: inner.string(name) for name in REFERENCES if inner.has(name)}
    inner.finish()
    return found


def _parts(table: Table, kind: Kind) -> None:
    needed, allowed = PARTS[kind]
    for key in sorted(needed):
        if not table.has(key):
            table.wrong("part_missing", key, of=kind)
    for key in ("denominator", "exposure", "per", "quantile"):
        if table.has(key) and key not in needed | allowed:
            table.wrong("part_not_wanted", key, of=kind)


def _definition(
    indicator: Indicator, table: Table, pack: Pack | None, findings: Findings
) -> Definition | None:
    if indicator.source not in SOURCES:
        return None
    facts = fact_tables()[indicator.source]
    if "post" in indicator.scope and "post" not in facts.columns:
        table.wrong("scope_post", "scope", "post", source=indicator.source)
    if indicator.kind == "survey" and indicator.source != "surveys":
        table.wrong("survey_source", "source", indicator.source)
    numerator = _compiled(table, "numerator", indicator.numerator, facts, findings)
    denominator = _compiled(table, "denominator", indicator.denominator, facts, findings)
    where = _compiled(table, "where", indicator.where, facts, findings)
    if where is not None and where.kind != "truth":
        table.wrong("where_kind", "where", indicator.where)
    _kinds(table, indicator, numerator, denominator)
    if numerator is None:
        return None
    return Definition(
        indicator=indicator,
        numerator=numerator,
        denominator=denominator,
        where=where,
        pack="" if pack is None else str(pack.id),
        pack_digest="" if pack is None else pack.digest,
    )


def _kinds(
    table: Table, indicator: Indicator, numerator: Compiled | None, denominator: Compiled | None
) -> None:
    """A percentile is of numbers, a survey of yes/no; all others count or add up."""
    wanted = {"percentile": ("number",), "survey": ("truth",)}.get(indicator.kind, ("number", "truth"))
    for key, part in (("numerator", numerator), ("denominator", denominator)):
        if part is not None and part.kind not in wanted:
            table.wrong(f"part_kind_{len(wanted)}_{wanted[0]}", key, part.text)


def _compiled(
    table: Table, key: str, text: str | None, facts: FactTable, findings: Findings
) -> Compiled | None:
    if not text:
        return None
    try:
        return compile_over(parse(text), facts)
    except LanguageRefused as refusal:
        where = table.where(key)
        findings.found.append(Finding(refusal.code, where, refusal.given, refusal.expected, refusal.remedy))
        return None


def _together(indicators: Sequence[Indicator], file: str, findings: Findings) -> None:
    """Ids are unique and links lead to indicators of the file."""
    ids = [one.id for one in indicators]
    for twice in dict.fromkeys(one for one in ids if ids.count(one) > 1):
        findings.add("twice", Where(file), twice)
    for one in indicators:
        for link in one.linked:
            if link not in ids or link == one.id:
                findings.add("linked", Where(file, key=one.id), link, close=_close(link, ids))


def _close(given: str, known: Iterable[str]) -> str:
    return close_name(given, list(known)) or "–"
