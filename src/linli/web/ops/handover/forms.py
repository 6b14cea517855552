"""Forms of notes. They show and carry; what is right is decided by the actions alone."""

import re
from typing import Any

from django import forms

from linli.kernel.spelling import case_number
from linli.web.foundation.border.fields import DayField
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.handover.models import Note, OpenItem

__all__ = ["HandoverForm", "MessageForm"]


def _say(key: str) -> str:
    return said(phrase(f"handover:{key}"))


class MessageForm(forms.Form):
    """A message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = forms.Textarea(attrs={"rows": 3})
        self.fields["text"] = forms.CharField(
            label=_say("label.text"), help_text=_say("hint.text"), max_length=2000, widget=area
        )
        self.fields["cases"] = forms.CharField(
            label=_say("label.cases"), help_text=_say("hint.cases"), required=False, max_length=300
        )
        self.fields["submission"] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def numbers(self) -> tuple[str, ...]:
        """The case numbers."""
        return tuple(
            case_number(one) for one in re.split(r"[\s,，、;；]+", self.cleaned_data["cases"]) if one
        )


class HandoverForm(MessageForm):
    """A hand-over note of a shift, with what was done of the open items and what is added to them."""

    def __init__(self, items: list[OpenItem], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        shifts = [(one, _say(f"shift.{one}")) for one in Note.Shift.values]
        self.fields["shift_on"] = DayField(label=_say("label.shift_on"), widget=day)
        self.fields["shift"] = forms.ChoiceField(label=_say("label.shift"), choices=shifts)
        if items:
            self.fields["done"] = forms.MultipleChoiceField(
                label=_say("label.done"),
                required=False,
                choices=[(str(one.pk), one.text) for one in items],
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields["items"] = forms.CharField(
            label=_say("label.items"),
            help_text=_say("hint.items"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.order_fields(["shift_on", "shift", "text", "done", "items", "cases"])

    def values(self) -> dict[str, Any]:
        """What ``WriteNote`` takes beside the text."""
        given = self.cleaned_data
        lines = (line.strip() for line in given["items"].splitlines())
        return {
            "kind": Note.Kind.HANDOVER,
            "shift": given["shift"],
            "shift_on": given["shift_on"],
            "items": tuple(filter(None, lines)),
            "done": tuple(int(pk) for pk in given.get("done", ())),
        }
