"""Names of places as lists write them, and the division codes that they are matched with."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from linli.io.territory.coded import is_division_code, level_of_code
from linli.territory.model import Level

__all__ = ["CodeList", "is_township_name", "plain_name", "stem_of", "township_stem"]

UNIT_ENDING: Final = re.compile(
    r"(?:社区居民委员会|社区居委会|居民委员会|居委会|社区|村民委员会|村委会|村委|行政村|建制村|嘎查|村|居)$"
)
TOWNSHIP_ENDING: Final = re.compile(r"(?:街道办事处|街道办|街道|[\u4e00-\u9fff]{1,4}族乡|镇|乡|苏木)$")
TOWNSHIP: Final = re.compile(
    r"[\u4e00-\u9fff]{1,12}(?:街道办事处|街道办|街道|镇|乡|苏木|农场|林场|管委会|开发区)"
)


def plain_name(name: str) -> str:
    """A name without what makes no difference: width, space."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name))


def stem_of(name: str) -> str:
    """What is left of a village's or community's name without the word for what it is."""
    plain = plain_name(name)
    return UNIT_ENDING.sub("", plain) or plain


def township_stem(name: str) -> str:
    """What is left of a township's name without the word for what it is."""
    plain = plain_name(name)
    return TOWNSHIP_ENDING.sub("", plain) or plain


def is_township_name(name: str) -> bool:
    """Whether a name ends as a township's does."""
    return TOWNSHIP.fullmatch(plain_name(name)) is not None


@dataclass
class CodeList:
    """Division codes and their names, as the statistics bureau lists them."""

    names: Mapping[str, str]
    _below: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for code in self.names:
            if is_division_code(code):
                length = {Level.COUNTY: 4, Level.TOWNSHIP: 6}.get(level_of_code(code), 9)
                self._below[code[:length]].append(code)

    @property
    def counties(self) -> Sequence[str]:
        """The six digits of every county that has townships in the list."""
        return sorted({code[:6] for code in self.names if is_division_code(code) and code[6:9] != "000"})

    def townships(self, county: str) -> Sequence[str]:
        """Codes of a county's townships, by its six digits."""
        return [code for code in self._below[county] if code[6:9] != "000"]

    def units(self, township: str) -> Sequence[str]:
        """Codes of a township's villages and communities."""
        return self._below[township[:9]]

    def township(self, county: str, name: str) -> str | None:
        """The code of a township by its name; ``None`` if none, or more than one, is called so."""
        codes = self.townships(county)
        exact = [code for code in codes if plain_name(self.names[code]) == plain_name(name)]
        return _only(exact or [c for c in codes if township_stem(self.names[c]) == township_stem(name)])

    def unit(self, township: str, name: str, level: Level | None) -> str | None:
        """The code of a village or community by its name; ``None`` if it cannot be told which."""
        codes = self.units(township)
        exact = [code for code in codes if plain_name(self.names[code]) == plain_name(name)]
        if exact:
            return _only(exact)
        alike = [code for code in codes if stem_of(self.names[code]) == stem_of(name)]
        return _only([code for code in alike if level_of_code(code) is level]) or _only(alike)

    def best_counties(self, townships: Iterable[str]) -> Sequence[str]:
        """The counties in which most of the townships are found, the best alone if it is."""
        wanted = list(townships)
        scores = {c: sum(self.township(c, name) is not None for name in wanted) for c in self.counties}
        best = max(scores.values(), default=0)
        return [county for county, score in scores.items() if score == best] if best else []


def _only(codes: Sequence[str]) -> str | None:
    return codes[0] if len(codes) == 1 else None
