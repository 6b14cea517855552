"""Names and telephone numbers as lists show them: enough to tell two apart, too little to use."""

import unicodedata
from typing import Final

__all__ = ["mask_name", "mask_phone"]

HIDDEN_NAME: Final = "**"
HIDDEN_DIGITS: Final = "****"


def mask_name(name: str) -> str:
    """The first character of a name; how long the rest is does not show.

    Examples
    --------
    >>> mask_name("王小明"), mask_name("李四"), mask_name("")
    ('王**', '李**', '')
    """
    stripped = name.strip()
    return stripped[0] + HIDDEN_NAME if stripped else ""


def mask_phone(phone: str) -> str:
    """The first three and last four digits of a whole number, the last two of a short one.

    The country code of China is left out.

    Examples
    --------
    >>> mask_phone("13812341234"), mask_phone("+86 138-1234-1234"), mask_phone("87654321")
    ('138****1234', '138****1234', '****21')
    >>> mask_phone("110"), mask_phone("")
    ('****', '')
    """
    if not phone.strip():
        return ""
    digits = "".join(str(unicodedata.digit(c)) for c in phone if c.isdigit())
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) >= 11:
        return digits[:3] + HIDDEN_DIGITS + digits[-4:]
    return HIDDEN_DIGITS + (digits[-2:] if len(digits) >= 7 else "")
