"""Pages keep to the policy of the browser, and to the parts that are built."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database

WEB = Path(__file__).parents[3] / "src" / "linli" / "web"
BUILT = WEB / "static" / "linli"
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
ICONS = frozenset(re.findall(r'<symbol id="([^"]+)"', (BUILT / "icons.svg").read_text(encoding="utf-8")))
INLINE = re.compile(r'\sstyle="|\son[a-z]+="|<style|hx-on|="js:|<script(?![^>]*(?:\bsrc=|application/json))')


def name(path: Path) -> str:
    """A template as its folder and file."""
    return "/".join(path.parts[-2:])


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_template_holds_nothing_inline(template: Path) -> None:
    assert INLINE.findall(template.read_text(encoding="utf-8")) == []


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    named = {
        found
        for template in TEMPLATES
        for found in re.findall(
            r'(?:icon\.html" with name=|\bicon=)"([a-z0-9-]+)"', template.read_text("utf-8")
        )
    } | {
        found
        for module in WEB.rglob("*.py")
        for found in re.findall(r'\bicon="([a-z0-9-]+)"', module.read_text(encoding="utf-8"))
    }
    assert named - ICONS == set()


@pytest.mark.parametrize("file", sorted(BUILT.iterdir()), ids=lambda file: str(file.name))
def test_a_built_file_is_small_and_points_nowhere_else(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert file.stat().st_size < 1024 * 1024
    assert "sourceMappingURL" not in text
    if file.suffix == ".css":
        assert re.findall(r"@import|url\((?![\"']?data:)", text) == []
