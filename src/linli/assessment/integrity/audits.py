"""Random audits of records: which are looked at is drawn, and the count gets an interval from what was found.

References
----------
Cochran, *Sampling Techniques*, 3rd ed. 1977, sections 3.4–3.6 (finite populations, hypergeometric).
Buonaccorsi, "A note on confidence intervals for proportions in finite populations", *American Statistician*
41 (1987), 215–218 (limits by inverting the tests).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.stats import hypergeom

from linli.assessment.scoring.arrays import share

__all__ = ["CorrectedCount", "corrected_count", "draw_audit"]


def draw_audit(records: Iterable[str], size: int, random: np.random.Generator) -> tuple[str, ...]:
    """Records to look at, each as likely as any other.

    Parameters
    ----------
    records : iterable of str
        Ids; an id that stands twice counts once. Their order makes no difference.
    size : int
        How many to draw, ≥ 0; all of them where there are fewer.

    Returns
    -------
    tuple of str
        In the order of the ids. The same ids, size and random stream give the same draw.

    Examples
    --------
    >>> draw_audit(["case:2", "case:1"], 5, np.random.default_rng(1))
    ('case:1', 'case:2')
    >>> draw_audit([], 5, np.random.default_rng(1))
    ()
    """
    if size < 0:
        raise ValueError(f"size is {size}; it must be 0 or more")
    every = sorted(set(records))
    chosen = random.choice(len(every), size=min(size, len(every)), replace=False)
    return tuple(every[position] for position in sorted(chosen.tolist()))


@dataclass(frozen=True)
class CorrectedCount:
    """The count of records that bear out, beside the count as recorded."""

    recorded: int
    audited: int
    wrong: int
    estimate: float
    low: int
    high: int


def corrected_count(recorded: int, audited: int, wrong: int, *, level: float = 0.95) -> CorrectedCount:
    """How many of the recorded would bear out, from those audited: exact for a draw without replacement.

    Parameters
    ----------
    recorded : int
        Records in the count.
    audited, wrong : int
        Of them looked at, and found not to bear out; 0 ≤ wrong ≤ audited ≤ recorded.

    Returns
    -------
    CorrectedCount
        With nothing audited the interval is 0 to ``recorded``. Records that were never made are not counted.

    Examples
    --------
    >>> corrected_count(400, 50, 2)
    CorrectedCount(recorded=400, audited=50, wrong=2, estimate=384.0, low=348, high=397)
    >>> corrected_count(400, 0, 0)
    CorrectedCount(recorded=400, audited=0, wrong=0, estimate=400.0, low=0, high=400)
    """
    if not 0 <= wrong <= audited <= recorded:
        raise ValueError(f"0 ≤ wrong ≤ audited ≤ recorded is broken: {wrong}, {audited}, {recorded}")
    tail = (1.0 - share(level, "level")) / 2.0
    if audited == recorded:
        return CorrectedCount(
            recorded, audited, wrong, float(recorded - wrong), recorded - wrong, recorded - wrong
        )
    possible = np.arange(wrong, recorded - (audited - wrong) + 1)
    least = possible[hypergeom.sf(wrong - 1, recorded, possible, audited) > tail][0]
    most = possible[hypergeom.cdf(wrong, recorded, possible, audited) > tail][-1]
    estimate = recorded * (1.0 - wrong / audited) if audited else float(recorded)
    return CorrectedCount(recorded, audited, wrong, estimate, recorded - int(most), recorded - int(least))
