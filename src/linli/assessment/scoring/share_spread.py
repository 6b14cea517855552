"""How true shares are spread among areas, learned from all of them: what a small area's share is drawn to.

Thirty answers say little of one area. Its true share is taken to be one of many that lie about a common one,
beta distributed (beta-binomial, as counts are gamma-Poisson); how widely they lie is learned from all areas.
Where nothing differs beyond chance, no area is drawn away from the others.

Notes
-----
The mean m and the size s of the beta (as many answers as knowing the spread is worth) are not taken for known
once fitted: with few areas a fitted spread is far too sure of itself. Both are weighed over a grid by their
likelihood, the logit of m evenly and s by n ÷ (n + s)², n the areas' mean number of answers: then every
shrinkage n ÷ (n + s) from 0 to 1 is as likely beforehand as any other.

References
----------
Skellam, *JRSS B* 10 (1948), 257–261 (beta-binomial). Gelman et al., *Bayesian Data Analysis*, 3rd ed. 2013,
section 5.3 (71 groups of rats, which a test holds this against). Christiansen & Morris, *JASA* 92 (1997),
618–632, and Daniels, *Canadian Journal of Statistics* 27 (1999), 567–578 (uniform shrinkage).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaln, expit, logit

from linli.assessment.scoring.arrays import FloatArray, not_negative

__all__ = ["ShareSpread", "beta_binomial_likelihood", "share_spread"]

MEANS, SIZES = 17, 49
REACH = 4.0
"""Standard errors of the common share that the grid reaches to either side."""
WIDEST, NARROWEST = 1e-2, 1e2
"""Sizes tried, from this part of the mean number of answers to as many times the largest."""


def beta_binomial_likelihood(
    count: ArrayLike, n: ArrayLike, mean: FloatArray, size: FloatArray
) -> FloatArray:
    """Log likelihood of the areas' shares under betas of these means and sizes, without its constant.

    Parameters
    ----------
    count, n : arrays (areas,)
        Those with the property and those asked; need not be whole.
    mean, size : arrays of one shape
        0 < mean < 1, size > 0.
    """
    seen, asked = not_negative(count, "count"), not_negative(n, "n")
    above, below = (mean * size)[..., np.newaxis], ((1.0 - mean) * size)[..., np.newaxis]
    each = betaln(above + seen, below + asked - seen) - betaln(above, below)
    return np.asarray(each.sum(-1))


@dataclass(frozen=True)
class ShareSpread:
    """Betas that the true shares may come from, each with its probability; lists of one length."""

    mean: FloatArray
    size: FloatArray
    chance: FloatArray

    def draw(self, count: ArrayLike, n: ArrayLike, rng: np.random.Generator, draws: int) -> FloatArray:
        """True shares that may have brought these about: array (draws, areas)."""
        seen, asked = _areas(count, n)
        chosen = rng.choice(self.chance.size, draws, p=self.chance)
        mean, size = self.mean[chosen, np.newaxis], self.size[chosen, np.newaxis]
        return rng.beta(mean * size + seen, (1.0 - mean) * size + asked - seen)


def share_spread(count: ArrayLike, n: ArrayLike) -> ShareSpread:
    """What all areas together say of how their true shares are spread.

    Parameters
    ----------
    count, n : arrays (areas,)
        Those with the property and those asked, 0 ≤ count ≤ n, n > 0, two areas at least. Need not be whole:
        weighted answers count for as many as they are worth.

    Examples
    --------
    >>> import numpy as np
    >>> alike = share_spread([27, 26, 28, 27, 27, 28], [30] * 6)
    >>> apart = share_spread([27, 6, 29, 12, 20, 2], [30] * 6)
    >>> bool(np.average(alike.size, weights=alike.chance) > 20 * np.average(apart.size, weights=apart.chance))
    True
    """
    seen, asked = _areas(count, n)
    means, sizes = _means(seen, asked), _sizes(asked)
    mean, size = (part.ravel() for part in np.meshgrid(means, sizes, indexing="ij"))
    typical = asked.mean()
    log = beta_binomial_likelihood(seen, asked, mean, size) + np.log(size * typical / (typical + size) ** 2)
    chance = np.exp(log - log.max())
    return ShareSpread(mean, size, chance / chance.sum())


def _means(seen: FloatArray, asked: FloatArray) -> FloatArray:
    """Common shares to be tried: about the pooled one, as far as chance and the areas' spread may move it."""
    common = (seen.sum() + 0.5) / (asked.sum() + 1.0)
    own = logit((seen + 0.5) / (asked + 1.0))
    error = np.sqrt(1.0 / ((asked.sum() + 1.0) * common * (1.0 - common)) + own.var() / own.size)
    # One dominant area pulls the pooled share away from the areas' own middle: the grid holds both.
    middle = float(np.mean(own))
    low, high = sorted((float(logit(common)), middle))
    return np.asarray(expit(np.linspace(low - REACH * error, high + REACH * error, MEANS)))


def _sizes(asked: FloatArray) -> FloatArray:
    return np.geomspace(WIDEST * asked.mean(), NARROWEST * asked.max(), SIZES)


def _areas(count: ArrayLike, n: ArrayLike) -> tuple[FloatArray, FloatArray]:
    seen, asked = not_negative(count, "count"), not_negative(n, "n")
    if seen.ndim != 1 or seen.shape != asked.shape or seen.size < 2:
        raise ValueError("count and n must be two lists of at least two areas")
    if (asked <= 0).any() or (seen > asked).any():
        raise ValueError("every n must be above 0 and no count above its n")
    return seen, asked
