"""Randomness as a parameter: one seed from the user, one independent stream for each use of it."""

import hashlib
from typing import NewType

import numpy as np

__all__ = ["Seed", "generator"]

Seed = NewType("Seed", int)


def generator(seed: Seed, *labels: str) -> np.random.Generator:
    """A random stream for one named use; the same seed and labels give the same stream everywhere.

    Labels are hashed, not counted, so that a new use of randomness does not shift the others.
    """
    digest = hashlib.sha256("\x1f".join(labels).encode()).digest()
    words = [int.from_bytes(digest[i : i + 4], "big") for i in range(0, 16, 4)]
    return np.random.default_rng(np.random.SeedSequence([seed, *words]))
