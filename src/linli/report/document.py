"""plan.pdf: the plan on A4 paper, set as Chinese official papers are, tagged for screen readers (PDF/UA-1).

Long lists are cut where a reader would stop reading, and say where the rest is. The same plan gives
the same bytes: the file carries no time, and its identifier is a digest of its text.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import weasyprint
from markupsafe import Markup
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from linli.kernel.identifiers import StationId
from linli.kernel.texts import Language, Text, catalogue, plain
from linli.planning.deployment import ClauseCheck, Deployment
from linli.report.clauses import clause_entries, figure_entries
from linli.report.figures import STATUSES, judged_checks, published_figures, totals, word
from linli.report.layers import map_layers, telling
from linli.report.maps import draw_map
from linli.report.method import figures, method, number, synthetic_banner
from linli.report.page import asset_text, environment, picture
from linli.report.shapes import Shapes
from linli.report.tables import Cell, Column, Table, Tables

__all__ = ["MOST_ROWS", "MOST_STATIONS", "write_document"]

MOST_ROWS = 240
"""Rows of one table on paper; the workbook has all."""

MOST_STATIONS = 24
"""Stations that get a map and lists of their own."""

OPTIONAL = frozenset({"households", "incidents", "premises", "area", "target", "load_percent"})
"""Columns left out where the territory gives nothing for them."""

HIDDEN: dict[str, frozenset[str]] = {
    "beats": frozenset(
        {
            *("id", "station", "area", "households", "incidents", "premises", "target", "posts", "remark"),
            *("by_rule", "pieces"),
        }
    ),
    "posts": frozenset({"id", "longitude", "latitude", "station", "beats"}),
    "checks": frozenset({"unit", "formula", "note", "scope", "unknown", "met", "failing"}),
    "figures": frozenset({"formula", "note"}),
}


ON_PAPER: dict[str, int] = {"name": 16, "place_names": 26, "title": 36, "status": 9, "workload": 8}
"""Widths of columns that paper has other room for than a sheet."""

FIRST_MAP: dict[Language, float] = {"zh": 10.2, "en": 8.0}
"""Height of the first map in centimetres: it fills the first page, on which English takes more lines."""

NEXT_MAP = 10.4
"""Height of the other maps in centimetres; two of them stand on a page."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """One station: its map and its own rows of the tables."""

    title: str
    map: str
    alt: str
    beats: Table
    posts: Table


def write_document(deployment: Deployment, shapes: Shapes, path: Path, *, language: Language = "zh") -> None:
    """Write the plan as a PDF in one language."""
    html = render_document(deployment, shapes, language=language)
    fonts = FontConfiguration()
    document = weasyprint.HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=["data"]))
    document.write_pdf(
        path,
        font_config=fonts,
        pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
        pdf_variant="pdf/ua-1",
        pdf_tags=True,
    )


def render_document(deployment: Deployment, shapes: Shapes, *, language: Language) -> str:
    """The document as HTML, which the PDF is set from."""
    say = catalogue(__package__)
    tables = Tables(deployment)
    layers = telling(map_layers(deployment))
    return (
        environment()
        .get_template("document.html")
        .render(
            deployment=deployment,
            language=language,
            style=Markup(asset_text("document.css")),  # noqa: S704 - our own style sheet
            title=say("title.plan", territory=deployment.territory.name),
            banner=synthetic_banner(deployment),
            opening=_opening(deployment),
            figures=figures(deployment),
            maps=[
                (
                    say("html.map.alt", territory=deployment.territory.name, layer=layer.title),
                    layer.title,
                    picture(draw_map(deployment, shapes, layer, language=language, height=height)),
                )
                for layer, height in zip(
                    layers, (FIRST_MAP[language], *[NEXT_MAP] * len(layers)), strict=False
                )
            ],
            clauses=clause_entries(deployment),
            published=figure_entries(deployment),
            failing_names=tables.failing_names,
            paragraphs=method(deployment, from_points=shapes.from_points),
            tables={
                "stations": _cut(tables.stations, frozenset({"assumed", "id"})),
                "roles": _cut(tables.roles),
                "hiring": _cut(tables.hiring),
                "checks": _cut(tables.checks, HIDDEN["checks"]),
                "figures": _cut(tables.figures, HIDDEN["figures"]),
            },
            sections=_sections(deployment, shapes, tables, language),
            all_stations=len(deployment.stations) <= MOST_STATIONS,
            most_rows=MOST_ROWS,
            most_stations=MOST_STATIONS,
            shown=lambda cell, column: _shown(cell, column, language),
        )
    )


def _opening(deployment: Deployment) -> Text:
    """The plan in one paragraph of plain prose."""
    say = catalogue(__package__)
    found = totals(deployment)
    published = published_figures(deployment)
    gap = say("document.gap_unknown") if found.gap is None else say("document.gap", gap=number(found.gap))
    return say(
        "document.opening",
        territory=deployment.territory.name,
        pack=deployment.pack.title,
        on=deployment.pack.on,
        stations=number(found.stations),
        places=number(found.places),
        residents=number(found.residents),
        beats=number(found.beats),
        posts=number(found.posts),
        new=number(found.new_posts),
        minutes=number(found.mean_minutes, 1),
        longest=number(found.longest_minutes, 1),
        farthest=number(found.farthest_minutes, 1),
        gap=gap,
        outcomes=_outcomes(judged_checks(deployment)),
        figures=say("document.figures", outcomes=_outcomes(published)) if published else plain(""),
    )


def _outcomes(checks: Sequence[ClauseCheck]) -> Text:
    say = catalogue(__package__)
    counts = [(word("status", s), sum(c.status == s for c in checks)) for s in STATUSES]
    separator = say("synthetic.separator")
    listed = [say("document.outcome", status=label, count=count) for label, count in counts if count]
    return Text(zh=separator.zh.join(t.zh for t in listed), en=separator.en.join(t.en for t in listed))


def _sections(deployment: Deployment, shapes: Shapes, tables: Tables, language: Language) -> list[Section]:
    say = catalogue(__package__)
    layer = telling(map_layers(deployment))[0]
    station_of = {p.code: p.station for p in deployment.places}
    beat_station = [b.station for b in deployment.beats]
    post_station = [station_of.get(p.place) for p in deployment.posts]
    return [
        Section(
            title=station.name,
            map=picture(
                draw_map(deployment, shapes, layer, language=language, station=station.id, height=8.0)
            ),
            alt=say("html.map.alt", territory=station.name, layer=layer.title).in_(language),
            beats=_cut(_of_station(tables.beats, beat_station, station.id), HIDDEN["beats"]),
            posts=_cut(_of_station(tables.posts, post_station, station.id), HIDDEN["posts"]),
        )
        for station in deployment.stations[:MOST_STATIONS]
        if station.id in beat_station
    ]


def _of_station(table: Table, stations: Sequence[StationId | None], station: StationId) -> Table:
    rows = tuple(row for row, of in zip(table.rows, stations, strict=True) if of == station)
    return replace(table, rows=rows)


def _cut(table: Table, hidden: frozenset[str] = frozenset()) -> Table:
    """A table for paper: the named columns are left out, and counts that nothing was given for."""
    kept = [
        i
        for i, column in enumerate(table.columns)
        if column.key not in hidden
        and (column.key not in OPTIONAL or any(row[i] is not None for row in table.rows))
    ]
    return replace(
        table,
        columns=tuple(
            replace(c, width=ON_PAPER.get(c.key, c.width)) for c in (table.columns[i] for i in kept)
        ),
        rows=tuple(tuple(row[i] for i in kept) for row in table.rows),
    )


def _shown(cell: Cell, column: Column, language: Language) -> str:
    if cell is None:
        return "—"
    if isinstance(cell, Text):
        return cell.in_(language)
    if isinstance(cell, int | float):
        return number(cell, min(column.digits, 2) if float(cell) != int(cell) else 0)
    return str(cell)
