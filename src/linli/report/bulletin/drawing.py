"""The pictures of a bulletin as SVG: areas as dots with intervals, and the territory's figure over time.

Text stays text. The table beside each picture says the same in words and numbers. Matplotlib is loaded when
the first picture is drawn.
"""

import io
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linli.kernel.texts import Language, catalogue
from linli.report.bulletin.content import Item, Moment, Spot, Standing
from linli.report.wording import unit_words

__all__ = ["MOST_DOTS", "Painting", "as_png", "as_svg", "league", "series"]

FAMILIES: Final = (
    "'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', 'SimHei', sans-serif"
)
FONTS: Final = ("Noto Sans CJK SC", "Noto Sans CJK JP", "DejaVu Sans")
INK, GREY, LINE = "#1b2430", "#5b6675", "#9aa4b1"
COLOURS: Final = {
    Standing.HIGHER: "#a32f08",
    Standing.LOWER: "#12508f",
    Standing.CANNOT_TELL: GREY,
    None: GREY,
}
MARKS: Final = {Standing.HIGHER: "^", Standing.LOWER: "v", Standing.CANNOT_TELL: "o", None: "o"}
"""Colour is never alone: what can be told from the others has a mark of its own."""
INCH: Final = 2.54
WIDTH: Final = 16.0
ROW: Final = 0.42
"""Centimetres that one area takes."""
MOST_DOTS: Final = 60
"""Areas in one picture; the table and the workbook have all."""
MOST_TICKS: Final = 10
"""Periods named below a picture: more would touch."""


@dataclass(frozen=True)
class Painting:
    """A picture not yet made: what is painted on one pair of axes, and how tall it is in centimetres."""

    paint: Callable[[Any], None]
    height: float


def league(item: Item, language: Language) -> Painting:
    """The areas of an indicator: a dot for the figure, a line for its 95 % interval, the whole as a rule."""
    shown = [spot for spot in item.areas if spot.value is not None][:MOST_DOTS]

    def paint(axes: Any) -> None:
        for row, spot in enumerate(shown):
            _dot(axes, row, spot, item)
        middle = _middle(item)
        if middle is not None:
            axes.axvline(middle, color=INK, linewidth=0.8, linestyle=(0, (4, 2)))
        axes.set_yticks(range(len(shown)), [spot.name.in_(language) for spot in shown])
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.set_xlabel(_axis(item, language, by_rate=item.by_rate))

    return Painting(paint, 1.5 + ROW * max(4, len(shown)))


def _middle(item: Item) -> float | None:
    """What areas are held against: the whole territory's figure, or their mean where it is their sum.

    A share, a rate or a percentile of the whole never lies beyond those of all its parts; a sum does.
    """
    if item.by_rate:
        people = sum(spot.residents or 0.0 for spot in item.areas if spot.value is not None)
        counted = sum(spot.value or 0.0 for spot in item.areas)
        return 1000.0 * counted / people if people else None
    whole = None if item.whole is None else item.whole.value
    known = [spot.value for spot in item.areas if spot.value is not None]
    if whole is None or not known or min(known) <= whole <= max(known):
        return whole
    return sum(known) / len(known)


def _dot(axes: Any, row: int, spot: Spot, item: Item) -> None:
    colour = COLOURS[spot.standing]
    figure = spot.per_1000 if item.by_rate else None
    value, low, high = (spot.value, spot.low, spot.high) if figure is None else figure
    if low is not None and high is not None:
        axes.plot([low, high], [row, row], color=colour, linewidth=1.2)
    axes.plot([value], [row], MARKS[spot.standing], color=colour, markersize=4.5)


def series(item: Item, language: Language) -> Painting:
    """The whole territory over time: figures with intervals, and their median as the centre."""

    def paint(axes: Any) -> None:
        for start, end in _stretches(item.series):
            values = [one.value for one in item.series[start:end]]
            # Of another source: hollow, grey, and joined to nothing of ours.
            own = item.series[start].origin == item.series[-1].origin or item.series[start].origin is None
            style = {"color": INK} if own else {"color": GREY, "markerfacecolor": "white"}
            axes.plot(range(start, end), values, "o-", linewidth=1.0, markersize=3.5, **style)
        for place, one in enumerate(item.series):
            if one.low is not None and one.high is not None:
                axes.plot([place, place], [one.low, one.high], color=LINE, linewidth=1.0)
        if item.centre is not None:
            axes.axhline(item.centre, color=GREY, linewidth=0.8, linestyle=(0, (4, 2)))
        marked = range(0, len(item.series), -(-len(item.series) // MOST_TICKS) or 1)
        axes.set_xticks(list(marked), [item.series[i].token for i in marked])
        axes.set_xlim(-0.5, max(len(item.series), 2) - 0.5)
        axes.set_ylabel(_axis(item, language))

    return Painting(paint, 5.2)


def _stretches(series: Sequence[Moment]) -> list[tuple[int, int]]:
    """Where the figure is known without a gap and from one source: nothing is drawn across either."""
    found: list[tuple[int, int]] = []
    start: int | None = None
    for place, one in enumerate((*series, None)):
        known = one is not None and one.value is not None
        other = start is not None and known and one is not None and one.origin != series[start].origin
        if start is not None and (not known or other):
            found.append((start, place))
            start = None
        if known and start is None:
            start = place
    return found


def _axis(item: Item, language: Language, *, by_rate: bool = False) -> str:
    key = "axis.by_rate" if by_rate else "axis"
    title = catalogue(__package__)(key, title=item.title, unit=unit_words(item.unit))
    return title.in_(language)


def as_svg(painting: Painting) -> str:
    """The picture as SVG; the same painting gives the same text."""
    text = _drawn(painting, "svg", {"Date": None, "Creator": None, "Format": None, "Type": None}).decode()
    return re.sub(r"font-family: [^;\"]+", f"font-family: {FAMILIES}", text[text.index("<svg") :])


def as_png(painting: Painting) -> bytes:
    """The picture as points, for a word processor."""
    return _drawn(painting, "png", {"Software": None})


def _drawn(painting: Painting, form: str, metadata: dict[str, None]) -> bytes:
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    settings: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": "linli",
        "font.family": [font for font in FONTS if font in mpl.font_manager.fontManager.get_font_names()],
        "font.size": 8.0,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    out = io.BytesIO()
    with mpl.rc_context(settings), warnings.catch_warnings():
        # Text stays text: that this machine's font lacks a sign does not matter to the reader's.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(WIDTH / INCH, painting.height / INCH), layout="constrained")
        FigureCanvasAgg(figure)
        painting.paint(figure.add_subplot())
        figure.savefig(out, format=form, dpi=150, metadata=metadata)
    return out.getvalue()
