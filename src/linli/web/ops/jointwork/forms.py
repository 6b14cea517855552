"""Forms of agreements and meetings. They show and carry; what is right is decided by the actions alone."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django import forms

from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.border.fields import DayField, MomentField
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.places.models import Place
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.ops.jointwork.actions.agreements import shareable_types
from linli.web.ops.jointwork.actions.meetings import Decision
from linli.web.ops.jointwork.models import Party

__all__ = ["DECISIONS", "DraftForm", "MeetingForm", "StationsForm"]

DECISIONS: Final = 4
"""Rows for decisions on the form; more are recorded with another meeting."""


def _say(key: str, **values: object) -> str:
    return said(phrase(f"jointwork:{key}", **values))


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class StationsForm(forms.Form):
    """First the stations on the two sides of the boundary."""

    def __init__(self, stations: Iterable[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["station"] = forms.MultipleChoiceField(
            label=_say("label.stations"),
            choices=[(one.station_code, one.named(language())) for one in stations],
            widget=forms.CheckboxSelectMultiple,
        )


class DraftForm(forms.Form):
    """An agreement between offices of some stations about some of their villages."""

    def __init__(
        self, offices: Sequence[Organisation], places: Sequence[Place], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        types = case_types()
        names = {place.code: place.name for place in places}
        self.fields["title"] = forms.CharField(label=_say("label.title"), max_length=120)
        self.fields["purpose"] = forms.CharField(
            label=_say("label.purpose"),
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.fields["parties"] = forms.MultipleChoiceField(
            label=_say("label.parties"),
            help_text=_say("hint.parties"),
            choices=[(str(one.pk), one.named(language())) for one in offices],
            widget=forms.SelectMultiple(attrs={"size": 8}),
        )
        self.fields["places"] = forms.MultipleChoiceField(
            label=_say("label.places"),
            help_text=_say("hint.places"),
            choices=list(names.items()),
            widget=forms.SelectMultiple(attrs={"size": 10}),
        )
        self.fields["case_types"] = forms.MultipleChoiceField(
            label=_say("label.case_types"),
            help_text=_say("hint.case_types"),
            required=False,
            choices=[(id_, said(types[id_].plural)) for id_ in shareable_types()],
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["valid_from"] = DayField(label=_say("label.valid_from"), widget=_day())
        self.fields["valid_until"] = DayField(label=_say("label.valid_until"), widget=_day())
        self.fields["submission"] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """What ``DraftAgreement`` takes."""
        given = self.cleaned_data
        return {
            "title": given["title"],
            "purpose": given["purpose"],
            "parties": tuple(int(pk) for pk in given["parties"]),
            "places": tuple(given["places"]),
            "case_types": tuple(given["case_types"]),
            "valid_from": given["valid_from"],
            "valid_until": given["valid_until"],
        }


class MeetingForm(forms.Form):
    """The minutes of a meeting, and up to some decisions."""

    def __init__(self, parties: Sequence[Party], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        moment = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        self.fields["held_at"] = MomentField(label=_say("label.held_at"), widget=moment)
        self.fields["place"] = forms.CharField(label=_say("label.place"), max_length=200)
        self.fields["attendance"] = forms.IntegerField(
            label=_say("label.attendance"), min_value=0, max_value=10_000, initial=0
        )
        self.fields["topics"] = forms.CharField(label=_say("label.topics"), max_length=300)
        self.fields["minutes"] = forms.CharField(
            label=_say("label.minutes"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6})
        )
        offices = [("", "—"), *((str(p.organisation_id), p.organisation.named(language())) for p in parties)]
        for n in range(1, DECISIONS + 1):
            self.fields[f"text_{n}"] = forms.CharField(
                label=_say("label.decision", n=n), required=False, max_length=300
            )
            self.fields[f"owner_{n}"] = forms.ChoiceField(
                label=_say("label.decision_owner", n=n), required=False, choices=offices
            )
            self.fields[f"due_{n}"] = DayField(
                label=_say("label.decision_due", n=n), required=False, widget=_day()
            )
        self.fields["submission"] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """A decision is whole or not there."""
        given = super().clean() or {}
        for n in range(1, DECISIONS + 1):
            parts = [given.get(f"{name}_{n}") for name in ("text", "owner", "due")]
            if any(parts) and not all(parts):
                self.add_error(f"text_{n}", _say("meeting.decision"))
        return given

    def values(self) -> dict[str, Any]:
        """What ``RecordMeeting`` takes."""
        given = self.cleaned_data
        names = ("held_at", "place", "attendance", "topics", "minutes")
        decisions = [_decision(given, n) for n in range(1, DECISIONS + 1) if given.get(f"text_{n}")]
        return {**{name: given[name] for name in names}, "decisions": tuple(decisions)}


def _decision(given: dict[str, Any], n: int) -> Decision:
    due: dt.date = given[f"due_{n}"]
    return Decision(given[f"text_{n}"], int(given[f"owner_{n}"]), due)
