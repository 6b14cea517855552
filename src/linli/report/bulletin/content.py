"""What a bulletin says, as plain data. ``None`` is "not known", never zero."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from linli.assessment.chance.results import ChanceTable
from linli.assessment.ranking.league import Standing
from linli.assessment.scoring.chart_choice import Why
from linli.kernel.texts import Text

__all__ = ["Bulletin", "Demand", "Evidence", "Item", "Moment", "Spot", "Standing", "Version"]

Origin = Literal["platform", "import", "both"]
State = Literal["proposed", "confirmed", "objected", "done", "late"]
"""Where a demand stands: a rule's proposal, confirmed by a named person, contested, met, or past its day."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One indicator's figure for one area in the bulletin's period.

    ``low`` to ``high`` is its 95 % interval, in the indicator's unit. ``places`` are the first and the last
    place that it may truly hold, 1 being the highest figure; with it comes ``standing``. Both are ``None``
    where the figure cannot be ranked (amounts added up, too few areas).
    """

    area: str
    name: Text
    value: float | None
    low: float | None = None
    high: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    records: int = 0
    evidence: str = ""
    places: tuple[int, int] | None = None
    standing: Standing | None = None
    residents: float | None = None

    @property
    def per_1000(self) -> tuple[float, float | None, float | None] | None:
        """A count per 1,000 residents, with its interval; ``None`` where either is not known."""
        if self.value is None or not self.residents:
            return None
        scale = 1000.0 / self.residents
        low, high = (None if limit is None else limit * scale for limit in (self.low, self.high))
        return self.value * scale, low, high


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The whole territory's figure in one period; ``origin`` is where its records are from."""

    token: str
    value: float | None
    low: float | None = None
    high: float | None = None
    numerator: float | None = None
    origin: Origin | None = None


@dataclass(frozen=True, kw_only=True)
class Item:
    """One indicator: the whole territory, the areas in the order of expected places, and the series.

    ``centre`` is the median of the series; ``moved`` says whether it keeps to one side of it longer, or
    crosses it less often, than chance does (Anhøj), ``None`` where it cannot be said: ``unjudged`` is why.
    ``by_rate`` says that areas are ranked, and to be shown, by their counts per 1,000 residents.
    """

    indicator: str
    clause: str
    title: Text
    unit: str
    direction: Literal["higher", "lower", "neither"]
    formula: str
    code_version: str
    whole: Spot | None
    areas: tuple[Spot, ...] = ()
    series: tuple[Moment, ...] = ()
    centre: float | None = None
    moved: bool | None = None
    unjudged: Why | None = None
    by_rate: bool = False
    formula_words: Text | None = None
    by_silence: bool = False
    linked: tuple[str, ...] = ()

    @property
    def ranked(self) -> bool:
        """Whether places are given at all."""
        return any(spot.places is not None for spot in self.areas)

    @property
    def apart(self) -> tuple[Spot, ...]:
        """The areas that can be told from the common figure."""
        return tuple(s for s in self.areas if s.standing in (Standing.HIGHER, Standing.LOWER))


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Who must do what by when, and why. ``due`` is ``None`` where the rule names no day."""

    clause: str
    rule: Text
    as_read: Text
    what: Text
    who: Text
    period: str
    reason: Text
    due: dt.date | None = None
    state: State = "proposed"
    by_silence: bool = False


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of the period's figures: a late correction makes the next one, and both are kept."""

    number: int
    made_on: dt.date
    reason: Text
    changed: int | None = None
    """Figures that differ from the version before."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One record that a figure counts, and what it adds."""

    indicator: str
    area: str
    period: str
    record: str
    numerator: float | None
    denominator: float | None


@dataclass(frozen=True, kw_only=True)
class Bulletin:
    """One period of one territory.

    ``synthetic`` is ``None`` where the figures do not say whether made-up records are among those counted.
    ``notes`` are what a reader must know besides, such as a rule that could not be worked out and why.
    """

    territory: Text
    period: str
    issued_on: dt.date
    pack: Text
    items: tuple[Item, ...]
    facts: str
    linli_version: str
    synthetic: bool | None = None
    demands: tuple[Demand, ...] = ()
    chance: ChanceTable | None = None
    versions: tuple[Version, ...] = ()
    notes: tuple[Text, ...] = ()
