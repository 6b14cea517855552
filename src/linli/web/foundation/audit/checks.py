"""Django's system checks for personal data: nothing on a person for who they are; what is kept says why.

``linli.E001``: a field or label asks for what clauses D1 to D5 of the design decline.
``linli.E002``: something personal is kept without a purpose, a legal basis and a number of days.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.db import models

from linli.privacy.fields import Purpose
from linli.privacy.forbidden import forbidden_in
from linli.web.foundation.audit.declared import Declared, everything, own_models
from linli.web.foundation.casework.types.model import FieldSpec, TypeSpec
from linli.web.foundation.casework.types.register import case_types

__all__ = ["forbidden", "forbidden_fields", "personal_fields", "undeclared", "undeclared_in"]

_PERSONAL_COLUMN: Final = re.compile(
    r"(^|_)(phone|telephone|mobile|contacts?|e?mail|birth(day|date)?|age|sex|gender|person_name|full_name|"
    r"first_name|last_name|surname|residence|home_address|guardian|spouse)(_|$)"
)
_PERSONAL_LABEL: Final = re.compile(
    r"姓名|联系人|电话|手机|报警人|当事人姓名|住址|年龄|性别|出生"
    r"|\b(full name|caller|reporter|contact|telephone|mobile|phone|birth|age|gender)\b",
    re.IGNORECASE,
)
_AS_A_PLACE: Final = frozenset({"yes_no", "choice", "integer", "decimal", "date", "datetime"})
"""Kinds of field that hold no words of a person; a date of birth is found by its label all the same."""


def forbidden(declared: Iterable[Declared]) -> Iterator[CheckMessage]:
    """An error for every name or label that asks for something forbidden, once each."""
    seen: set[tuple[str, str]] = set()
    for one in declared:
        for match in forbidden_in(one.text):
            if (one.where, match.word) not in seen:
                seen.add((one.where, match.word))
                yield Error(
                    f"{one.where}: “{match.word}” is kept on nobody ({match.clause}, {match.kind}).",
                    hint=str(match.why),
                    id="linli.E001",
                )


def forbidden_fields(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """``linli.E001`` over models, forms, case types, questions, labels and the API."""
    return list(forbidden(everything()))


def undeclared(spec: TypeSpec) -> Iterator[CheckMessage]:
    """An error for every field of a case type that is personal by its kind or label and does not say why."""
    for field in spec.fields:
        if field.personal is not None:
            yield from _incomplete(f"{spec.id}.case.toml {field.id}", field)
        elif _is_personal(field):
            yield Error(
                f"{spec.id}.case.toml {field.id}: something personal without purpose, legal basis and days.",
                hint="Give the field `personal = {purpose = …, legal_basis = …, keep_days = …}`.",
                id="linli.E002",
            )


def _is_personal(field: FieldSpec) -> bool:
    if field.kind == "phone":
        return True
    asks = bool(_PERSONAL_LABEL.search(field.name.zh) or _PERSONAL_LABEL.search(field.name.en))
    return asks and field.kind not in _AS_A_PLACE


def _incomplete(where: str, field: FieldSpec) -> Iterator[CheckMessage]:
    declared = field.personal
    if declared is None:
        return
    try:
        Purpose(declared.purpose, declared.legal_basis, declared.keep_days)
    except Exception as refusal:
        yield Error(f"{where}: {refusal}", id="linli.E002")


def undeclared_in(model: type[models.Model]) -> Iterator[CheckMessage]:
    """An error for every column that is personal by its name where the model does not say why."""
    if isinstance(getattr(model, "PURPOSE", None), Purpose):
        return
    for field in model._meta.get_fields():
        if hasattr(field, "column") and _PERSONAL_COLUMN.search(field.name):
            yield Error(
                f"{model._meta.label}.{field.name}: something personal that does not say why it is kept.",
                hint="Give the model `PURPOSE = linli.privacy.fields.Purpose(…)` or use PersonalValue.",
                id="linli.E002",
            )


def personal_fields(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """``linli.E002`` over case types and models."""
    of_types = [found for spec in case_types().values() for found in undeclared(spec)]
    return of_types + [found for model in own_models() for found in undeclared_in(model)]
