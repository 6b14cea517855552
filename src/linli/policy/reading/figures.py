"""Reading ``figures.toml``: published figures as arithmetic."""

from linli.kernel.identifiers import ClauseId
from linli.policy.catalogue import measures
from linli.policy.model import Figure, FigureId, FigureInput
from linli.policy.reading.table import Table

__all__ = ["read_figures"]

MOST_DECIMALS = 6


def read_figures(root: Table) -> tuple[Figure, ...]:
    """All figures in the order of the file."""
    found = tuple(_figure(table) for table in root.tables("figures"))
    root.finish()
    return found


def _figure(table: Table) -> Figure:
    clause = table.string("clause")
    figure = Figure(
        id=FigureId(f"{clause}.{table.string('name')}"),
        clause=ClauseId(clause),
        title=table.text("title"),
        expression=table.string("expression"),
        inputs=tuple(_input(name, inner) for name, inner in table.table("inputs").named_tables()),
        unit=table.unit("unit"),
        decimals=_decimals(table),
        computed=table.number("computed"),
        stated=table.optional_number("stated"),
        note=table.optional_text("note"),
    )
    if figure.agrees is False and figure.note is None:
        table.wrong("figure.note", "note", computed=figure.computed, stated=figure.stated)
    table.finish()
    return figure


def _decimals(table: Table) -> int:
    decimals = table.number("decimals")
    if decimals != int(decimals) or not 0 <= decimals <= MOST_DECIMALS:
        table.wrong("figure.decimals", "decimals", decimals, most=MOST_DECIMALS)
        return 0
    return int(decimals)


def _input(name: str, table: Table) -> FigureInput:
    # A number that is no measure of the catalogue has no name for readers but its own.
    known = measures().get(name)
    title = table.text("title") if known is None or table.has("title") else known.title
    found = FigureInput(name=name, title=title, value=table.number("value"), unit=table.unit("unit"))
    table.finish()
    return found
