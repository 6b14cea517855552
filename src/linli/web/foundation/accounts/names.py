"""The names by which people know each other on the pages: one that somebody bears is nobody else's."""

import datetime as dt
import re
import unicodedata
from typing import Final

from django.db.models import Q

from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.accounts.selectors import REMEMBERED
from linli.web.foundation.border.characters import broken, has_unseen, without_unseen

__all__ = ["alike", "is_borne", "is_plain", "seen_as"]

_UNSEEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
_MARKS: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\ufe20-\ufe2f]")
"""Marks for letters of any script; those of one script (Tibetan, Uyghur) are letters to its readers."""


def seen_as(name: str) -> str:
    """A name as a reader tells it from others, who sees neither blanks, nor capitals, nor widths, and no mark
    upon a letter for certain.

    Everything for which nothing is drawn goes, before and after the forms of letters are made one: neither
    hides behind the other.
    """
    plain = unicodedata.normalize("NFKD", without_unseen(unicodedata.normalize("NFKC", name).casefold()))
    whole = unicodedata.normalize("NFKC", _MARKS.sub("", plain)).casefold()
    return "".join(one for one in without_unseen(whole) if unicodedata.category(one) not in _UNSEEN)


def is_plain(name: str) -> bool:
    """Whether a reader sees every character of a name, and none is a mark put on a Chinese one."""
    whole = unicodedata.normalize("NFC", name)
    return not has_unseen(whole) and not broken(whole) and _MARKS.search(whole) is None


def is_borne(name: str, at: dt.datetime, *, but_by: int | None = None) -> bool:
    """Whether another account bears a name: one that is active, or that held a role not long ago.

    Whoever was stopped yesterday is not forgotten today: nobody goes on under that name.
    """
    held = Grant.objects.exclude(ends__lt=local_day(at) - REMEMBERED).values("user_id")
    known = User.objects.filter(Q(is_active=True) | Q(pk__in=held)).exclude(
        pk__in=() if but_by is None else (but_by,)
    )
    wanted = seen_as(name)
    return any(seen_as(one) == wanted for one in known.values_list("display_name", flat=True).iterator())


def alike() -> list[str]:
    """User names of the active accounts whose name is not plain, or looks like that of another one."""
    seen: dict[str, list[str]] = {}
    hidden = set()
    for username, name in User.objects.filter(is_active=True).values_list("username", "display_name"):
        seen.setdefault(seen_as(name), []).append(username)
        if not is_plain(name):
            hidden.add(username)
    return sorted(hidden.union(*(names for names in seen.values() if len(names) > 1)))
