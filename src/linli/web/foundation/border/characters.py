"""Characters from outside: what no text of ours holds is taken out, or refused where a program sent it.

Three kinds. *Broken* ones no database of ours can keep, or no page can show: NUL and the other control
characters but tab and line ends, lone halves of a surrogate pair, code points that are no characters.
*Unseen* ones change what a reader sees without being seen: orders of direction, zero-width spaces, fillers.
*Line separators* of Unicode become plain line ends.

The joiners U+200C and U+200D stay between letters of scripts that join, and within pictures: Uyghur, Persian
and emoji are written with them.
"""

import re
from typing import Final

__all__ = ["broken", "clean", "unkeepable"]

_UNKEEPABLE: Final = re.compile("[\x00\ud800-\udfff]")
_NO_CHARACTERS: Final = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17)
)
_BROKEN: Final = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff{_NO_CHARACTERS}]")
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_STRAY_JOINERS: Final = re.compile(
    "(?<![^\x00-\u02ff\\s\u200c\u200d])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\u02ff\\s\u200c\u200d])"
)
_LINES: Final = re.compile("[\u2028\u2029]")


def unkeepable(text: str) -> bool:
    """Whether PostgreSQL could not keep a text: it holds a NUL or half of a surrogate pair."""
    return "\x00" in text if text.isascii() else _UNKEEPABLE.search(text) is not None


def broken(text: str) -> bool:
    """Whether a text holds what no text of ours may: a program that sends it is told."""
    return _BROKEN.search(text) is not None


def clean(text: str) -> str:
    """A text without broken and unseen characters, as a person meant it who pasted them unknowingly."""
    if text.isascii() and text.isprintable():
        return text
    text = _LINES.sub("\n", _UNSEEN.sub("", _BROKEN.sub("", text)))
    return _STRAY_JOINERS.sub("", text)
