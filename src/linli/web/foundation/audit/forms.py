"""The form that searches the audit log."""

from typing import Any

from django import forms

from linli.kernel.texts import catalogue
from linli.web.foundation.audit.presenting import action_choices
from linli.web.foundation.border.fields import DayField
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.wording import said

__all__ = ["LogFilter"]

say = catalogue("linli.web.foundation.audit")


class LogFilter(forms.Form):
    """By person, case number, action, station and days."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = current_map()
        stations = [(code, one.name) for code, one in places.stations.items()] if places is not None else []

        def label(key: str) -> str:
            return said(say(f"label.{key}"))

        day = {"type": "date"}
        self.fields["person"] = forms.CharField(label=label("person"), required=False, max_length=64)
        self.fields["number"] = forms.CharField(label=label("number"), required=False, max_length=24)
        self.fields["action"] = forms.ChoiceField(
            label=label("action"), required=False, choices=[("", "—"), *action_choices()]
        )
        self.fields["station"] = forms.ChoiceField(
            label=label("station"), required=False, choices=[("", "—"), *stations]
        )
        for name in ("since", "until"):
            self.fields[name] = DayField(label=label(name), required=False, widget=forms.DateInput(attrs=day))
