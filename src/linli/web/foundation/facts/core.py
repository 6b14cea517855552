"""The exporters of the foundation itself: cases, their steps, areas, staff, calendar, addresses."""

from typing import Final

from linli.web.foundation.facts.cases import case_rows, transition_rows
from linli.web.foundation.facts.places import address_rows, area_rows, calendar_rows
from linli.web.foundation.facts.registry import FactExporter
from linli.web.foundation.facts.staff import staff_rows

__all__ = ["CORE"]

CORE: Final = (
    FactExporter(name="casework.cases", table="cases", rows=case_rows, follows_cases=True),
    FactExporter(name="casework.transitions", table="transitions", rows=transition_rows, follows_cases=True),
    FactExporter(name="places.addresses", table="addresses", rows=address_rows),
    FactExporter(name="accounts.staff", table="staff", rows=staff_rows),
    FactExporter(name="places.areas", table="areas", rows=area_rows),
    FactExporter(name="places.calendar", table="calendar", rows=calendar_rows),
)
