"""An indicator's computation in words, for pages; ``Definition.formula`` is the text that decides it."""

from linli.assessment.facts.schema import fact_tables
from linli.assessment.indicators.language import Compiled
from linli.assessment.indicators.language.words import words
from linli.assessment.indicators.model import Definition
from linli.kernel.texts import Text, catalogue

__all__ = ["formula_words"]

say = catalogue("linli.assessment.indicators")


def formula_words(definition: Definition) -> Text:
    """What is counted, over what and where, by the titles of the facts' columns."""
    told = definition.indicator
    table = fact_tables()[told.source]

    def of(part: Compiled) -> Text:
        return words(part.node, table)

    parts = [say("formula.numerator", text=of(definition.numerator))]
    if definition.denominator is not None:
        parts.append(say("formula.denominator", text=of(definition.denominator)))
    if told.exposure is not None:
        exposure = say(f"exposure.{told.exposure}")
        parts.append(say("formula.exposure", per=f"{told.per:g}", exposure=exposure))
    if told.quantile is not None:
        parts.append(say("formula.quantile", quantile=f"{told.quantile:g}"))
    if definition.where is not None:
        parts.append(say("formula.where", text=of(definition.where)))
    if told.since != "period":
        parts.append(say(f"formula.since_{told.since}"))
    joined = Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))
    return say("formula.words", kind=say(f"formula.{told.kind}"), source=table.title, parts=joined)
