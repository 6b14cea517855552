"""From November on, the home page of those who may enter it says that the next year's notice is missing."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from linli.web.foundation.accounts.access import may
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.calendars.actions import SUBJECT
from linli.web.foundation.calendars.reading import missing_year

__all__ = ["missing_card"]


def missing_card(actor: Actor, at: dt.datetime) -> Mapping[str, Any]:
    """The year to be entered; nothing for others, nor where it is there."""
    year = missing_year(at) if may(actor, "edit", SUBJECT) else None
    return {} if year is None else {"missing": year}
