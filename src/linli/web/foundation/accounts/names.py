"""The names by which people know each other on the pages: one that somebody bears is nobody else's."""

import datetime as dt
import unicodedata
from typing import Final

from django.db.models import Q

from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.accounts.selectors import REMEMBERED

__all__ = ["is_borne", "seen_as"]

_UNSEEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})


def seen_as(name: str) -> str:
    """A name as a reader tells it from others, who sees neither blanks, nor capitals, nor widths."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(one for one in folded if unicodedata.category(one) not in _UNSEEN)


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
