"""Every name and label under which the platform could keep something: what the checks read.

Models, forms, case types, lists of questions, message labels in both languages, what the API takes
and gives.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from django import forms
from django.apps import apps
from django.db import models
from django.urls import get_resolver
from pydantic import BaseModel

import linli.web
from linli.web.foundation.casework.types.model import TypeSpec
from linli.web.foundation.casework.types.register import case_types

__all__ = [
    "Declared",
    "everything",
    "in_case_type",
    "in_form",
    "in_messages",
    "in_model",
    "in_schema",
    "own_models",
]

Base = TypeVar("Base")
ROOT: Final = "linli.web."
_SENTENCE: Final = re.compile(r"[。！？!?.…]\s*$")
"""What ends like a sentence asks for nothing: it may well say that something is not asked for."""


@dataclass(frozen=True)
class Declared:
    """One name or label, and where it stands."""

    where: str
    text: str


def everything() -> Iterator[Declared]:
    """All of them."""
    for model in own_models():
        yield from in_model(model)
    for form in _own(forms.BaseForm, ROOT):
        yield from in_form(form)
    for spec in case_types().values():
        yield from in_case_type(spec)
    yield from _in_packages()
    for schema in _own(BaseModel, ROOT):
        yield from in_schema(schema)


def own_models() -> list[type[models.Model]]:
    """The models of the platform, not those of the libraries it uses."""
    return [model for model in apps.get_models() if model.__module__.startswith(ROOT)]


def in_model(model: type[models.Model]) -> Iterator[Declared]:
    """A model's name, its fields and their choices."""
    where = model._meta.label
    yield Declared(where, model.__name__)
    for field in model._meta.get_fields():
        yield Declared(f"{where}.{field.name}", field.name)
        yield Declared(f"{where}.{field.name}", str(getattr(field, "verbose_name", "")))
        yield Declared(f"{where}.{field.name}", str(getattr(field, "help_text", "")))
        for value, label in getattr(field, "choices", None) or ():
            yield from (Declared(f"{where}.{field.name}", str(text)) for text in (value, label))


def in_form(form: type[forms.BaseForm]) -> Iterator[Declared]:
    """A form's declared fields; those that it makes as it goes come from case types and messages."""
    where = f"{form.__module__}.{form.__qualname__}"
    for name, field in getattr(form, "base_fields", {}).items():
        yield Declared(f"{where}.{name}", name)
        yield Declared(f"{where}.{name}", str(field.label or ""))
        for value, label in getattr(field, "choices", None) or ():
            yield from (Declared(f"{where}.{name}", str(text)) for text in (value, label))


def in_case_type(spec: TypeSpec) -> Iterator[Declared]:
    """A case type's fields with their choices, its categories and results."""
    named: list[tuple[str, Any]] = [(spec.id, spec.name)]
    parts: tuple[Any, ...] = (*spec.categories, *spec.fields, *spec.results, *spec.states)
    named += [(one.id, one.name) for one in parts]
    named += [(f"{one.id}.{id_}", name) for one in spec.fields for id_, name in one.choices]
    for id_, name in named:
        where = f"{spec.id}.case.toml {id_}"
        yield from (Declared(where, text) for text in (id_.rpartition(".")[2], name.zh, name.en))


def in_messages(file: str, entries: Mapping[str, Any]) -> Iterator[Declared]:
    """The labels among an app's messages; sentences ask for nothing."""
    for key, entry in entries.items():
        if isinstance(entry, Mapping) and set(entry) == {"zh", "en"}:
            labels = [text for text in entry.values() if not _SENTENCE.search(text)]
            yield from (Declared(f"{file} {key}", text) for text in labels)


def in_schema(schema: type[BaseModel]) -> Iterator[Declared]:
    """What a part of the API, or a file that is read, is made of."""
    where = f"{schema.__module__}.{schema.__qualname__}"
    for name, field in schema.model_fields.items():
        yield from (
            Declared(f"{where}.{name}", text) for text in (name, field.alias or "", field.title or "")
        )


def _in_packages() -> Iterator[Declared]:
    for root in map(Path, linli.web.__path__):
        for path in sorted(root.rglob("*.toml")):
            file, entries = str(path.relative_to(root)), tomllib.loads(path.read_text(encoding="utf-8"))
            if path.name == "messages.toml":
                yield from in_messages(file, entries)
            elif isinstance(entries.get("items"), list):
                yield from _in_questions(file, entries["items"])


def _in_questions(file: str, items: Iterable[Mapping[str, Any]]) -> Iterator[Declared]:
    for item in items:
        texts = [str(item.get("id", ""))]
        for value in item.values():
            texts += [str(text) for text in value.values()] if isinstance(value, Mapping) else []
        yield from (Declared(f"{file} {item.get('id', '')}", text) for text in texts)


def _own(base: type[Base], root: str) -> list[type[Base]]:
    # Bring in whatever pages and the API are made of.
    len(get_resolver().url_patterns)
    found: dict[str, type[Base]] = {}

    def collect(of: type[Base]) -> None:
        for one in of.__subclasses__():
            if one.__module__.startswith(root):
                found[f"{one.__module__}.{one.__qualname__}"] = one
            collect(one)

    collect(base)
    return [found[name] for name in sorted(found)]
