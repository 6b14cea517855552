"""Checklists as data: what is asked on an inspection of each kind of premises.

The files here are version 1 of each kind's checklist, and the schedule as it is shipped. Staff edit both on
their page; what they publish is kept in the database and counts from then on.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from linli.kernel.texts import Text
from linli.web.ops.premises.kinds import KINDS, classes_of

__all__ = ["MOST_ITEMS", "Item", "items_of", "shipped_checklist", "shipped_months"]

MOST_ITEMS = 60


class Item(BaseModel):
    """One thing that is looked at; the answer ``no`` is a finding."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    text: Text
    """What is as it should be, so that ``yes`` is good."""
    rule: Text
    """The rule that asks for it, named without judgement."""
    clause: Annotated[str, Field(max_length=8)] = ""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=MOST_ITEMS)]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


@cache
def shipped_checklist(kind: str) -> tuple[Item, ...]:
    """The checklist that is shipped for a kind: what all premises are asked, then what is the kind's own."""
    parts = [_File.model_validate(_read(f"{name}.toml")).items for name in _files_of(kind)]
    return tuple(item for items in parts for item in items)


def _files_of(kind: str) -> tuple[str, ...]:
    return (kind,) if kind in ("courtyard", "housing") else ("common", kind)


@cache
def shipped_months() -> Mapping[tuple[str, str], int]:
    """Months between two inspections, by kind and class."""
    table = _read("intervals.toml")
    return {(kind, class_): int(table[kind][class_]) for kind in KINDS for class_ in classes_of(kind)}


def items_of(stored: Any) -> tuple[Item, ...]:
    """The items of a stored version.

    Raises
    ------
    ValidationError
        It is no checklist: only a checked one is ever stored.
    """
    return _File.model_validate({"items": stored}).items
