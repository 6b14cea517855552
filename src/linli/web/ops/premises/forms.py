"""Forms of premises and inspections. They show and carry; what is right is decided by the actions alone."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.refusals import Invalid
from linli.web.foundation.border.fields import DayField
from linli.web.foundation.border.uploads import content_of
from linli.web.foundation.places.fields import VillageField
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.ops.premises.actions.files import Upload
from linli.web.ops.premises.actions.register import Details
from linli.web.ops.premises.kinds import KEY_CLAUSES, KINDS
from linli.web.ops.premises.models import Premises

__all__ = [
    "FileForm",
    "PremisesForm",
    "SentForm",
    "choice",
    "day",
    "initial_of",
    "label",
    "number",
    "show_refusal",
    "text",
    "uploads",
]


def label(key: str) -> str:
    """A label by its key."""
    return said(phrase(f"premises:label.{key}"))


def text(
    key: str, *, most: int, required: bool = True, long: bool = False, help_key: str = ""
) -> forms.Field:
    """A text of at most so many characters."""
    return forms.CharField(
        label=label(key),
        max_length=most,
        required=required,
        help_text=label(help_key) if help_key else "",
        widget=forms.Textarea(attrs={"rows": 3}) if long else None,
    )


def day(key: str, *, required: bool = True) -> forms.Field:
    """A day."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return DayField(label=label(key), required=required, widget=widget)


def number(key: str, *, least: int = 0, most: int = 100_000) -> forms.Field:
    """A whole number."""
    return forms.IntegerField(label=label(key), min_value=least, max_value=most)


def choice(
    key: str, prefix: str, ids: Iterable[str], *, required: bool = True, radio: bool = False
) -> forms.Field:
    """One of some ids, each named by ``premises:<prefix>.<id>``."""
    named = [(id_, said(phrase(f"premises:{prefix}.{id_}"))) for id_ in ids]
    if radio:
        return forms.ChoiceField(label=label(key), choices=named, required=required, widget=forms.RadioSelect)
    return forms.ChoiceField(label=label(key), choices=[("", "—"), *named], required=required)


class SentForm(forms.Form):
    """Any form whose second sending does nothing; its fields are put in by who makes it."""

    submission = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, fields: dict[str, forms.Field], *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"submission": uuid.uuid4().hex, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields.update(fields)


class FileForm(forms.Form):
    """One file."""

    def __init__(self, *args: Any, accept: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = forms.FileInput(attrs={"accept": accept})
        self.fields["file"] = forms.FileField(label=label("file"), widget=widget)


def uploads(files: Sequence[Any]) -> tuple[Upload, ...]:
    """Files of a request as actions take them."""
    return tuple(Upload(one.name or "", content_of(one)) for one in files if one)


def show_refusal(form: forms.Form, refusal: Invalid, *, elsewhere: bool = False) -> None:
    """Show an action's reasons at the fields that they are about.

    ``elsewhere``: reasons for what is no field of the form are shown beside it; the form only counts them.
    """
    left = False
    for name, reason in refusal.fields.items():
        field = next((one for one in (name, f"fixed-{name}") if one in form.fields), None)
        if field is None and elsewhere:
            left = True
        else:
            form.add_error(field, said(reason))
    if left or not refusal.fields:
        form.add_error(None, said(refusal.text))


class PremisesForm(forms.Form):
    """Everything that the register asks."""

    def __init__(self, units: Iterable[Organisation], *args: Any, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [("", "—"), *((str(one.pk), one.named(language())) for one in units)]
        self.fields["kind"] = choice("kind", "kind", KINDS)
        self.fields["name"] = text("name", most=120)
        self.fields["name_en"] = text("name_en", most=160, required=False)
        self.fields["address"] = text("address", most=200, help_key="address_help")
        self.fields["address_code"] = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
        self.fields["longitude"] = forms.FloatField(label=label("longitude"), required=False)
        self.fields["latitude"] = forms.FloatField(label=label("latitude"), required=False)
        self.fields["place"] = VillageField(
            label=label("place"), help_text=label("place_help"), required=False
        )
        self.fields["organisation"] = forms.ChoiceField(
            label=label("organisation"), choices=named, required=False
        )
        self.fields["key_clause"] = choice("key_clause", "clause", KEY_CLAUSES, required=False)
        self.fields["opening_hours"] = text("opening_hours", most=120, required=False)
        self.fields["alarm_linked_on"] = day("alarm_linked_on", required=False)
        self.fields["duty_telephone"] = forms.CharField(
            label=label("duty_telephone"),
            required=False,
            max_length=20,
            help_text=label("duty_telephone_help" if new else "duty_telephone_kept"),
            widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        )
        if new:
            self.fields["code"] = text("code", most=40, required=False, help_key="code_help")
        self.fields["revision"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
        self.fields["submission"] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
        self.new = new

    def details(self) -> Details:
        """As the actions take it. A telephone left empty in a correction stays as it is."""
        given = self.cleaned_data
        telephone = given["duty_telephone"].strip()
        return Details(
            kind=given["kind"],
            name=given["name"],
            name_en=given["name_en"],
            address=given["address"],
            address_code=given["address_code"],
            place=given["place"],
            longitude=given["longitude"],
            latitude=given["latitude"],
            organisation_id=int(given["organisation"]) if given["organisation"] else None,
            key_clause=given["key_clause"],
            opening_hours=given["opening_hours"],
            alarm_linked_on=given["alarm_linked_on"],
            duty_telephone=telephone or ("" if self.new else None),
        )


def initial_of(premises: Premises) -> dict[str, Any]:
    """What stands in the register, for the form that corrects it; the telephone is not shown."""
    names = (
        "kind", "name", "name_en", "address", "address_code", "longitude", "latitude", "key_clause",
        "opening_hours", "alarm_linked_on", "revision",
    )  # fmt: skip
    found = {name: getattr(premises, name) for name in names}
    return {
        **found,
        "place": premises.place_code,
        "organisation": str(premises.organisation_id or ""),
        "submission": uuid.uuid4().hex,
    }
