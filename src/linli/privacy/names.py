"""File names that are safe to store, show and download on any system; Chinese names stay as they are."""

import re
import unicodedata
from typing import Final

__all__ = ["LONGEST_NAME", "safe_name", "suffix_of"]

LONGEST_NAME: Final = 120
LONGEST_BYTES: Final = 240
LONGEST_SUFFIX: Final = 12
UNNAMED: Final = "file"
HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Characters that cannot be seen: controls, marks that turn the reading direction, unassigned ones."""
NOT_ON_WINDOWS: Final = re.compile(r'[<>:"|?*]')
RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)")


def safe_name(name: str) -> str:
    """The last part of a path, without what could mislead a person or a file system.

    Examples
    --------
    >>> safe_name("../../etc/走访照片.JPG")
    '走访照片.JPG'
    >>> safe_name("CON.txt")
    '_CON.txt'
    >>> safe_name("")
    'file'
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(c for c in last if unicodedata.category(c) not in HIDDEN)
    plain = re.sub(r"\s+", " ", NOT_ON_WINDOWS.sub("_", unicodedata.normalize("NFC", seen)))
    plain = plain.strip(" .") or UNNAMED
    stem, suffix = _parted(plain)
    short = _shortened(stem, LONGEST_NAME - len(suffix) - 1, LONGEST_BYTES - len(suffix.encode()) - 1)
    return f"_{short}{suffix}" if RESERVED.match(short + suffix) else short + suffix


def suffix_of(name: str) -> str:
    """The extension in small letters, with its dot; ``""`` where there is none.

    Examples
    --------
    >>> suffix_of("合同.tar.PDF")
    '.pdf'
    >>> suffix_of("合同")
    ''
    """
    return _parted(name)[1].lower()


def _parted(name: str) -> tuple[str, str]:
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix) > LONGEST_SUFFIX or not suffix.isalnum():
        return name, ""
    return stem, dot + suffix


def _shortened(stem: str, characters: int, size: int) -> str:
    cut = stem[:characters].encode("utf-8")[:size].decode("utf-8", errors="ignore")
    return cut.rstrip(" .") or UNNAMED
