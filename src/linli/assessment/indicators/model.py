"""An indicator as a pack or a user defines it. Frozen; nothing here reads a file or data."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from linli import __version__
from linli.assessment.indicators.language import Compiled
from linli.assessment.indicators.periods import Length
from linli.kernel.identifiers import ClauseId
from linli.kernel.texts import Text
from linli.kernel.units import Unit

__all__ = [
    "EXPOSURES",
    "AreaKind",
    "Definition",
    "Direction",
    "Indicator",
    "Kind",
    "Level",
    "Missing",
    "Since",
]

Kind = Literal["ratio", "rate", "count", "cumulative", "survey", "percentile"]
AreaKind = Literal["post", "beat", "station", "territory"]
Missing = Literal["unknown", "zero", "exclude"]
Direction = Literal["higher", "lower", "neither"]
Level = Literal["field", "enforcement"]
Since = Literal["period", "year", "start"]

EXPOSURES: Final = (
    "residents", "households", "villages",
    "officers", "auxiliaries", "grid_workers", "village_assistants",
    "community_officers", "officer_weeks", "community_officer_weeks", "auxiliary_weeks", "days", "weeks",
)  # fmt: skip
"""What a rate may be over: numbers of the areas' table, staff in post (the mean of the months; for weeks in
post their sum), or the length of the period. Community officers are the officers of a beat."""


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """What is counted, over what, for whom and when, and how it is to be read.

    ``numerator``, ``denominator`` and ``where`` are texts of the small language: a yes/no text counts
    records, a number is added up. ``since`` is the day from which records count: that of the period, of the
    year, or of the first record. ``missing`` is what an area without any record gets. ``linked`` are
    the indicators that must be judged together with this one (Q8, Q13); ``level`` says whether it is about
    the field or about enforcement. ``assesses`` names the role whose work it judges.
    """

    id: str
    clause: ClauseId
    title: Text
    kind: Kind
    unit: Unit
    period: Length
    scope: tuple[AreaKind, ...]
    source: str
    numerator: str
    denominator: str | None = None
    where: str | None = None
    exposure: str | None = None
    per: float = 1.0
    quantile: float | None = None
    since: Since = "period"
    missing: Missing = "unknown"
    direction: Direction = "neither"
    linked: tuple[str, ...] = ()
    level: Level = "field"
    assesses: str | None = None
    measure: str | None = None
    met_by_not_recording: bool = False
    reference: Mapping[str, str] = field(default_factory=dict)
    note: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Definition:
    """An indicator checked against the facts' schema, ready to be computed. ``pack`` is where it is from."""

    indicator: Indicator
    numerator: Compiled
    denominator: Compiled | None
    where: Compiled | None
    pack: str = ""
    pack_digest: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the fact table that it reads."""
        parts = (self.numerator, self.denominator, self.where)
        return tuple(dict.fromkeys(name for part in parts if part is not None for name in part.columns))

    @property
    def formula(self) -> str:
        """The whole computation in one line, as results carry it."""
        told = self.indicator
        parts = [f"{told.kind} of {told.source}: {self.numerator.text}"]
        if told.quantile is not None:
            parts.append(f"at quantile {told.quantile:g}")
        if self.denominator is not None:
            parts.append(f"over {self.denominator.text}")
        if told.exposure is not None:
            parts.append(f"per {told.per:g} {told.exposure}")
        if self.where is not None:
            parts.append(f"where {self.where.text}")
        if told.since != "period":
            parts.append(f"since {told.since}")
        return " ".join([*parts, f"[{told.unit}]"])

    @property
    def digest(self) -> str:
        """SHA-256 of what decides a result's value: the formula and what an area without records gets."""
        return hashlib.sha256(f"{self.formula} missing {self.indicator.missing}".encode()).hexdigest()

    @property
    def code_version(self) -> str:
        """Linli's version and the beginning of the digest: the same text means the same computation."""
        return f"{__version__}+{self.digest[:12]}"
