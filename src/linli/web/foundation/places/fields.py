"""The field in which a village is chosen by typing, in every form that asks for one.

With scripts the names that fit are shown while one types; without, the server reads what was typed and asks
which one is meant where several fit. What a form is given is the village's code either way.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from linli.web.foundation.border.characters import broken
from linli.web.foundation.places.villages import Village, fitting, the_only_one, villages
from linli.web.foundation.screens.wording import phrase, said

__all__ = ["MOST_SHOWN", "VillageField", "VillageInput", "own_first", "suggestions"]

MOST_SHOWN: Final = 10
"""Names that are shown to choose from; of more one is asked to type further."""
_LONGEST: Final = 80
_CHOSEN: Final = "-chosen"


def _say(key: str, **values: object) -> str:
    return said(phrase(f"places:{key}", **values))


def suggestions(typed: str, among: Sequence[Village], own: Collection[str] = ()) -> list[dict[str, str]]:
    """What is shown while one types, as the combobox takes it."""
    found = fitting(typed[:_LONGEST], among, own=own)[:MOST_SHOWN]
    return [{"id": one.code, "label": one.label} for one in found]


class VillageInput(forms.TextInput):
    """A text in which the names that fit are shown, and a choice among them where it was not clear."""

    def __init__(self, among: Callable[[], Sequence[Village]], address: str) -> None:
        super().__init__({"autocomplete": "off", "maxlength": _LONGEST})
        self.among, self.address = among, address
        self.own: Collection[str] = ()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        """What was typed; the code of what was chosen among several that it fits."""
        typed, chosen = str(data.get(name) or ""), str(data.get(f"{name}{_CHOSEN}") or "")
        fits = {one.code for one in fitting(typed[:_LONGEST], self.among())} if chosen else ()
        return chosen if chosen in fits else typed

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The input with what goes with it; a code is shown as the name that it is of."""
        typed = str(value or "")[:_LONGEST]
        one = the_only_one(typed, self.among()) if typed else None
        fits = [] if one is not None else fitting(typed, self.among(), own=self.own)
        shown = one.label if one is not None and typed == one.code else typed
        made = self.build_attrs(self.attrs, {**(attrs or {}), "name": name, "value": shown})
        made.setdefault("id", f"id_{name}")
        context = {
            "attrs": made,
            "names_url": reverse(self.address),
            "name": f"{name}{_CHOSEN}",
            "fits": fits if len(fits) <= MOST_SHOWN else [],
        }
        return render_to_string("places/village.html", context)


class VillageField(forms.Field):
    """A village or community; cleaned it is the code of one, empty where none was typed.

    Parameters
    ----------
    among : callable
        Those that may be chosen; by default all of the deployment in force.
    address : str
        Name of the page that answers while one types.
    """

    def __init__(
        self,
        *,
        among: Callable[[], Sequence[Village]] = villages,
        address: str = "villages",
        help_text: str = "",
        **kwargs: Any,
    ) -> None:
        self.among = among
        super().__init__(
            widget=VillageInput(among, address), help_text=help_text or _say("village.hint"), **kwargs
        )

    def to_python(self, value: Any) -> str:
        """The code.

        Raises
        ------
        ValidationError
            Nothing is called so, or several are.
        """
        typed = str(value or "").strip()
        if not typed:
            return ""
        if broken(typed) or len(typed) > _LONGEST:
            raise forms.ValidationError(_say("village.none"))
        found = the_only_one(typed, self.among())
        if found is not None:
            return found.code
        count = len(fitting(typed, self.among()))
        if count == 0:
            raise forms.ValidationError(_say("village.none"))
        if count <= MOST_SHOWN:
            raise forms.ValidationError(_say("village.several", count=count))
        raise forms.ValidationError(_say("village.many", count=count))


def own_first(form: forms.Form, stations: Collection[str]) -> None:
    """Let villages of some stations come first wherever the form asks for one."""
    for one in form.fields.values():
        if isinstance(one, VillageField) and isinstance(one.widget, VillageInput):
            one.widget.own = stations
