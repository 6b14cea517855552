"""Reading a questionnaire that was made as an XLSForm.

Only questions that are answered by choosing or by a number are taken: a free text could hold a name. What a
question asks for is held against the list of things that are kept on nobody. The form is converted by pyxform
and read by ODK Validate, which needs Java; where there is none the form is kept and marked as not validated.
The workbook is opened through the one door for spreadsheets (``linli.io.workbooks``).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linli.io.workbooks import (
    ALL,
    FORM_BOUNDS,
    Row,
    WrongForm,
    WrongWorkbook,
    is_validated,
    read_workbook,
    xform_of,
)
from linli.kernel.texts import Text, catalogue
from linli.privacy.forbidden import forbidden_in

__all__ = ["ReadForm", "SurveyFormRefused", "read_form"]

say = catalogue("linli.web.ops.surveys")

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_QUESTIONS: Final = 60
NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,39}")
SILENT: Final = ("note", "start", "end", "today", "begin_group", "end_group")
"""What an XLSForm may hold that asks nothing."""


class SurveyFormRefused(Exception):
    """An XLSForm that cannot be used; ``texts`` say where and why."""

    def __init__(self, *texts: Text) -> None:
        super().__init__("; ".join(text.en for text in texts))
        self.texts = texts


@dataclass(frozen=True)
class ReadForm:
    """A questionnaire as it was read."""

    questions: tuple[Mapping[str, Any], ...]
    xform: str
    validated: bool


def read_form(content: bytes) -> ReadForm:
    """A questionnaire from an XLSX file.

    Raises
    ------
    SurveyFormRefused
        It is no workbook, asks for free text or for something that is kept on nobody, or pyxform or ODK
        Validate find a fault.
    """
    if len(content) > MOST_BYTES:
        raise SurveyFormRefused(say("form.large", most=MOST_BYTES // 1024 // 1024))
    sheets = _sheets(content)
    wrong: list[Text] = []
    questions = tuple(_questions(sheets, wrong))
    if not questions and not wrong:
        wrong.append(say("form.no_questions"))
    if len(questions) > MOST_QUESTIONS:
        wrong.append(say("form.many", most=MOST_QUESTIONS))
    if wrong:
        raise SurveyFormRefused(*wrong[:20])
    xform, validated = _converted(content)
    return ReadForm(questions, xform, validated)


Line = tuple[int, Mapping[str, str]]


def _sheets(content: bytes) -> Mapping[str, Sequence[Line]]:
    try:
        book = read_workbook(content, sheet=ALL, bounds=FORM_BOUNDS)
    except WrongWorkbook as wrong:
        raise SurveyFormRefused(_unread(wrong)) from wrong
    found = {title.strip().lower(): _lines(rows) for title, rows in book.sheets.items()}
    if "survey" not in found:
        raise SurveyFormRefused(say("form.no_sheet"))
    return found


def _unread(wrong: WrongWorkbook) -> Text:
    if wrong.reason == "far":
        return say("form.far", cell=wrong.given, rows=FORM_BOUNDS.rows, columns=FORM_BOUNDS.columns)
    return say(f"form.{wrong.reason}" if wrong.reason in ("hard", "busy") else "form.no_workbook")


def _lines(rows: Sequence[Row]) -> Sequence[Line]:
    if not rows:
        return []
    head = rows[0][1]
    return [(number, dict(zip(head, cells, strict=False))) for number, cells in rows[1:]]


def _label(row: Mapping[str, str]) -> dict[str, str]:
    """The texts of a row in both languages; the one that there is where there is only one."""
    found = {"zh": "", "en": ""}
    for head, text in row.items():
        name = head.lower()
        if name.startswith("label") and text:
            if "zh" in name or "中文" in name or "chinese" in name:
                found["zh"] = text
            elif "en" in name.partition("label")[2]:
                found["en"] = text
            else:
                found = {code: known or text for code, known in found.items()}
    return {"zh": found["zh"] or found["en"], "en": found["en"] or found["zh"]}


def _questions(sheets: Mapping[str, Sequence[Line]], wrong: list[Text]) -> Iterator[dict[str, Any]]:
    lists: dict[str, list[dict[str, Any]]] = {}
    for _, row in sheets.get("choices", ()):
        name = row.get("list_name") or row.get("list name") or ""
        score, positive = row.get("score", ""), row.get("positive", "").lower()
        choice = {"id": row.get("name", ""), "label": _label(row), "score": _number(score)}
        lists.setdefault(name, []).append({**choice, "positive": positive in ("yes", "true", "1", "是")})
    for number, row in sheets["survey"]:
        kind, _, name = row.get("type", "").partition(" ")
        if kind in SILENT or (kind in ("begin", "end") and name.strip() == "group"):
            continue
        yield from _question(number, row, kind, lists.get(name.strip(), []), wrong)


def _question(
    number: int, row: Mapping[str, str], kind: str, choices: list[dict[str, Any]], wrong: list[Text]
) -> Iterator[dict[str, Any]]:
    name, label = row.get("name", ""), _label(row)
    before = len(wrong)
    if kind not in ("select_one", "select_multiple", "integer"):
        wrong.append(say("form.kind", row=number, kind=kind or "—"))
    elif not NAME.fullmatch(name) or not label["zh"]:
        wrong.append(say("form.unnamed", row=number))
    elif kind != "integer" and not choices:
        wrong.append(say("form.no_choices", row=number))
    texts = [name, *label.values(), *(text for one in choices for text in one["label"].values())]
    matches = {found.word: found for text in texts for found in forbidden_in(text)}.values()
    wrong += [say("form.forbidden", row=number, word=one.word, why=one.why) for one in matches]
    if len(wrong) == before:
        required = row.get("required", "").lower() in ("yes", "true", "1")
        yield {"name": name, "kind": kind, "label": label, "required": required, "choices": choices}


def _number(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _converted(content: bytes) -> tuple[str, bool]:
    try:
        xform = xform_of(content)
        return xform, is_validated(xform)
    except WrongForm as error:
        raise SurveyFormRefused(say("form.pyxform", reason=_plain(str(error)))) from error
    except WrongWorkbook as wrong:
        raise SurveyFormRefused(_unread(wrong)) from wrong


def _plain(reason: str) -> str:
    return " ".join(reason.split())[:300]
