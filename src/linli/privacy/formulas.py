"""Which formulas of a workbook call out, run something, or read another file."""

import re
from typing import Final

__all__ = ["is_formula", "is_wrong_formula"]

QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
"""Strings, and names of sheets, which may hold a quotation mark."""
BRACKETED: Final = re.compile(r"\[[^\[\]\"']*[\"']")
"""A name of a column that holds quotation marks: what is a string can then not be told."""
FUNCTIONS: Final = re.compile(
    r"(?i)\b(webservice|image|dde|rtd|call|register(\.id)?|exec|execute|initiate|poke|request|run|fopen"
    r"|sql\.request|stockhistory|translate|detectlanguage|copilot|py)\s*\("
)
"""Functions that call out or run, old and new; within strings too, as that costs hardly any usual file."""
STRINGS: Final = re.compile(r"(?i)\"\s*(\\\\|file:|[a-z]:\\)")
"""Folders in the network, and programs, as the place of a link."""
ELSEWHERE: Final = re.compile(r"(?i)\||\\\\|//|[a-z]:\\|\\\[")
"""``program|topic!item``, and other workbooks by their place."""


def is_formula(name: str) -> bool:
    """Whether an element or attribute of this name, in small letters and without its namespace, holds one."""
    return name in ("f", "definedname", "textlink") or name.startswith("fmla") or "formula" in name


def is_wrong_formula(text: str) -> bool:
    """Whether it calls out, runs something, or reads another file."""
    if FUNCTIONS.search(text) or STRINGS.search(text):
        return True
    told = text if BRACKETED.search(text) else QUOTED.sub(_without_strings, text)
    return ELSEWHERE.search(told) is not None


def _without_strings(found: re.Match[str]) -> str:
    return '""' if found[0].startswith('"') else found[0]
