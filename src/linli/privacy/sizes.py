"""How many pixels a picture may have; known without loading a decoder."""

from collections.abc import Mapping
from typing import Final

__all__ = ["LONGEST_SIDE", "MOST_LOSSLESS", "MOST_PIXELS", "WHOLE_PIXELS"]

WHOLE_PIXELS: Final = 16_000_000
"""A picture of more is kept at half its width and height, which takes a quarter of the memory."""
MOST_LOSSLESS: Final = 4_000_000
"""A WEBP of more is kept with a photograph's small losses: its encoder without loss takes most of a GB."""
MOST_PIXELS: Final[Mapping[str, int]] = {
    # A telephone's largest usual photograph: 8160 × 6120.
    "JPEG": 50_000_000,
    "PNG": 24_000_000,
    "WEBP": 24_000_000,
}
LONGEST_SIDE: Final = 20_000
