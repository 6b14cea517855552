"""What a bulletin says of its figures, in sentences that every format shares."""

import math
import re
from collections.abc import Iterable
from typing import Final

from linli.kernel.texts import Text, catalogue, plain
from linli.report.bulletin.content import Bulletin, Item, Spot, Standing
from linli.report.method import number
from linli.report.wording import unit_words

__all__ = [
    "area_figure",
    "figure",
    "formula",
    "interval",
    "listed",
    "opening",
    "period_text",
    "places",
    "shown",
    "standing",
    "statement",
    "title",
    "trend",
]

say = catalogue(__package__)

NAMED: Final = 12
"""Areas named in a sentence; the table has all."""


def period_text(token: str) -> Text:
    """A period as it is said: 2026年3月, March 2026."""
    year, _, rest = token.partition("-")
    if not rest:
        return say("period.year", year=year)
    if rest.startswith("Q"):
        return say("period.quarter", year=year, quarter=rest[1])
    return say("period.month", year=year, name=say(f"month.{int(rest)}"))


def title(bulletin: Bulletin) -> Text:
    """The bulletin's title."""
    kind = "title.month" if re.fullmatch(r"\d{4}-\d{2}", bulletin.period) else "title.other"
    return say(kind, territory=bulletin.territory, period=period_text(bulletin.period))


def shown(value: float | None) -> str:
    """A number with as many digits as it can bear; a dash for what is not known."""
    if value is None:
        return "—"
    digits = 0 if float(value).is_integer() else 2 if abs(value) < 10 else 1
    return number(value, digits)


def figure(item: Item, spot: Spot | None) -> Text:
    """A figure with its unit."""
    if spot is None or spot.value is None:
        return say("unknown")
    unit = unit_words(item.unit)
    return say("figure.percent" if item.unit == "%" else "figure", value=shown(spot.value), unit=unit)


def interval(spot: Spot | None) -> str:
    """From where to where the true figure may lie; a dash where no interval is defined."""
    if spot is None or spot.low is None or spot.high is None or not math.isfinite(spot.high):
        return "—"
    return f"{shown(spot.low)} – {shown(spot.high)}"


def formula(item: Item) -> Text:
    """The computation in words; its text where no words are known."""
    return plain(item.formula) if item.formula_words is None else item.formula_words


def area_figure(item: Item, spot: Spot) -> tuple[str, str]:
    """An area's figure and interval as it is ranked: a count beside its rate where that makes the places."""
    if not item.by_rate or spot.per_1000 is None:
        return shown(spot.value), interval(spot)
    rate, low, high = spot.per_1000
    limits = "—" if low is None or high is None or not math.isfinite(high) else f"{low:.2f} – {high:.2f}"
    return f"{rate:.2f} ({shown(spot.value)})", limits


def places(spot: Spot) -> str:
    """The places that an area may hold; a dash where none is given."""
    return "—" if spot.places is None else f"{spot.places[0]} – {spot.places[1]}"


def standing(spot: Spot) -> Text:
    """Higher, lower, cannot tell; or why nothing is said."""
    if spot.standing is None:
        return say("standing.not_known" if spot.value is None else "standing.not_ranked")
    return say(f"standing.{spot.standing.value}")


def listed(texts: Iterable[Text], most: int = NAMED) -> Text:
    """Some names in a row, and how many more there are."""
    every = list(texts)
    comma = say("separator")
    first = Text(comma.zh.join(t.zh for t in every[:most]), comma.en.join(t.en for t in every[:most]))
    return first if len(every) <= most else say("and_more", names=first, count=len(every))


def statement(item: Item) -> Text:
    """What can be told of an indicator's areas: who stands out, and that the others cannot be told apart."""
    ranked = [spot for spot in item.areas if spot.places is not None]
    if not ranked:
        return say("statement.none" if item.areas else "statement.whole_only")
    cannot = len(ranked) - len(item.apart)
    if not item.apart:
        return say("statement.cannot_tell", areas=len(ranked))
    parts = [
        say(f"statement.{side.value}", areas=listed(spot.name for spot in found))
        for side in (Standing.HIGHER, Standing.LOWER)
        if (found := [spot for spot in item.apart if spot.standing is side])
    ]
    joined = Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))
    return say("statement.apart", parts=joined, cannot=cannot)


def trend(item: Item) -> Text:
    """Whether the territory's figure has moved."""
    if item.unjudged not in (None, "few"):
        return say(f"trend.{item.unjudged}")
    if item.moved is None:
        return say("trend.too_few", periods=len(item.series))
    return say("trend.moved" if item.moved else "trend.steady", periods=len(item.series))


def opening(bulletin: Bulletin) -> Text:
    """The bulletin in one paragraph."""
    items = bulletin.items
    known = sum(item.whole is not None and item.whole.value is not None for item in items)
    ranked = [item for item in items if item.ranked]
    return say(
        "opening",
        territory=bulletin.territory,
        period=period_text(bulletin.period),
        pack=bulletin.pack,
        items=len(items),
        known=known,
        unknown=len(items) - known,
        ranked=len(ranked),
        cannot=sum(not item.apart for item in ranked),
        moved=sum(bool(item.moved) for item in items),
        demands=len(bulletin.demands),
        due=_due(bulletin),
    )


def _due(bulletin: Bulletin) -> Text:
    days = [one.due for one in bulletin.demands if one.due is not None]
    return plain("") if not days else say("opening.due", count=len(days), day=min(days).isoformat())
