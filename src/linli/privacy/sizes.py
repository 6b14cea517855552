"""How many pixels a picture may have; known without loading a decoder."""

from collections.abc import Mapping
from typing import Final

__all__ = ["LONGEST_SIDE", "MOST_PIXELS", "WHOLE_PIXELS"]

WHOLE_PIXELS: Final = 24_000_000
MOST_PIXELS: Final[Mapping[str, int]] = {
    # A telephone's largest usual photograph: 8160 × 6120.
    "JPEG": 50_000_000,
    "PNG": WHOLE_PIXELS,
    "WEBP": WHOLE_PIXELS,
}
LONGEST_SIDE: Final = 20_000
