"""An export is a read of many records: it is logged before the first line leaves."""

from dataclasses import dataclass
from typing import ClassVar

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.audit.asked import told_filters
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.audit.pace import refuse_hasty
from linli.web.foundation.casework.actions.base import say
from linli.web.foundation.casework.types.register import case_types

__all__ = ["LogExport"]


@dataclass(frozen=True, kw_only=True)
class LogExport(Action[str]):
    """Say who took which list out of the system."""

    name: ClassVar[str] = "export"
    what: str
    filters: str = ""

    def check(self, context: Context) -> None:
        """Some role of the actor may export something of the kind, and not too many in an hour."""
        kinds = tuple(case_types()) if self.what == "cases" else (self.what,)
        if not any(may_anywhere(context.actor, "export", kind) for kind in kinds):
            raise Forbidden(say("export.forbidden"))
        refuse_hasty(context.actor, context.at)

    def change(self, context: Context) -> str:
        """Nothing changes; the entry is the point."""
        return self.what

    def record(self, result: str) -> Record:
        """Which list, with which filters; never the words that somebody typed into one."""
        return Record(
            action=self.name,
            subject_kind="list",
            subject_id=result,
            detail={"filters": told_filters(self.filters)},
        )
