"""Reading ``clauses.toml`` and ``declined.toml``: clauses, their checks and bans."""

import datetime as dt
from typing import Literal

from linli.kernel.identifiers import ClauseId
from linli.policy.catalogue import ROLES
from linli.policy.model import Ban, Check, CheckId, Clause, ClauseKind, Reading, ReadingOption, Scope
from linli.policy.reading.table import Table

__all__ = ["read_clauses", "read_declined"]

EncodedStatus = Literal["evaluated", "waiting"]


def read_clauses(root: Table, start: dt.date) -> dict[ClauseId, Clause]:
    """All encoded clauses in the order of the file; ``start`` is the pack's first day."""
    return {ClauseId(name): _clause(ClauseId(name), table, start) for name, table in root.named_tables()}


def read_declined(root: Table, start: dt.date) -> dict[ClauseId, Clause]:
    """What the sources ask for and Linli declines, with reason and alternative."""
    return {ClauseId(name): _declined(ClauseId(name), table, start) for name, table in root.named_tables()}


def _clause(clause: ClauseId, table: Table, start: dt.date) -> Clause:
    own_start = table.optional_day("from") or start
    found = Clause(
        id=clause,
        kind=_encoded_kind(table),
        status=table.choice("status", EncodedStatus),
        section=table.string("section"),
        title=table.text("title"),
        asks=table.text("asks"),
        start=own_start,
        evidence=table.texts("evidence"),
        checks=tuple(_check(clause, check, own_start) for check in table.tables("checks")),
        bans=tuple(_ban(clause, ban) for ban in table.tables("bans")),
        readings=tuple(_reading(clause, reading) for reading in table.tables("readings")),
    )
    table.finish()
    return found


def _encoded_kind(table: Table) -> ClauseKind:
    kind: ClauseKind = table.choice("kind", ClauseKind)
    if kind == "declined":
        table.wrong("clause.declined_here", "kind", kind)
    return kind


def _check(clause: ClauseId, table: Table, start: dt.date) -> Check:
    first = table.optional_day("from") or start
    end, due = table.optional_day("until"), table.optional_day("due")
    for name, day in (("until", end), ("due", due)):
        if day is not None and day < first:
            table.wrong("dates.backwards", name, day, start=first)
    check = Check(
        id=CheckId(f"{clause}.{table.string('name')}"),
        clause=clause,
        title=table.text("title"),
        scope=table.choice("scope", Scope),
        applies=table.optional_string("applies"),
        rule=table.string("rule"),
        start=first,
        end=end,
        due=due,
        assesses=table.word("assesses", ROLES) if table.has("assesses") else None,
        met_by_not_recording=table.flag("met_by_not_recording", default=False),
    )
    table.finish()
    return check


def _ban(clause: ClauseId, table: Table) -> Ban:
    ban = Ban(
        clause=clause,
        role=table.word("role", ROLES),
        measures=frozenset(table.strings("measures")),
    )
    table.finish()
    return ban


def _reading(clause: ClauseId, table: Table) -> Reading:
    reading = Reading(
        id=f"{clause}.{table.string('name')}",
        clause=clause,
        question=table.text("question"),
        chosen=table.string("chosen"),
        reason=table.text("reason"),
        options=tuple(_option(option) for option in table.tables("options")),
    )
    names = [option.name for option in reading.options]
    if len(names) < 2 or len(set(names)) != len(names):
        table.wrong("reading.options", "options", ", ".join(names) or None)
    elif reading.chosen not in names:
        table.wrong("key.choice", "chosen", reading.chosen, words=", ".join(names))
    if len({len(option.measures) for option in reading.options if option.measures}) > 1:
        table.wrong("reading.measures", "options")
    table.finish()
    return reading


def _option(table: Table) -> ReadingOption:
    option = ReadingOption(
        name=table.string("name"), title=table.text("title"), measures=table.strings("measures")
    )
    table.finish()
    return option


def _declined(clause: ClauseId, table: Table, start: dt.date) -> Clause:
    found = Clause(
        id=clause,
        kind="declined",
        status="declined",
        section="–",
        title=table.text("title"),
        asks=table.text("asks"),
        reason=table.text("reason"),
        instead=table.text("instead"),
        limits=tuple(ClauseId(name) for name in table.strings("limits")),
        start=start,
    )
    table.finish()
    return found
