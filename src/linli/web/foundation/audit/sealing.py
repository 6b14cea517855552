"""Keys of the audit log: what an entry and a head are sealed with, and which former keys still verify.

An entry names its key by a short id. ``LINLI_AUDIT_KEY`` seals what is written now; a former key, named in
``LINLI_AUDIT_OLD_KEYS``, verifies what was written with it and seals nothing any more.
"""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterator
from functools import lru_cache

from django.conf import settings

from linli.web.foundation.audit.models import Entry, Lane

__all__ = [
    "current_id",
    "entry_fits",
    "entry_hash",
    "is_current",
    "mac",
    "mac_fits",
    "seal_fits",
    "seal_of",
]


@lru_cache(maxsize=64)
def _id_of(key: str) -> str:
    return hmac.new(key.encode(), b"linli audit key", hashlib.sha256).hexdigest()[:8]


def _ring() -> Iterator[str]:
    """The key in use first, then the former ones."""
    yield str(settings.AUDIT_KEY)
    yield from settings.AUDIT_OLD_KEYS


def _known(key_id: str) -> list[str]:
    """The keys of that id; all of them where no id was kept, as before keys could be changed."""
    return [key for key in _ring() if not key_id or _id_of(key) == key_id]


def current_id() -> str:
    """Names the key in use; tells nothing about it."""
    return _id_of(str(settings.AUDIT_KEY))


def is_current(key_id: str) -> bool:
    """Whether an entry says that it was sealed with the key in use."""
    return key_id == current_id()


def _keyed(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def _same(given: str, fresh: str) -> bool:
    """Whatever stands in place of a seal: letters of other scripts and halves of letters too."""
    return hmac.compare_digest(given.encode(errors="surrogatepass"), fresh.encode())


def seal_of(number: int, count: int, last: str) -> str:
    """The seal of a lane's head, with the key in use."""
    return _keyed(str(settings.AUDIT_KEY), f"head|{number}|{count}|{last}")


def seal_fits(head: Lane, key_id: str) -> bool:
    """Whether a head carries the seal of the key that its last entry was written with."""
    text = f"head|{head.number}|{head.count}|{head.last}"
    return any(_same(head.seal, _keyed(key, text)) for key in _sealing(key_id))


def _sealing(key_id: str) -> list[str]:
    # After a change of keys all heads are sealed anew before anything is written.
    return list(dict.fromkeys([str(settings.AUDIT_KEY), *_known(key_id)]))


def _content(entry: Entry) -> str:
    content = [
        entry.lane,
        entry.position,
        entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.actor_name,
        entry.via,
        entry.address,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.station_code,
        entry.detail,
        entry.previous,
    ]
    # Entries from before these two columns have neither, and a shorter content that no longer one equals.
    if entry.key:
        content += [entry.key, entry.vouch]
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def entry_hash(entry: Entry) -> str:
    """The hash of an entry that is about to be written, with the key in use."""
    return _keyed(str(settings.AUDIT_KEY), _content(entry))


def entry_fits(entry: Entry) -> bool:
    """Whether an entry is as it was written, by the key that it names."""
    if not entry.key and entry.vouch:
        return False
    content = _content(entry)
    return any(_same(entry.hash, _keyed(key, content)) for key in _known(entry.key))


def mac(purpose: str, text: str) -> str:
    """A seal on a text outside the database, such as a backup's list, for one purpose only."""
    return _keyed(str(settings.AUDIT_KEY), f"{purpose}|{text}")


def mac_fits(purpose: str, text: str, given: str) -> bool:
    """Whether a text outside the database carries the seal of the key in use or of a former one."""
    fresh = [_keyed(key, f"{purpose}|{text}") for key in _ring()]
    return any(_same(given, one) for one in fresh)
