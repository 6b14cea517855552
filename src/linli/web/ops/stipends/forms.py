"""The forms of stipends. They show and carry; what is right is decided by the actions alone."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from linli.assessment.stipends.model import StipendRule
from linli.web.foundation.border.fields import DayField
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.stipends.models import Budget, Line, Lot
from linli.web.ops.stipends.wording import cents, named

__all__ = ["BudgetForm", "CapForm", "ChooseForm", "FilterForm", "LineForm", "StepForm"]

Choices = list[tuple[str, str]]


def _say(key: str) -> str:
    return said(phrase(f"stipends:{key}"))


def _day(key: str) -> DayField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return DayField(label=_say(f"label.{key}"), widget=widget)


def _amount(key: str, *, required: bool = True) -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.CharField(label=_say(f"label.{key}"), max_length=24, required=required, widget=widget)


class _Sent(forms.Form):
    submission = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def cents(self, name: str) -> int | None:
        """An amount as it was typed, in cents; ``None`` where it is none."""
        return cents(self.cleaned_data[name])


class FilterForm(forms.Form):
    """What the list is narrowed to."""

    def __init__(self, stations: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _say("all"))]
        statuses = [(one, _say(f"status.{one}")) for one in Lot.Status.values]
        rules = dict(Line.objects.order_by("rule").values_list("rule", "title"))
        titles = [(rule, said(named(title))) for rule, title in rules.items()]
        self.fields["status"] = forms.ChoiceField(
            label=_say("label.status"), choices=every + statuses, required=False
        )
        self.fields["rule"] = forms.ChoiceField(
            label=_say("label.rule"), choices=every + titles, required=False
        )
        self.fields["station"] = forms.ChoiceField(
            label=_say("label.station"), choices=every + stations, required=False
        )


class ChooseForm(forms.Form):
    """From which line, for which area and days."""

    def __init__(self, lines: Sequence[Line], areas: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), _line_name(one)) for one in lines]
        self.fields["line"] = forms.ChoiceField(label=_say("label.line"), choices=choices)
        self.fields["area"] = forms.ChoiceField(label=_say("label.area"), choices=areas)
        self.fields["starts"], self.fields["ends"] = _day("starts"), _day("ends")


def _line_name(line: Line) -> str:
    source = _say(f"source.{line.budget.source}")
    return f"{said(named(line.title))} · {line.budget.year} {source}"


class BudgetForm(_Sent):
    """A budget."""

    def __init__(self, today: dt.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [(str(year), str(year)) for year in range(today.year - 1, today.year + 2)]
        self.fields["year"] = forms.ChoiceField(
            label=_say("label.year"), choices=years, initial=str(today.year)
        )
        sources = [(one, _say(f"source.{one}")) for one in Budget.Source.values]
        self.fields["source"] = forms.ChoiceField(label=_say("label.source"), choices=sources)
        self.fields["cap"] = _amount("cap")
        self.fields["note"] = forms.CharField(label=_say("label.note"), max_length=300, required=False)


class LineForm(_Sent):
    """A part of a budget for a rule."""

    def __init__(self, rules: Sequence[StipendRule], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(rule.id, f"{rule.clause} {said(rule.title)}") for rule in rules]
        self.fields["rule"] = forms.ChoiceField(label=_say("label.rule"), choices=choices)
        self.fields["cap"] = _amount("cap")
        self.fields["amount"] = _amount("amount", required=False)
        self.fields["amount"].help_text = _say("help.amount")


class CapForm(_Sent):
    """Another cap."""

    def __init__(self, *args: Any, reasoned: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cap"] = _amount("cap")
        if reasoned:
            self.fields["note"] = forms.CharField(label=_say("label.why"), max_length=300)


class StepForm(_Sent):
    """What a step of a lot asks for: a note, a reason or the finance office's number."""

    def __init__(self, name: str, *args: Any, required: bool = True, most: int = 300, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[name] = forms.CharField(label=_say(f"label.{name}"), max_length=most, required=required)
