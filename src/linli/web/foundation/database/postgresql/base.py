"""Django's PostgreSQL, guarded; the name of this module is what Django asks for."""

from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations

from linli.web.foundation.database.guard import Guard, statement

__all__ = ["DatabaseWrapper"]


class _Operations(Guard, DatabaseOperations):
    """Its operations, guarded."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection of which every statement passes the guard."""

    ops_class = _Operations

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.execute_wrappers.append(statement)
