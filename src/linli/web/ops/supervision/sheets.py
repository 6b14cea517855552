"""The sheets that checks are made on, read once from ``sheets.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from linli.kernel.texts import Text

__all__ = ["ANSWERS", "Line", "Sheet", "sheets"]

ANSWERS: Final = ("yes", "no", "not_applicable")


@dataclass(frozen=True)
class Line:
    """One line of a sheet and the clause that asks for it."""

    id: str
    clause: str
    name: Text


@dataclass(frozen=True)
class Sheet:
    """The lines of one kind of check; ``asks`` where residents are asked what they know."""

    lines: tuple[Line, ...]
    asks: bool


@cache
def sheets() -> Mapping[str, Sheet]:
    """Every sheet by kind of check."""
    source = resources.files(__package__).joinpath("sheets.toml").read_text(encoding="utf-8")
    return {
        kind: Sheet(
            tuple(Line(one["id"], one["clause"], Text(**one["name"])) for one in row["items"]),
            bool(row.get("asks", False)),
        )
        for kind, row in tomllib.loads(source).items()
    }
