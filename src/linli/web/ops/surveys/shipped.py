"""The questionnaire that is shipped, as an XLSForm to change and take in (``questionnaire.toml``)."""

import io
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any, Final

__all__ = ["template"]

ZH: Final = "label::中文 (zh)"
EN: Final = "label::English (en)"


def template() -> bytes:
    """Seven questions (N7, N16, N17, N18, E9) in Chinese and English as an XLSX workbook."""
    import xlsxwriter

    source = resources.files(__package__).joinpath("questionnaire.toml").read_text(encoding="utf-8")
    content = tomllib.loads(source)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        for name, rows in (
            ("survey", _survey(content)),
            ("choices", _choices(content)),
            ("settings", _settings(content)),
        ):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return target.getvalue()


def _survey(content: Mapping[str, Any]) -> Iterator[list[str]]:
    yield ["type", "name", ZH, EN, "required"]
    yield ["note", "who", content["hint"]["zh"], content["hint"]["en"], ""]
    for number, one in enumerate(content["items"]):
        kind = f"select_one {one['scale']}"
        yield [kind, one["id"], one["text"]["zh"], one["text"]["en"], "" if number else "yes"]


def _choices(content: Mapping[str, Any]) -> Iterator[list[object]]:
    yield ["list_name", "name", ZH, EN, "score", "positive"]
    for scale, rows in content["scales"].items():
        for one in rows:
            good = "yes" if one.get("positive") else ""
            yield [scale, one["id"], one["text"]["zh"], one["text"]["en"], one.get("score"), good]


def _settings(content: Mapping[str, Any]) -> Iterator[list[str]]:
    yield ["form_title", "form_id", "version", "default_language"]
    yield [content["title"]["zh"], "linli_survey", "1", "中文 (zh)"]
