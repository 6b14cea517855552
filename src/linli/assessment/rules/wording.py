"""A rule as the pack reads it, in one sentence with its numbers of a day and its chosen readings."""

import datetime as dt
from collections.abc import Iterable

from linli.assessment.rules.findings import say
from linli.assessment.rules.model import Consequence, ScoringRule
from linli.assessment.rules.resolving import number_on, value_on
from linli.kernel.texts import Text, plain
from linli.policy.model import Pack

__all__ = ["consequence_text", "joined", "rule_as_read", "ties_text"]


def consequence_text(consequence: Consequence) -> Text:
    """A consequence in words."""
    return say(f"consequence.{consequence}")


def ties_text(rule: ScoringRule) -> Text:
    """How a rule decides between equals."""
    key = f"ties.{rule.kind}"
    return say(key if key in say.templates else "ties.none")


def rule_as_read(rule: ScoringRule, pack: Pack, on: dt.date) -> Text:
    """The whole rule as it is carried out: printed with every result.

    Raises
    ------
    LinliError
        A number of the rule does not hold on that day.
    """
    words: dict[str, object] = {
        **{name: reading.option().title for name, reading in rule.readings.items()},
        **{name: f"{number_on(rule, name, pack, on):g}" for name in rule.numbers},
        "area": say(f"area.{rule.area}"),
        "count": len(rule.inputs),
        "input": rule.inputs[0].title,
        "part": rule.inputs[0].title,
        "whole": rule.inputs[-1].title,
        "vetoes": rule.inputs[-1].title,
        "compared": joined(each.title for each in rule.inputs[:-1]),
        "consequences": joined(consequence_text(each) for each in rule.consequences),
        "steps": _steps(rule, pack, on),
    }
    return say(f"read.{rule.kind}", **words)


def _steps(rule: ScoringRule, pack: Pack, on: dt.date) -> Text:
    return joined(
        say(
            "read.step",
            fall=f"{value_on(rule, step.fall, pack, on):g}",
            yuan=f"{value_on(rule, step.reward, pack, on):g}",
        )
        for step in rule.steps
    )


def joined(texts: Iterable[Text]) -> Text:
    """Texts as a list in a sentence."""
    listed, comma = tuple(texts), say("separator")
    if not listed:
        return plain("")
    return Text(comma.zh.join(text.zh for text in listed), comma.en.join(text.en for text in listed))
