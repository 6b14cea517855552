"""The forms of surveys. They show and carry; what is right is decided by the actions alone."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from linli.web.foundation.border.fields import DayField
from linli.web.foundation.places.fields import VillageField
from linli.web.foundation.places.models import Place
from linli.web.foundation.places.villages import some_villages
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.surveys.actions.entering import CHANNELS
from linli.web.ops.surveys.actions.planning import KINDS
from linli.web.ops.surveys.answering import AnswerForm
from linli.web.ops.surveys.models import Invitation, Questionnaire, Wave

__all__ = ["CheckForm", "EntryForm", "OutcomeForm", "QuestionnaireForm", "ReserveForm", "WaveForm"]


def _say(key: str) -> str:
    return said(phrase(f"surveys:{key}"))


def _choices(prefix: str, values: Sequence[str]) -> list[tuple[str, str]]:
    return [(value, _say(f"{prefix}.{value}")) for value in values]


def _day(key: str) -> DayField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return DayField(label=_say(f"label.{key}"), widget=widget)


def _number(key: str, *, required: bool = True, least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(label=_say(f"label.{key}"), required=required, min_value=least, max_value=10**6)


class _Sent(forms.Form):
    submission = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class QuestionnaireForm(_Sent):
    """A questionnaire as a file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"] = forms.CharField(label=_say("label.title"), max_length=120)
        widget = forms.ClearableFileInput(attrs={"accept": ".xlsx"})
        self.fields["file"] = forms.FileField(label=_say("label.file"), widget=widget)


class WaveForm(_Sent):
    """A wave to be drawn."""

    def __init__(self, questionnaires: Sequence[Questionnaire], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label=_say("label.code"), max_length=24, help_text=_say("help.code")
        )
        self.fields["title"] = forms.CharField(label=_say("label.title"), max_length=120)
        self.fields["questionnaire"] = forms.ChoiceField(
            label=_say("label.questionnaire"), choices=[(str(one.pk), one.title) for one in questionnaires]
        )
        self.fields["layer"] = forms.ChoiceField(
            label=_say("label.layer"), choices=_choices("layer", Wave.Layer.values)
        )
        self.fields["allocation"] = forms.ChoiceField(
            label=_say("label.allocation"), choices=_choices("allocation", Wave.Allocation.values)
        )
        self.fields["wanted"] = _number("wanted", least=1)
        self.fields["wanted"].help_text = _say("help.wanted")
        self.fields["each"] = _number("each", required=False, least=1)
        self.fields["each"].help_text = _say("help.each")
        self.fields["reserve_percent"] = _number("reserve_percent")
        self.fields["kinds"] = forms.MultipleChoiceField(
            label=_say("label.kinds"), choices=_choices("kind", KINDS), widget=forms.CheckboxSelectMultiple
        )
        self.fields["opens_on"], self.fields["closes_on"] = _day("opens_on"), _day("closes_on")

    @staticmethod
    def first(today: dt.date) -> dict[str, Any]:
        """What a new wave begins with."""
        return {
            "code": f"{today.year}Q{(today.month + 2) // 3}",
            "wanted": 400,
            "reserve_percent": 50,
            "kinds": ["house"],
            "opens_on": today,
            "closes_on": today + dt.timedelta(days=30),
        }


class EntryForm(AnswerForm):
    """Answers that staff enter, and how they came."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channel = forms.ChoiceField(label=_say("label.channel"), choices=_choices("channel", CHANNELS))
        self.fields = {"channel": channel, **self.fields}


class OutcomeForm(_Sent):
    """What an address came to when nobody answered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        values = [one for one in Invitation.Outcome.values if one != Invitation.Outcome.ANSWERED]
        self.fields["outcome"] = forms.ChoiceField(
            label=_say("label.outcome"), choices=_choices("outcome", values)
        )


class ReserveForm(_Sent):
    """How many reserves of which stratum."""

    def __init__(self, strata: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stratum"] = forms.ChoiceField(label=_say("label.stratum"), choices=strata)
        self.fields["count"] = _number("count", least=1)


class CheckForm(_Sent):
    """A street check."""

    def __init__(self, places: Sequence[Place], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"] = VillageField(label=_say("label.place"), among=lambda: some_villages(places))
        self.fields["on"] = _day("on")
        for name in ("asked", "know_officer", "see_patrols", "feel_safe"):
            self.fields[name] = _number(name)
