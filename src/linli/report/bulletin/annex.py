"""bulletin-evidence.xlsx: every figure with its interval and key, and every record counted, by its id."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from linli.io.sheets import Cell, Listing, write_xlsx
from linli.kernel.texts import Language, catalogue
from linli.report.bulletin import wording
from linli.report.bulletin.content import Bulletin, Evidence, Item, Spot

__all__ = ["write_annex"]

say = catalogue(__package__)


def write_annex(
    bulletin: Bulletin, path: Path, *, evidence: Iterable[Evidence] = (), language: Language = "zh"
) -> None:
    """Write the workbook; records are taken one by one and never all at once."""
    sheets = [_figures(bulletin, language), _records(evidence, language), _notes(bulletin, language)]
    write_xlsx(path, sheets)


def _labels(language: Language, *keys: str) -> list[str]:
    return [say(f"label.{key}").in_(language) for key in keys]


def _figures(bulletin: Bulletin, language: Language) -> Listing:
    header = _labels(
        language, "indicator_id", "indicator", "clause", "area_code", "area", "value", "unit", "low", "high",
        "places", "standing", "numerator", "denominator", "records", "evidence", "formula", "code_version",
    )  # fmt: skip
    return Listing(say("sheet.figures").in_(language), header, _figure_rows(bulletin, language))


def _figure_rows(bulletin: Bulletin, language: Language) -> Iterator[list[Cell]]:
    for item in bulletin.items:
        spots = item.areas if item.whole is None else (item.whole, *item.areas)
        for spot in spots:
            yield _figure_row(item, spot, language)


def _figure_row(item: Item, spot: Spot, language: Language) -> list[Cell]:
    return [
        item.indicator,
        item.title.in_(language),
        item.clause,
        spot.area,
        spot.name.in_(language),
        spot.value,
        item.unit,
        spot.low,
        spot.high,
        wording.places(spot),
        wording.standing(spot).in_(language) if spot is not item.whole else None,
        spot.numerator,
        spot.denominator,
        spot.records,
        spot.evidence,
        item.formula,
        item.code_version,
    ]


def _records(evidence: Iterable[Evidence], language: Language) -> Listing:
    keys = ("indicator_id", "area_code", "period", "record", "numerator", "denominator")
    rows = (
        [one.indicator, one.area, one.period, one.record, one.numerator, one.denominator] for one in evidence
    )
    return Listing(say("sheet.records").in_(language), _labels(language, *keys), rows)


def _notes(bulletin: Bulletin, language: Language) -> Listing:
    made_by = say("made_by", version=bulletin.linli_version, facts=bulletin.facts)
    texts = [
        wording.title(bulletin),
        wording.opening(bulletin),
        say("method.evidence"),
        *bulletin.notes,
        made_by,
    ]
    if bulletin.synthetic is not False:
        texts.insert(1, say("synthetic" if bulletin.synthetic else "synthetic.not_said"))
    title = say("sheet.notes").in_(language)
    return Listing(title, [title], ([text.in_(language)] for text in texts))
