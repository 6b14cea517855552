"""Templates speak both languages through their catalogues, and hold no text of their own."""

import re
import tomllib
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "linli" / "web"
# allauth's elements choose classes by its own tags.
TEMPLATES = sorted(p for p in SOURCE.rglob("templates/**/*.html") if p.parent.name != "elements")
SAID = re.compile(r"""\{%-?\s*say\s+(['"])([a-z_]+):([^'"]+)\1""")
TOLD = re.compile(r"""\{%-?\s*tell\s+(['"])([a-z_]+):([^'"]+)\1""")
# In this order: attributes and scripts are no words, and classes come in blocks of their own.
NO_WORDS = (
    re.compile(r"\{%-?\s*block (?:wide|body_attributes)\s*%\}.*?\{%-?\s*endblock\s*%\}", re.DOTALL),
    re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL),
    re.compile(r"<script.*?</script>|<code.*?</code>|<!--.*?-->", re.DOTALL),
    re.compile(r"<[^>]*>"),
)
COMMENT = re.compile(r"\{%\s*comment\s*%\}.*?\{%\s*endcomment\s*%\}", re.DOTALL)
HAN = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Za-z]{3,}")
NAMES = {
    "English",
    "beats",
    "deployment",
    "geojson",
    "json",
    "Alt",
    "Ctrl",
    "Enter",
    "Linli",
    "Open311",
    "CSV",
    "XForm",
    "XLSForm",
    "XLSX",
    "PDF",
    "JSON",
    "API",
    "OpenAPI",
    "GeoJSON",
    "SSO",
    "nbsp",
    "ndash",
    "middot",
}


def catalogues() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for app in SOURCE.rglob("apps.py"):
        label = re.search(r'label = "([a-z_]+)"', app.read_text(encoding="utf-8"))
        file = app.parent / "messages.toml"
        if label and file.is_file():
            found[label[1]] = set(tomllib.loads(file.read_text(encoding="utf-8")))
    return found


KNOWN = catalogues()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_each_text_that_a_template_asks_for_exists(template: Path) -> None:
    text = COMMENT.sub("", template.read_text(encoding="utf-8"))
    for _, label, key in SAID.findall(text):
        assert key in KNOWN.get(label, set()), f"{label}:{key}"
    for _, label, prefix in TOLD.findall(text):
        assert any(key.startswith(prefix) for key in KNOWN.get(label, set())), f"{label}:{prefix}"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_template_holds_no_words_of_its_own(template: Path) -> None:
    text = COMMENT.sub("", template.read_text(encoding="utf-8"))
    plain = text
    for pattern in NO_WORDS:
        plain = pattern.sub(" ", plain)
    assert not HAN.search(plain.replace("邻里", "").replace("中文", "")), HAN.findall(plain)[:10]
    words = [word for word in WORD.findall(plain) if word not in NAMES]
    assert words == []
