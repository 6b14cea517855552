"""Items of ASVS 5.0 whose first tests said less than the item does."""

import re
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

import linli.web
from linli.web.foundation.accounts import passwords
from linli.web.foundation.accounts.passwords import new_temporary_password
from linli.web.foundation.accounts.roles import Confidentiality
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.sharing import BreakGlass, ShareCase
from linli.web.foundation.casework.actions.working import AddNote
from linli.web.foundation.casework.models import Attachment
from linli.web.foundation.exchange.api import shapes

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "security-decisions.md"
WEB = Path(linli.web.__path__[0])
KEPT_IN = {"tracking_hash", "search", "opened_by", "opened_by_id", "type_hash", "next_check_at", "id"}
EVIL = ("a.html", "a.svg", "a.php", "a.py", "a.js", "a.txt")


# Guard D
@pytest.mark.any_database
def test_first_passwords_are_random_in_every_sign(monkeypatch) -> None:
    made = [new_temporary_password() for _ in range(400)]
    assert len(set(made)) == 400
    for signs in zip(*(one.replace("-", "") for one in made), strict=True):
        assert len(set(signs)) > len(passwords._ALPHABET) * 0.8
    asked: list[str] = []
    monkeypatch.setattr(passwords.secrets, "choice", lambda signs: asked.append(signs) or signs[0])
    new_temporary_password()
    assert asked == [passwords._ALPHABET] * 16


# Guard D
@pytest.mark.parametrize("what", ["open", "note", "share", "emergency"])
def test_a_change_that_fails_within_leaves_nothing_of_itself(what, actor, stage, now, monkeypatch) -> None:
    opening = OpenCase(kind="request", category="streetlight", title="路灯", place=stage.place.code)
    case = perform(opening, actor("minjing"), now)
    action, who = {
        "open": (opening, "minjing"),
        "note": (AddNote(case_id=case.pk, text="已联系"), "minjing"),
        "share": (
            ShareCase(case_id=case.pk, organisation_id=stage.other_post.pk, reason="同办"),
            "suozhang",
        ),
        "emergency": (BreakGlass(case_id=case.pk, reason="现场有人受伤，需要立即联系报警人"), "linsuo"),
    }[what]
    before = _everything()

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("linli.web.foundation.actions.action.append", fails)
    with pytest.raises(RuntimeError):
        perform(action, actor(who), now)
    assert _everything() == before
    monkeypatch.undo()
    perform(action, actor(who), now)
    assert _everything() != before


def _everything() -> dict[str, list[dict[str, object]]]:
    return {
        one._meta.label: list(one._base_manager.order_by("pk").values())
        for one in apps.get_models()
        if one.__module__.startswith("linli.")
    }


# Guard D
@pytest.mark.any_database
def test_answers_of_the_interface_have_no_field_that_is_for_the_platform_itself() -> None:
    out = [
        one
        for one in vars(shapes).values()
        if isinstance(one, type) and issubclass(one, shapes.Schema) and one.__name__.endswith("Out")
    ]
    assert len(out) >= 5
    assert not KEPT_IN & set(shapes.CaseOut.model_fields)
    for one in out:
        # The secret of a subscription is shown once, to whoever makes it.
        kept = {"password", "token", "tracking_code", "tracking_hash", "actor_id", "user_id"}
        assert not kept & set(one.model_fields), one.__name__
        assert "secret" not in one.model_fields or one is shapes.SubscriptionOut


# Guard D
@pytest.mark.any_database
def test_no_page_writes_whatever_names_come_into_a_row() -> None:
    whole = re.compile(
        r"\*\*\s*request\.(POST|GET)|request\.(POST|GET)\.(dict|items)\(|setattr\([^)]*request\."
    )
    found = [
        str(path.relative_to(WEB))
        for path in WEB.rglob("*.py")
        if whole.search(path.read_text(encoding="utf-8"))
    ]
    # Open311 reads its ``attribute[...]`` out of all names and hands them on as what a case type asks for.
    assert found == ["public/open311/views.py"]
    waiting, seen = [forms.BaseModelForm], []
    while waiting:
        waiting += (own := waiting.pop().__subclasses__())
        seen += [one for one in own if one.__module__.startswith("linli.")]
    assert [one for one in seen if one._meta.fields in (None, forms.ALL_FIELDS)] == []


# Guard D
@pytest.mark.any_database
def test_what_the_interface_takes_in_has_no_room_for_other_names() -> None:
    taken = shapes._In.__subclasses__()
    assert len(taken) >= 3
    assert all(one.model_config["extra"] == "forbid" for one in taken)


# Guard D
def test_nothing_that_is_uploaded_is_run_or_shown_as_a_page(actor, stage, now, signed_in, settings) -> None:
    opening = OpenCase(kind="request", category="streetlight", title="路灯", place=stage.place.code)
    case = perform(opening, actor("minjing"), now)
    client = signed_in("minjing")
    for name in EVIL:
        file = SimpleUploadedFile(name, b"<?php system('id') ?><script>alert(1)</script>\n#!/bin/sh\nid")
        client.post(f"/cases/{case.number}/attach/", {"file": file})
    client.post(f"/cases/{case.number}/attach/", {"file": SimpleUploadedFile("b.txt", "走访记录".encode())})
    kept = list(Attachment.objects.all())
    assert {Path(one.name).suffix for one in kept} == {".txt"}
    for one in kept:
        assert (Path(settings.MEDIA_ROOT) / one.path).stat().st_mode & 0o111 == 0
        answer = client.get(f"/cases/{case.number}/files/{one.pk}/")
        assert answer["Content-Type"].split(";")[0] == "text/plain"
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        b"".join(answer.streaming_content)
    served = [settings.STATIC_ROOT, *settings.STATICFILES_DIRS]
    assert not any(Path(settings.MEDIA_ROOT).is_relative_to(one) for one in served if one)


# Guard D
@pytest.mark.any_database
def test_each_kind_of_data_is_written_with_what_protects_it_and_each_log_with_who_reads_it() -> None:
    kinds = _table("Kinds of data")
    assert {row[0] for row in kinds} == {"secret", "personal", "held closely", "ordinary", "public"}
    closely = next(row for row in kinds if row[0] == "held closely")
    levels = [one.name.lower() for one in Confidentiality if one > Confidentiality.NORMAL]
    assert all(level in closely[1] for level in levels)
    logs = _table("Logs")
    assert {row[0] for row in logs} == {"audit log", "heads", "process log", "nginx", "webhook queue"}
    assert {len(row) for row in kinds} == {3}
    assert {len(row) for row in logs} == {5}
    assert all(cell for row in [*kinds, *logs] for cell in row)


def _table(part: str) -> list[list[str]]:
    text = PAGE.read_text(encoding="utf-8").partition(f"## {part}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]
