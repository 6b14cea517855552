"""How hard a beat planner tries."""

from dataclasses import dataclass

from linli.planning.beats.recombine import WIDEST

__all__ = ["BeatParams"]

SHORTEST, LONGEST = 20, 1000
"""Sweeps at least and at most."""

EFFORT, SHRINKING = 110_000, 0.8
"""Sweeps are effort ÷ units^shrinking: a larger problem gets more attempts in all, fewer for each unit."""


@dataclass(frozen=True, kw_only=True)
class BeatParams:
    """Settings of the search; the defaults are meant for everyone.

    ``sweeps``: length of the annealing, in attempts ÷ units; ``None`` chooses it by size. ``hot`` and
    ``cold``: first and last temperature in multiples of a typical beat's travel. ``soft``: share of the
    load prices at the beginning; they reach their full height at the share ``firm`` of the annealing.
    ``widest``: largest pair of beats, in units, of which all divisions are tried. ``prove_units``,
    ``prove_columns``: parts of up to so many units with up to so many possible beats are also solved
    exactly, smallest parts first, while the squares of their units sum to ``prove_effort`` at most (the
    exact model's time grows about with the square).
    """

    sweeps: int | None = None
    hot: float = 0.12
    cold: float = 0.04
    soft: float = 0.1
    firm: float = 0.8
    widest: int = 13
    prove_units: int = 120
    prove_columns: int = 150_000
    prove_effort: int = 40_000

    def __post_init__(self) -> None:
        if self.sweeps is not None and self.sweeps < 0:
            raise ValueError(f"{self.sweeps} sweeps: need zero or more")
        if not 0 < self.cold <= self.hot:
            raise ValueError(f"temperatures from {self.hot} to {self.cold}: need hot ≥ cold > 0")
        if not (0 < self.soft <= 1 and 0 < self.firm <= 1):
            raise ValueError(f"soft {self.soft}, firm {self.firm}: need shares above 0, at most 1")
        if not 2 <= self.widest <= WIDEST:
            raise ValueError(f"pairs of up to {self.widest} units: need 2 to {WIDEST}")

    def length(self, units: int) -> int:
        """How many sweeps a problem of so many units gets."""
        if self.sweeps is not None:
            return self.sweeps
        return max(SHORTEST, min(LONGEST, int(EFFORT / max(units, 1) ** SHRINKING)))

    def heat(self, done: float) -> float:
        """The temperature when a share ``done`` of the annealing is over."""
        return float(self.hot * (self.cold / self.hot) ** done)

    def firmness(self, done: float) -> float:
        """The share of the load prices when a share ``done`` of the annealing is over."""
        return float(self.soft ** max(0.0, 1.0 - done / self.firm))
