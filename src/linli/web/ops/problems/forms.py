"""Forms of a plan. They show and carry; what is right is decided by the actions alone."""

from collections.abc import Iterable
from typing import Any

from django import forms

from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.border.fields import DayField
from linli.web.foundation.screens.wording import language, phrase, said

__all__ = ["MeasureForm", "PostponeForm", "ProgressForm"]


def _label(key: str) -> str:
    return said(phrase(f"problems:label.{key}"))


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class _Sent(forms.Form):
    submission = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class MeasureForm(_Sent):
    """A measure that is added."""

    def __init__(self, owners: Iterable[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "new_%s"
        choices = [("", "—"), *((str(o.pk), o.named(language())) for o in owners)]
        self.fields["text"] = forms.CharField(label=_label("measure"), max_length=300)
        self.fields["organisation"] = forms.ChoiceField(label=_label("owner"), choices=choices)
        self.fields["due"] = DayField(label=_label("due"), widget=_day())


class ProgressForm(_Sent):
    """How far a measure is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["percent"] = forms.IntegerField(label=_label("percent"), min_value=0, max_value=100)
        self.fields["text"] = forms.CharField(label=_label("progress"), max_length=1000)


class PostponeForm(_Sent):
    """Another day for a measure."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due"] = DayField(label=_label("new_due"), widget=_day())
        self.fields["reason"] = forms.CharField(label=_label("reason"), max_length=900)
