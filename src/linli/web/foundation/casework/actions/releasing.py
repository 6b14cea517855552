"""Whoever cannot work on a case any more does not keep it: it goes back to its owner, who is told."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import User
from linli.web.foundation.actions.action import Context, perform
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.casework.actions.base import CaseAction, notify, say, write_event
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.receivers import in_charge, lapsed, people_of, works_still
from linli.web.foundation.jobs.batches import for_each

__all__ = ["Release", "release_of", "run_releases"]


@dataclass(frozen=True, kw_only=True)
class Release(CaseAction):
    """Take an open case from an assignee whose role there has ended; it stays with its owner."""

    name: ClassVar[str] = "case.release"

    def check(self, context: Context) -> None:
        """Linli does this by itself."""
        if not context.actor.is_system:
            raise Forbidden(say("case.forbidden"))
        self.locked()

    def change(self, context: Context) -> Case:
        """Unless somebody else has been given it meanwhile; the chiefs who answer for it are told."""
        case = self.locked()
        assignee = case.assignee_id
        if assignee is None or not case.is_open or works_still(assignee, case, context.at):
            return case
        object.__setattr__(self, "_released", assignee)
        who = User.objects.get(pk=assignee).display_name
        case.assignee_id = None
        write_event(case, "released", context, detail={"who": who})
        case.save(update_fields=["assignee", "revision"])
        told = in_charge(case, {"chief"}, context.at)
        if not told and case.organisation_id is not None:
            told = people_of(case.organisation_id, case, context.at)
        notify(told, case, "released", context.at, who=who)
        return case

    def detail(self) -> Mapping[str, Any]:
        """From whom."""
        return {"assignee": self.__dict__.get("_released")}


def release_of(account_id: int, at: dt.datetime) -> None:
    """Give back what one account had in hand and cannot work on any more; in the caller's transaction."""
    for pk in lapsed(at, user_id=account_id):
        perform(Release(case_id=pk), SYSTEM, at)


def run_releases(at: dt.datetime) -> int:
    """Give back what is left in the hands of those whose role ended by its date, or whose office closed."""
    return for_each(lapsed(at), lambda pk: perform(Release(case_id=pk), SYSTEM, at))
