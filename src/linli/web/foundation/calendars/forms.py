"""Forms of the calendar's page. They read what was typed; what is right is decided by the actions alone."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms

from linli.kernel.texts import Text, catalogue
from linli.web.foundation.border.fields import DayField
from linli.web.foundation.calendars.parsing import Days, days_of, hours_in, notice_of
from linli.web.foundation.screens.wording import phrase, said

__all__ = ["HoursForm", "NoticeForm", "as_typed"]

_say = catalogue("linli.web.foundation.calendars")


def _label(key: str) -> str:
    return said(phrase(f"calendars:label.{key}"))


def _help(key: str) -> str:
    return said(phrase(f"calendars:help.{key}"))


def as_typed(days: Iterable[dt.date]) -> str:
    """Days as the form takes them: spans of days that follow one another, one a line."""
    spans: list[tuple[dt.date, dt.date]] = []
    for day in sorted(set(days)):
        if spans and day - spans[-1][1] == dt.timedelta(days=1):
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return "\n".join(str(a) if a == b else f"{a} 至 {b}" for a, b in spans)


class _Sent(forms.Form):
    submission = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def refuse(self, name: str, text: Text) -> None:
        """Show a refusal beside its field, or above the form."""
        self.add_error(name if name in self.fields else None, said(text))


class NoticeForm(_Sent):
    """A year's notice: its text as published, or its days."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = {"rows": 4}
        fields: dict[str, forms.Field] = {
            "year": forms.IntegerField(label=_label("year"), min_value=2000, max_value=2200),
            "text": forms.CharField(
                label=_label("text"),
                help_text=_help("text"),
                required=False,
                max_length=5000,
                widget=forms.Textarea(attrs={"rows": 6}),
            ),
            "rest": forms.CharField(
                label=_label("rest"),
                help_text=_help("rest"),
                required=False,
                max_length=5000,
                widget=forms.Textarea(attrs=area),
            ),
            "worked": forms.CharField(
                label=_label("worked"),
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs=area),
            ),
            "source": forms.CharField(
                label=_label("source"), help_text=_help("source"), required=False, max_length=200
            ),
        }
        self.fields.update(fields)

    def clean(self) -> dict[str, Any]:
        """The days: as listed, or, where none are listed, as the text names them."""
        given = super().clean() or {}
        year = given.get("year")
        if year is None:
            return given
        if given.get("text") and not (given.get("rest") or given.get("worked")):
            rest, worked = notice_of(given["text"], year)
            if not rest.days:
                self.refuse("text", _say("notice.nothing_read"))
            self._take(given, text=(rest, worked))
        else:
            lists = days_of(given.get("rest", ""), year), days_of(given.get("worked", ""), year)
            self._take(given, rest=(lists[0], Days()), worked=(Days(), lists[1]))
        return given

    def _take(self, given: dict[str, Any], **read: tuple[Days, Days]) -> None:
        given["rest_days"], given["worked_days"] = (), ()
        for name, (rest, worked) in read.items():
            unread = [*rest.unread, *worked.unread]
            if unread:
                self.refuse(name, _say("notice.unread", pieces="、".join(unread[:6])))
            given["rest_days"] += tuple(rest.days)
            given["worked_days"] += tuple(worked.days)


class HoursForm(_Sent):
    """Office hours from a day on."""

    def __init__(self, stations: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "hours_%s"
        offices = [("", said(phrase("calendars:county"))), *stations]
        self.fields["station"] = forms.ChoiceField(label=_label("office"), choices=offices, required=False)
        self.fields["since"] = DayField(label=_label("since"))
        self.fields["periods"] = forms.CharField(
            label=_label("periods"), help_text=_help("periods"), required=False, max_length=120
        )

    def clean_periods(self) -> tuple[tuple[dt.time, dt.time], ...]:
        """The hours that were typed."""
        found, unread = hours_in(self.cleaned_data.get("periods", ""))
        if unread:
            raise forms.ValidationError(said(_say("hours.unread", given=unread)))
        return found
