"""The forms of a dispute. They show and carry; what is right is decided by the actions alone."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, Final

from django import forms
from django.forms import BaseFormSet, formset_factory

from linli.kernel.texts import Text
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.border.fields import DayField, MomentField
from linli.web.foundation.casework.forms import OpeningForm
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.receivers import watchers
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.ops.disputes.actions.base import KIND, local_day
from linli.web.ops.disputes.actions.handing import RESULT
from linli.web.ops.disputes.actions.mediating import ATTENDEES, mediators
from linli.web.ops.disputes.models import Handover, Party, Session

__all__ = ["FORMS", "DisputeForm", "IntakeForm", "PartyRows", "TermRows", "add_texts", "why"]

Choices = list[tuple[str, str]]


def _say(key: str, **values: object) -> str:
    return said(phrase(f"disputes:{key}", **values))


def _choices(prefix: str, values: Iterable[str]) -> Choices:
    return [(value, _say(f"{prefix}.{value}")) for value in values]


def _text(label: str, most: int, *, required: bool = True, rows: int = 0, help_: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=_say(f"label.{label}"),
        max_length=most,
        required=required,
        widget=widget,
        help_text=_say(f"help.{help_}") if help_ else "",
    )


def _radio(label: str, choices: Choices) -> forms.ChoiceField:
    return forms.ChoiceField(label=_say(f"label.{label}"), choices=choices, widget=forms.RadioSelect)


def _select(label: str, choices: Choices, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=_say(f"label.{label}"), choices=[("", "—"), *choices], required=required)


def _day(label: str, *, required: bool = True) -> DayField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return DayField(label=_say(f"label.{label}"), widget=widget, required=required)


def _moment(label: str, *, required: bool = True) -> MomentField:
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    return MomentField(label=_say(f"label.{label}"), widget=widget, required=required)


def _phone() -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
    return forms.CharField(
        label=_say("label.phone"), max_length=20, required=False, widget=widget, help_text=why("party_phone")
    )


def _name() -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=_say("label.name"), max_length=60, required=False, widget=widget, help_text=why("party_name")
    )


def why(id_: str) -> str:
    """What a personal field is for, by what right, and how long it is kept."""
    why = case_type(KIND).field_by_id[id_].personal
    assert why is not None  # noqa: S101 - both fields are personal
    return said(
        phrase("casework:field.personal", purpose=why.purpose, basis=why.legal_basis, days=why.keep_days)
    )


def _offices(case: Case | None = None, *, receiving: dt.datetime | None = None) -> Choices:
    """Courts, stations and other offices, the own one left out; to receive it, those that can."""
    own = None if case is None else case.organisation_id
    offices = Organisation.objects.filter(active=True) if receiving is None else watchers(KIND, receiving)
    found = offices.filter(kind__in=RESULT).exclude(code="residents")
    return [(str(one.pk), one.named(language())) for one in found.order_by("kind", "code") if one.pk != own]


def add_texts(form: forms.Form, fields: dict[str, Text]) -> None:
    """Show an action's reasons at the fields that they are about."""
    for name, text in fields.items():
        form.add_error(name if name in form.fields else None, said(text))


class DisputeForm(forms.Form):
    """A form about one dispute."""

    def __init__(self, case: Case, at: dt.datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.at = case, at
        self.set_up()
        self.fields["submission"] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def set_up(self) -> None:
        """Add the fields."""


class Nothing(DisputeForm):
    """Asks nothing: the button says it all."""


class PartyForm(DisputeForm):
    """One party."""

    def set_up(self) -> None:
        """Kind, side, and as little as a person can be asked for."""
        self.fields["side"] = _radio("side", _choices("side", Party.Side.values))
        self.fields["kind"] = _radio("party_kind", _choices("party_kind", Party.Kind.values))
        self.fields["unit_name"] = _text("unit_name", 120, required=False, help_="unit_name")
        self.fields["name"] = _name()
        self.fields["phone"] = _phone()


class ConsentForm(DisputeForm):
    """What a party says after being told their rights."""

    def set_up(self) -> None:
        """The notice is on the page; both answers are equally near."""
        self.fields["told_rights"] = forms.BooleanField(label=_say("label.told_rights"), required=False)
        self.fields["agrees"] = _radio("agrees", _choices("agrees", ("yes", "no")))


class AppointForm(DisputeForm):
    """Who mediates."""

    def set_up(self) -> None:
        """The mediators and officers of the area."""
        grants = mediators(self.case, local_day(self.at))
        choices = [
            (str(g.user_id), f"{g.user.display_name} · {g.organisation.named(language())}") for g in grants
        ]
        self.fields["mediator"] = _select("mediator", choices)


class LevelForm(DisputeForm):
    """Which level."""

    def set_up(self) -> None:
        """The levels of the type."""
        levels = case_type(KIND).field_by_id["level"].choices
        self.fields["level"] = _select("level", [(id_, said(name)) for id_, name in levels])
        self.fields["reason"] = _text("reason", 300, rows=2)


class SessionForm(DisputeForm):
    """When and where the parties meet."""

    def set_up(self) -> None:
        """Time and place."""
        self.fields["at"] = _moment("at")
        self.fields["place"] = _text("place", 120)


class HoldForm(DisputeForm):
    """What came of a session."""

    def set_up(self) -> None:
        """Outcome, who was there in numbers, the next date."""
        self.fields["outcome"] = _radio("outcome", _choices("outcome", Session.Outcome.values))
        for role in ATTENDEES:
            self.fields[role] = forms.IntegerField(
                label=_say(f"attendee.{role}"), required=False, min_value=0, max_value=99
            )
        self.fields["note"] = _text("note", 2000, required=False, rows=3, help_="no_names")
        self.fields["next_at"] = _moment("next_at", required=False)
        self.fields["next_place"] = _text("next_place", 120, required=False)


class ReasonForm(DisputeForm):
    """A reason and nothing else."""

    def set_up(self) -> None:
        """The reason."""
        self.fields["reason"] = _text("reason", 1000, rows=3, help_="no_names")


class AgreementForm(DisputeForm):
    """What the agreement is about, before its terms."""

    def set_up(self) -> None:
        """A summary; the terms are rows of their own."""
        self.fields["summary"] = _text("summary", 2000, required=False, rows=3, help_="summary")


class SignedForm(DisputeForm):
    """The scan of the signed paper."""

    def set_up(self) -> None:
        """The day and the file."""
        self.fields["signed_on"] = _day("signed_on")
        accept = {"accept": ".pdf,.jpg,.jpeg,.png,.webp"}
        self.fields["file"] = forms.FileField(label=_say("label.file"), widget=forms.FileInput(attrs=accept))


class MarkForm(DisputeForm):
    """How a term stands."""

    def set_up(self) -> None:
        """Done or not, on which day."""
        self.fields["fulfilled"] = _radio("fulfilled", _choices("fulfilled", ("yes", "no")))
        self.fields["on"] = _day("on")
        self.fields["note"] = _text("note", 300, required=False, rows=2, help_="broken")


class CheckForm(DisputeForm):
    """Whether the agreement held."""

    def set_up(self) -> None:
        """Yes or no, and what was said."""
        self.fields["kept"] = _radio("kept", _choices("kept", ("yes", "no")))
        self.fields["note"] = _text("note", 1000, required=False, rows=2, help_="no_names")


class HandOverForm(DisputeForm):
    """To whom, for what, why."""

    def set_up(self) -> None:
        """The office, the purpose, the reason."""
        self.fields["organisation"] = _select("office", _offices(self.case, receiving=self.at))
        self.fields["purpose"] = _radio("purpose", _choices("purpose", Handover.Purpose.values))
        self.fields["reason"] = _text("reason", 300, rows=2, help_="no_names")


class AcknowledgeForm(DisputeForm):
    """The receiving office's own number."""

    def set_up(self) -> None:
        """The number, where it gives one."""
        self.fields["reference"] = _text("reference", 60, required=False)


class GiveBackForm(DisputeForm):
    """What the receiving office answers."""

    def set_up(self) -> None:
        """The answer."""
        self.fields["note"] = _text("answer", 300, rows=3, help_="no_names")


class TakeInForm(DisputeForm):
    """Which office handed the dispute over to us."""

    def set_up(self) -> None:
        """The office, its number, the reason."""
        self.fields["organisation"] = _select("from_office", _offices(self.case))
        self.fields["reference"] = _text("reference", 60, required=False)
        self.fields["reason"] = _text("reason", 300, rows=2)


class Row(forms.Form):
    """One row of several: left empty it does not count, begun it must be whole."""

    needed: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Say what is missing of a row that was begun."""
        for name in self.needed:
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, _say("form.empty"))
        return self.cleaned_data


class TermForm(Row):
    """One term."""

    needed = ("party", "text", "due_on")

    def __init__(self, parties: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"] = _select("term_party", parties, required=False)
        self.fields["text"] = _text("term_text", 500, required=False)
        self.fields["amount_yuan"] = forms.DecimalField(
            label=_say("label.amount_yuan"), max_digits=12, decimal_places=2, min_value=0, required=False
        )
        self.fields["due_on"] = _day("due_on", required=False)


class PartyRow(Row):
    """One party at intake."""

    needed = ("side", "kind")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["side"] = _select("side", _choices("side", Party.Side.values), required=False)
        self.fields["kind"] = _select("party_kind", _choices("party_kind", Party.Kind.values), required=False)
        self.fields["unit_name"] = _text("unit_name", 120, required=False)
        self.fields["name"] = _name()
        self.fields["phone"] = _phone()
        # Said once below all of them.
        self.fields["name"].help_text = self.fields["phone"].help_text = ""


TermRows: Final[type[BaseFormSet[TermForm]]] = formset_factory(TermForm, extra=4, max_num=20)
PartyRows: Final[type[BaseFormSet[PartyRow]]] = formset_factory(PartyRow, extra=2, max_num=12)


class IntakeForm(OpeningForm):
    """Takes a dispute down: the case, and where it comes from."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(case_type(KIND), *args, **kwargs)
        self.fields["title"].help_text = self.fields["description"].help_text = _say("help.no_names")
        self.fields["from_office"] = _select("from_office", _offices(), required=False)
        self.fields["reference"] = _text("reference", 60, required=False)


FORMS: Final[dict[str, Callable[..., DisputeForm]]] = {
    "party": PartyForm,
    "remove": Nothing,
    "consent": ConsentForm,
    "appoint": AppointForm,
    "take_on": Nothing,
    "begin": Nothing,
    "level": LevelForm,
    "session": SessionForm,
    "hold": HoldForm,
    "cancel": ReasonForm,
    "agreement": AgreementForm,
    "signed": SignedForm,
    "mark": MarkForm,
    "relapse": ReasonForm,
    "check": CheckForm,
    "hand_over": HandOverForm,
    "acknowledge": AcknowledgeForm,
    "give_back": GiveBackForm,
    "take_in": TakeInForm,
}
