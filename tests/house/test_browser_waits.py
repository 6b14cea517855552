"""A test in the browser waits for what it expects: a page read right after a click may not be there yet."""

import ast
from collections.abc import Iterator
from pathlib import Path

STORIES = Path(__file__).parents[1] / "e2e"

AT_ONCE = {
    "content",
    "is_visible",
    "is_hidden",
    "is_checked",
    "is_enabled",
    "is_disabled",
    "wait_for_load_state",
}
"""What Playwright answers of the page of this moment, the one before the click included."""


def read_at_once(source: str) -> Iterator[int]:
    """The lines that ask a page or a part of it without waiting for anything."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in AT_ONCE:
            yield node.lineno


def test_no_test_in_the_browser_reads_a_page_that_may_not_have_come() -> None:
    found = [
        f"{path.relative_to(STORIES)}:{line}"
        for path in sorted(STORIES.rglob("*.py"))
        for line in read_at_once(path.read_text("utf-8"))
    ]
    assert found == [], "use expect(…), which waits"


def test_a_page_read_after_a_click_is_found() -> None:
    assert list(read_at_once("page.click('a')\nassert 'x' in page.content()\n")) == [2]
