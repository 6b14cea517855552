"""What a siting search hands back."""

from dataclasses import dataclass
from typing import Literal

from linli.kernel.measures import Ratio
from linli.planning.search import Search

__all__ = ["NOT_SERVED", "Method", "SitingResult"]

NOT_SERVED = -1
"""Stands in ``assignment`` for a client that no open site serves (maximal covering alone)."""

Method = Literal["branch_and_bound", "milp", "threshold_search", "local_search"]


@dataclass(frozen=True)
class SitingResult:
    """The sites to open and whom they serve.

    ``search.objective`` is the weighted sum of costs (median), the longest cost (centre), the weight left
    uncovered (maximal covering) or the number of open sites (set covering); less is better in all four.
    """

    open_sites: tuple[int, ...]
    """Ascending; existing sites are among them."""
    assignment: tuple[int, ...]
    """The serving site of each client, or ``NOT_SERVED``."""
    search: Search
    method: Method
    """What settled the bound."""

    @property
    def objective(self) -> float:
        """See the class; the unit is that of the model."""
        return self.search.objective

    @property
    def bound(self) -> float | None:
        """Proved: no answer lies below it. ``None`` where the search was stopped before it had one."""
        return self.search.bound

    @property
    def gap(self) -> Ratio | None:
        """(objective − bound) ÷ objective; 0 when proved optimal."""
        return self.search.gap
