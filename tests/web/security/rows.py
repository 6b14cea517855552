"""One row of every model, all with the same id and in the other station's area: far from the asker."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.models import User

__all__ = ["PK", "every_model", "rows_of_every_model"]

PK = 424_242
_LEFT_OUT = frozenset({"accounts", "audit", "places"})
"""Apps whose rows are made by the stage or hold the whole together."""


class _Maker:
    def __init__(self, stage: Stage, owner: User, now: dt.datetime) -> None:
        self.stage, self.owner, self.now = stage, owner, now
        self.under_way: set[type[models.Model]] = set()
        self.made: dict[type[models.Model], models.Model] = {}

    def row(self, model: type[models.Model]) -> models.Model:
        """The row of a model, made with what it hangs on."""
        if model in self.made:
            return self.made[model]
        self.under_way.add(model)
        values = {field.attname: self.value(field) for field in model._meta.concrete_fields}
        values = {name: value for name, value in values.items() if value is not _LEAVE}
        if not model._meta.pk.is_relation:
            values[model._meta.pk.attname] = self.key(model._meta.pk)
        made = model(**values)
        models.Model.save_base(made, raw=True, force_insert=True)
        self.made[model] = made
        return made

    def key(self, field: Any) -> Any:
        """The row's own id."""
        match field:
            case models.AutoField() | models.IntegerField():
                return PK
            case models.CharField():
                return str(PK)
            case _:
                return self.plain(field)

    def value(self, field: Any) -> Any:
        """Something that fits a column."""
        if field.primary_key and not field.is_relation:
            return _LEAVE
        if field.is_relation:
            return self.related(field)
        place = self.stage.other_place
        known = {
            "station_code": place.station_code,
            "beat_code": place.beat_code,
            "place_code": place.code,
            "number": f"SQ260310-{PK}",
            "code": f"P{PK}",
            "case_type": "request",
            "category": "streetlight",
            "state": "received",
        }
        if field.name in known and isinstance(field, models.CharField):
            return known[field.name]
        if field.has_default() or field.null:
            return _LEAVE
        return self.plain(field)

    def plain(self, field: Any) -> Any:
        """By the column's type."""
        if field.choices:
            return field.choices[0][0]
        match field:
            case models.DateTimeField():
                return self.now
            case models.DateField():
                return self.now.date()
            case models.TimeField():
                return dt.time(9)
            case models.UUIDField():
                return f"00000000-0000-0000-0000-{PK:012d}"
            case models.JSONField():
                return []
            case models.BooleanField():
                return False
            case models.CharField() | models.TextField():
                return "" if field.blank and not field.unique else "x"
            case models.BinaryField():
                return b"x"
            case _:
                return 1

    def related(self, field: Any) -> Any:
        """The row at the other end."""
        model = field.related_model
        if model is User:
            return _LEAVE if field.null else self.owner.pk
        if model._meta.label == "accounts.Organisation":
            return self.stage.other_station.pk
        if model._meta.label == "places.Deployment":
            return self.stage.other_place.deployment_id
        if field.null and (model in self.under_way or not field.one_to_one):
            return _LEAVE if model._meta.label != "casework.Case" or model in self.under_way else PK
        return self.row(model).pk


_LEAVE = object()


def every_model() -> Iterator[type[models.Model]]:
    for config in apps.get_app_configs():
        if config.name.startswith("linli.web.") and config.label not in _LEFT_OUT:
            yield from config.get_models()


def rows_of_every_model(stage: Stage, owner: User, now: dt.datetime) -> dict[str, str]:
    """Make them; for each that cannot be made, why."""
    from django.db import transaction

    maker, refused = _Maker(stage, owner, now), {}
    for model in every_model():
        maker.under_way = set()
        try:
            with transaction.atomic():
                maker.row(model)
        except Exception as error:
            refused[model._meta.label] = f"{type(error).__name__}: {error}"
    return refused
