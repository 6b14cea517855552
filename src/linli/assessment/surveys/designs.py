"""How answers came to be chosen: stratum, primary unit, weight, and how many there were to choose from.

References
----------
Cochran, *Sampling Techniques*, 3rd ed. 1977, chapters 5, 10, 11. Lumley, *Complex Surveys*, 2010, chapters
2, 3.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from linli.assessment.scoring.arrays import FloatArray, IntArray, finite

__all__ = ["Design", "Lonely", "design", "equal_chances"]

Lonely = Literal["refuse", "centre"]
"""What to do with a stratum of which one primary unit alone answered, or a unit of which one member did:
refuse (R ``survey.lonely.psu = "fail"``), or measure its distance from the mean of all, of a total from 0
(R: ``"adjust"``), which errs on the side of too wide."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Design:
    """The design of a sample, one entry an answer; made by ``design``.

    ``stratum`` and ``unit`` number strata and primary units from 0. ``units_in_stratum`` is how many primary
    units each answer's stratum holds, ``members_in_unit`` how many addresses its primary unit holds; infinite
    where nothing is known or the units were drawn with replacement.
    """

    stratum: IntArray
    unit: IntArray
    weights: FloatArray
    units_in_stratum: FloatArray
    members_in_unit: FloatArray
    lonely: Lonely = "refuse"
    strata: tuple[str, ...] = field(default=())

    @property
    def answers(self) -> int:
        """How many answers there are."""
        return int(self.weights.size)

    @property
    def degrees(self) -> int:
        """Degrees of freedom: primary units less strata, at least 1."""
        return max(1, int(self.unit.max()) - int(self.stratum.max()))

    @property
    def weighting_effect(self) -> float:
        """Kish's design effect of unequal weights alone: n·Σw² ÷ (Σw)², 1 or more."""
        return float(self.answers * (self.weights**2).sum() / self.weights.sum() ** 2)


def design(
    *,
    weights: ArrayLike,
    strata: ArrayLike | None = None,
    units: ArrayLike | None = None,
    units_in_stratum: ArrayLike | None = None,
    members_in_unit: ArrayLike | None = None,
    lonely: Lonely = "refuse",
) -> Design:
    """A design from columns, one entry an answer.

    Parameters
    ----------
    weights : array
        How many addresses each answer stands for, > 0.
    strata, units : array, optional
        Labels; one stratum, and every answer a primary unit of its own, where left out. A label of a unit
        counts within its stratum only.
    units_in_stratum, members_in_unit : array, optional
        Sizes of the population, for the finite-population correction of the first and second stage.

    Raises
    ------
    ValueError
        There are no answers, columns differ in length, a weight is not above 0, a size is smaller than what
        was drawn of it, or differs within its stratum or unit.
    """
    weight = finite(weights, "weights")
    if weight.ndim != 1 or not weight.size:
        raise ValueError("weights must be one column with at least one answer")
    if (weight <= 0).any():
        raise ValueError("every weight must be above 0")
    n = weight.size
    names, stratum = np.unique(_labels(strata, n, "strata"), return_inverse=True)
    within = (
        np.unique(_labels(units, n, "units"), return_inverse=True)[1] if units is not None else np.arange(n)
    )
    unit = np.unique(np.column_stack([stratum, within]), axis=0, return_inverse=True)[1].ravel()
    found = Design(
        stratum=stratum.astype(np.int64),
        unit=unit.astype(np.int64),
        weights=weight,
        units_in_stratum=_sizes(units_in_stratum, n, "units_in_stratum"),
        members_in_unit=_sizes(members_in_unit, n, "members_in_unit"),
        lonely=lonely,
        strata=tuple(str(name) for name in names),
    )
    _refuse_small(found)
    return found


def equal_chances(
    *,
    units: ArrayLike,
    units_in_stratum: ArrayLike,
    members_in_unit: ArrayLike,
    strata: ArrayLike | None = None,
) -> FloatArray:
    """Weights of a two-stage sample with equal chances at each stage: (M ÷ m) · (N ÷ n), from the sizes."""
    n = np.asarray(units).size
    made = design(weights=np.ones(n), strata=strata, units=units)
    primary = _first_of_units(made)
    drawn = np.bincount(made.stratum[primary])
    taken = np.bincount(made.unit)
    first = finite(units_in_stratum, "units_in_stratum") / drawn[made.stratum]
    return first * finite(members_in_unit, "members_in_unit") / taken[made.unit]


def _first_of_units(made: Design) -> IntArray:
    return np.unique(made.unit, return_index=True)[1].astype(np.int64)


def _labels(given: ArrayLike | None, n: int, name: str) -> np.ndarray:
    labels = np.zeros(n, dtype=np.int64) if given is None else np.asarray(given)
    if labels.shape != (n,):
        raise ValueError(f"{name} has {labels.size} entries and there are {n} answers")
    return labels


def _sizes(given: ArrayLike | None, n: int, name: str) -> FloatArray:
    if given is None:
        return np.full(n, np.inf)
    sizes: FloatArray = np.broadcast_to(np.asarray(given, dtype=np.float64), (n,)).copy()
    if np.isnan(sizes).any():
        raise ValueError(f"{name} is missing somewhere; leave the column out where nothing is known")
    return sizes


def _refuse_small(made: Design) -> None:
    primary = _first_of_units(made)
    drawn, taken = np.bincount(made.stratum[primary])[made.stratum], np.bincount(made.unit)[made.unit]
    for name, sizes, of, fewest in (
        ("units_in_stratum", made.units_in_stratum, made.stratum, drawn),
        ("members_in_unit", made.members_in_unit, made.unit, taken),
    ):
        if (sizes < fewest).any():
            raise ValueError(f"{name} is {sizes[sizes < fewest][0]:g}, fewer than were drawn")
        first = np.unique(of, return_index=True)[1]
        if (sizes != sizes[first][of]).any():
            raise ValueError(f"{name} differs within one stratum or unit")
