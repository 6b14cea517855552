"""The case types of this installation: those that features ship, and those of its own folder."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from django.apps import apps
from django.conf import settings

from linli.web.foundation.actions.refusals import Missing
from linli.web.foundation.casework.types.loading import read_types, say
from linli.web.foundation.casework.types.model import TypeSpec

__all__ = ["case_type", "case_types", "openable", "reload_types", "set_retired", "shipped_types"]


_RETIRED: Final[dict[str, TypeSpec]] = {}


@cache
def shipped_types() -> Mapping[str, TypeSpec]:
    """The case types that there are files of, by id."""
    folders = [Path(app.path) for app in apps.get_app_configs() if app.name.startswith("linli.web.ops.")]
    if settings.CASE_TYPES_DIR:
        folders.append(Path(settings.CASE_TYPES_DIR))
    return dict(sorted(read_types(folders).items()))


@cache
def case_types() -> Mapping[str, TypeSpec]:
    """Every case type by id, in order of id; those too whose file is gone while there are cases of them."""
    return dict(sorted({**_RETIRED, **shipped_types()}.items()))


def set_retired(types: Mapping[str, TypeSpec]) -> None:
    """Say which types have cases and no file; they are listed and worked on, and none is opened."""
    _RETIRED.clear()
    _RETIRED.update(types)
    case_types.cache_clear()


def openable(id_: str) -> bool:
    """Whether new cases of a type may be opened: there is a file of it."""
    return id_ in shipped_types()


def reload_types() -> None:
    """Read the files anew."""
    _RETIRED.clear()
    shipped_types.cache_clear()
    case_types.cache_clear()


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
