"""What chance alone makes of a plan's scoring rules, as tables: for the page, the workbook, the screen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from linli.assessment.chance.results import ChanceTable, Luck, RuleChance
from linli.assessment.rules.wording import consequence_text
from linli.kernel.identifiers import ClauseId
from linli.kernel.texts import Text, catalogue, plain
from linli.report.tables import Cell, Column, Table, column, table_of

__all__ = [
    "ChanceView",
    "Row",
    "RuleTable",
    "chance_sheet",
    "chance_title",
    "chance_view",
    "reading_text",
    "rule_tables",
    "times_fewer",
]

PERCENT: Final = 100.0
BRIEF: Final = ("clause", "rule", "reading")
"""Columns left out beside the clause, where headings say them."""


@dataclass(frozen=True, kw_only=True)
class RuleTable:
    """One rule beside its clause: the rule as it is read, remarks, and its table under every reading.

    ``groups`` are the readings with the rows of each, in order; the reading is ``None`` where the wording
    leaves nothing open.
    """

    title: Text
    as_read: Text
    notes: tuple[Text, ...]
    table: Table
    groups: tuple[tuple[Text | None, tuple[tuple[Cell, ...], ...]], ...]


@dataclass(frozen=True)
class Row:
    """One line of a table: a consequence of a rule under one reading."""

    rule: RuleChance
    luck: Luck


@dataclass(frozen=True, kw_only=True)
class ChanceView:
    """What a page shows: the sentence over the tables, what was assumed, and each clause's tables."""

    title: Text
    assumptions: tuple[Text, ...]
    rules: Mapping[ClauseId, tuple[RuleTable, ...]]


def chance_view(table: ChanceTable | None) -> ChanceView | None:
    """The tables for a page; ``None`` where nothing was simulated."""
    if table is None:
        return None
    return ChanceView(title=chance_title(table), assumptions=table.assumptions, rules=rule_tables(table))


def chance_title(table: ChanceTable) -> Text:
    """One sentence over the tables: how many years of how many areas, with how many events."""
    say = catalogue(__package__)
    return say(
        "chance.title",
        years=f"{table.years:,}",
        areas=table.areas,
        mean=f"{table.events_a_month / table.areas:,.2f}",
        scenario=say(f"chance.scenario.{table.scenario}"),
        seed=table.seed,
    )


def rule_tables(table: ChanceTable) -> Mapping[ClauseId, tuple[RuleTable, ...]]:
    """The tables of each clause, one a rule, in the pack's order."""
    found: dict[ClauseId, list[RuleTable]] = {}
    for name in dict.fromkeys(rule.rule for rule in table.rules):
        readings = [rule for rule in table.rules if rule.rule == name]
        chosen = next(rule for rule in readings if rule.chosen)
        found.setdefault(chosen.clause, []).append(_rule_table(chosen, readings))
    return {clause: tuple(tables) for clause, tables in found.items()}


def _rule_table(chosen: RuleChance, readings: Sequence[RuleChance]) -> RuleTable:
    table = _table(readings, leave_out=BRIEF)
    groups, start = [], 0
    for rule in readings:
        end = start + len(rule.rows)
        title = None if rule.reading is None else reading_text(rule)
        groups.append((title, table.rows[start:end]))
        start = end
    return RuleTable(
        title=chosen.title,
        as_read=chosen.as_read,
        notes=tuple(_notes(chosen)),
        table=table,
        groups=tuple(groups),
    )


def chance_sheet(table: ChanceTable) -> Table:
    """All rules on one sheet."""
    return _table(table.rules, leave_out=())


def _notes(rule: RuleChance) -> Iterator[Text]:
    if rule.met_by_not_recording:
        yield catalogue("linli.assessment.rules")("met_by_not_recording")
    yield from rule.notes


def _table(rules: Sequence[RuleChance], *, leave_out: tuple[str, ...]) -> Table:
    rows = [Row(rule, luck) for rule in rules for luck in rule.rows]
    spec = [
        (made, read)
        for made, read in _columns()
        if made.key not in leave_out and (not leave_out or any(read(row) is not None for row in rows))
    ]
    return table_of("chance", rows, spec)


def _columns() -> list[tuple[Column, Callable[[Row], Cell]]]:
    return [
        (column("clause", "clause", 5), lambda row: row.rule.clause),
        (column("rule", "sentence", 16), lambda row: row.rule.title),
        (column("reading", "sentence", 18), lambda row: reading_text(row.rule)),
        (column("consequence", "word", 10), lambda row: consequence_text(row.luck.consequence)),
        (column("by_luck", "real", 9, "method-chance", 2), lambda row: row.luck.a_year),
        (column("luck_share", "real", 8, "method-chance", 1), lambda row: row.luck.share * PERCENT),
        (column("luck_some", "real", 8, "method-chance", 1), lambda row: row.luck.some * PERCENT),
        (column("true_change", "word", 9), lambda row: _change(row.luck)),
        (column("found", "real", 8, "method-chance", 1), lambda row: row.luck.power * PERCENT),
        (column("yuan", "real", 9, "method-chance", 0), lambda row: row.luck.yuan),
        (column("yuan_smallest", "real", 10, "method-chance", 0), _smallest),
        (column("honest_by_luck", "real", 9, "method-chance", 3), _honest),
        (column("times_fewer", "word", 9), times_fewer),
        (column("fixed_by_luck", "real", 9, "method-chance", 3), _fixed),
        (column("fixed_found", "real", 8, "method-chance", 1), _fixed_found),
    ]


def reading_text(rule: RuleChance) -> Text:
    """The reading, marked where it is the pack's; a dash where the wording leaves nothing open."""
    if rule.reading is None:
        return plain("–")
    key = "chance.reading_chosen" if rule.chosen else "chance.reading_other"
    return catalogue(__package__)(key, title=rule.reading)


def _change(luck: Luck) -> Text:
    return catalogue(__package__)(f"chance.change.{luck.change}", percent=f"{luck.change_percent or 0.0:g}")


def _smallest(row: Row) -> float | None:
    share = row.luck.smallest_third
    return None if share is None else share * PERCENT


def _honest(row: Row) -> float | None:
    return None if row.luck.honest is None else row.luck.honest.a_year


def _fixed(row: Row) -> float | None:
    return None if row.luck.honest is None else row.luck.honest.fixed_a_year


def _fixed_found(row: Row) -> float | None:
    honest = row.luck.honest
    return None if honest is None or honest.fixed_power is None else honest.fixed_power * PERCENT


def times_fewer(row: Row) -> Text | None:
    """The rule's false ones ÷ the honest rule's; where that made none, what could at least have been seen."""
    luck = row.luck
    if luck.honest is None:
        return None
    if luck.times_fewer is None:
        least = luck.a_year * row.rule.years
        return catalogue(__package__)("chance.more_than", times=f"{least:,.0f}") if least >= 1 else plain("–")
    return plain(f"{luck.times_fewer:,.1f}")
