"""Where the dated norms of the pack in force stand, as rows that can be shown, exported and kept."""

import datetime as dt
from functools import lru_cache
from typing import Any

from linli.io.deployment import parse_deployment
from linli.kernel.errors import LinliError
from linli.kernel.texts import Text
from linli.policy.loading import find_pack, load_pack, shipped_packs
from linli.web.foundation.places.models import Deployment
from linli.web.ops.supervision.norms import Norm, norms_of

__all__ = ["kept_rows", "norms_in_force", "row_of"]


@lru_cache(maxsize=4)
def norms_in_force(version: int, day: dt.date) -> tuple[Norm, ...]:
    """The dated norms of a deployment's pack on a day; a version never changes, so that they are kept.

    None where the pack of the deployment is not installed.
    """
    kept = Deployment.objects.get(pk=version)
    deployment = parse_deployment(kept.document)
    try:
        pack = load_pack(find_pack(kept.pack, shipped_packs()))
    except LinliError:
        return ()
    return norms_of(pack, deployment, day)


def kept_rows(version: int, day: dt.date) -> list[dict[str, Any]]:
    """The norms as plain data, for keeping what was published."""
    return [row_of(norm) for norm in norms_in_force(version, day)]


def row_of(norm: Norm) -> dict[str, Any]:
    """One norm as plain data."""
    stood = norm.stood
    return {
        "id": norm.id,
        "clause": norm.clause,
        "title": _both(norm.title),
        "asked": [_both(text) for text in norm.asked],
        "due": norm.due.isoformat(),
        "progress": norm.progress,
        "met": None if stood is None else stood.met,
        "checked": None if stood is None else stood.checked,
        "late": list(norm.late),
        "complete": norm.complete,
    }


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
