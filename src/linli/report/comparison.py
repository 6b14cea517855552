"""compare.html and compare.xlsx: two deployments side by side, and what changes between them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from markupsafe import Markup

from linli.kernel.texts import Language, Text, catalogue, plain
from linli.planning.comparison import BeatPair, Comparison, GapChange, MovedPlace, StatusChange, compare
from linli.planning.deployment import Beat, Deployment
from linli.planning.yardstick import load_ratio
from linli.report.figures import word
from linli.report.layers import MapLayer, map_layers, telling
from linli.report.maps import draw_map
from linli.report.method import synthetic_banner
from linli.report.page import asset, environment, picture, policy, script_data
from linli.report.payload import page_words, table_payload
from linli.report.shapes import work_out_shapes
from linli.report.tables import Cell, Table, column, table_of
from linli.report.workbook import write_tables
from linli.report.writer import Written
from linli.report.writing import staged
from linli.territory.model import Territory

__all__ = ["COMPARISON_FILES", "comparison_tables", "write_comparison"]

COMPARISON_FILES = ("compare.html", "compare.xlsx")
MOST_LISTED = 5_000
"""Rows of one table on the page; the workbook has all."""


def write_comparison(
    left: Deployment,
    right: Deployment,
    directory: Path,
    *,
    territory: Territory | None = None,
    language: Language = "zh",
) -> Written:
    """Write the comparison of two deployments, all files or none.

    Parameters
    ----------
    territory : Territory, optional
        Territory of the plans, for outlines on their maps; a plan with other places has cells around them.
    """
    comparison = compare(left, right)
    tables = comparison_tables(comparison)
    title = _title(comparison)
    with staged(directory) as stage:
        page = _page(comparison, tables, territory, language)
        (stage / "compare.html").write_text(page, encoding="utf-8", newline="\n")
        write_tables(tables, stage / "compare.xlsx", title=title, banner=synthetic_banner(right))
    return Written(directory, tuple(directory / name for name in COMPARISON_FILES))


def comparison_tables(comparison: Comparison) -> tuple[Table, ...]:
    """Figures, staff, clauses, beats and moved places of both plans."""
    return (
        _figures(comparison),
        _staff(comparison.gaps),
        _statuses(comparison.statuses),
        _pairs(comparison),
        _moved(comparison),
    )


def _title(comparison: Comparison) -> Text:
    return catalogue(__package__)("compare.title", territory=comparison.right.territory.name)


def _figures(comparison: Comparison) -> Table:
    say = catalogue(__package__)
    left, right = comparison.balance.left, comparison.balance.right
    rows: list[tuple[Text, float | None, float | None]] = [
        (say("figure.beats"), comparison.beats.left, comparison.beats.right),
        *((word("post", p.kind), p.left, p.right) for p in comparison.posts if p.left or p.right),
        (say("compare.mean_minutes"), comparison.mean_minutes.left, comparison.mean_minutes.right),
        (say("compare.longest_minutes"), comparison.longest_minutes.left, comparison.longest_minutes.right),
        (say("compare.mean_distance"), comparison.mean_distance.left, comparison.mean_distance.right),
        (say("compare.spread"), _percent(left.spread), _percent(right.spread)),
        (say("compare.heaviest"), _percent(left.heaviest), _percent(right.heaviest)),
        (say("compare.outside_rule"), left.count.outside, right.count.outside),
        (say("compare.in_pieces"), left.count.in_pieces, right.count.in_pieces),
        (say("compare.moved"), None, len(comparison.moved)),
        (say("compare.stayed"), None, comparison.same_places),
        (say("compare.only"), len(comparison.only_left), len(comparison.only_right)),
    ]
    return table_of(
        "comparison",
        rows,
        [
            (column("figure", "word", 24), lambda r: r[0]),
            (column("left", "real", 10, "method-compare", 2), lambda r: r[1]),
            (column("right", "real", 10, "method-compare", 2), lambda r: r[2]),
            (column("difference", "real", 10, "method-compare", 2), lambda r: _difference(r[1], r[2])),
        ],
    )


def _staff(gaps: Sequence[GapChange]) -> Table:
    return table_of(
        "roles",
        gaps,
        [
            (column("clause", "clause", 6), lambda g: g.clause),
            (column("role", "word", 12), lambda g: word("role", g.role)),
            (
                column("required_left", "int", 9, "method-compare"),
                lambda g: None if g.left is None else g.left.required,
            ),
            (
                column("required_right", "int", 9, "method-compare"),
                lambda g: None if g.right is None else g.right.required,
            ),
            (
                column("gap_left", "int", 9, "method-compare"),
                lambda g: None if g.left is None else g.left.gap,
            ),
            (
                column("gap_right", "int", 9, "method-compare"),
                lambda g: None if g.right is None else g.right.gap,
            ),
        ],
    )


def _statuses(statuses: Sequence[StatusChange]) -> Table:
    return table_of(
        "checks",
        statuses,
        [
            (column("clause", "clause", 6), lambda s: s.clause),
            (column("title", "sentence", 30), lambda s: s.title),
            (column("status_left", "word", 9), lambda s: _status(s.left)),
            (column("status_right", "word", 9), lambda s: _status(s.right)),
            (
                column("not_met_left", "int", 9, "method-compare"),
                lambda s: None if s.left is None else s.not_met.left,
            ),
            (
                column("not_met_right", "int", 9, "method-compare"),
                lambda s: None if s.right is None else s.not_met.right,
            ),
            (column("changed", "word", 6), lambda s: word("value", "yes") if s.left != s.right else None),
        ],
    )


def _status(status: str | None) -> Text | None:
    return None if status is None else word("status", status)


def _pairs(comparison: Comparison) -> Table:
    old = {b.id: b for b in comparison.left.beats}
    new = {b.id: b for b in comparison.right.beats}

    def left(pair: BeatPair) -> Beat | None:
        return None if pair.left is None else old.get(pair.left)

    def right(pair: BeatPair) -> Beat | None:
        return None if pair.right is None else new.get(pair.right)

    return table_of(
        "beats",
        comparison.pairs,
        [
            (column("beat_left", "word", 14), lambda p: _name(left(p))),
            (column("beat_right", "word", 14), lambda p: _name(right(p))),
            (column("shared_places", "int", 8, "method-compare"), lambda p: p.shared_places),
            (column("shared_residents", "int", 8, "method-compare"), lambda p: p.shared_residents),
            (column("load_left", "real", 8, "method-compare"), lambda p: _load(left(p))),
            (column("load_right", "real", 8, "method-compare"), lambda p: _load(right(p))),
            (column("minutes_left", "real", 8, "method-compare", 1), lambda p: _minutes(left(p))),
            (column("minutes_right", "real", 8, "method-compare", 1), lambda p: _minutes(right(p))),
        ],
    )


def _moved(comparison: Comparison) -> Table:
    old = {b.id: b for b in comparison.left.beats}
    new = {b.id: b for b in comparison.right.beats}

    def residents(place: MovedPlace) -> Cell:
        return place.residents

    return table_of(
        "moved",
        comparison.moved,
        [
            (column("code", "text", 10), lambda m: m.code),
            (column("name", "text", 12), lambda m: m.name),
            (column("residents", "int", 8, "method-compare"), residents),
            (column("beat_left", "word", 14), lambda m: _name(old.get(m.left))),
            (column("beat_right", "word", 14), lambda m: _name(new.get(m.right))),
        ],
    )


def _name(beat: Beat | None) -> Text | None:
    return None if beat is None else beat.name


def _load(beat: Beat | None) -> float | None:
    ratio = None if beat is None else load_ratio(beat)
    return None if ratio is None else ratio * 100.0


def _minutes(beat: Beat | None) -> float | None:
    return None if beat is None else beat.mean_minutes


def _percent(ratio: float | None) -> float | None:
    return None if ratio is None else ratio * 100.0


def _difference(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else right - left


def _page(
    comparison: Comparison, tables: Sequence[Table], territory: Territory | None, language: Language
) -> str:
    say = catalogue(__package__)
    script = asset("compare.js")
    words = page_words() | {"table.limited": page_words()["compare.limited"]}
    listed = [table_payload(_first(t), total=len(t.rows)) for t in tables]
    return (
        environment()
        .get_template("compare.html")
        .render(
            language=language,
            title=_title(comparison),
            banner=synthetic_banner(comparison.right) or synthetic_banner(comparison.left),
            plans=(
                (
                    say("compare.left"),
                    comparison.left,
                    *_map(comparison.left, comparison, territory, language),
                ),
                (
                    say("compare.right"),
                    comparison.right,
                    *_map(comparison.right, comparison, territory, language),
                ),
            ),
            tables=tables,
            clauses=_clauses(comparison),
            payload=script_data({"language": language, "words": words, "tables": listed}),
            script=Markup(script),  # noqa: S704 - our own built file
            styles=[Markup(asset("page.css")), Markup(asset("compare.css"))],  # noqa: S704
            policy=policy([script]),
        )
    )


def _clauses(comparison: Comparison) -> list[tuple[str, Text | None]]:
    """Every clause that a table names, once, with its first title."""
    titles: dict[str, Text | None] = {}
    for status in comparison.statuses:
        titles.setdefault(status.clause, status.title)
    for gap in comparison.gaps:
        titles.setdefault(gap.clause, None)
    return list(titles.items())


def _first(table: Table) -> Table:
    return replace(table, rows=table.rows[:MOST_LISTED])


def _map(
    deployment: Deployment, comparison: Comparison, territory: Territory | None, language: Language
) -> tuple[str, Text]:
    """The plan's map by the first layer that both plans have values for."""
    layer = _common_layer(deployment, comparison)
    shapes = work_out_shapes(deployment, territory if _covers(territory, deployment) else None)
    svg = draw_map(deployment, shapes, layer, language=language)
    return picture(svg), catalogue(__package__)(
        "html.map.alt", territory=plain(deployment.pack.id), layer=layer.title
    )


def _covers(territory: Territory | None, deployment: Deployment) -> bool:
    """Whether a deployment's places are all of this territory, so that its outlines may be drawn."""
    if territory is None:
        return False
    known = {place.code for place in territory.places}
    return all(place.code in known for place in deployment.places)


def _common_layer(deployment: Deployment, comparison: Comparison) -> MapLayer:
    both = [{layer.id for layer in telling(map_layers(d))} for d in (comparison.left, comparison.right)]
    layers = map_layers(deployment)
    return next((layer for layer in layers if layer.id in both[0] & both[1]), layers[0])
