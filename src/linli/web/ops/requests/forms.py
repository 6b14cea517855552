"""The form that staff open a request with: by telephone, at the counter, on a visit."""

from typing import Any, Final

from django import forms

from linli.web.foundation.casework.forms import OpeningForm
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.requests.five import KIND

__all__ = ["CHANNELS", "IntakeForm"]

CHANNELS: Final = ("phone", "counter", "visit")


class IntakeForm(OpeningForm):
    """As any case is opened, with the way that the request came in ."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(case_type(KIND), *args, **kwargs)
        choices = [(one, said(phrase(f"casework:channel.{one}"))) for one in CHANNELS]
        channel = forms.ChoiceField(
            label=said(phrase("requests:intake.channel")),
            choices=choices,
            widget=forms.RadioSelect,
            initial="phone",
        )
        self.fields = {"channel": channel, **self.fields}
        self.order_fields(["channel"])

    def values(self) -> dict[str, Any]:
        """What ``OpenCase`` takes."""
        return {**super().values(), "channel": self.cleaned_data["channel"]}
