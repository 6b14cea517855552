"""Static maps as SVG, for paper and for pages without scripts: a whole territory or one station's area.

Plate carrée stretched by the cosine of the middle latitude, which over one county keeps shapes true to
well under a per cent. Text stays text, so that it can be searched and is set in the reader's own font.
"""

import io
import math
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path as Outline
from shapely.geometry.base import BaseGeometry

from linli.kernel.identifiers import StationId
from linli.kernel.texts import Language, Text, catalogue
from linli.planning.deployment import Deployment, Post
from linli.report.figures import credits_of, word
from linli.report.layers import MapLayer
from linli.report.shapes import Shapes
from linli.territory.model import PostKind

__all__ = ["draw_map"]

FAMILIES = "'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', 'SimHei', sans-serif"
FONTS = ["Noto Sans CJK SC", "Noto Sans CJK JP", "DejaVu Sans"]
INK, LINE, MARK = "#1b2430", "#6b7686", "#12335c"
LABEL = {"boxstyle": "square,pad=0.12", "facecolor": "#ffffff", "edgecolor": "none", "alpha": 0.72}
MARKS = {PostKind.COMMUNITY_ROOM: "s", PostKind.CENTRE_ROOM: "D", PostKind.WORK_STATION: "^"}
MOST_NAMES = 70
"""Names of one kind on a map; with more of them none is drawn, since none could be read."""
MOST_MARKS = 1_500
"""Posts, and places of one station, on a map; more of them would only blacken it."""
MOST_OUTLINES = 3_000
"""Beats with an outline each; more of them are drawn as one area a class."""
DOTS_ACROSS = 1_500
"""Detail of outlines, as points across the map's wider side."""
LEGEND = 1.9
"""Centimetres below the map that the legend takes."""
INCH = 2.54
POINTS = 72.0
"""Points of type in an inch."""
WIDE_LETTERS = 0x2E80
"""From this code on letters are as wide as they are tall."""
KILOMETRES_PER_DEGREE = 111.195


@dataclass(frozen=True)
class _Scene:
    """What one map shows."""

    beats: tuple[int, ...]
    stations: tuple[StationId, ...]
    posts: tuple[Post, ...]
    bounds: tuple[float, float, float, float]
    close: bool


def draw_map(
    deployment: Deployment,
    shapes: Shapes,
    layer: MapLayer,
    *,
    language: Language,
    station: StationId | None = None,
    width: float = 17.0,
    height: float = 15.0,
) -> str:
    """An SVG of the whole plan, or of one station's area, coloured by one layer.

    Parameters
    ----------
    width, height : float
        The most that the picture may measure, in centimetres; a wide area is less tall.
    """
    scene = _scene(deployment, shapes, station)
    with mpl.rc_context(_settings()), warnings.catch_warnings():
        # Text stays text in the SVG: that this machine's font lacks a sign does not matter to the reader's.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = _figure(scene, width, height)
        axes = figure.axes[0]
        _paint(axes, deployment, shapes, layer, scene)
        hidden = _names(axes, deployment, shapes, scene)
        _legend(axes, layer, scene, language)
        _notes(axes, deployment, scene, hidden, language)
        _scale_bar(axes, scene)
        return _rendered(figure)


def _settings() -> dict[Any, Any]:
    return {
        "svg.fonttype": "none",
        "svg.hashsalt": "linli",
        "font.family": [f for f in FONTS if f in mpl.font_manager.fontManager.get_font_names()],
        "font.size": 8.0,
        "path.simplify": False,
    }


def _scene(deployment: Deployment, shapes: Shapes, station: StationId | None) -> _Scene:
    if station is None:
        everything = tuple(range(len(deployment.beats)))
        stations = tuple(s.id for s in deployment.stations)
        return _Scene(everything, stations, deployment.posts, shapes.bounds, close=False)
    beats = tuple(i for i, b in enumerate(deployment.beats) if b.station == station)
    inside = {code for i in beats for code in deployment.beats[i].places}
    posts = tuple(p for p in deployment.posts if p.place in inside)
    west, south, east, north = shapes.stations[station].bounds
    return _Scene(beats, (station,), posts, (west, south, east, north), close=True)


def _figure(scene: _Scene, width: float, height: float) -> Figure:
    west, south, east, north = scene.bounds
    stretch = 1.0 / max(0.05, math.cos(math.radians((south + north) / 2)))
    shape = (north - south) * stretch / max(east - west, 1e-9)
    tall = min(height - LEGEND, max(width * 0.3, width * shape))
    figure = Figure(figsize=(width / INCH, (tall + LEGEND) / INCH))
    FigureCanvasSVG(figure)
    axes = figure.add_axes((0.0, LEGEND / (tall + LEGEND), 1.0, tall / (tall + LEGEND)))
    margin = 0.02 * max(east - west, north - south, 1e-6)
    axes.set_xlim(west - margin, east + margin)
    axes.set_ylim(south - margin, north + margin)
    axes.set_aspect(stretch)
    axes.set_axis_off()
    return figure


def _paint(axes: Any, deployment: Deployment, shapes: Shapes, layer: MapLayer, scene: _Scene) -> None:
    west, south, east, north = scene.bounds
    detail = max(east - west, north - south) / DOTS_ACROSS
    many = len(scene.beats) > MOST_OUTLINES
    for number, made in enumerate(layer.classes):
        members = [shapes.beats[deployment.beats[i].id] for i in scene.beats if layer.index[i] == number]
        if many and members:
            members = [shapely.union_all(members)]
        _add(
            axes,
            _coarse(members, detail),
            facecolor=made.colour,
            edgecolor=LINE,
            linewidth=0.0 if many else 0.35,
        )
    borders = _coarse([shapes.stations[s] for s in scene.stations], detail)
    _add(axes, borders, facecolor="none", edgecolor=INK, linewidth=1.1)
    if scene.close:
        inside = [p for p in deployment.places if p.station == scene.stations[0]][:MOST_MARKS]
        axes.plot([p.longitude for p in inside], [p.latitude for p in inside], "o", ms=1.6, color="#445062")
    for kind, existing in _kinds(scene.posts):
        at = [(p.longitude, p.latitude) for p in scene.posts if (p.kind, p.existing) == (kind, existing)]
        x, y = zip(*at, strict=True)
        axes.plot(x, y, **_mark(kind, existing=existing, size=5.0 if scene.close else 3.0))


def _coarse(geometry: Sequence[BaseGeometry], detail: float) -> list[BaseGeometry]:
    return list(shapely.simplify(np.array(geometry, dtype=object), detail)) if geometry else []


def _add(axes: Any, geometry: Iterable[BaseGeometry], **style: Any) -> None:
    """One path for all outlines of a class, so that twenty thousand beats do not make as many elements."""
    rings = [
        np.asarray(ring.coords)[:, :2]
        for shape in geometry
        for polygon in getattr(shape, "geoms", [shape])
        if polygon.geom_type == "Polygon"
        for ring in (polygon.exterior, *polygon.interiors)
        if len(ring.coords)
    ]
    if not rings:
        return
    codes = [[Outline.MOVETO, *[Outline.LINETO] * (len(r) - 2), Outline.CLOSEPOLY] for r in rings]
    axes.add_patch(
        PathPatch(Outline(np.concatenate(rings), np.concatenate(codes)), joinstyle="round", **style)
    )


def _kinds(posts: Sequence[Post]) -> list[tuple[PostKind, bool]]:
    """Kinds of posts to mark, existing ones first; none where there are too many to tell apart."""
    if len(posts) > MOST_MARKS:
        return []
    return sorted({(p.kind, p.existing) for p in posts}, key=lambda k: (list(PostKind).index(k[0]), not k[1]))


def _mark(kind: PostKind, *, existing: bool, size: float) -> dict[str, Any]:
    fill = MARK if existing else "#ffffff"
    return {
        "marker": MARKS[kind],
        "linestyle": "none",
        "markersize": size,
        "markerfacecolor": fill,
        "markeredgecolor": MARK,
        "markeredgewidth": 1.0,
    }


def _names(axes: Any, deployment: Deployment, shapes: Shapes, scene: _Scene) -> int:
    """Write the names that find room, and return how many do not."""
    if scene.close:
        named = [(shapes.beats[(b := deployment.beats[i]).id], _short(b.name.zh)) for i in scene.beats]
    else:
        names = {s.id: s.name for s in deployment.stations}
        named = [(shapes.stations[station], names[station]) for station in scene.stations]
    if len(named) > MOST_NAMES:
        return len(named)
    axes.apply_aspect()
    taken: list[BaseGeometry] = []
    hidden = 0
    for shape, name in sorted(named, key=lambda n: -n[0].area):
        hidden += not _write(axes, shape, name, size=6.5 if scene.close else 7.5, taken=taken)
    return hidden


def _short(name: str) -> str:
    """A beat's name as a map has room for: without the words that all of them share."""
    return re.sub("居民委员会|村民委员会|村委会|居委会", "", name).removesuffix("警务区") or name


def _write(axes: Any, shape: BaseGeometry, name: str, *, size: float, taken: list[BaseGeometry]) -> bool:
    """Write a name on a shape unless it would cover another one, whose frames are in ``taken``."""
    if shape.is_empty:
        return True
    point = shape.representative_point()
    x, y = axes.transData.transform((point.x, point.y)) * POINTS / axes.figure.dpi
    half = size * sum(1.0 if ord(letter) > WIDE_LETTERS else 0.55 for letter in name) / 2
    frame = shapely.box(x - half, y + 3, x + half, y + 5 + size)
    if any(frame.intersects(other) for other in taken):
        return False
    taken.append(frame)
    axes.annotate(
        name,
        (point.x, point.y),
        (0, 4),
        textcoords="offset points",
        ha="center",
        va="bottom",
        color=INK,
        fontsize=size,
        bbox=LABEL,
    )
    return True


def _notes(axes: Any, deployment: Deployment, scene: _Scene, hidden: int, language: Language) -> None:
    """Under the map: whose data it is, and what it leaves out."""
    say = catalogue(__package__)
    notes: list[Text] = list(credits_of(deployment))
    if hidden:
        notes.append(say("map.names_left_out", count=hidden))
    if len(scene.posts) > MOST_MARKS:
        notes.append(say("map.posts_left_out", count=len(scene.posts)))
    figure = axes.figure
    line = "　".join(note.in_(language) for note in notes)
    height = figure.get_figheight() * INCH
    figure.text(0.99, (LEGEND - 0.1) / height, line, ha="right", va="top", fontsize=6.5, color=INK)


def _legend(axes: Any, layer: MapLayer, scene: _Scene, language: Language) -> None:
    shown = {layer.index[i] for i in scene.beats}
    handles: list[Any] = [
        Patch(facecolor=c.colour, edgecolor=LINE, linewidth=0.5, label=c.label.in_(language))
        for number, c in enumerate(layer.classes)
        if number in shown
    ]
    for kind, existing in _kinds(scene.posts):
        age = word("existing", "yes" if existing else "no").in_(language)
        label = f"{word('post', kind).in_(language)} · {age}"
        handles.append(Line2D([], [], label=label, **_mark(kind, existing=existing, size=4.5)))
    axes.figure.legend(
        handles=handles,
        title=layer.title.in_(language),
        loc="lower left",
        bbox_to_anchor=(0.01, 0.0),
        ncols=4,
        frameon=False,
        fontsize=7.5,
        title_fontsize=8.0,
        alignment="left",
        borderaxespad=0.0,
        handlelength=1.4,
        columnspacing=1.4,
    )


def _scale_bar(axes: Any, scene: _Scene) -> None:
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    degree = KILOMETRES_PER_DEGREE * math.cos(math.radians((south + north) / 2))
    across = (east - west) * degree / 4
    power = 10 ** math.floor(math.log10(across))
    length = max(step * power for step in (1, 2, 5) if step * power <= across)
    x, y = east - (east - west) * 0.02, south + (north - south) * 0.015
    axes.plot([x - length / degree, x], [y, y], color=INK, linewidth=1.6, solid_capstyle="butt")
    axes.text(
        x, y + (north - south) * 0.008, f"{length:g} km", ha="right", va="bottom", fontsize=7, color=INK
    )


def _rendered(figure: Figure) -> str:
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = out.getvalue()
    text = re.sub(r"(\d+\.\d{2})\d+", r"\1", text[text.index("<svg") :])
    return re.sub(r"font: ([\d.]+px) [^;\"]+", lambda m: f"font: {m[1]} {FAMILIES}", text)
