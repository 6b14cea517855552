"""What is written about security is what is in force: numbers, words, ways in, keys."""

import datetime as dt
import importlib
import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from linli.web.foundation.accounts import passwords

pytestmark = pytest.mark.any_database

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "security-decisions.md"
LIMIT = re.compile(r"^\| .*?\| [^|`]*`([^`]+)`[^|]*\| ((?:settings\.|linli\.)[^|]+?) \|$", re.M)
PARTS = (
    "What may be typed",
    "Files",
    "Ways in",
    "Sessions",
    "What is costly, and how it is kept from stopping the rest",
    "Keys and algorithms",
    "Numbers that leave the house",
    "Who talks to whom",
    "Kinds of data",
    "Updates",
    "Logs",
)


def _text() -> str:
    return PAGE.read_text(encoding="utf-8")


def _in_force(where: str) -> object:
    if where.startswith("settings."):
        return getattr(django_settings, where.removeprefix("settings."))
    module, _, rest = where.partition(":")
    name, _, key = rest.partition("[")
    value = getattr(importlib.import_module(module), name)
    return value[key.strip('"]')] if key else value


def test_every_limit_that_is_written_is_the_one_in_force() -> None:
    found = LIMIT.findall(_text())
    assert len(found) >= 28
    wrong = [(where, given) for given, where in found if str(_in_force(where)) != given]
    assert wrong == []


def test_the_page_has_a_part_for_everything_that_must_be_written() -> None:
    parts = re.split(r"^## (.*)$", _text(), flags=re.M)[1:]
    found = dict(zip(parts[::2], parts[1::2], strict=True))
    assert tuple(found) == PARTS
    assert min(len(part.split()) for part in found.values()) > 30


def test_the_words_that_make_a_password_plain_are_written() -> None:
    for word in passwords._OBVIOUS:
        assert f"`{word}`" in _text()


def test_every_way_in_is_written() -> None:
    """Middleware, back ends and credentials that can make an actor, each with its line."""
    written = set(re.findall(r"^\| `([a-z]+)` \|", _text(), re.M))
    assert written == {"password", "passkey", "oidc", "token", "calendar", "code", "server"}
    assert django_settings.AUTHENTICATION_BACKENDS == [
        "axes.backends.AxesStandaloneBackend",
        "allauth.account.auth_backends.AuthenticationBackend",
    ]
    assert set(django_settings.MFA_SUPPORTED_TYPES) == {"totp", "webauthn", "recovery_codes"}
    assert (
        "oidc" not in django_settings.SOCIALACCOUNT_PROVIDERS
        or len(django_settings.SOCIALACCOUNT_PROVIDERS) == 1
    )


def test_every_key_is_written() -> None:
    environment = (PAGE.parents[2] / "src/linli/web/settings/__init__.py").read_text(encoding="utf-8")
    keys = set(re.findall(r"\"(LINLI_[A-Z_]*KEYS?)\"", environment))
    assert keys >= {"LINLI_SECRET_KEY", "LINLI_AUDIT_KEY"}
    assert [key for key in sorted(keys) if key not in _text()] == []


def test_logs_go_where_it_is_written() -> None:
    handlers = {name: one["class"] for name, one in django_settings.LOGGING["handlers"].items()}
    assert handlers == {"console": "logging.StreamHandler"}


def test_a_time_is_written_as_python_writes_it() -> None:
    assert str(dt.timedelta(minutes=15)) == "0:15:00"
