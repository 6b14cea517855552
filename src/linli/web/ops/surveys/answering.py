"""Answers as they are given: held against the questions, and kept without the address."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from django import forms
from django.utils.crypto import salted_hmac

from linli.kernel.texts import Text, catalogue
from linli.web.foundation.screens.wording import language
from linli.web.ops.surveys.models import Invitation, Response, Wave

__all__ = ["AnswerForm", "answers_of", "checked", "keep_answers", "mark_of", "take_back", "wrong_answers"]

Given = TypeVar("Given")
say = catalogue("linli.web.ops.surveys")

Question = Mapping[str, Any]
MOST_NUMBER: Final = 1_000_000


class AnswerForm(forms.Form):
    """The questions of a wave as fields."""

    def __init__(self, questions: Sequence[Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in questions:
            self.fields[f"q-{one['name']}"] = _field(one)
        self.fields["submission"] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


def _field(one: Question) -> forms.Field:
    label, required = one["label"][language()], one["required"]
    choices = [(choice["id"], choice["label"][language()]) for choice in one["choices"]]
    if one["kind"] == "integer":
        return forms.IntegerField(label=label, required=required, min_value=0, max_value=MOST_NUMBER)
    if one["kind"] == "select_multiple":
        boxes = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(label=label, required=required, choices=choices, widget=boxes)
    return forms.ChoiceField(label=label, required=required, choices=choices, widget=forms.RadioSelect)


def answers_of(form: forms.Form) -> dict[str, Any]:
    """What was answered, by question; what was left out is left out."""
    found = {name.removeprefix("q-"): v for name, v in form.cleaned_data.items() if name.startswith("q-")}
    return {name: value for name, value in found.items() if value not in ("", None, [])}


def wrong_answers(wave: Wave, answers: Mapping[str, Any]) -> dict[str, Text]:
    """What is missing, or is none of the choices, by field."""
    wrong: dict[str, Text] = {}
    questions = {one["name"]: one for one in wave.questionnaire.questions}
    for name in set(answers) - set(questions):
        wrong[f"q-{name}"] = say("answer.unknown")
    for name, one in questions.items():
        value = answers.get(name)
        if value is None:
            if one["required"]:
                wrong[f"q-{name}"] = say("answer.missing")
        elif not _fits(one, value):
            wrong[f"q-{name}"] = say("answer.unknown")
    return wrong


def _fits(one: Question, value: Any) -> bool:
    known = {choice["id"] for choice in one["choices"]}
    match one["kind"]:
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_NUMBER
        case "select_multiple":
            return isinstance(value, list) and set(value) <= known
    return isinstance(value, str) and value in known


def keep_answers(invitation: Invitation, answers: Mapping[str, Any], channel: str) -> Response:
    """Keep the answers without the address, and with the address only that it answered.

    What staff enter leaves the letter's code valid: the household's own answers come instead of it.
    """
    mark = "" if channel == "web" else mark_of(invitation)
    invitation.outcome, invitation.channel = Invitation.Outcome.ANSWERED, channel
    if channel == "web":
        invitation.code_digest = ""
    invitation.save(update_fields=["outcome", "channel", "code_digest"])
    return Response.objects.create(
        wave_id=invitation.wave_id,
        station_code=invitation.station_code,
        beat_code=invitation.beat_code,
        stratum=invitation.stratum,
        psu=invitation.psu if invitation.wave.each is not None else "",
        channel=channel,
        answers=dict(answers),
        mark=mark,
    )


def mark_of(invitation: Invitation) -> str:
    """By what the household's code finds the answers that staff entered; empty where there is no letter.

    Only the platform's key makes it from the letter's digest, and it is gone when the wave closes.
    """
    digest = invitation.code_digest
    return salted_hmac("linli.surveys.mark", digest, algorithm="sha256").hexdigest() if digest else ""


def take_back(invitation: Invitation) -> None:
    """Take out what staff had entered for an address whose household answers now by its own code."""
    mark = mark_of(invitation)
    if mark:
        Response.objects.filter(wave_id=invitation.wave_id, mark=mark).delete()


def checked(value: Given | None) -> Given:
    """What an action's check has made sure of."""
    if value is None:
        raise LookupError("something that the check should have refused is missing")
    return value
