"""From a draw and what became of each address to weights and response rates.

Who answered stands for those of the same stratum who did not (a weighting class a stratum). An address that
turned out to be nobody's home, or not to exist, leaves the population with its share.

References
----------
Little, *International Statistical Review* 54 (1986), 139–157 (weighting classes). AAPOR, *Standard
Definitions*, 10th ed. 2023, response rate 2 (addresses of unknown eligibility count in full in the
denominator).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["Outcome", "Outcomes", "Response", "StratumWeight", "response", "stratum_weights"]

Outcome = Literal["answered", "refused", "not_met", "not_eligible", "open"]
"""What became of an address: somebody answered; declined; nobody was met; there is no household; not
tried yet."""


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """How many addresses of one stratum came to what. Reserves count once they are used, never before."""

    answered: int = 0
    refused: int = 0
    not_met: int = 0
    not_eligible: int = 0
    open: int = 0

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> "Outcomes":
        """Counted from a list."""
        names: tuple[Outcome, ...] = ("answered", "refused", "not_met", "not_eligible", "open")
        return cls(**{name: outcomes.count(name) for name in names})

    @property
    def tried(self) -> int:
        """Addresses drawn and used."""
        return self.answered + self.refused + self.not_met + self.not_eligible + self.open


@dataclass(frozen=True)
class StratumWeight:
    """A stratum's weights. ``weight`` is ``base`` × ``adjustment``, for each answer; ``None`` where nobody of
    the stratum answered and nobody can stand for it."""

    size: int
    base: float | None
    adjustment: float | None

    @property
    def weight(self) -> float | None:
        """Addresses that one answer stands for."""
        return None if self.base is None or self.adjustment is None else self.base * self.adjustment


@dataclass(frozen=True)
class Response:
    """``rate`` is answers ÷ all addresses tried that may be a home, 0 to 1; ``None`` before any was tried."""

    answered: int
    eligible: int
    rate: float | None


def stratum_weights(
    sizes: Mapping[str, int], outcomes: Mapping[str, Outcomes]
) -> Mapping[str, StratumWeight]:
    """Weights of each stratum: addresses ÷ tried, times may-be-homes ÷ answered.

    Parameters
    ----------
    sizes : mapping
        Addresses in each stratum of the frame.
    outcomes : mapping
        What became of those drawn; a stratum that is missing was not tried.

    Examples
    --------
    >>> found = stratum_weights({"a": 600}, {"a": Outcomes(answered=8, refused=2, not_eligible=2)})["a"]
    >>> found.base, found.adjustment, found.weight
    (50.0, 1.25, 62.5)
    >>> stratum_weights({"a": 600}, {})["a"].weight is None
    True
    """
    found = {}
    for stratum, size in sorted(sizes.items()):
        seen = outcomes.get(stratum, Outcomes())
        base = size / seen.tried if seen.tried else None
        eligible = seen.tried - seen.not_eligible
        found[stratum] = StratumWeight(size, base, eligible / seen.answered if seen.answered else None)
    return found


def response(outcomes: Mapping[str, Outcomes]) -> Response:
    """The response rate of all strata together."""
    answered = sum(one.answered for one in outcomes.values())
    eligible = sum(one.tried - one.not_eligible for one in outcomes.values())
    return Response(answered, eligible, answered / eligible if eligible else None)
