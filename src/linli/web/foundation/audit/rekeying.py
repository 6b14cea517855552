"""What only whoever runs the server does to the audit log: change its key, go on after its file was lost."""

from dataclasses import dataclass
from typing import ClassVar

from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden
from linli.web.foundation.audit.chain import LANES, Record, append
from linli.web.foundation.audit.lines import Kind
from linli.web.foundation.audit.sealing import current_id
from linli.web.foundation.audit.selectors import say
from linli.web.foundation.audit.witness import renew_heads

__all__ = ["RekeyLog", "RenewHeads"]


@dataclass(frozen=True, kw_only=True)
class RekeyLog(Action[str]):
    """Seal the end of every lane with the key in use; from then on a former key forges nothing."""

    name: ClassVar[str] = "audit.rekey"

    def check(self, context: Context) -> None:
        """Only whoever runs the server."""
        if not context.actor.is_system:
            raise Forbidden(say("rekey.forbidden"))

    def change(self, context: Context) -> str:
        """An entry in each lane but the actor's own, which this action's entry goes into."""
        for lane in range(LANES):
            if lane != (context.actor.user_id or 0) % LANES:
                append(self.record(current_id()), context.actor, context.at, lane=lane)
        return current_id()

    def record(self, result: str) -> Record:
        """Under which key, by its id."""
        return Record(action=self.name, subject_kind="platform", subject_id="audit", detail={"key": result})


@dataclass(frozen=True, kw_only=True)
class RenewHeads(Action[Kind]):
    """Go on writing heads although the file with the former ones is lost; the log itself says so for ever."""

    name: ClassVar[str] = "audit.renew_heads"

    def check(self, context: Context) -> None:
        """Only whoever runs the server."""
        if not context.actor.is_system:
            raise Forbidden(say("rekey.forbidden"))

    def change(self, context: Context) -> Kind:
        """A line, if nothing else is wrong; of which kind."""
        kind = renew_heads(context.at)
        if kind is None:
            raise Conflict(say("renew.nothing_lost"))
        return kind

    def record(self, result: Kind) -> Record:
        """That it was done, and as what the log was written down."""
        detail = {"kind": result}
        return Record(action=self.name, subject_kind="platform", subject_id="audit", detail=detail)
