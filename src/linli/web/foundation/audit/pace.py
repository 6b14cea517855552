"""How many lists somebody may take out in an hour: the log itself counts, for all processes together.

Nobody's work needs more, and somebody who copies the county list by list is stopped before the first line of
the next one leaves (ASVS 5.0, 2.4.1). Pages, searches and the API are counted by ``accounts.pacing``.
"""

import datetime as dt
from typing import Final

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.refusals import TooMany
from linli.web.foundation.audit.models import Entry

__all__ = ["MOST_EXPORTS", "refuse_hasty"]

say = catalogue("linli.web.foundation.audit")

MOST_EXPORTS: Final = 60
HOUR: Final = dt.timedelta(hours=1)


def refuse_hasty(actor: Actor, at: dt.datetime) -> None:
    """Refuse somebody who has taken out as many lists as an hour allows.

    Raises
    ------
    TooMany
        With when the next may be taken out.
    """
    if actor.user_id is None:
        return
    taken = Entry.objects.filter(actor_id=actor.user_id, action="export", at__gt=at - HOUR)
    moments = list(taken.order_by("-at").values_list("at", flat=True)[:MOST_EXPORTS])
    if len(moments) == MOST_EXPORTS:
        minutes = int((moments[-1] + HOUR - at).total_seconds() // 60) + 1
        raise TooMany(say("pace.exports", most=MOST_EXPORTS, minutes=minutes))
