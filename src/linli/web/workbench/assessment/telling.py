"""What a version says of its indicators and clauses, kept with it: later packs change nothing of it."""

from collections.abc import Mapping
from typing import Any

from linli.assessment.indicators import Definition
from linli.assessment.indicators.formulas import formula_words
from linli.kernel.texts import Text
from linli.policy.model import Pack
from linli.web.workbench.assessment.packs import Assessed

__all__ = ["both", "indicators_told", "text_of", "told_of"]


def both(text: Text | None) -> dict[str, str]:
    """A text as it is kept."""
    return {} if text is None else {"zh": text.zh, "en": text.en}


def text_of(kept: Mapping[str, str] | None) -> Text:
    """A kept text; empty where there is none."""
    return Text("", "") if not kept else Text(kept["zh"], kept["en"])


def told_of(assessed: Assessed, months: tuple[str, ...], notes: list[Text]) -> dict[str, Any]:
    """Everything that the screens of a version say beside its numbers."""
    return {
        "pack": both(assessed.pack.title),
        "months": list(months),
        "indicators": indicators_told(assessed.definitions),
        "clauses": _clauses(assessed.pack, {str(d.indicator.clause) for d in assessed.definitions}),
        "notes": [both(note) for note in notes],
    }


def indicators_told(definitions: tuple[Definition, ...]) -> dict[str, Any]:
    """Each indicator's definition, without code."""
    return {d.indicator.id: _indicator(d) for d in definitions}


def _indicator(definition: Definition) -> dict[str, Any]:
    told = definition.indicator
    return {
        "title": both(told.title),
        "clause": str(told.clause),
        "kind": told.kind,
        "unit": str(told.unit),
        "period": told.period,
        "scope": list(told.scope),
        "source": told.source,
        "numerator": told.numerator,
        "denominator": told.denominator,
        "where": told.where,
        "exposure": told.exposure,
        "per": told.per,
        "quantile": told.quantile,
        "since": told.since,
        "missing": told.missing,
        "direction": told.direction,
        "linked": list(told.linked),
        "level": told.level,
        "assesses": told.assesses,
        "met_by_not_recording": told.met_by_not_recording,
        "reference": dict(told.reference),
        "note": both(told.note),
        "counts": definition.numerator.kind == "truth",
        "formula": both(formula_words(definition)),
    }


def _clauses(pack: Pack, used: set[str]) -> dict[str, Any]:
    clauses = {str(clause.id): clause for clause in pack.clauses.values()}
    return {
        name: {"title": both(clause.title), "asks": both(clause.asks), "section": clause.section}
        for name, clause in clauses.items()
        if name in used or clause.kind in ("score", "target")
    }
