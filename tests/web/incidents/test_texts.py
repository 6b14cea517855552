"""Every text of incidents is there in both languages, and every one that is asked for exists."""

import re
import string
from pathlib import Path

import pytest

import linli.web.ops.incidents as package
from linli.kernel.texts import catalogue

pytestmark = pytest.mark.any_database

ROOT = Path(package.__path__[0])
say = catalogue("linli.web.ops.incidents")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_things() -> None:
    for key, text in say.templates.items():
        assert text.zh.strip(), key
        assert text.en.strip(), key
        assert placeholders(text.zh) == placeholders(text.en), key


def test_every_text_that_a_template_or_module_asks_for_exists() -> None:
    asked = set()
    for path in ROOT.rglob("*.html"):
        asked |= set(re.findall(r'say "incidents:([a-z0-9_.]+)"', path.read_text(encoding="utf-8")))
    for path in ROOT.rglob("*.py"):
        asked |= set(re.findall(r'\b(?:say|words)\("([a-z0-9_.]+)"', path.read_text(encoding="utf-8")))
    assert asked - set(say.templates) == set()
