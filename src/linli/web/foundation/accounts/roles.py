"""The table of roles: what each may do to which kind of subject, read once from ``roles.toml``."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib import resources
from typing import Final

from linli.kernel.texts import Text

__all__ = [
    "KEEPERS",
    "OTHER_KINDS",
    "VERBS",
    "Confidentiality",
    "Role",
    "are_apart",
    "fits",
    "is_alone",
    "is_outside",
    "role_of",
    "roles",
    "takes_two",
]

VERBS: Final = (
    "view",
    "open",
    "work",
    "assign",
    "answer",
    "share",
    "merge",
    "export",
    "personal",
    "emergency",
    "edit",
    "approve",
    "pay",
    "administer",
)

OTHER_KINDS: Final = (
    "premises",
    "checklist",
    "equipment",
    "meeting",
    "message",
    "deployment",
    "calendar",
    "account",
    "audit",
    "webhook",
    "payment",
    "survey",
    "assessment",
)
"""Kinds of subject that are no cases; a case type of any other name falls back to the row ``case``."""

WEIGHING: Final = frozenset({"view", "work", "answer", "personal", "export"})
"""The verbs on cases that weigh by how far they reach."""
IN_STATIONS: Final = frozenset({"station", "beat"})
"""The levels of a police station and its posts: who breaks the glass there does so under a chief's eyes."""

KEEPERS: Final = frozenset({"administrator", "security_administrator", "auditor"})
"""Of these an account holds one at most, and no role with cases beside it: who keeps accounts, who agrees and
who watches are three people, and none of them works on what is watched."""


class Confidentiality(IntEnum):
    """How closely a case is held."""

    NORMAL = 0
    INTERNAL = 1
    SENSITIVE = 2


@dataclass(frozen=True)
class Role:
    """One role and its row of the table."""

    id: str
    name: Text
    privileged: bool
    """Signs in with a second factor and is given by two people, wherever it is held; see ``takes_two``."""
    ceiling: Confidentiality
    may: Mapping[str, frozenset[str]]
    at: tuple[str, ...] = ()
    """The kinds of organisation in which it can be held; see ``fits``."""
    outside: bool = False
    """Works elsewhere: sees of a case what is public and what it did itself, not what colleagues note."""
    alone: bool = False
    """Reaches only what it raised itself: neither a territory, nor an organisation, nor a share counts."""

    def verbs(self, kind: str) -> frozenset[str]:
        """What the role may do to a kind of subject."""
        if kind in self.may:
            return self.may[kind]
        return frozenset() if kind in OTHER_KINDS else self.may.get("case", frozenset())

    def takes(self, kind: str) -> bool:
        """Whether whoever holds it can be given such a case in person."""
        return not self.alone and {"view", "work"} <= self.verbs(kind)

    @property
    def on_cases(self) -> frozenset[str]:
        """What the role may do to some kind of case."""
        return frozenset().union(*(verbs for kind, verbs in self.may.items() if kind not in OTHER_KINDS))

    @property
    def weighs_by_reach(self) -> bool:
        """Whether it sees, works on or answers cases, or takes surveys down, as far as it reaches."""
        return not self.alone and not (self.on_cases | self.verbs("survey")).isdisjoint(WEIGHING)


@cache
def roles() -> Mapping[str, Role]:
    """Every role by id."""
    source = resources.files(__package__).joinpath("roles.toml").read_text(encoding="utf-8")
    return {
        id_: Role(
            id=id_,
            name=Text(**row["name"]),
            privileged=row["privileged"],
            ceiling=Confidentiality[row["ceiling"].upper()],
            may={kind: frozenset(verbs) for kind, verbs in row["may"].items()},
            at=tuple(row["at"]),
            outside=row.get("outside", False),
            alone=row.get("alone", False),
        )
        for id_, row in tomllib.loads(source).items()
    }


def role_of(id_: str) -> Role | None:
    """A role, or ``None`` for a name that is no longer in the table."""
    return roles().get(id_)


def is_outside(ids: Iterable[str]) -> bool:
    """Whether somebody with these roles works elsewhere; nobody with a role inside does."""
    known = [role for id_ in ids if (role := role_of(id_)) is not None]
    return bool(known) and all(role.outside for role in known)


def is_alone(ids: Iterable[str]) -> bool:
    """Whether somebody with these roles is here for themselves alone: a resident."""
    known = [role for id_ in ids if (role := role_of(id_)) is not None]
    return bool(known) and all(role.alone for role in known)


def takes_two(id_: str, level: str) -> bool:
    """Whether a role in an organisation of a level is given by two people, its holder reset by two, and asks
    for a second factor.

    A privileged one always; any other by its reach: whoever sees or works on the cases of the whole county
    holds as much, and so does whoever may break the glass anywhere but in a police station or its posts.
    """
    role = role_of(id_)
    if role is None:
        return False
    far = level == "county" and role.weighs_by_reach
    return role.privileged or far or ("emergency" in role.on_cases and level not in IN_STATIONS)


def fits(id_: str, kind: str, level: str) -> bool:
    """Whether a role can be held in an organisation of a kind and level: a keeper's reaches every account."""
    role = role_of(id_)
    return role is not None and kind in role.at and (id_ not in KEEPERS or level == "county")


def are_apart(one: str, other: str) -> bool:
    """Whether nobody holds both roles: one is a keeper's, the other another keeper's or one with cases.

    A role that stands alone (a resident's) reaches nothing but its own and keeps nobody from anything.
    """
    if one == other or KEEPERS.isdisjoint({one, other}):
        return False
    return all(
        id_ in KEEPERS or ((role := role_of(id_)) is not None and bool(role.on_cases) and not role.alone)
        for id_ in (one, other)
    )
