"""While somebody types, nothing personal travels in an address, so no log on the way keeps anything."""

import re
from pathlib import Path

import pytest
from django.test import Client

import linli.web
from linli.web.foundation.audit.models import Entry

WEB = Path(linli.web.__path__[0])
ASKING = re.compile(r"<\w+[^>]*\shx-get=[^>]*>")
POSTING = re.compile(r"<(\w+)[^>]*\shx-post=[^>]*>")
FRONTEND = Path(__file__).parents[3] / "frontend" / "src" / "platform"


def _templates() -> list[tuple[str, str]]:
    return [(str(path.relative_to(WEB)), path.read_text(encoding="utf-8")) for path in WEB.rglob("*.html")]


# Guard 11
@pytest.mark.any_database
def test_what_is_asked_for_while_something_is_typed_takes_no_form_along_in_its_address() -> None:
    for name, text in _templates():
        for found in ASKING.finditer(re.sub(r"{%.*?%}", "", text, flags=re.S)):
            assert "hx-include" not in found[0], name
            assert "from:" not in found[0], name


# Guard 11
@pytest.mark.any_database
def test_what_looks_things_up_names_its_fields_and_belongs_to_an_empty_form() -> None:
    seen = 0
    for name, text in _templates():
        plain = re.sub(r"{%.*?%}", "", text, flags=re.S)
        for found in POSTING.finditer(plain):
            if found[1] == "form":
                continue
            seen += 1
            assert found[1] == "output", name
            assert 'form="looking"' in found[0], name
            assert '<form id="looking" hidden></form>' in plain, name
            named = re.search(r'hx-include="([^"]*)"', found[0])
            assert named is not None, name
            for field in named[1].split(","):
                assert re.fullmatch(
                    r"#id_(category|place|address|address_id|longitude|latitude)", field.strip()
                )
    assert seen == 2


# Guard 11
@pytest.mark.any_database
def test_the_address_field_asks_by_post_with_the_token_of_its_page() -> None:
    script = (FRONTEND / "address.ts").read_text(encoding="utf-8")
    assert 'method: "POST"' in script
    assert "X-CSRFToken" in script
    built = (WEB / "static" / "linli" / "platform.js").read_text(encoding="utf-8")
    assert "X-CSRFToken" in built
    assert "searchParams.set" not in built


# Guard 11
@pytest.mark.parametrize(
    "path", ["/incidents/intake/hints/", "/requests/open/near/", "/places/addresses.json"]
)
def test_a_look_up_is_answered_to_a_post_with_a_token_alone_and_logs_nothing(path, signed_in, cast) -> None:
    client = signed_in("suozhang")
    assert client.get(path, {"address": "幸福路1号", "q": "幸福路1号"}).status_code == 405
    before = Entry.objects.count()
    assert client.post(path, {"address": "幸福路1号", "q": "幸福路1号"}).status_code == 200
    assert Entry.objects.count() == before
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast["suozhang"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post(path, {"q": "x"}).status_code == 403
