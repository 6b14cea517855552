"""How hard to search. The defaults prove the OR-Library's p-median instances; none of them is a time."""

from dataclasses import dataclass

__all__ = ["SitingParameters"]


@dataclass(frozen=True, kw_only=True)
class SitingParameters:
    """Effort of a search.

    Parameters
    ----------
    restarts : int
        Perturbed restarts of the swap search while the bound is not met, ≥ 0.
    tolerance : float
        "Optimal" means proved that nothing is better by more than this share of the objective; where all
        costs are whole numbers the proof is exact. Between 0 (excluded) and 0.01.
    root_rounds, node_rounds : int
        Subgradient rounds for the first bound and for each branch, ≥ 1.
    packings : int
        With capacities: how many open sets the swap search may try to pack, ≥ 1.
    exact_pairs : int
        With capacities: how many pairs of client and site the exact model may have, ≥ 0. Above that the
        result carries a Lagrangian bound and its gap.
    """

    restarts: int = 8
    tolerance: float = 1e-6
    root_rounds: int = 3000
    node_rounds: int = 300
    packings: int = 2000
    exact_pairs: int = 20_000

    def __post_init__(self) -> None:
        """Refuse values that mean nothing; these are mistakes of a caller, not of a user's data."""
        if self.restarts < 0 or self.exact_pairs < 0:
            raise ValueError("restarts and exact_pairs are counts and cannot be negative")
        if min(self.root_rounds, self.node_rounds, self.packings) < 1:
            raise ValueError("root_rounds, node_rounds and packings must be at least 1")
        if not 0.0 < self.tolerance <= 0.01:
            raise ValueError(f"tolerance {self.tolerance} must lie above 0 and at most at 0.01")
