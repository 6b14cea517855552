"""Forms of meetings. They show and carry; what is right is decided by the actions alone."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django import forms

from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.border.fields import MomentField
from linli.web.foundation.border.moments import month_of
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.places.fields import VillageField
from linli.web.foundation.places.models import Place
from linli.web.foundation.places.villages import some_villages
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.ops.meetings.models import Deeds, Meeting

__all__ = ["FOLLOWED", "CancelForm", "DeedsForm", "FollowForm", "HoldForm", "PlanForm"]

FOLLOWED: Final = ("request", "problem_place")
"""Types of case that a meeting may lead to."""


def _say(key: str) -> str:
    return said(phrase(f"meetings:{key}"))


class _Sent(forms.Form):
    submission = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class PlanForm(_Sent):
    """A meeting that is planned."""

    def __init__(
        self, offices: Sequence[Organisation], places: Sequence[Place], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        moment = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        kinds = [(kind, _say(f"kind.{kind}")) for kind in Meeting.Kind.values]
        self.fields["kind"] = forms.ChoiceField(label=_say("label.kind"), choices=kinds)
        self.fields["title"] = forms.CharField(label=_say("label.title"), max_length=120)
        self.fields["organisation"] = forms.ChoiceField(
            label=_say("label.office"), choices=[(str(one.pk), one.named(language())) for one in offices]
        )
        self.fields["starts_at"] = MomentField(label=_say("label.starts_at"), widget=moment)
        self.fields["place"] = VillageField(label=_say("label.place"), among=lambda: some_villages(places))
        self.fields["where"] = forms.CharField(label=_say("label.where"), max_length=200)
        self.fields["topics"] = forms.CharField(
            label=_say("label.topics"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
        )

    def values(self) -> dict[str, Any]:
        """What ``PlanMeeting`` takes."""
        given = self.cleaned_data
        names = ("kind", "title", "starts_at", "place", "where", "topics")
        return {"organisation_id": int(given["organisation"]), **{name: given[name] for name in names}}


class HoldForm(_Sent):
    """How it went."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = forms.Textarea(attrs={"rows": 4})
        self.fields["attendance"] = forms.IntegerField(label=_say("label.attendance"), min_value=0)
        self.fields["topics"] = forms.CharField(label=_say("label.topics"), max_length=500)
        self.fields["opinions"] = forms.CharField(
            label=_say("label.opinions"),
            help_text=_say("hint.opinions"),
            required=False,
            max_length=10_000,
            widget=area,
        )


class CancelForm(_Sent):
    """Why it is cancelled."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "cancel_%s"
        self.fields["remark"] = forms.CharField(label=_say("label.remark"), max_length=500)


class FollowForm(_Sent):
    """A case that it led to."""

    def __init__(self, kinds: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "follow_%s"
        types = case_types()
        choices = [
            (said(types[kind].name), [(f"{kind}:{one.id}", said(one.name)) for one in types[kind].categories])
            for kind in kinds
        ]
        self.fields["about"] = forms.ChoiceField(label=_say("label.about"), choices=choices)
        self.fields["case_title"] = forms.CharField(label=_say("label.case_title"), max_length=200)

    def values(self) -> dict[str, Any]:
        """What ``FollowMeeting`` takes."""
        kind, _, category = self.cleaned_data["about"].partition(":")
        title = self.cleaned_data["case_title"]
        data = {"signs": title} if kind == "problem_place" else {}
        return {"kind": kind, "category": category, "title": title, "data": data}


class DeedsForm(_Sent):
    """The month's numbers of a post."""

    def __init__(self, posts: Sequence[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"] = forms.ChoiceField(
            label=_say("label.post"), choices=[(str(one.pk), one.named(language())) for one in posts]
        )
        self.fields["month"] = forms.CharField(
            label=_say("label.month"), max_length=7, widget=forms.TextInput(attrs={"type": "month"})
        )
        for kind in Deeds.Kind.values:
            self.fields[kind] = forms.IntegerField(
                label=_say(f"measure.{kind}"), min_value=0, max_value=100_000, initial=0
            )

    def clean_month(self) -> dt.date:
        """The first day of the month."""
        month = month_of(self.cleaned_data["month"])
        if month is None:
            raise forms.ValidationError(_say("month"))
        return month

    def values(self) -> dict[str, Any]:
        """What ``CountDeeds`` takes."""
        given = self.cleaned_data
        return {
            "organisation_id": int(given["post"]),
            "month": given["month"],
            "counts": {kind: given[kind] for kind in Deeds.Kind.values},
        }
