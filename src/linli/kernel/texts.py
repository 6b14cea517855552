"""Texts for users: always Chinese and English together, kept in ``messages.toml`` beside the code.

A room asks for its own catalogue once, ``say = catalogue(__package__)``, and then speaks by key:
``say("row.missing_code", row=3)``. Code stays in English; a translator edits one file a room.
"""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Literal

__all__ = ["Catalogue", "Language", "Text", "catalogue", "plain"]

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Text:
    """One sentence for a user, in Chinese and in English."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        """The sentence in one language."""
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


def plain(value: object) -> Text:
    """The same characters in both languages: a code, a number, a name from the user's data."""
    return Text(zh=str(value), en=str(value))


@dataclass(frozen=True)
class Catalogue:
    """All texts of one room, by key."""

    room: str
    templates: Mapping[str, Text]

    def __call__(self, key: str, /, **values: object) -> Text:
        """The text of ``key`` with its ``{placeholders}`` filled; a ``Text`` value keeps its language.

        Raises
        ------
        KeyError
            The room has no such text. That is a mistake in Linli, never in the user's input.
        """
        template = self.templates[key]
        return Text(zh=_fill(template.zh, values, "zh"), en=_fill(template.en, values, "en"))


def _fill(template: str, values: Mapping[str, object], language: Language) -> str:
    rendered = {k: v.in_(language) if isinstance(v, Text) else v for k, v in values.items()}
    return template.format_map(rendered)


@functools.cache
def catalogue(room: str) -> Catalogue:
    """The catalogue of a package, read from its ``messages.toml``.

    Parameters
    ----------
    room : str
        A package's dotted name, such as ``linli.territory``.
    """
    source = resources.files(room).joinpath("messages.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(source)
    return Catalogue(room, {key: Text(zh=e["zh"], en=e["en"]) for key, e in entries.items()})
