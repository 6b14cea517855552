"""Forms of supervision. They show and carry; what is right is decided by the actions alone."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from linli.web.foundation.border.fields import DayField
from linli.web.foundation.border.moments import month_of
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.supervision.models import Group, Round
from linli.web.ops.supervision.sheets import ANSWERS, Sheet

__all__ = ["CancelForm", "DrawForm", "GroupForm", "HoursForm", "PlanForm", "ReviewForm", "SheetForm"]

Choices = Sequence[tuple[str, str]]


def _say(key: str) -> str:
    return said(phrase(f"supervision:{key}"))


def _day(key: str, **given: Any) -> DayField:
    return DayField(label=_say(f"label.{key}"), widget=forms.DateInput(attrs={"type": "date"}), **given)


def _text(key: str, most: int, *, rows: int = 0, **given: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=_say(f"label.{key}"), max_length=most, widget=widget, **given)


class _Sent(forms.Form):
    submission = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def given(self) -> dict[str, Any]:
        """What was given, without what only tells one sending from another."""
        return {name: value for name, value in self.cleaned_data.items() if name != "submission"}


class DrawForm(_Sent):
    """A round that is drawn."""

    def __init__(self, stations: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(k, _say(f"kind.{k}")) for k in Round.Kind.values if k != Round.Kind.AFTER_CASE]
        sources = [(s, _say(f"source.{s}")) for s in Round.Source.values]
        self.fields["title"] = _text("title", 120)
        self.fields["kind"] = forms.ChoiceField(label=_say("label.kind"), choices=kinds)
        self.fields["source"] = forms.ChoiceField(label=_say("label.source"), choices=sources)
        self.fields["station"] = forms.ChoiceField(
            label=_say("label.station"), required=False, choices=[("", _say("all_stations")), *stations]
        )
        self.fields["size"] = forms.IntegerField(label=_say("label.size"), min_value=1, max_value=200)
        self.fields["per_station"] = forms.BooleanField(label=_say("label.per_station"), required=False)
        self.fields["due_on"] = _day("due_on")
        self.fields["typed"] = _text("typed", 8000, rows=4, required=False, help_text=_say("hint.typed"))


class ReviewForm(_Sent):
    """The review after a serious case."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "review_%s"
        self.fields["case_number"] = _text("case_number", 24)
        self.fields["due_on"] = _day("due_on")


class SheetForm(_Sent):
    """The sheet of a check."""

    def __init__(self, sheet: Sheet, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        choices = [(one, _say(f"answer.{one}")) for one in ANSWERS]
        for line in sheet.lines:
            self.fields[line.id] = forms.ChoiceField(
                label=f"{said(line.name)} ({line.clause})", choices=choices, widget=forms.RadioSelect
            )
            self.fields[f"found_{line.id}"] = forms.CharField(
                label=_say("label.found"), required=False, max_length=1000
            )
        if sheet.asks:
            for name in ("asked", "know_officer", "see_patrols"):
                self.fields[name] = forms.IntegerField(label=_say(f"label.{name}"), min_value=0)
        self.fields["fix_by"] = _day("fix_by", required=False, help_text=_say("hint.fix_by"))
        self.fields["remark"] = _text("remark", 4000, rows=3, required=False)

    def values(self) -> dict[str, Any]:
        """What ``RecordCheck`` takes."""
        given: Mapping[str, Any] = self.cleaned_data
        names = [line.id for line in self.sheet.lines]
        return {
            "answers": {name: given[name] for name in names},
            "findings": {name: given[f"found_{name}"] for name in names},
            **{name: given.get(name) for name in ("fix_by", "asked", "know_officer", "see_patrols")},
            "remark": given["remark"],
        }


class CancelForm(_Sent):
    """Why a check is called off."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "cancel_%s"
        self.fields["remark"] = _text("cancel_remark", 500)


class HoursForm(_Sent):
    """How long a room was staffed in a month."""

    def __init__(self, posts: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post_code"] = forms.ChoiceField(label=_say("label.post"), choices=posts)
        self.fields["month"] = forms.CharField(
            label=_say("label.month"), max_length=7, widget=forms.TextInput(attrs={"type": "month"})
        )
        for name in ("planned_hours", "hours"):
            self.fields[name] = forms.DecimalField(
                label=_say(f"label.{name}"), max_digits=7, decimal_places=1
            )
        self.fields["reason"] = _text("reason", 300, required=False, help_text=_say("hint.reason"))

    def clean_month(self) -> dt.date:
        """The first day of the month."""
        month = month_of(self.cleaned_data["month"])
        if month is None:
            raise forms.ValidationError(_say("month"))
        return month


class GroupForm(_Sent):
    """A leading group."""

    def __init__(self, levels: Sequence[str], stations: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"] = forms.ChoiceField(
            label=_say("label.level"), choices=[(one, _say(f"level.{one}")) for one in levels]
        )
        self.fields["title"] = _text("group", 120)
        self.fields["station"] = forms.ChoiceField(
            label=_say("label.station"),
            required=Group.Level.COUNTY not in levels,
            choices=[*([("", "—")] if Group.Level.COUNTY in levels else []), *stations],
        )
        self.fields["chair"] = _text("chair", 120, help_text=_say("hint.offices"))
        self.fields["members"] = _text("members", 500, help_text=_say("hint.offices"))
        self.fields["office"] = _text("office", 200)
        self.fields["founded_on"] = _day("founded_on")


class PlanForm(_Sent):
    """A group's plan of a year."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"] = forms.IntegerField(label=_say("label.year"), min_value=2000, max_value=2100)
        self.fields["adopted_on"] = _day("adopted_on")
        self.fields["goals"] = _text("goals", 4000, rows=4)
        self.fields["review"] = _text("review", 4000, rows=3, required=False)
