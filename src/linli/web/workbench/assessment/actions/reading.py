"""Readings that are logged: the records behind a figure."""

from dataclasses import dataclass
from typing import ClassVar

from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import missing
from linli.web.foundation.audit.chain import Record
from linli.web.workbench.assessment.actions.base import locked_version, say, version_record
from linli.web.workbench.assessment.models import Version
from linli.web.workbench.assessment.reach import may_place
from linli.web.workbench.assessment.selectors import area_for

__all__ = ["ReadRecords"]


@dataclass(frozen=True, kw_only=True)
class ReadRecords(Action[Version]):
    """See which records a figure counts. The log says who saw those of which figure."""

    name: ClassVar[str] = "assessment.read_records"
    version_id: int
    indicator: str
    area: str
    token: str

    def check(self, context: Context) -> None:
        """Of an area that the actor answers for: everybody is shown the whole's figures, not its records."""
        version = locked_version(context, self.version_id)
        area = area_for(context.actor, version, self.area)
        if area is None or not may_place(context.actor, "view", area):
            there = version.areas.filter(code=self.area).exists()
            raise missing(say("missing.figure"), hidden=there)

    def change(self, context: Context) -> Version:
        """Nothing changes; the entry is the point."""
        return locked_version(context, self.version_id)

    def record(self, result: Version) -> Record:
        """Of which figure."""
        return version_record(self.name, result, indicator=self.indicator, area=self.area, of=self.token)
