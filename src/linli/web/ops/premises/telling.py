"""Lines in people's lists of what has come up: for a unit's managers, and for a beat's officers."""

import datetime as dt
from collections.abc import Iterable

from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.accounts.selectors import holders
from linli.web.foundation.casework.models import Case, Notice
from linli.web.ops.premises.models import Premises

__all__ = ["MANAGER", "managers_of", "officers_of", "put_notices"]

MANAGER = "unit_manager"


def managers_of(premises: Premises, at: dt.datetime) -> list[int]:
    """Accounts of the unit's managers."""
    if premises.organisation_id is None:
        return []
    return holders({MANAGER}, at, organisation_ids={premises.organisation_id})


def officers_of(premises: Premises, at: dt.datetime) -> list[int]:
    """Accounts of the officers whose post works for the premises' beat."""
    posts = Organisation.objects.filter(
        kind=Organisation.Kind.POST, active=True, station_code=premises.station_code
    )
    ids = {post.pk for post in posts if premises.beat_code in post.codes}
    return holders({"officer"}, at, organisation_ids=ids) if ids else []


def put_notices(
    users: Iterable[int], kind: str, at: dt.datetime, *, who: str, case: Case | None = None
) -> int:
    """Put a line into some people's lists; the number of people."""
    ids = sorted(set(users))
    Notice.objects.bulk_create(
        [Notice(user_id=id_, case=case, kind=kind, at=at, detail={"who": who}) for id_ in ids]
    )
    return len(ids)
