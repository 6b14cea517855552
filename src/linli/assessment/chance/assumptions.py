"""What the simulator assumes where a county gives no figure: data in ``assumptions.toml``, always printed."""

import functools
import tomllib
from importlib import resources

from linli.kernel.texts import Text

__all__ = ["assumed", "assumption_text"]


def assumed(name: str) -> float:
    """The number assumed; a ``KeyError`` for a name that is not in the file is a mistake in Linli."""
    return float(_table()[name][0])


def assumption_text(name: str) -> Text:
    """The assumption in a sentence, with its number."""
    return _table()[name][1]


@functools.cache
def _table() -> dict[str, tuple[float, Text]]:
    source = resources.files(__package__).joinpath("assumptions.toml").read_text(encoding="utf-8")
    found = {}
    for name, entry in tomllib.loads(source).items():
        shown = f"{entry['value']:g}"
        texts = {language: text.replace("{value}", shown) for language, text in entry["title"].items()}
        found[name] = (float(entry["value"]), Text(**texts))
    return found
