"""The packs that can be assessed by, as they are installed: indicators, rules, clauses."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from linli.assessment.indicators import FILE, Definition, pack_indicators
from linli.assessment.rules.loading import load_scoring
from linli.assessment.rules.model import Scoring
from linli.policy.loading import find_pack, load_pack, pack_folders, shipped_packs
from linli.policy.model import Pack

__all__ = ["Assessed", "assessed_by", "choices"]


@dataclass(frozen=True)
class Assessed:
    """A pack with what assesses."""

    pack: Pack
    definitions: tuple[Definition, ...]
    scoring: Scoring


@cache
def choices() -> tuple[str, ...]:
    """Ids of the installed packs that have indicators."""
    return tuple(folder.name for folder in pack_folders(shipped_packs()) if (folder / FILE).is_file())


def assessed_by(name: str) -> Assessed:
    """A pack by its id.

    Raises
    ------
    LinliError
        There is no such pack, or its files are not in order.
    """
    return _read(find_pack(name, shipped_packs()))


@cache
def _read(folder: Path) -> Assessed:
    pack = load_pack(folder)
    return Assessed(pack, pack_indicators(folder, pack), load_scoring(folder, pack))
