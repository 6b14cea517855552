"""The first letters of Chinese words in pinyin, so that a category is typed in two or three keys.

The 3,755 common characters of GB 2312 stand in the order of their pinyin: the letter of one follows from its
place in that standard. A character with several readings has the one it is filed under; a rare one has none.
"""

from bisect import bisect_right
from typing import Final

__all__ = ["initials"]

_LETTERS: Final = "abcdefghjklmnopqrstwxyz"
_BEGIN: Final = (
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8,
    0xC4C3, 0xC5B6, 0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1,
)  # fmt: skip
"""The first character of GB 2312 whose pinyin begins with each letter."""
_END: Final = 0xD7F9


def initials(text: str) -> str:
    """The letters of a text's characters; Latin letters and digits stand for themselves.

    Examples
    --------
    >>> initials("入室盗窃")
    'rsdq'
    >>> initials("")
    ''
    """
    return "".join(_letter(sign) for sign in text.lower())


def _letter(sign: str) -> str:
    if sign.isascii():
        return sign if sign.isalnum() else ""
    try:
        code = int.from_bytes(sign.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return ""
    return _LETTERS[bisect_right(_BEGIN, code) - 1] if _BEGIN[0] <= code <= _END else ""
