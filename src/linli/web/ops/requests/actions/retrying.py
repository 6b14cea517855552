"""An entry that failed is tried again at once."""

from dataclasses import dataclass
from typing import ClassVar

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden
from linli.web.foundation.audit.chain import Record
from linli.web.intake.models import Entry
from linli.web.ops.requests.five import KIND
from linli.web.ops.requests.wording import say

__all__ = ["RetryEntry"]


@dataclass(frozen=True, kw_only=True)
class RetryEntry(Action[Entry]):
    """Have an entry of the queue taken without waiting for its turn."""

    name: ClassVar[str] = "intake.retry"
    entry_id: int

    def check(self, context: Context) -> None:
        """Whoever may assign requests; the entry is still queued."""
        if not may_anywhere(context.actor, "assign", KIND):
            raise Forbidden(say("queue.forbidden"))
        if not Entry.objects.filter(pk=self.entry_id, state=Entry.State.QUEUED).exists():
            raise Conflict(say("queue.gone"))

    def change(self, context: Context) -> Entry:
        """It is due again."""
        Entry.objects.filter(pk=self.entry_id).update(not_before=None)
        return Entry.objects.get(pk=self.entry_id)

    def record(self, result: Entry) -> Record:
        """Which entry."""
        return Record(action=self.name, subject_kind="intake", subject_id=str(result.pk))
