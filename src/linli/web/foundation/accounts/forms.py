"""Forms of the pages of accounts. They show and carry; what is right is decided by the actions alone."""

from typing import Any, Final

from django import forms

from linli.web.foundation.accounts.actions.base import say
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.accounts.roles import fits, roles
from linli.web.foundation.actions.refusals import Invalid
from linli.web.foundation.border.fields import DayField
from linli.web.foundation.screens.wording import language, said

__all__ = ["AccountForm", "PeopleFilter", "ReasonForm", "RoleForm", "show_refusal"]

_ONLY_ORGANISATIONS: Final = {
    "hx-select": "#id_organisation",
    "hx-target": "#id_organisation",
    "hx-swap": "outerHTML",
}
_LANGUAGES = (("zh", "中文"), ("en", "English"))


def _label(key: str) -> str:
    return said(say(f"label.{key}"))


def _role_choices() -> list[tuple[str, str]]:
    return [("", "—"), *((role.id, said(role.name)) for role in roles().values())]


def _organisation_choices(role: str) -> list[tuple[str, str]]:
    """The active organisations in which a role can be held; all of them while none is chosen."""
    found = Organisation.objects.filter(active=True).order_by("kind", "code")
    fitting = (one for one in found if role not in roles() or fits(role, one.kind, one.level))
    return [("", "—"), *((str(one.pk), one.named(language())) for one in fitting)]


def show_refusal(form: forms.Form, refusal: Invalid) -> None:
    """Show an action's reasons at the fields that they are about."""
    for name, text in refusal.fields.items():
        form.add_error(name if name in form.fields else None, said(text))
    if not refusal.fields:
        form.add_error(None, said(refusal.text))


class AccountForm(forms.Form):
    """Makes or changes an account."""

    def __init__(self, *args: Any, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if new:
            self.fields["username"] = forms.CharField(
                label=_label("username"), max_length=32, help_text=said(say("account.no_username")),
                widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
            )  # fmt: skip
        self.fields["display_name"] = forms.CharField(label=_label("display_name"), max_length=64)
        self.fields["language"] = forms.ChoiceField(label=_label("language"), choices=_LANGUAGES)


class RoleForm(forms.Form):
    """Gives a role; on its ``page`` the organisations follow the role that is chosen."""

    def __init__(self, *args: Any, page: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A browser reads a day in one form only, whatever the language.
        day: dict[str, Any] = {"format": "%Y-%m-%d", "attrs": {"type": "date"}}
        role = str(self.data.get("role", "") if self.is_bound else self.initial.get("role", ""))
        narrowing = {"hx-get": page, "hx-trigger": "change", **_ONLY_ORGANISATIONS} if page else {}
        self.fields["role"] = forms.ChoiceField(
            label=_label("role"), choices=_role_choices(), widget=forms.Select(attrs=narrowing)
        )
        office = forms.ChoiceField(label=_label("organisation"), choices=_organisation_choices(""))
        # Offered are those that fit; of any other the action says why not.
        office.widget.choices = _organisation_choices(role)
        self.fields["organisation"] = office
        self.fields["starts"] = DayField(label=_label("starts"), widget=forms.DateInput(**day))
        self.fields["ends"] = DayField(
            label=_label("ends"),
            required=False,
            widget=forms.DateInput(**day),
            help_text=said(say("role.end_hint")),
        )


class ReasonForm(forms.Form):
    """Asks why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.CharField(label=_label("reason"), max_length=200)


class PeopleFilter(forms.Form):
    """Narrows the list of people."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [("", "—"), ("1", said(say("state.active"))), ("0", said(say("state.stopped")))]
        self.fields["q"] = forms.CharField(label=_label("words"), required=False, max_length=64)
        self.fields["role"] = forms.ChoiceField(label=_label("role"), required=False, choices=_role_choices())
        self.fields["active"] = forms.ChoiceField(label=_label("state"), required=False, choices=states)
