"""Forms of assessment. They show and carry; what is right is decided by the actions alone."""

from typing import Any

from django import forms

from linli.web.foundation.screens.wording import phrase, said
from linli.web.workbench.assessment.packs import choices

__all__ = ["DecideForm", "ObjectForm", "OpenForm", "OrderForm", "SettleForm"]


def _say(key: str) -> str:
    return said(phrase(f"assessment:{key}"))


class _Sent(forms.Form):
    submission = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


def _text(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class OpenForm(_Sent):
    """A month to assess."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        month = forms.TextInput(attrs={"type": "month"})
        self.fields["pack"] = forms.ChoiceField(
            label=_say("label.pack"), choices=[(one, one) for one in choices()]
        )
        self.fields["month"] = forms.CharField(label=_say("label.month"), max_length=7, widget=month)
        self.fields["objection_days"] = forms.IntegerField(
            label=_say("label.days"), help_text=_say("hint.days"), initial=10
        )


class OrderForm(_Sent):
    """Why a period is computed anew."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "order_%s"
        self.fields["reason"] = forms.CharField(
            label=_say("label.correction"), max_length=500, widget=_text(2)
        )


class ObjectForm(_Sent):
    """Why a consequence should not stand, with files."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = forms.ClearableFileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp,.pdf"})
        self.fields["text"] = forms.CharField(
            label=_say("label.objection"), help_text=_say("hint.objection"), max_length=4000, widget=_text(5)
        )
        self.fields["file"] = forms.FileField(
            label=_say("label.file"), help_text=_say("hint.file"), required=False, widget=file
        )


class DecideForm(_Sent):
    """How an objection is decided."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "decide_%s"
        outcomes = [("uphold", _say("objection.uphold")), ("reject", _say("objection.reject"))]
        self.fields["outcome"] = forms.ChoiceField(
            label=_say("label.outcome"), choices=outcomes, widget=forms.RadioSelect
        )
        self.fields["reason"] = forms.CharField(label=_say("label.reason"), max_length=1000, widget=_text())


class SettleForm(_Sent):
    """A consequence is confirmed or dropped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "settle_%s"
        self.fields["read"] = forms.BooleanField(label=_say("label.read"), required=False)
        self.fields["reason"] = forms.CharField(label=_say("label.reason"), max_length=1000, widget=_text())
