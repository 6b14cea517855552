"""Questionnaires: the shipped one is sound, broken files are refused with a sentence."""

import io

import openpyxl
import pytest
from pyxform.validators.odk_validate import check_java_available

from linli.web.ops.surveys.shipped import template
from linli.web.ops.surveys.xlsforms import SurveyFormRefused, read_form

pytestmark = pytest.mark.any_database


def _book(survey, choices=(("list_name", "name", "label"), ("yn", "yes", "是"), ("yn", "no", "否"))) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "survey"
    for row in survey:
        book["survey"].append(list(row))
    sheet = book.create_sheet("choices")
    for row in choices:
        sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


HEAD = ("type", "name", "label")


def _java() -> bool:
    try:
        check_java_available()
    except OSError:
        return False
    return True


def test_the_shipped_questionnaire_is_read_converted_and_validated() -> None:
    form = read_form(template())
    names = [one["name"] for one in form.questions]
    assert names[:4] == ["feel_safe", "satisfied", "know_officer", "see_patrols"]
    assert form.validated is _java()
    assert "很安全" in form.xform
    assert "Very safe" in form.xform
    assert [one["name"] for one in form.questions if one["required"]] == ["feel_safe"]
    assert all(any(choice["positive"] for choice in one["choices"]) for one in form.questions)


def test_a_form_in_one_language_is_shown_in_both() -> None:
    form = read_form(
        _book([HEAD, ("select_one yn", "q", "好吗？"), ("integer", "n", "几口人？"), ("note", "x", "说明")])
    )
    assert [one["label"] for one in form.questions] == [
        {"zh": "好吗？", "en": "好吗？"},
        {"zh": "几口人？", "en": "几口人？"},
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "不是可以打开的 XLSX"),
        (b"PK\x03\x04broken", "不是可以打开的 XLSX"),
        (b"\0" * (2 * 1024 * 1024 + 1), "超过 2 MB"),
        (_book([HEAD]), "没有题目"),
        (_book([HEAD, ("text", "q", "说说")]), "第 2 行：题型“text”不能用"),
        (_book([HEAD, ("", "q", "说说")]), "题型“—”不能用"),
        (_book([HEAD, ("select_one yn", "1q", "好吗？")]), "缺少合规的 name"),
        (_book([HEAD, ("select_one yn", "q", "")]), "缺少合规的 name"),
        (_book([HEAD, ("select_one none", "q", "好吗？")]), "choices 中没有这组选项"),
        (_book([HEAD, ("select_one yn", "q", "您信仰什么宗教？")]), "第 2 行问到“"),
        (_book([HEAD, *[("integer", f"q{n}", "几？") for n in range(61)]]), "超过 60 道"),
        (_book([HEAD, ("integer", "q", "几？"), ("integer", "q", "几？")]), "不能转换为 XForm"),
    ],
)
def test_a_broken_questionnaire_is_refused_with_a_sentence(content, sentence) -> None:
    with pytest.raises(SurveyFormRefused) as refusal:
        read_form(content)
    assert sentence in "".join(text.zh for text in refusal.value.texts)
    assert all(text.en for text in refusal.value.texts)


def test_a_workbook_without_the_sheet_is_refused() -> None:
    target = io.BytesIO()
    openpyxl.Workbook().save(target)
    with pytest.raises(SurveyFormRefused, match="no sheet named survey"):
        read_form(target.getvalue())
