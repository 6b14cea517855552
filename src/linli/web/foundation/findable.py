"""Rows of a register that are found by words: what they are found by is stored in the normal form of words.

A model says which of its texts that are (``FOUND_BY``); they are brought to the form whenever a row is saved,
and what is typed is brought to it by ``holding`` (``linli.kernel.spelling``).
"""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Final

from django.db import models
from django.db.models import Q

from linli.kernel.spelling import plain_words, spoken, written

__all__ = ["Findable", "found_by", "holding", "put_found_by_right"]

_LONGEST: Final = 2000


def found_by(texts: Iterable[str | None]) -> str:
    """What is stored of some texts: as it is compared, as it is written and as it is said."""
    forms = (form(text) for text in texts if text for form in (plain_words, written, spoken))
    return "\n".join(dict.fromkeys(form for form in forms if form))[:_LONGEST]


def holding(words: str) -> Q:
    """As a condition: rows that hold what was typed; all of them where nothing was."""
    wanted = [form for form in (plain_words(words), spoken(words)) if form]
    found = Q()
    for form in dict.fromkeys(wanted):
        found |= Q(found_by__contains=form)
    return found if wanted or not words.strip() else Q(pk__in=[])


class Findable(models.Model):
    """A row that is found by some of its texts."""

    FOUND_BY: ClassVar[tuple[str, ...]] = ()
    found_by = models.CharField(max_length=_LONGEST, default="", db_default="", blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep what it is found by along with the texts."""
        self.found_by = found_by(getattr(self, name) for name in self.FOUND_BY)
        some = kwargs.get("update_fields")
        if some is not None and set(some) & set(self.FOUND_BY):
            kwargs["update_fields"] = [*some, "found_by"]
        super().save(*args, **kwargs)


def put_found_by_right(*names: str) -> Any:
    """What works out for a migration by what the rows of a table are found; ``names`` as in ``FOUND_BY``."""

    def rewrite(_apps: Any, rows: Sequence[Any]) -> None:
        changed = []
        for row in rows:
            wanted = found_by(getattr(row, name) for name in names)
            if row.found_by != wanted:
                row.found_by = wanted
                changed.append(row)
        if changed:
            type(changed[0]).objects.bulk_update(changed, ["found_by"], batch_size=200)

    return rewrite
