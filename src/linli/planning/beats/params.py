"""How hard a beat planner tries."""

from dataclasses import dataclass

__all__ = ["BeatParams"]


@dataclass(frozen=True, kw_only=True)
class BeatParams:
    """Settings of the search; the defaults are meant for everyone.

    ``sweeps``: length of the annealing, in attempts ÷ units; ``None`` chooses it by size. ``hot`` and
    ``cold``: first and last temperature in multiples of a typical beat's travel. ``widest``: largest
    pair of beats, in units, of which all divisions are tried. ``prove_units``, ``prove_columns``: parts
    of up to so many units with up to so many possible beats are also solved exactly.
    """

    sweeps: int | None = None
    hot: float = 0.3
    cold: float = 0.005
    widest: int = 13
    prove_units: int = 60
    prove_columns: int = 60_000

    def __post_init__(self) -> None:
        if self.sweeps is not None and self.sweeps < 0:
            raise ValueError(f"{self.sweeps} sweeps: need zero or more")
        if not 0 < self.cold <= self.hot:
            raise ValueError(f"temperatures from {self.hot} to {self.cold}: need hot ≥ cold > 0")
        if not 2 <= self.widest <= 20:
            raise ValueError(f"pairs of up to {self.widest} units: need 2 to 20")

    def length(self, units: int) -> int:
        """How many sweeps a problem of so many units gets."""
        if self.sweeps is not None:
            return self.sweeps
        return max(100, min(1000, 2_000_000 // max(units, 1)))
