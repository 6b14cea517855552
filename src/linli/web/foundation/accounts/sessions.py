"""Sessions in the database that know their account, so that they can be listed and ended one by one.

Use ``SESSION_ENGINE = "linli.web.foundation.accounts.sessions"``.
"""

import datetime as dt
import hashlib
from typing import Any, Final

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import url_str_to_user_pk
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet

from linli.web.foundation.accounts.models import Session

__all__ = [
    "ADDRESS",
    "AGENT",
    "BEGAN",
    "SEEN",
    "SessionStore",
    "end_idlest",
    "end_sessions",
    "session_name",
    "sessions_of",
]

BEGAN: Final = "began_at"
SEEN: Final = "seen_at"
ADDRESS: Final = "address"
AGENT: Final = "agent"


class SessionStore(DatabaseStore):
    """Django's database sessions, with account, address and beginning in columns of their own."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - as Django declares it
        """As Django saves; but a database that is away is said to be away, not a session to have ended.

        Raises
        ------
        UpdateError
            The session was ended meanwhile.
        OperationalError, InterfaceError
            The database does not answer.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError | InterfaceError):
                raise error.__context__ from None
            raise

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """A row for what the session holds; one half signed in belongs to its account too."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        account, began = data.get(SESSION_KEY, _pending(data)), data.get(BEGAN)
        row.account_id = int(account) if account is not None else None
        row.address = str(data.get(ADDRESS, ""))[:45]
        row.agent = str(data.get(AGENT, ""))[:200]
        row.began_at = None if began is None else dt.datetime.fromtimestamp(began, dt.UTC)
        return row


def _pending(data: dict[str, Any]) -> Any:
    """The account whose password was right and whose second factor is still asked for."""
    login = data.get(LOGIN_SESSION_KEY)
    stated = login.get("user_pk") if isinstance(login, dict) else None
    return None if stated is None else url_str_to_user_pk(stated)


def sessions_of(account_id: int, at: dt.datetime) -> QuerySet[Session]:
    """The sessions of an account that are signed in and have not ended, newest first."""
    signed_in = Session.objects.filter(account_id=account_id, began_at__isnull=False)
    return signed_in.filter(expire_date__gt=at).order_by("-began_at", "session_key")


def end_sessions(account_id: int, *, keep: str | None = None) -> int:
    """End an account's sessions, all or all but one, those half signed in too; says how many."""
    ended = Session.objects.filter(account_id=account_id)
    if keep is not None:
        ended = ended.exclude(session_key=keep)
    count, _ = ended.delete()
    return count


def end_idlest(account_id: int, at: dt.datetime, *, keep: str | None) -> int:
    """Leave an account no more sessions than it may have, with the one that begins; says how many ended."""
    # A session's end moves on whenever somebody works in it.
    others = sessions_of(account_id, at).exclude(session_key=keep).order_by("-expire_date", "session_key")
    over = [one.session_key for one in others[settings.SESSION_MOST - 1 :]]
    count, _ = Session.objects.filter(session_key__in=over).delete()
    return count


def session_name(key: str) -> str:
    """What a page calls a session by: its key is a secret that no page shows."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]
