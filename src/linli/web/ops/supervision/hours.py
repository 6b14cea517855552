"""Hours of police rooms from imported facts (``duty_hours``), where the data folder holds any."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from linli.web.ops.supervision.rooms import Hours

__all__ = ["RoomHours", "hours_of"]

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class RoomHours:
    """Hours in the room by post in one month; ``synthetic`` where any of them is made up."""

    rooms: Mapping[str, Hours] = field(default_factory=dict)
    synthetic: bool = False


def hours_of(folder: Path, month: str) -> RoomHours:
    """The hours of a month, such as ``2026-03``; nothing where there are no facts.

    A room whose rows give no planned hours has none: what was planned is then not known.

    Raises
    ------
    LinliError
        There is a dataset and it cannot be read.
    """
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return RoomHours()
    return _read(folder, month, manifest.stat().st_mtime_ns)


@lru_cache(maxsize=24)
def _read(folder: Path, month: str, changed: int) -> RoomHours:
    """Kept until the dataset is written anew."""
    # Columnar readers take a second and 100 MB: a process pays when rooms are first looked at.
    import pyarrow.compute as pc

    from linli.io.facts import open_dataset

    rows = open_dataset(folder).read("duty_hours")
    chosen = pc.and_(pc.equal(rows["month"], month), pc.equal(rows["kind"], "room"))
    rows = rows.filter(pc.and_(chosen, pc.is_valid(rows["post"])))
    grouped = rows.group_by("post").aggregate(
        [("planned_hours", "sum"), ("planned_hours", "count"), ("hours", "sum")]
    )
    made_up = pc.any(rows["synthetic"]).as_py()
    return RoomHours({str(row["post"]): _hours(row) for row in grouped.to_pylist()}, bool(made_up))


def _hours(row: Mapping[str, Any]) -> Hours:
    planned = float(row["planned_hours_sum"]) if row["planned_hours_count"] else None
    return Hours(planned, float(row["hours_sum"] or 0.0))
