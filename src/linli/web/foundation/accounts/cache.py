"""What processes must remember together, such as used one-time codes and how often somebody tried.

Django's cache over one table of the database: all processes of an installation count the same. Values
are JSON, so that whoever can write to the table cannot have code run; keys are kept as keyed hashes, as
parts of them were typed by strangers; and nothing that still counts is dropped to make room.
"""

import datetime as dt
import json
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from linli.web.foundation import clock

__all__ = ["SharedCache"]


class SharedCache(BaseCache):
    """Use ``CACHES = {"default": {"BACKEND": "linli.web.foundation.accounts.cache.SharedCache"}}``."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def _name(self, key: str, version: int | None) -> str:
        whole = self.make_key(key, version=version)
        return salted_hmac("linli.accounts.cache", whole, algorithm="sha256").hexdigest()

    def _until(self, timeout: float | object | None) -> dt.datetime | None:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return None if seconds is None else clock.now() + dt.timedelta(seconds=float(str(seconds)))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """What is kept and has not ended."""
        kept = _living().filter(key=self._name(key, version)).first()
        return default if kept is None else json.loads(kept.value)

    def set(
        self,
        key: str,
        value: Any,
        timeout: float | object | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        """Keep it, whatever was kept before."""
        _entries().bulk_create(
            [_entry(self._name(key, version), value, self._until(timeout))],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["value", "expires"],
        )

    def add(
        self,
        key: str,
        value: Any,
        timeout: float | object | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Keep it unless something is kept; of processes that ask at once, one is answered with true."""
        name = self._name(key, version)
        _entries().filter(key=name, expires__lte=clock.now()).delete()
        try:
            with transaction.atomic():
                _entry(name, value, self._until(timeout)).save(force_insert=True)
        except IntegrityError:
            return False
        return True

    def touch(
        self, key: str, timeout: float | object | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Let it live longer; says whether it is there."""
        found = _living().filter(key=self._name(key, version))
        return bool(found.update(expires=self._until(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget it; says whether it was there."""
        return bool(_entries().filter(key=self._name(key, version)).delete()[0])

    def clear(self) -> None:
        """Forget everything."""
        _entries().all().delete()


def _entries() -> Any:
    # Django makes its caches before it has models.
    from linli.web.foundation.accounts.models import CacheEntry

    return CacheEntry.objects


def _living() -> Any:
    return _entries().exclude(expires__lte=clock.now())


def _entry(name: str, value: Any, until: dt.datetime | None) -> Any:
    return _entries().model(key=name, value=json.dumps(value), expires=until)
