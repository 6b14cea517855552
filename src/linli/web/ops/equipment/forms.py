"""The forms of the register. They show and carry; what is right is decided by the actions alone."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

from django import forms

from linli.kernel.texts import Text
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.border.fields import DayField
from linli.web.foundation.places.fields import VillageField, own_first
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.ops.equipment.actions.base import local_day
from linli.web.ops.equipment.actions.entering import Entry
from linli.web.ops.equipment.actions.keeping import POSTS, ROLES
from linli.web.ops.equipment.models import Device, Issue, Maintenance

__all__ = [
    "DeviceForm",
    "FilterForm",
    "ImportForm",
    "IssueForm",
    "MaintainForm",
    "ReturnForm",
    "UseForm",
    "add_texts",
]

Choices = list[tuple[str, str]]
YES_NO: Final = ("", "yes", "no")


def _say(key: str) -> str:
    return said(phrase(f"equipment:{key}"))


def _choices(prefix: str, values: Iterable[str]) -> Choices:
    return [(value, _say(f"{prefix}.{value}")) for value in values]


def _organisations(actor: Actor) -> Choices:
    """Whom a device can be given to: within the actor's stations, everywhere for the county."""
    found = Organisation.objects.filter(active=True, kind__in=POSTS)
    if not any(held.level == "county" for held in actor.held):
        own = Organisation.objects.filter(pk__in=actor.organisation_ids).values("station_code")
        found = found.filter(station_code__in=own)
    return [(str(one.pk), one.named(language())) for one in found.order_by("kind", "code")]


def _day_field(key: str, *, required: bool = False) -> DayField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return DayField(label=_say(f"column.{key}"), required=required, widget=widget)


def _number(key: str, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=_say(f"column.{key}"), required=False, min_value=0, max_value=most)


def _text(key: str, most: int, *, required: bool = False, help_: str = "") -> forms.CharField:
    return forms.CharField(
        label=_say(f"column.{key}"),
        max_length=most,
        required=required,
        help_text=_say(f"help.{help_}") if help_ else "",
    )


def add_texts(form: forms.Form, fields: dict[str, Text], otherwise: Text) -> None:
    """Show an action's reasons at the fields that they are about."""
    for name, text in fields.items():
        form.add_error(name if name in form.fields else None, said(text))
    if not fields:
        form.add_error(None, said(otherwise))


class _Form(forms.Form):
    def __init__(self, actor: Actor, at: dt.datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.at = actor, at
        self.set_up()
        self.fields["submission"] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
        self.fields["revision"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def set_up(self) -> None:
        """Add the fields."""


class DeviceForm(_Form):
    """A device."""

    def set_up(self) -> None:
        """What the register keeps of a device, and no more."""
        yes_no = [("", "—"), ("yes", _say("yes")), ("no", _say("no"))]
        self.fields["code"] = _text("code", 40, required=True, help_="code")
        self.fields["kind"] = forms.ChoiceField(
            label=_say("column.kind"), choices=[("", "—"), *_choices("kind", Device.Kind.values)]
        )
        self.fields["name"] = _text("name", 120, required=True)
        self.fields["purpose"] = _text("purpose", 200, required=True, help_="purpose")
        self.fields["status"] = forms.ChoiceField(
            label=_say("column.status"), choices=_choices("status", Device.Status.values), initial="in_use"
        )
        self.fields["organisation"] = forms.ChoiceField(
            label=_say("column.organisation"), choices=[("", "—"), *_organisations(self.actor)]
        )
        self.fields["keeper_post"] = _text("keeper_post", 60, help_="keeper_post")
        self.fields["address"] = _text("address", 200)
        self.fields["place"] = VillageField(label=_say("column.place"), required=False)
        own_first(self, self.actor.stations)
        self.fields["longitude"] = forms.FloatField(label=_say("column.longitude"), required=False)
        self.fields["latitude"] = forms.FloatField(label=_say("column.latitude"), required=False)
        self.fields["radius_m"] = _number("radius_m", 5000)
        self.fields["linked"] = forms.ChoiceField(label=_say("column.linked"), choices=yes_no, required=False)
        self.fields["required_by"] = _text("required_by", 120, help_="required_by")
        self.fields["footage_days"] = _number("footage_days", 365)
        self.fields["footage_days"].help_text = _say("help.footage_days")
        self.fields["notice_posted"] = forms.ChoiceField(
            label=_say("column.notice_posted"), choices=yes_no, required=False
        )
        self.fields["acquired_on"] = _day_field("acquired_on")
        self.fields["maintain_every_days"] = _number("maintain_every_days", 3660)
        self.fields["maintain_on"] = _day_field("maintain_on")
        self.fields["note"] = _text("note", 300)

    def entry(self) -> Entry:
        """What was filled in, as the actions take it."""
        given = dict(self.cleaned_data)
        truth = {"yes": True, "no": False}
        given["organisation_id"] = int(given.pop("organisation"))
        for name in ("linked", "notice_posted"):
            given[name] = truth.get(given[name])
        del given["submission"], given["revision"]
        return Entry(**given)

    @staticmethod
    def initial_of(device: Device) -> dict[str, Any]:
        """A device as the form shows it."""
        words = {True: "yes", False: "no", None: ""}
        same = (
            "code", "kind", "name", "purpose", "status", "keeper_post", "address", "longitude", "latitude",
            "radius_m", "required_by", "footage_days", "acquired_on", "maintain_every_days", "maintain_on",
            "note", "revision",
        )  # fmt: skip
        return {
            **{name: getattr(device, name) for name in same},
            "organisation": str(device.organisation_id),
            "place": device.place_code,
            "linked": words[device.linked],
            "notice_posted": words[device.notice_posted],
        }


class IssueForm(_Form):
    """To which post, for which role."""

    def set_up(self) -> None:
        """The post and the role there; no name."""
        self.fields["organisation"] = forms.ChoiceField(
            label=_say("label.post"), choices=[("", "—"), *_organisations(self.actor)]
        )
        self.fields["role"] = forms.ChoiceField(
            label=_say("label.role"), choices=[("", "—"), *_choices("role", ROLES)]
        )
        self.fields["note"] = _text("note", 300)


class ReturnForm(_Form):
    """How it came back."""

    def set_up(self) -> None:
        """The condition, and what is wrong with it."""
        self.fields["condition"] = forms.ChoiceField(
            label=_say("label.condition"),
            choices=_choices("condition", Issue.Condition.values),
            widget=forms.RadioSelect,
        )
        self.fields["note"] = _text("note", 300, help_="damage")


class MaintainForm(_Form):
    """That it was looked after."""

    def set_up(self) -> None:
        """The day, what was found, a note."""
        self.fields["on"] = DayField(
            label=_say("label.on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        )
        self.fields["on"].initial = local_day(self.at)
        self.fields["result"] = forms.ChoiceField(
            label=_say("label.result"),
            choices=_choices("result", Maintenance.Result.values),
            widget=forms.RadioSelect,
        )
        self.fields["note"] = _text("note", 300, help_="fault")


class UseForm(_Form):
    """What it was good for in a month, as numbers."""

    def set_up(self) -> None:
        """The month and three numbers."""
        month = DayField(
            label=_say("label.month"),
            input_formats=["%Y-%m", "%Y-%m-%d"],
            widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
            help_text=_say("help.use"),
        )
        month.initial = local_day(self.at).replace(day=1)
        self.fields["month"] = month
        for name in ("clues", "evidence", "dispatches"):
            self.fields[name] = forms.IntegerField(label=_say(f"use.{name}"), min_value=0, initial=0)


class ImportForm(forms.Form):
    """A sheet of devices."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accept = {"accept": ".xlsx,.csv,.xls,.et,.ods,.txt"}
        self.fields["file"] = forms.FileField(
            label=_say("label.sheet"), widget=forms.FileInput(attrs=accept), help_text=_say("help.sheet")
        )
        self.fields["submission"] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class FilterForm(forms.Form):
    """What the list is narrowed to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = current_map()
        stations = [(code, one.name) for code, one in (current.stations.items() if current else ())]
        every = [("", said(phrase("casework:status.any")))]
        for name, choices, key in (
            ("kind", _choices("kind", Device.Kind.values), "equipment:column.kind"),
            ("status", _choices("status", Device.Status.values), "equipment:column.status"),
            ("station", stations, "casework:list.station"),
        ):
            self.fields[name] = forms.ChoiceField(
                label=said(phrase(key)), choices=[*every, *choices], required=False
            )
        self.fields["q"] = forms.CharField(label=_say("list.words"), required=False, max_length=60)
