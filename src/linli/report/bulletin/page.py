"""The bulletin as one page of HTML, from which the PDF is set too: no script, nothing from the network."""

from functools import cache
from importlib import resources
from typing import Final

import jinja2
from markupsafe import Markup

from linli.kernel.texts import Language, Text, catalogue
from linli.report.bulletin import wording
from linli.report.bulletin.content import Bulletin, Item
from linli.report.bulletin.drawing import MOST_DOTS, as_svg, league, series
from linli.report.chance import chance_title, rule_tables
from linli.report.page import asset_text, picture
from linli.report.tables import Cell, Column
from linli.report.wording import unit_words

__all__ = ["MOST_ROWS", "render_bulletin"]

MOST_ROWS: Final = 120
"""Areas of one indicator on paper; the workbook has all."""


def render_bulletin(bulletin: Bulletin, *, language: Language = "zh") -> str:
    """The page in one language; the same bulletin gives the same text."""
    tables = {} if bulletin.chance is None else rule_tables(bulletin.chance)
    return (
        environment()
        .get_template("bulletin.html")
        .render(
            bulletin=bulletin,
            language=language,
            style=Markup(asset_text("document.css") + own_style()),  # noqa: S704 - our own style sheets
            title=wording.title(bulletin),
            opening=wording.opening(bulletin),
            pictures={item.indicator: _pictures(item, language) for item in bulletin.items},
            chance=[table for of_clause in tables.values() for table in of_clause],
            chance_title=None if bulletin.chance is None else chance_title(bulletin.chance),
            t=lambda key, **values: catalogue(__package__)(key, **values).in_(language),
            shown=lambda cell, column: _shown(cell, column, language),
            wording=wording,
            unit_words=unit_words,
            most_rows=MOST_ROWS,
            most_dots=MOST_DOTS,
        )
    )


def _pictures(item: Item, language: Language) -> tuple[str | None, str | None]:
    """The areas and the series, where there is something to be seen."""
    areas = sum(spot.value is not None for spot in item.areas)
    periods = sum(one.value is not None for one in item.series)
    return (
        picture(as_svg(league(item, language))) if areas > 1 else None,
        picture(as_svg(series(item, language))) if periods > 1 else None,
    )


def _shown(cell: Cell, column: Column, language: Language) -> str:
    if isinstance(cell, Text):
        return cell.in_(language)
    if isinstance(cell, int | float):
        return f"{cell:,.{column.digits}f}"
    return "—" if cell is None else str(cell)


@cache
def environment() -> jinja2.Environment:
    """The template, every value in it escaped."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader(__package__),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def own_style() -> str:
    """What the bulletin adds to the style sheet of papers."""
    return (resources.files(__package__) / "templates" / "bulletin.css").read_text(encoding="utf-8")
