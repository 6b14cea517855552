"""What residents fill in: a request, and feedback on one."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile

from linli.kernel.texts import Text
from linli.web.foundation.actions.refusals import Invalid
from linli.web.foundation.border.fields import DayField
from linli.web.foundation.places.fields import VillageField
from linli.web.foundation.places.villages import Village
from linli.web.foundation.screens.wording import phrase, said
from linli.web.intake.offers import Offer, OfferedField, villages
from linli.web.intake.offers import Village as OfferedVillage

__all__ = ["FILES", "FeedbackForm", "RequestForm", "chosen_from"]

FILES: Final = frozenset({"jpeg", "png", "webp", "pdf"})
"""Kinds of file that residents may attach: a picture of the place, or a document."""
_PREFIX: Final = "field-"


def _say(key: str, **values: object) -> str:
    return said(phrase(f"public:{key}", **values))


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files at once."""

    widget = _ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Each of them."""
        several: Sequence[Any] = data if isinstance(data, list | tuple) else [data]
        return [super(_FilesField, self).clean(one, initial) for one in several if one]


def _field(spec: OfferedField) -> forms.Field:
    common: dict[str, Any] = {
        "label": said(spec.name),
        "required": spec.required and spec.why is None,
        "help_text": _help(spec),
    }
    match spec.kind:
        case "long_text":
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, **common)
        case "choice":
            choices = [("", "—"), *((id_, said(name)) for id_, name in spec.choices)]
            return forms.ChoiceField(choices=choices, **common)
        case "yes_no":
            return forms.BooleanField(**{**common, "required": False})
        case "date":
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            return DayField(widget=widget, **common)
        case "phone":
            attrs = {"inputmode": "tel", "autocomplete": "tel"}
            return forms.CharField(max_length=20, widget=forms.TextInput(attrs=attrs), **common)
        case _:
            return forms.CharField(max_length=200, **common)


def _help(spec: OfferedField) -> str:
    parts = [said(spec.help)] if spec.help is not None else []
    if spec.why is not None:
        why = spec.why
        parts.append(_say("form.why", purpose=why.purpose, basis=why.legal_basis, days=why.keep_days))
    return " ".join(parts)


class RequestForm(forms.Form):
    """A request. What the kind asks for beside the usual is added as ``field-<id>``."""

    title = forms.CharField(max_length=200)
    description = forms.CharField(required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    address = forms.CharField(required=False, max_length=200)
    longitude = forms.FloatField(required=False)
    latitude = forms.FloatField(required=False)
    attachments = _FilesField(required=False)
    anonymous = forms.BooleanField(required=False)
    website = forms.CharField(required=False)
    """Nobody sees it; whatever fills it in is no person."""
    submission = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, offer: Offer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer
        self.fields["place"] = VillageField(among=chosen_from, address="public_villages", required=False)
        for name in (
            "title",
            "description",
            "place",
            "address",
            "longitude",
            "latitude",
            "attachments",
            "anonymous",
        ):
            self.fields[name].label = _say(f"form.{name}")
        for name in ("title", "description", "address", "attachments", "anonymous"):
            self.fields[name].help_text = _say(f"form.{name}_help")
        self.fields["title"].error_messages["required"] = _say("form.title_missing")
        self.fields["attachments"].widget.attrs["accept"] = ".jpg,.jpeg,.png,.webp,.pdf"
        for spec in offer.fields:
            self.fields[f"{_PREFIX}{spec.id}"] = _field(spec)

    def plain(self) -> list[forms.BoundField]:
        """The kind's own fields that say nothing about the person."""
        return [self[f"{_PREFIX}{one.id}"] for one in self.offer.fields if one.why is None]

    def personal(self) -> list[forms.BoundField]:
        """Those that do."""
        return [self[f"{_PREFIX}{one.id}"] for one in self.offer.fields if one.why is not None]

    def values(self) -> dict[str, Any]:
        """The kind's own fields, as they were filled in."""
        found: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            if name.startswith(_PREFIX) and value not in (None, "", False):
                given = value if isinstance(value, bool) else _plain(value)
                found[name.removeprefix(_PREFIX)] = given
        return found

    def refuse(self, refusal: Invalid) -> None:
        """Show the reasons at the fields that they are about."""
        names = {"files": "attachments", "position": "longitude"}
        for given, text in refusal.fields.items():
            name = names.get(given, given)
            known = next((one for one in (name, f"{_PREFIX}{name}") if one in self.fields), None)
            self.add_error(known, said(text))
        if not refusal.fields:
            self.add_error(None, said(refusal.text))

    def refuse_file(self, reason: Text | str) -> None:
        """Say what is wrong with a file."""
        self.add_error("attachments", reason if isinstance(reason, str) else said(reason))


def _plain(value: Any) -> str:
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def chosen_from() -> tuple[Village, ...]:
    """The villages that a resident may choose."""
    return _named(villages())


@lru_cache(maxsize=2)
def _named(offered: tuple[OfferedVillage, ...]) -> tuple[Village, ...]:
    return tuple(Village(one.code, one.name, one.station) for one in offered)


class FeedbackForm(forms.Form):
    """How it went."""

    solved = forms.ChoiceField(choices=(), widget=forms.RadioSelect)
    rating = forms.TypedChoiceField(choices=(), required=False, coerce=int, empty_value=None)
    comment = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    reopen = forms.BooleanField(required=False)
    submission = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("solved", "rating", "comment", "reopen"):
            self.fields[name].label = _say(f"feedback.{name}")
        self.fields["comment"].help_text = _say("feedback.comment_help")
        self.fields["solved"].error_messages["required"] = _say("feedback.solved_missing")
        self.fields["solved"].choices = [  # type: ignore[attr-defined]
            ("yes", _say("feedback.yes")),
            ("no", _say("feedback.no")),
        ]
        self.fields["rating"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((str(number), _say(f"feedback.rating.{number}")) for number in (5, 4, 3, 2, 1)),
        ]

    def refuse(self, refusal: Invalid) -> None:
        """Show the reasons at the fields that they are about."""
        for name, text in refusal.fields.items():
            self.add_error(name if name in self.fields else None, said(text))
        if not refusal.fields:
            self.add_error(None, said(refusal.text))
