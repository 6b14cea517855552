"""Settings read from the environment, each typed; one that cannot be read stops the start with a sentence."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue

__all__ = ["boolean", "choice", "database", "integer", "listing", "secret", "secrets_listed", "text"]

say = catalogue("linli.web.settings")

_YES: Final = frozenset({"1", "true", "yes", "on"})
_NO: Final = frozenset({"0", "false", "no", "off", ""})


def text(name: str, default: str, environment: Mapping[str, str] = os.environ) -> str:
    """A text setting."""
    return environment.get(name, default)


def secret(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """A secret: the variable, or what stands in the file that ``NAME_FILE`` names, as vaults hand them over.

    Raises
    ------
    LinliError
        Both are given, or the file cannot be read.
    """
    file = environment.get(f"{name}_FILE", "")
    given = environment.get(name, "")
    if not file:
        return given
    if given:
        raise LinliError(say("secret_twice", name=name))
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as reason:
        why = reason.strerror if isinstance(reason, OSError) else "UTF-8"
        raise LinliError(say("secret_unreadable", name=name, file=file, reason=why or "")) from None


def secrets_listed(name: str, environment: Mapping[str, str] = os.environ) -> list[str]:
    """Several secrets, separated by commas or, in a file, by lines.

    Raises
    ------
    LinliError
        As for one.
    """
    parts = secret(name, environment).replace("\n", ",").split(",")
    return [part.strip() for part in parts if part.strip()]


def listing(name: str, default: str, environment: Mapping[str, str] = os.environ) -> list[str]:
    """A setting of several values, separated by commas."""
    return [part.strip() for part in environment.get(name, default).split(",") if part.strip()]


def boolean(name: str, *, default: bool, environment: Mapping[str, str] = os.environ) -> bool:
    """A yes-or-no setting.

    Raises
    ------
    LinliError
        The value is neither yes nor no.
    """
    given = environment.get(name)
    if given is None:
        return default
    if given.lower() in _YES:
        return True
    if given.lower() in _NO:
        return False
    raise LinliError(say("not_boolean", name=name, given=given))


def choice(
    name: str, default: str, allowed: Sequence[str], environment: Mapping[str, str] = os.environ
) -> str:
    """One of a few words.

    Raises
    ------
    LinliError
        Another word is given.
    """
    given = environment.get(name, default)
    if given not in allowed:
        raise LinliError(say("not_a_choice", name=name, given=given, allowed=", ".join(allowed)))
    return given


def integer(name: str, default: int, environment: Mapping[str, str] = os.environ) -> int:
    """A whole number of at least 0.

    Raises
    ------
    LinliError
        The value is no such number.
    """
    given = environment.get(name, str(default))
    if not given.isdecimal():
        raise LinliError(say("not_integer", name=name, given=given))
    return int(given)


def database(url: str) -> dict[str, Any]:
    """Django's settings of a database from its address.

    ``sqlite:///relative.db``, ``sqlite:////absolute.db`` or ``postgresql://user:password@host:port/name``;
    a socket directory is given as ``postgresql:///name?host=/var/run/postgresql``.

    Raises
    ------
    LinliError
        The address is of another kind.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path.removeprefix("/"))))
    if parts.scheme in ("postgresql", "postgres"):
        query = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "linli.web.foundation.database.postgresql",
            "NAME": unquote(parts.path.removeprefix("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", parts.hostname or ""),
            "PORT": str(query.pop("port", parts.port or "")),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"application_name": "linli", "connect_timeout": 5, **query},
        }
    raise LinliError(say("not_database", given=parts.scheme or url))


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "linli.web.foundation.database.sqlite3",
        "NAME": str(path),
        # A file, as in use: a database in memory locks whole tables between threads.
        "TEST": {"NAME": str(path.with_name(f"test_{path.name}"))},
        # Writers queue instead of failing, and readers never wait for them.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                # What is deleted is overwritten, not only forgotten.
                "PRAGMA secure_delete=ON;"
                "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000;"
            ),
        },
    }
