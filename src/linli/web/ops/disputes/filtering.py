"""What a list of disputes and its figures can be narrowed to."""

import datetime as dt
from typing import Any

from django import forms

from linli.web.foundation.border.fields import DayField
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.disputes.actions.base import KIND

__all__ = ["FilterForm", "PeriodForm"]


def _day(key: str) -> DayField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return DayField(label=said(phrase(key)), required=False, widget=widget)


class FilterForm(forms.Form):
    """Stage, category, station, days, one's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spec, places = case_type(KIND), current_map()
        every = [("", said(phrase("casework:status.any")))]
        states = [(one.id, said(one.name)) for one in spec.states]
        categories = [(one.id, said(one.name)) for one in spec.categories]
        stations = [(code, one.name) for code, one in (places.stations.items() if places else ())]
        for name, choices, key in (
            ("state", states, "disputes:column.state"),
            ("category", categories, "casework:label.category"),
            ("station", stations, "casework:list.station"),
        ):
            self.fields[name] = forms.ChoiceField(
                label=said(phrase(key)), choices=[*every, *choices], required=False
            )
        self.fields["from"] = _day("casework:list.from")
        self.fields["until"] = _day("casework:list.until")
        mine = forms.CheckboxInput(attrs={"value": "1"})
        self.fields["mine"] = forms.BooleanField(
            label=said(phrase("casework:list.mine")), required=False, widget=mine
        )


class PeriodForm(forms.Form):
    """From which day to which; the half year so far where nothing is said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = _day("casework:list.from")
        self.fields["until"] = _day("casework:list.until")

    def period(self, today: dt.date) -> tuple[dt.date, dt.date]:
        """First and last day; in the wrong order they are turned round."""
        given = self.cleaned_data if self.is_valid() else {}
        first = given.get("from") or today.replace(month=1 if today.month <= 6 else 7, day=1)
        last = given.get("until") or max(first, today)
        return min(first, last), max(first, last)
