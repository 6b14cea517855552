"""Reads that are logged: a case's personal fields, and a case seen outside one's own territory."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from linli.web.foundation.actions.action import Context
from linli.web.foundation.casework.actions.base import CaseAction
from linli.web.foundation.casework.models import Case, PersonalValue

__all__ = ["ReadPersonal"]


@dataclass(frozen=True, kw_only=True)
class ReadPersonal(CaseAction):
    """Read what people said about themselves. The log says who read which fields of which case."""

    name: ClassVar[str] = "case.read_personal"
    verb: ClassVar[str] = "personal"
    reason: str = ""

    def change(self, context: Context) -> Case:
        """Nothing changes; the entry is the point."""
        return self.locked()

    def follow(self, result: Case, context: Context) -> None:
        """Nothing has changed that somebody would have to follow."""
        return

    def values(self) -> list[PersonalValue]:
        """What there is, after ``perform`` has logged the reading."""
        return list(PersonalValue.objects.filter(case_id=self.case_id, erased_at__isnull=True).order_by("role", "pk"))

    def detail(self) -> Mapping[str, Any]:
        """Which fields were shown."""
        return {"fields": [f"{value.role}.{value.field}" for value in self.values()], "reason": self.reason[:200]}
