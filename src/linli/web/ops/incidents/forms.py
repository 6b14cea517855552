"""The forms of intake and units. They show and carry; what is right is decided by the actions alone."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.casework.forms import declared_fields
from linli.web.foundation.casework.types.model import TypeSpec
from linli.web.foundation.places.fields import VillageField
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.incidents.categories import Choice
from linli.web.ops.incidents.models import Unit

__all__ = ["SHORTCUTS", "IntakeForm", "PlaceForm", "UnitForm", "choices_of", "words"]

SHORTCUTS: Final[Mapping[str, str]] = {
    "category": "Alt+c",
    "address": "Alt+a",
    "place": "Alt+p",
    "title": "Alt+t",
    "description": "Alt+n",
    "data-caller_phone": "Alt+m",
    "data-caller_name": "Alt+r",
    "data-injured": "Alt+i",
    "data-under_way": "Alt+u",
    "data-premises_kind": "Alt+k",
}
"""Keys that lead to a field, wherever the cursor is."""
_ORDER: Final = (
    "category", "address", "place", "title", "data-caller_phone", "data-caller_name", "data-under_way",
    "data-injured", "data-premises_kind", "description",
)  # fmt: skip


def words(key: str, **values: object) -> str:
    """A text of this app in the language of the request."""
    return said(phrase(f"incidents:{key}", **values))


def choices_of(spec: TypeSpec) -> list[Choice]:
    """The categories of incidents as they are typed."""
    return [Choice(number, one.id, one.name) for number, one in enumerate(spec.categories, 1)]


class IntakeForm(forms.Form):
    """A call is taken: made to be filled in without a mouse, in the order in which a caller is asked."""

    category = forms.CharField(max_length=80)
    address = forms.CharField(max_length=200, required=False)
    title = forms.CharField(max_length=200, required=False)
    description = forms.CharField(max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    address_id = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    address_choice = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    same_as = forms.CharField(max_length=24, required=False, widget=forms.HiddenInput)
    submission = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, spec: TypeSpec, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"] = VillageField(required=False)
        self.fields.update(declared_fields(one for one in spec.fields if one.on_opening))
        self.privacy = self._privacy(spec)
        for name in ("category", "address", "place", "title", "description"):
            self.fields[name].label = words("intake.title_field" if name == "title" else f"intake.{name}")
        for name in ("category", "place"):
            self.fields[name].help_text = words(f"intake.{name}_help")
        for name, keys in SHORTCUTS.items():
            if name in self.fields:
                self._shortcut(self.fields[name], keys)
        self.fields["category"].widget.attrs.update(
            {"list": "categories", "autocomplete": "off", "autofocus": True}
        )
        self.order_fields([*_ORDER, *self.fields])

    def _privacy(self, spec: TypeSpec) -> list[str]:
        """Why personal fields are asked for, said once below the form and not at every field."""
        asked = [f"data-{one.id}" for one in spec.fields if one.on_opening and one.personal is not None]
        said_ = list(dict.fromkeys(str(self.fields[name].help_text) for name in asked))
        for name in asked:
            self.fields[name].help_text = ""
        return said_

    @staticmethod
    def _shortcut(field: forms.Field, keys: str) -> None:
        field.widget.attrs.update({"data-shortcut": keys, "data-shortcut-label": str(field.label)})
        field.label = (
            f"{field.label}（{keys.title()}）"
            if words("language") == "zh"
            else f"{field.label} ({keys.title()})"
        )

    def data_values(self) -> dict[str, Any]:
        """The declared fields, as ``OpenCase`` takes them."""
        found = {}
        for name, value in self.cleaned_data.items():
            # A box that is not ticked was perhaps never asked about: nothing is stored of it.
            if name.startswith("data-") and value not in (None, "", False):
                found[name.removeprefix("data-")] = value if isinstance(value, bool | int) else str(value)
        return found


class PlaceForm(forms.Form):
    """Where a unit is; at its post where nothing is typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"] = VillageField(
            label=words("unit.place"), help_text=words("unit.place_help"), required=False
        )


class UnitForm(forms.Form):
    """An entry of the register of units."""

    call_sign = forms.CharField(max_length=24)
    organisation = forms.ChoiceField()
    kind = forms.ChoiceField()
    capacity = forms.IntegerField(min_value=1, max_value=50, initial=2)
    active = forms.BooleanField(required=False, initial=True)

    def __init__(self, organisations: list[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = words("language")
        self._choices("organisation", [(one.code, one.named(language)) for one in organisations])
        self._choices("kind", [(kind, words(f"kind.{kind}")) for kind in Unit.Kind.values])
        for name, field in self.fields.items():
            field.label = words(f"unit.{name}")

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so above
        field.choices = [("", "—"), *choices]
