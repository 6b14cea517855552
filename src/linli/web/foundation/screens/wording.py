"""Texts of the platform in the language of the request."""

from functools import cache

from django.apps import apps
from django.utils import translation

from linli.kernel.texts import Language, Text, catalogue

__all__ = ["language", "phrase", "said"]


def language() -> Language:
    """The language that is spoken now."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"


def said(text: Text) -> str:
    """A text in the language that is spoken now."""
    return text.in_(language())


@cache
def _room(label: str) -> str:
    return apps.get_app_config(label).name


def phrase(key: str, **values: object) -> Text:
    """A text by ``app:key``, such as ``screens:nav.home``."""
    label, _, name = key.partition(":")
    return catalogue(_room(label))(name, **values)
