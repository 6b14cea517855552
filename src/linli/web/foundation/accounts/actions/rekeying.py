"""A change of the secret key: what former keys encrypted is written with the one in use."""

from dataclasses import dataclass
from typing import ClassVar

from linli.web.foundation.accounts.actions.base import say
from linli.web.foundation.accounts.ciphers import encrypt_anew
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.audit.chain import Record

__all__ = ["RekeySecrets"]


@dataclass(frozen=True, kw_only=True)
class RekeySecrets(Action[tuple[int, int]]):
    """Encrypt every second factor anew; says how many, and how many no key here can read."""

    name: ClassVar[str] = "platform.rekey"

    def check(self, context: Context) -> None:
        """Only whoever runs the server."""
        if not context.actor.is_system:
            raise Forbidden(say("rekey.forbidden"))

    def change(self, context: Context) -> tuple[int, int]:
        """All or none."""
        return encrypt_anew()

    def record(self, result: tuple[int, int]) -> Record:
        """How many."""
        detail = {"count": result[0], "unread": result[1]}
        return Record(action=self.name, subject_kind="platform", subject_id="secrets", detail=detail)
