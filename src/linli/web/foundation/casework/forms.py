"""Forms made from a case type. They show and carry; what is right is decided by the actions alone."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from linli.web.foundation.actions.refusals import Invalid
from linli.web.foundation.border.fields import DayField, MomentField
from linli.web.foundation.casework.types.model import FieldSpec, Transition, TypeSpec
from linli.web.foundation.places.fields import VillageField
from linli.web.foundation.screens.wording import phrase, said

__all__ = ["OpeningForm", "StepForm", "add_refusal", "declared_fields"]


def _field(spec: FieldSpec, *, required: bool) -> forms.Field:
    common: dict[str, Any] = {
        "label": said(spec.name),
        "required": required,
        "help_text": _help(spec),
    }
    match spec.kind:
        case "long_text":
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, **common)
        case "choice":
            empty = [] if required else [("", "—")]
            return forms.ChoiceField(
                choices=[*empty, *((id_, said(name)) for id_, name in spec.choices)], **common
            )
        case "integer":
            return forms.IntegerField(**common)
        case "decimal":
            return forms.DecimalField(max_digits=16, decimal_places=4, **common)
        case "date":
            return DayField(widget=forms.DateInput(attrs={"type": "date"}), **common)
        case "datetime":
            widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            return MomentField(widget=widget, **common)
        case "yes_no":
            return forms.BooleanField(**{**common, "required": False})
        case "phone":
            return forms.CharField(
                max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}), **common
            )
        case _:
            return forms.CharField(max_length=200, **common)


def _help(spec: FieldSpec) -> str:
    parts = [said(spec.help)] if spec.help is not None else []
    if spec.personal is not None:
        why = spec.personal
        parts.append(
            said(
                phrase(
                    "casework:field.personal", purpose=why.purpose, basis=why.legal_basis, days=why.keep_days
                )
            )
        )
    return " ".join(parts)


def _label(key: str) -> str:
    return said(phrase(f"casework:{key}"))


def declared_fields(specs: Iterable[FieldSpec], *, required: Iterable[str] = ()) -> dict[str, forms.Field]:
    """Form fields of some declared ones, named ``data-<id>`` so that they never meet the form's own."""
    must = set(required)
    return {f"data-{spec.id}": _field(spec, required=spec.required or spec.id in must) for spec in specs}


def _data(form: forms.Form) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in form.cleaned_data.items():
        if name.startswith("data-") and value is not None and value != "":
            found[name.removeprefix("data-")] = value if isinstance(value, bool | int) else _plain(value)
    return found


def _plain(value: Any) -> str:
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def add_refusal(form: forms.Form, refusal: Invalid) -> None:
    """Show an action's reasons at the fields that they are about."""
    for name, text in refusal.fields.items():
        field = name if name in form.fields else f"data-{name}"
        form.add_error(field if field in form.fields else None, said(text))
    if not refusal.fields:
        form.add_error(None, said(refusal.text))


class OpeningForm(forms.Form):
    """Opens a case of a type."""

    def __init__(self, spec: TypeSpec, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spec = spec
        choices = [(one.id, said(one.name)) for one in spec.categories]
        self.fields["category"] = forms.ChoiceField(
            label=_label("label.category"), choices=[("", "—"), *choices]
        )
        self.fields["title"] = forms.CharField(label=_label("label.title"), max_length=200)
        self.fields["description"] = forms.CharField(
            label=_label("label.description"),
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 4}),
        )
        if spec.positioned:
            self.fields["address"] = forms.CharField(
                label=_label("label.address"), required=False, max_length=200
            )
            self.fields["place"] = VillageField(label=_label("label.place"), required=False)
            self.fields["longitude"] = forms.FloatField(label=_label("label.longitude"), required=False)
            self.fields["latitude"] = forms.FloatField(label=_label("label.latitude"), required=False)
        self.fields.update(declared_fields(one for one in spec.fields if one.on_opening))
        self.fields["submission"] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """What ``OpenCase`` takes."""
        names = ("category", "title", "description", "address", "place", "longitude", "latitude")
        found = {
            name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name) not in (None, "")
        }
        return {"kind": self.spec.id, "data": _data(self), **found}


class StepForm(forms.Form):
    """Takes a step of a case."""

    def __init__(
        self, spec: TypeSpec, step: Transition, there: Mapping[str, Any], *args: Any, **kwargs: Any
    ) -> None:
        # Several of these stand on one page: each field needs an id of its own for its label.
        super().__init__(*args, **{"auto_id": f"id_{step.id}_%s", **kwargs})
        self.step = step
        asked = [spec.field_by_id[id_] for id_ in dict.fromkeys((*step.requires, *step.asks))]
        needed = [id_ for id_ in step.requires if id_ not in there]
        if step.results:
            results = [(id_, said(spec.result_by_id[id_].name)) for id_ in step.results]
            self.fields["result"] = forms.ChoiceField(
                label=_label("label.result"), choices=[("", "—"), *results]
            )
        for name, field in declared_fields(
            [o.model_copy(update={"required": False}) for o in asked], required=needed
        ).items():
            field.initial = there.get(name.removeprefix("data-"))
            self.fields[name] = field
        area = {"rows": 3}
        if step.answers:
            self.fields["answer"] = forms.CharField(
                label=_label("label.answer"), max_length=4000, widget=forms.Textarea(attrs=area)
            )
        if step.note != "no":
            self.fields["note"] = forms.CharField(
                label=_label("label.note"), required=step.note == "required", max_length=4000,
                widget=forms.Textarea(attrs=area),
            )  # fmt: skip
        self.fields["revision"] = forms.IntegerField(widget=forms.HiddenInput)
        self.fields["submission"] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """What ``Move`` takes."""
        names = ("result", "answer", "note", "revision")
        found = {
            name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name) not in (None, "")
        }
        return {"step": self.step.id, "data": _data(self), **found}
