"""Nothing is kept on a person for who they are: a field that would is found before anything starts."""

import pytest
from django import forms
from django.core import checks
from django.db import models
from pydantic import create_model

from linli.web.foundation.audit.checks import (
    forbidden,
    forbidden_fields,
    personal_fields,
    undeclared,
    undeclared_in,
)
from linli.web.foundation.audit.declared import (
    everything,
    in_case_type,
    in_form,
    in_messages,
    in_model,
    in_schema,
)
from linli.web.foundation.casework.types.model import FieldSpec
from linli.web.foundation.casework.types.register import case_types

pytestmark = pytest.mark.any_database


def test_the_platform_as_it_is_asks_for_nothing_forbidden_and_says_why_it_keeps_what_it_keeps() -> None:
    assert forbidden_fields(None) == []
    assert personal_fields(None) == []


def test_both_are_checked_at_every_start() -> None:
    assert {forbidden_fields, personal_fields} <= set(checks.registry.registry.get_checks())
    assert checks.run_checks(tags=["linli"]) == []


def test_the_check_reads_everything_that_could_keep_something() -> None:
    where = {one.where for one in everything()}
    assert "casework.PersonalValue.value" in where
    assert "casework.Case.title" in where
    assert any(place.startswith("request.case.toml reporter_phone") for place in where)
    assert any("messages.toml label." in place for place in where)
    assert any(place.startswith("linli.web.foundation.exchange.") for place in where)
    assert any("checklists/" in place for place in where)


FORBIDDEN = [
    "religion",
    "宗教信仰",
    "民族",
    "ethnicity",
    "plate_number",
    "车牌号",
    "face_embedding",
    "人脸照片",
    "籍贯",
    "native place",
    "政治面貌",
    "party_member",
    "fingerprint",
    "指纹",
    "重点人员",
    "watchlist",
    "criminal_record",
    "id_card_no",
    "身份证号",
    "信用分",
    "person_score",
    "imei",
]


@pytest.fixture
def model():
    """Makes a model with a field of some name, outside the platform's own registry."""
    from django.apps.registry import Apps

    def make(name: str, **options) -> type[models.Model]:
        registry = Apps()
        meta = type("Meta", (), {"app_label": "trial", "apps": registry})
        field = models.CharField(max_length=10, **options)
        return type("Trial", (models.Model,), {"__module__": __name__, "Meta": meta, name: field})

    return make


@pytest.mark.parametrize("word", FORBIDDEN)
def test_a_field_of_a_model_that_asks_for_it_is_found(word, model) -> None:
    made = model(word) if word.isidentifier() else model("note", verbose_name=word)
    found = list(forbidden(in_model(made)))
    assert found
    assert {one.id for one in found} == {"linli.E001"}
    assert "trial.Trial" in found[0].msg


@pytest.mark.parametrize("word", FORBIDDEN)
def test_a_field_of_a_form_that_asks_for_it_is_found(word) -> None:
    made = type("TrialForm", (forms.Form,), {"note": forms.CharField(label=word)})
    assert list(forbidden(in_form(made)))


@pytest.mark.parametrize("word", FORBIDDEN)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_case_type_that_asks_for_it_is_found_in_either_language(word, language) -> None:
    spec = case_types()["request"]
    name = {"zh": "备注", "en": "Note", language: word}
    field = FieldSpec(id="note", name=name, kind="text")
    assert list(forbidden(in_case_type(spec.model_copy(update={"fields": (field,)}))))
    choice = FieldSpec(id="note", name={"zh": "备注", "en": "Note"}, kind="choice", choices=(("x", name),))
    assert list(forbidden(in_case_type(spec.model_copy(update={"fields": (choice,)}))))


@pytest.mark.parametrize("word", FORBIDDEN)
def test_a_label_in_either_language_and_a_part_of_the_api_are_found(word) -> None:
    assert list(forbidden(in_messages("x", {"label.x": {"zh": word, "en": "Note"}})))
    assert list(forbidden(in_messages("x", {"label.x": {"zh": "备注", "en": word}})))
    assert list(forbidden(in_schema(create_model("Trial", **{f"the_{word}".replace(" ", "_"): (str, "")}))))


def test_a_sentence_that_says_that_something_is_not_asked_is_no_find() -> None:
    said = {"hint.x": {"zh": "不写身份证号。", "en": "No identity numbers."}}
    assert list(forbidden(in_messages("x", said))) == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("phone", "号码"),
        ("text", "联系人姓名"),
        ("text", "报警人"),
        ("long_text", "家庭住址"),
        ("text", "手机"),
    ],
)
def test_something_personal_in_a_case_type_says_why_it_is_kept(kind, name) -> None:
    spec = case_types()["request"]
    field = FieldSpec(id="note", name={"zh": name, "en": "Note"}, kind=kind)
    found = list(undeclared(spec.model_copy(update={"fields": (field,)})))
    assert [one.id for one in found] == ["linli.E002"]


@pytest.mark.parametrize(
    "name", ["phone", "contact_mobile", "email", "person_name", "birthday", "home_address"]
)
def test_something_personal_in_a_model_says_why_it_is_kept(name, model) -> None:
    assert [one.id for one in undeclared_in(model(name))] == ["linli.E002"]


def test_every_personal_field_declares_purpose_basis_and_days() -> None:
    personal = [
        field for spec in case_types().values() for field in spec.fields if field.personal is not None
    ]
    assert personal
    for field in personal:
        assert field.personal is not None
        assert field.personal.purpose.zh
        assert field.personal.purpose.en
        assert field.personal.legal_basis.zh
        assert field.personal.legal_basis.en
        assert 0 < field.personal.keep_days <= 3650
