"""What processes remember together: the cache in the database."""

import datetime as dt

import pytest
from django.core.cache import cache

from linli.web.foundation import clock
from linli.web.foundation.accounts.models import CacheEntry

pytestmark = pytest.mark.django_db


# Guard 5
def test_the_cache_keeps_until_the_end_and_gives_back_what_was_put_in(monkeypatch) -> None:
    cache.set("one", [1.5, "二", {"a": None}], timeout=30)
    assert cache.get("one") == [1.5, "二", {"a": None}]
    cache.set("one", 2, timeout=30)
    assert cache.get("one") == 2
    assert cache.get("two", "none") == "none"
    assert cache.touch("one", 60)
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start + dt.timedelta(seconds=45))
    assert cache.get("one") == 2
    monkeypatch.setattr(clock, "now", lambda: start + dt.timedelta(seconds=75))
    assert cache.get("one") is None
    assert not cache.touch("one", 60)


# Guard 5
def test_the_cache_adds_once_and_again_after_the_end(monkeypatch) -> None:
    assert cache.add("code", "y", timeout=30)
    assert not cache.add("code", "z", timeout=30)
    assert cache.get("code") == "y"
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start + dt.timedelta(seconds=31))
    assert cache.add("code", "z", timeout=30)
    assert cache.delete("code")
    assert not cache.delete("code")


# Guard 5
def test_the_cache_says_nothing_of_its_keys_and_holds_no_code(monkeypatch) -> None:
    cache.set("typed:my secret", "x", timeout=None)
    kept = CacheEntry.objects.get()
    assert "secret" not in kept.key
    assert kept.value == '"x"'
    assert kept.expires is None
    with pytest.raises(TypeError):
        cache.set("code", print)
