"""The column that names a file in the storage, so that whatever is kept there is known from the models."""

from typing import Any

from django.db import models

__all__ = ["StoredPath"]


class StoredPath(models.CharField[str, str]):
    """The path of a file in the default storage, below ``folder``.

    Everything below the folders of these columns is theirs: the sweep (``linli.web.foundation.jobs.files``)
    deletes what no row names, and a row that is deleted takes its file along. To the database it is plain
    text.
    """

    def __init__(self, *args: Any, folder: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = folder

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """As any text: migrations need not know."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
