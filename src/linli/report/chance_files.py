"""The simulation of chance as files: a workbook for people and JSON for programs, both named synthetic."""

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any, Final

from linli.assessment.chance.results import ChanceTable
from linli.kernel.texts import Text, catalogue
from linli.report.chance import chance_sheet, chance_title
from linli.report.tables import Column, Table
from linli.report.workbook import write_tables

__all__ = ["FORMAT", "write_chance"]

FORMAT: Final = "linli-chance/1"
NAMES: Final = ("chance.synthetic.xlsx", "chance.synthetic.json")


def write_chance(table: ChanceTable, directory: Path, *, territory: Text) -> tuple[str, ...]:
    """Write both files; returns their names. The same table gives the same bytes."""
    say = catalogue(__package__)
    title = say("chance.file_title", territory=territory)
    sheets = [chance_sheet(table), _reading_sheet(table)]
    write_tables(sheets, directory / NAMES[0], title=title, banner=chance_title(table))
    text = (
        json.dumps({"format": FORMAT, "synthetic": True, **_plain(table)}, ensure_ascii=False, indent=1)
        + "\n"
    )
    (directory / NAMES[1]).write_text(text, encoding="utf-8", newline="\n")
    return NAMES


def _reading_sheet(table: ChanceTable) -> Table:
    """Each rule as it is read, what was assumed, and how it was simulated."""
    say = catalogue(__package__)
    rows = [(Text(rule.rule, rule.rule), rule.as_read) for rule in table.rules if rule.chosen]
    rows += [(say("sheet.assumptions"), assumption) for assumption in table.assumptions]
    rows += [(Text(rule.rule, rule.rule), note) for rule in table.rules if rule.chosen for note in rule.notes]
    rows.append((say("method.chance"), say("method.chance.text")))
    return Table(
        id="sources",
        title=say("sheet.sources"),
        columns=(
            Column(key="topic", header=say("column.topic"), kind="word", width=16),
            Column(key="text", header=say("column.text"), kind="sentence", width=70),
        ),
        rows=tuple(rows),
    )


def _plain(value: Any) -> Any:
    """Dataclasses as objects, texts in both languages, days in ISO form."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, dt.date) else value
