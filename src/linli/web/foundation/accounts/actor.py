"""Who acts: an account with the roles it holds now, a job of the system, or somebody unknown."""

from dataclasses import dataclass, field
from typing import Final, Literal

from linli.kernel.texts import Language

__all__ = ["ANONYMOUS", "SYSTEM", "Actor", "Held", "ScopeLevel", "Via"]

ScopeLevel = Literal["county", "station", "beat", "place", "own"]
"""How far a role reaches: everything, one station's area, some beats, some places, or what concerns
the organisation itself (a unit, a court)."""

Via = Literal["web", "api", "job", "device", "command", "public"]


@dataclass(frozen=True)
class Held:
    """One role that an actor holds, and where."""

    role: str
    organisation_id: int
    organisation: str
    level: ScopeLevel
    codes: frozenset[str]
    """Codes of the stations, beats or places that the role reaches; empty for ``county`` and ``own``."""
    stations: frozenset[str] = frozenset()
    """Codes of the stations in which all this lies; none for the county, and for what has no territory."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The one on whose behalf something is read or changed."""

    user_id: int | None
    name: str
    held: tuple[Held, ...] = ()
    language: Language = "zh"
    via: Via = "web"
    address: str = ""
    second_factor: bool = False
    """Signed in with a passkey or a one-time code, not with a password alone."""
    organisation_ids: frozenset[int] = field(default=frozenset())
    token_id: int | None = None
    """The token by which a program acts as the account: what it makes to be told or let in ends with it."""

    @property
    def roles(self) -> frozenset[str]:
        """The ids of the roles held, wherever."""
        return frozenset(held.role for held in self.held)

    @property
    def stations(self) -> frozenset[str]:
        """The codes of the stations in which the roles held lie; none for the county."""
        return frozenset(code for held in self.held for code in held.stations)

    @property
    def account(self) -> int:
        """The id of the account.

        Raises
        ------
        LookupError
            Nobody is signed in: a mistake of the caller, who must have asked before.
        """
        if self.user_id is None:
            raise LookupError("an actor without an account")
        return self.user_id

    @property
    def is_system(self) -> bool:
        """A job of Linli itself."""
        return self.user_id is None and self.via in ("job", "command")


SYSTEM: Final = Actor(user_id=None, name="system", via="job")
"""Deadlines, reminders, retention: what Linli does by itself."""

ANONYMOUS: Final = Actor(user_id=None, name="", via="public")
