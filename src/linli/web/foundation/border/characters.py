"""Characters from outside: what no text of ours holds is taken out, or refused where a program sent it.

Three kinds. *Broken* ones no database of ours can keep, or no page can show: NUL and the other control
characters but tab and line ends, lone halves of a surrogate pair, code points that are no characters.
*Unseen* ones change what a reader sees without being seen: orders of direction, zero-width spaces, fillers.
*Line separators* of Unicode become plain line ends.

The joiners U+200C and U+200D stay between letters of scripts that join, and within pictures: Uyghur, Persian
and emoji are written with them. Selectors of a variant stay where something has variants: after pictures,
Chinese characters and Mongolian letters; after anything else they are unseen.

What is compared for sameness is compared ``without_unseen``: what nobody sees makes no difference.
"""

import re
from typing import Final

__all__ = ["broken", "clean", "has_unseen", "unkeepable", "without_unseen"]

_UNKEEPABLE: Final = re.compile("[\x00\ud800-\udfff]")
_NO_CHARACTERS: Final = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17)
)
_BROKEN: Final = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff{_NO_CHARACTERS}]")
_IGNORABLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Every Default_Ignorable_Code_Point of Unicode 16.0 (DerivedCoreProperties.txt), assigned or not: nothing is
drawn for them, so that two texts which differ by them alone look the same."""
_BLANK: Final = "\u2800\ufff9-\ufffb\U00016fe4\U0001d159"
"""Signs of an empty shape: Braille without a dot, anchors of annotations, a filler, a note without a head."""
_DRAWN_AS_NOTHING: Final = re.compile(f"[{_IGNORABLE}{_BLANK}]")
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    f"\u3164\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a{_BLANK}"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
_HAN: Final = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PICTURES: Final = "#*0-9\u00a9\u00ae\u2010-\u2027\u2030-\u2fff\u3001-\u33ff\U00010ac0-\U0001faff"
_OTHERS: Final = "\u1000-\u109f\ua840-\ua87f"
"""Myanmar and Phags-pa have variants too."""
_STRAY_SELECTORS: Final = re.compile(
    "(?<![\u1807\u180a\u1810-\u18af])[\u180b-\u180d\u180f]+"
    f"|(?<![{_HAN}\u2e80-\u2fff])[\U000e0100-\U000e01ef]+"
    f"|(?<![{_PICTURES}{_OTHERS}{_HAN}])[\ufe00-\ufe0f]+"
    f"|(?<=[{_HAN}])[\ufe03-\ufe0f]+"
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
    return _STRAY_JOINERS.sub("", _STRAY_SELECTORS.sub("", text))


def has_unseen(text: str) -> bool:
    """Whether a text holds anything for which nothing is drawn, wherever it stands; blanks are none."""
    return _DRAWN_AS_NOTHING.search(text) is not None


def without_unseen(text: str) -> str:
    """A text without anything for which nothing is drawn; blanks stay."""
    return text if text.isascii() else _DRAWN_AS_NOTHING.sub("", text)
