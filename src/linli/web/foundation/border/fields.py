"""The form fields of days and moments that every form uses."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from linli.kernel.texts import catalogue
from linli.web.foundation.border.moments import EARLIEST, latest, sensible
from linli.web.foundation.screens.wording import said

__all__ = ["DayField", "MomentField"]

_say = catalogue("linli.web.foundation.border")


def _refused(key: str) -> ValidationError:
    return ValidationError(said(_say(key, first=EARLIEST, last=latest())), code="invalid")


class DayField(forms.DateField):
    """A day within the bounds of ``moments``; a browser gives and takes it in ISO form in any language."""

    def __init__(self, *, input_formats: Sequence[str] | None = None, **given: Any) -> None:
        given.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(input_formats=input_formats, **given)

    def to_python(self, value: Any) -> dt.date | None:
        """The day; refused out of bounds."""
        day = super().to_python(value)
        if day is not None and not sensible(day):
            raise _refused("day")
        return day


class MomentField(forms.DateTimeField):
    """A day and time within the bounds of ``moments``, in the territory's zone unless it names its own."""

    def __init__(self, **given: Any) -> None:
        moment = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        given.setdefault("widget", moment)
        super().__init__(**given)

    def to_python(self, value: Any) -> dt.datetime | None:
        """The moment; refused out of bounds, also where a zone's shift leads out of the calendar."""
        try:
            moment = super().to_python(value)
        except OverflowError:
            raise _refused("moment") from None
        if moment is not None and not sensible(moment):
            raise _refused("moment")
        return moment
