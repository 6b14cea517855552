"""A pack's stipend rules in memory: what is paid for, to whom, and how much a record is worth on a day."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from linli.kernel.identifiers import ClauseId, PackId, ValueId
from linli.kernel.texts import Text
from linli.policy.model import Pack

__all__ = ["Amounts", "Source", "StipendRule", "Stipends", "cents_of"]

Source = Literal["settled_dispute", "guarded_courtyard", "duty_month", "confirmed_decision"]
"""What is paid for: a dispute closed as settled; a courtyard that had no watch and set one up; a whole month
on duty; a consequence that a named person confirmed. Reported counts are none of these."""


@dataclass(frozen=True, kw_only=True)
class StipendRule:
    """One rule of a clause.

    ``amounts`` are values of the pack; several where a decision chooses among them. ``local`` says that the
    clause names no amount and the county sets one with the budget line, not below the value ``least``.
    ``decides`` is the scoring rule whose confirmed decisions are paid. ``roles`` are the roles that can be
    paid; empty for whoever the record names.
    """

    id: str
    clause: ClauseId
    title: Text
    source: Source
    amounts: tuple[ValueId, ...] = ()
    local: bool = False
    least: ValueId | None = None
    decides: str | None = None
    roles: tuple[str, ...] = ()
    note: Text | None = None


@dataclass(frozen=True)
class Amounts:
    """What one record can be worth on a day, in cents; ``least`` is the floor of an amount set locally."""

    cents: tuple[int, ...]
    least: int | None = None


@dataclass(frozen=True, kw_only=True)
class Stipends:
    """The stipend rules of one pack; ``digest`` is the SHA-256 of the file."""

    pack: Pack
    rules: tuple[StipendRule, ...]
    digest: str

    @property
    def id(self) -> PackId:
        """The pack's id."""
        return self.pack.id

    def rule(self, id_: str) -> StipendRule | None:
        """A rule by its id."""
        return next((one for one in self.rules if one.id == id_), None)

    def amounts(self, rule: StipendRule, day: dt.date) -> Amounts:
        """What a record of a day is worth; no cents where the pack's value is not in force that day."""
        found = (self.pack.value_on(name, day) for name in rule.amounts)
        least = None if rule.least is None else self.pack.value_on(rule.least, day)
        return Amounts(
            tuple(cents_of(yuan) for yuan in found if yuan is not None),
            None if least is None else cents_of(least),
        )


def cents_of(yuan: float) -> int:
    """Yuan as whole cents.

    Raises
    ------
    ValueError
        The amount has a part of a cent.

    Examples
    --------
    >>> cents_of(64.16)
    6416
    """
    cents = round(yuan * 100)
    if abs(cents - yuan * 100) > 1e-6:
        raise ValueError(f"{yuan} yuan are not whole cents")
    return cents
