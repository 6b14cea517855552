"""The case types of this installation: those that features ship, and those of its own folder."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

from linli.web.foundation.actions.refusals import Missing
from linli.web.foundation.casework.types.loading import read_types, say
from linli.web.foundation.casework.types.model import TypeSpec

__all__ = ["case_type", "case_types"]


@cache
def case_types() -> Mapping[str, TypeSpec]:
    """Every case type by id, in order of id."""
    folders = [Path(app.path) for app in apps.get_app_configs() if app.name.startswith("linli.web.ops.")]
    if settings.CASE_TYPES_DIR:
        folders.append(Path(settings.CASE_TYPES_DIR))
    return dict(sorted(read_types(folders).items()))


def case_type(id_: str) -> TypeSpec:
    """A case type by id.

    Raises
    ------
    Missing
        There is none of that name.
    """
    found = case_types().get(id_)
    if found is None:
        raise Missing(say("type.unknown", id=id_))
    return found
