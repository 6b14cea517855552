"""D4: nothing that a device records can be kept here; there is no column, field or label to put it."""

import tomllib
from importlib import resources

import pytest
from django import forms as django_forms
from django.apps import apps
from django.db import models

from linli.privacy.forbidden import forbidden_in
from linli.web.ops.equipment import forms
from linli.web.ops.equipment.importing import COLUMNS
from linli.web.ops.equipment.models import Device
from web.equipment.entries import Store

RECORDED = (
    "image",
    "picture",
    "photo",
    "plate",
    "face",
    "stream",
    "rtsp",
    "url",
    "ip",
    "snapshot",
    "frame",
    "media",
)
"""Words that a column for recordings or for reaching them would have."""
MODELS = list(apps.get_app_config("equipment").get_models())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_column_could_hold_a_picture_a_plate_a_face_or_a_streams_address(
    model: type[models.Model],
) -> None:
    for column in model._meta.get_fields():
        assert not isinstance(column, models.FileField | models.BinaryField | models.URLField), column
        assert not isinstance(column, models.GenericIPAddressField | models.JSONField | models.TextField), (
            column
        )
        assert not set(column.name.split("_")) & set(RECORDED), column
        assert not forbidden_in(column.name), column


@pytest.mark.django_db
def test_no_form_has_such_a_field_and_the_only_file_is_a_sheet(store: Store) -> None:
    made = [getattr(forms, name) for name in forms.__all__ if name.endswith("Form")]
    for form in made:
        plain = form in (forms.FilterForm, forms.ImportForm)
        fields = (form() if plain else form(store.actor("suozhang"), store.at)).fields
        for name, one in fields.items():
            assert not set(name.split("_")) & set(RECORDED), name
            assert not forbidden_in(f"{name} {one.label or ''} {one.help_text}"), name
            if isinstance(one, django_forms.FileField):
                assert (form, name) == (forms.ImportForm, "file")


def test_no_text_of_the_register_asks_for_anything_declined() -> None:
    source = resources.files("linli.web.ops.equipment").joinpath("messages.toml").read_text(encoding="utf-8")
    for key, texts in tomllib.loads(source).items():
        assert not forbidden_in(texts["zh"]), key
        assert not forbidden_in(texts["en"]), key


def test_the_columns_of_a_sheet_are_those_of_the_register_and_no_more() -> None:
    kept = {field.name for field in Device._meta.get_fields()} | {"place"}
    assert set(COLUMNS) <= kept
