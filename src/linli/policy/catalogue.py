"""The catalogue of named measures that rules may use: data in ``measures.toml`` beside this file."""

import functools
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any, Final

from linli.kernel.texts import Text
from linli.kernel.units import parse_unit
from linli.policy.model import Measure

__all__ = ["ROLES", "measures"]

ROLES: Final = (
    "officer",
    "community_officer",
    "auxiliary",
    "grid_worker",
    "assistant",
    "mediator",
    "patrol_member",
    "volunteer",
)
"""Roles that people hold; the same names as ``linli.territory.model.Role``."""


@functools.cache
def measures() -> Mapping[str, Measure]:
    """All measures by name, in the catalogue's order.

    Examples
    --------
    >>> measures()["residents"].unit.text
    'resident'
    """
    text = resources.files("linli.policy").joinpath("measures.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    records = tables["records"]
    return {name: _measure(name, table, records) for name, table in tables["measures"].items()}


def _measure(name: str, table: Mapping[str, Any], records: Mapping[str, Any]) -> Measure:
    record = records[table["record"]]
    return Measure(
        id=name,
        title=Text(**table["title"]),
        unit=None if table["unit"] == "yes/no" else parse_unit(table["unit"]),
        scopes=frozenset(table["scopes"]),
        given_by=record["given_by"],
        record=table["record"],
        source=Text(**record["title"]),
    )
