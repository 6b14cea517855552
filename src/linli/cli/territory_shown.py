"""What a territory amounts to and how it was read, as a person reads it in a terminal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from linli.io.territory import Reading
from linli.kernel.errors import Finding
from linli.kernel.texts import Language, Text, catalogue, plain
from linli.territory.model import Level, Role, Territory
from linli.territory.summary import Summary, summarise

__all__ = ["print_notes", "print_reading"]

say = catalogue(__package__)

Row = tuple[Text, Text]
Kind = TypeVar("Kind", bound=str)
NOTES_SHOWN = 30


def print_reading(reading: Reading, language: Language) -> None:
    """Print the figures of a territory, its files, and what is to be looked at."""
    console = Console(highlight=False, soft_wrap=True)
    rows = _rows(reading.territory, summarise(reading.territory))
    _print_rows(console, say("territory.check.title"), rows, language)
    _print_files(console, reading, language)
    print_notes(reading.findings, language)


def _print_rows(console: Console, title: Text, rows: Iterator[Row], language: Language) -> None:
    table = Table(title=title.in_(language), show_header=False, title_justify="left")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in rows:
        table.add_row(label.in_(language), value.in_(language))
    console.print(table)


def _rows(place: Territory, summary: Summary) -> Iterator[Row]:
    """The lines of the main table, top to bottom."""
    yield say("territory.check.name"), say("territory.check.name_value", name=place.name, id=place.id)
    yield say("territory.check.time_zone"), plain(place.time_zone)
    converted = (
        "territory.check.coordinates_kept"
        if place.coordinates == "WGS84"
        else "territory.check.coordinates_converted"
    )
    yield say("territory.check.coordinates"), say(converted, stated=place.coordinates)
    yield (
        say("territory.check.levels"),
        _listed([(say(f"territory.level.{k}"), n) for k, n in _in_order(summary.levels, Level)]),
    )
    yield say("territory.check.units"), say("territory.check.units_value", count=summary.units)
    yield (
        say("territory.check.areas"),
        _listed(
            [(say(f"territory.area.{k or 'none'}"), n) for k, n in sorted(summary.areas.items(), key=str)]
        ),
    )
    yield (
        say("territory.check.residents"),
        say("territory.check.total_value", total=summary.residents, missing=summary.residents_missing),
    )
    yield (
        say("territory.check.households"),
        say("territory.check.total_value", total=summary.households, missing=summary.households_missing),
    )
    assumed = (
        "territory.check.stations_assumed" if summary.stations_assumed else "territory.check.stations_given"
    )
    yield say("territory.check.stations"), say(assumed, count=summary.stations)
    yield from _adjacency_rows(summary)
    yield from _record_rows(summary)
    if summary.travel is not None:
        yield say("territory.check.travel"), summary.travel
    made_up = _listed([(say(f"territory.field.{name}"), None) for name in summary.synthetic])
    yield say("territory.check.synthetic"), made_up
    for source in place.sources:
        yield (
            say("territory.check.source"),
            say("territory.check.source_value", title=source.title, licence=source.licence),
        )
    yield say("territory.check.digest"), plain(place.digest[:16])


def _adjacency_rows(summary: Summary) -> Iterator[Row]:
    adjacency = summary.adjacency
    if adjacency is None:
        yield (
            say("territory.check.adjacency"),
            say("territory.check.adjacency_none", missing=summary.positions_missing),
        )
        return
    method = say(f"territory.adjacency.{adjacency.method}")
    yield (
        say("territory.check.adjacency"),
        say("territory.check.adjacency_value", method=method, pairs=adjacency.pairs),
    )
    yield say("territory.check.islands"), plain(adjacency.islands)
    yield say("territory.check.shared_positions"), plain(adjacency.shared_positions)
    if adjacency.land is not None:
        yield say("territory.check.land"), say("territory.check.land_value", land=float(adjacency.land))


def _record_rows(summary: Summary) -> Iterator[Row]:
    yield (
        say("territory.check.staff"),
        _listed([(say(f"territory.role.{k}"), n) for k, n in _in_order(summary.staff, Role)]),
    )
    yield say("territory.check.posts"), plain(summary.posts)
    if summary.incident_days is None:
        yield say("territory.check.incidents"), plain(0)
    else:
        first, last = summary.incident_days
        yield (
            say("territory.check.incidents"),
            say(
                "territory.check.incidents_value",
                count=summary.incidents,
                first=first,
                last=last,
                unplaced=summary.incidents_unplaced or 0,
            ),
        )
    if summary.incidents_timed:
        timed = say("territory.check.incidents_timed_value", count=summary.incidents_timed)
        yield say("territory.check.incidents_timed"), timed


def _in_order(counts: Mapping[Kind, int], kinds: Iterable[Kind]) -> list[tuple[Kind, int]]:
    """The kinds that occur, in the order of their definition: highest level first."""
    return [(kind, counts[kind]) for kind in kinds if kind in counts]


def _listed(entries: list[tuple[Text, int | None]]) -> Text:
    """Entries with their counts on one line."""
    if not entries:
        return say("territory.check.none")
    zh = "、".join(text.zh if n is None else f"{text.zh} {n:,}" for text, n in entries)
    en = ", ".join(text.en if n is None else f"{text.en} {n:,}" for text, n in entries)
    return Text(zh=zh, en=en)


def _print_files(console: Console, reading: Reading, language: Language) -> None:
    table = Table(title=say("territory.check.files").in_(language), title_justify="left")
    for key in ("file", "table", "rows", "encoding", "coordinates"):
        table.add_column(say(f"territory.check.file_{key}").in_(language))
    for file in reading.files:
        name = say(f"territory.table.{file.table}").in_(language)
        table.add_row(file.name, name, f"{file.rows:,}", file.encoding or "–", file.coordinates or "–")
    console.print(table)


def print_notes(findings: Sequence[Finding], language: Language) -> None:
    """Print what is to be looked at."""
    console = Console(highlight=False, soft_wrap=True)
    if not findings:
        console.print(say("territory.check.no_notes").in_(language))
        return
    console.print(say("territory.check.notes", count=len(findings)).in_(language))
    for finding in findings[:NOTES_SHOWN]:
        console.print(f"  - {finding.sentence(language)}", markup=False)
    if len(findings) > NOTES_SHOWN:
        more = say("territory.check.more_notes", count=len(findings) - NOTES_SHOWN)
        console.print(more.in_(language))
