"""bulletin.docx: the bulletin for offices that edit before they issue; headings, tables, alternative texts.

The file carries no time of its making: the same bulletin gives the same bytes.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from linli.kernel.texts import Language, Text, catalogue
from linli.report.bulletin import wording
from linli.report.bulletin.content import Bulletin, Item
from linli.report.bulletin.drawing import Painting, as_png, league, series
from linli.report.chance import chance_title, rule_tables
from linli.report.tables import Column
from linli.report.workbook import MADE

__all__ = ["write_word"]

FONTS: Final = {"ascii": "Times New Roman", "hAnsi": "Times New Roman", "eastAsia": "宋体"}
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that a ZIP can hold."""

say = catalogue(__package__)


class _Paper:
    """A document being written, in one language."""

    def __init__(self, bulletin: Bulletin, language: Language) -> None:
        self.bulletin, self.language = bulletin, language
        self.document: Document = docx.Document()
        _set_up(self.document, bulletin, language)

    def say(self, key: str, **values: object) -> str:
        return say(key, **values).in_(self.language)

    def heading(self, text: str, level: int) -> None:
        self.document.add_heading(text, level)

    def line(self, text: str) -> None:
        self.document.add_paragraph(text)

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        made = self.document.add_table(rows=1, cols=len(header), style="Table Grid")
        for cell, text in zip(made.rows[0].cells, header, strict=True):
            cell.text = text
        _repeat_header(made.rows[0])
        for row in rows:
            for cell, text in zip(made.add_row().cells, row, strict=True):
                cell.text = text
        self.document.add_paragraph()

    def picture(self, painting: Painting, told: str) -> None:
        shape = self.document.add_picture(io.BytesIO(as_png(painting)), width=Cm(15))
        properties: Any = shape._inline.docPr
        properties.set("descr", told)


def write_word(bulletin: Bulletin, path: Path, *, language: Language = "zh") -> None:
    """Write the bulletin as a Word document in one language."""
    paper = _Paper(bulletin, language)
    _summary(paper)
    paper.heading(_numbered(paper, 2, "heading.items"), 1)
    for item in bulletin.items:
        _item(paper, item)
    _demands(paper)
    _chance(paper)
    _versions(paper)
    _method(paper)
    raw = io.BytesIO()
    paper.document.save(raw)
    path.write_bytes(_timeless(raw.getvalue()))


def _set_up(document: Document, bulletin: Bulletin, language: Language) -> None:
    style: Any = document.styles["Normal"]
    style.font.size = Pt(10.5)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name, value in FONTS.items():
        fonts.set(qn(f"w:{name}"), value)
    for level in (1, 2):
        heading: Any = document.styles[f"Heading {level}"]
        heading.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "黑体")
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    told = document.core_properties
    told.title = wording.title(bulletin).in_(language)
    told.author, told.last_modified_by, told.comments = "Linli", "Linli", ""
    told.language = "zh-CN" if language == "zh" else "en"
    told.created = told.modified = MADE
    told.revision = 1


def _repeat_header(row: Any) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _numbered(paper: _Paper, number: int, key: str) -> str:
    text = paper.say(key)
    return f"{'一二三四五六'[number - 1]}、{text}" if paper.language == "zh" else f"{number}. {text}"


def _summary(paper: _Paper) -> None:
    bulletin, language = paper.bulletin, paper.language
    title = paper.document.add_heading(wording.title(bulletin).in_(language), 0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paper.line(paper.say("subtitle", pack=bulletin.pack, day=bulletin.issued_on))
    if bulletin.synthetic:
        paper.line(f"{paper.say('synthetic')} {paper.say('synthetic.meaning')}")
    elif bulletin.synthetic is None:
        paper.line(paper.say("synthetic.not_said"))
    paper.heading(_numbered(paper, 1, "heading.summary"), 1)
    paper.line(wording.opening(bulletin).in_(language))
    paper.line(paper.say("cannot_tell.meaning"))
    header = [
        paper.say(f"label.{key}") for key in ("indicator", "clause", "value", "interval", "apart", "trend")
    ]
    paper.table(header, [_summary_row(paper, item) for item in bulletin.items])


def _summary_row(paper: _Paper, item: Item) -> list[str]:
    apart = "—"
    if item.ranked:
        told = paper.say("apart", apart=len(item.apart), areas=len(item.areas))
        apart = told if item.apart else paper.say("standing.cannot_tell")
    trend = "unknown" if item.moved is None else "moved" if item.moved else "steady"
    return [
        item.title.in_(paper.language),
        item.clause or "—",
        wording.figure(item, item.whole).in_(paper.language),
        wording.interval(item.whole),
        apart,
        paper.say(f"trend.short.{trend}"),
    ]


def _item(paper: _Paper, item: Item) -> None:
    language = paper.language
    clause = f" ({item.clause})" if item.clause else ""
    paper.heading(f"{item.title.in_(language)}{clause}", 2)
    value, direction = wording.figure(item, item.whole), say(f"direction.{item.direction}")
    paper.line(
        paper.say("item.figure", value=value, interval=wording.interval(item.whole), direction=direction)
    )
    paper.line(wording.statement(item).in_(language) + wording.trend(item).in_(language))
    if item.by_silence:
        paper.line(paper.say("by_silence"))
    if sum(spot.value is not None for spot in item.areas) > 1:
        paper.picture(
            league(item, language), paper.say("alt.league", title=item.title, areas=len(item.areas))
        )
    if item.areas:
        figure = "by_rate" if item.by_rate else "value"
        header = [paper.say(f"label.{key}") for key in ("area", figure, "interval", "places", "standing")]
        paper.table(header, [_spot_row(paper, item, i) for i in range(len(item.areas))])
    if sum(one.value is not None for one in item.series) > 1:
        first, last = item.series[0].token, item.series[-1].token
        told = paper.say("alt.series", title=item.title, first=first, last=last)
        paper.picture(series(item, language), told)
    paper.line(paper.say("item.formula", formula=wording.formula(item), version=item.code_version))


def _spot_row(paper: _Paper, item: Item, index: int) -> list[str]:
    spot = item.areas[index]
    told = wording.standing(spot).in_(paper.language)
    name = spot.name.in_(paper.language)
    return [name, *wording.area_figure(item, spot), wording.places(spot), told]


def _demands(paper: _Paper) -> None:
    paper.heading(_numbered(paper, 3, "heading.demands"), 1)
    paper.line(paper.say("demands.meaning"))
    demands = paper.bulletin.demands
    if not demands:
        paper.line(paper.say("demands.none"))
        return
    header = [paper.say(f"label.{key}") for key in ("who", "what", "due", "clause", "why", "state")]
    rows = [
        [
            one.who.in_(paper.language),
            f"{one.what.in_(paper.language)} ({one.period})",
            paper.say("due.none") if one.due is None else one.due.isoformat(),
            one.clause,
            one.reason.in_(paper.language) + (f" {paper.say('by_silence')}" if one.by_silence else ""),
            paper.say(f"state.{one.state}"),
        ]
        for one in demands
    ]
    paper.table(header, rows)


def _chance(paper: _Paper) -> None:
    paper.heading(_numbered(paper, 4, "heading.chance"), 1)
    table = paper.bulletin.chance
    if table is None:
        paper.line(paper.say("chance.none"))
        return
    paper.line(paper.say("chance.meaning"))
    paper.line(chance_title(table).in_(paper.language))
    for of_clause in rule_tables(table).values():
        for rule in of_clause:
            paper.heading(rule.title.in_(paper.language), 2)
            paper.line(paper.say("as_read") + rule.as_read.in_(paper.language))
            for reading, rows in rule.groups:
                if reading is not None:
                    paper.line(reading.in_(paper.language))
                columns = rule.table.columns
                header = [column.header.in_(paper.language) for column in columns]
                paper.table(header, [_cells(row, columns, paper.language) for row in rows])


def _cells(row: Sequence[Any], columns: Sequence[Column], language: Language) -> list[str]:
    found = []
    for cell, column in zip(row, columns, strict=True):
        if isinstance(cell, Text):
            found.append(cell.in_(language))
        elif isinstance(cell, int | float):
            found.append(f"{cell:,.{column.digits}f}")
        else:
            found.append("—" if cell is None else str(cell))
    return found


def _versions(paper: _Paper) -> None:
    paper.heading(_numbered(paper, 5, "heading.versions"), 1)
    if not paper.bulletin.versions:
        paper.line(paper.say("versions.none"))
        return
    header = [paper.say(f"label.{key}") for key in ("version", "made_on", "reason", "changed")]
    rows = [
        [
            str(one.number),
            one.made_on.isoformat(),
            one.reason.in_(paper.language),
            "—" if one.changed is None else str(one.changed),
        ]
        for one in paper.bulletin.versions
    ]
    paper.table(header, rows)


def _method(paper: _Paper) -> None:
    paper.heading(_numbered(paper, 6, "heading.method"), 1)
    for key in ("method.intervals", "method.complete", "method.places", "method.series", "method.evidence"):
        paper.line(paper.say(key))
    for note in paper.bulletin.notes:
        paper.line(note.in_(paper.language))
    facts = paper.bulletin.facts[:16] or "—"
    paper.line(paper.say("made_by", version=paper.bulletin.linli_version, facts=facts))


def _timeless(content: bytes) -> bytes:
    """The same file without the moments at which its parts were packed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
