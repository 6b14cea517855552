"""A change of the secret key: what former keys encrypted is written with the one in use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from linli.web.foundation.accounts.actions.base import say
from linli.web.foundation.accounts.ciphers import encrypt_anew
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.audit.chain import Record

__all__ = ["RekeySecrets"]

Rewritten = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, kw_only=True)
class RekeySecrets(Action[Rewritten]):
    """Encrypt every secret anew; says by purpose how many, and how many no key here can read."""

    name: ClassVar[str] = "platform.rekey"

    def check(self, context: Context) -> None:
        """Only whoever runs the server."""
        if not context.actor.is_system:
            raise Forbidden(say("rekey.forbidden"))

    def change(self, context: Context) -> Rewritten:
        """All or none."""
        return encrypt_anew()

    def record(self, result: Rewritten) -> Record:
        """How many."""
        done, unread = (sum(numbers) for numbers in zip(*result.values(), strict=True))
        detail = {"count": done, "unread": unread}
        return Record(action=self.name, subject_kind="platform", subject_id="secrets", detail=detail)
