"""Checks across rows: the tree, the boundary, the sums, the units of planning."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.io.territory.drafts import Draft
from linli.io.territory.files import MANIFEST
from linli.io.territory.notes import Notebook
from linli.io.territory.values import LEVELS, spelt
from linli.kernel.errors import Where
from linli.territory.model import Area, Level
from linli.territory.tree import parent_indices, tree_problems

__all__ = ["check_boundary", "check_sums", "check_tree", "check_units", "default_areas"]

COLUMN_OF_PROBLEM = {
    "code_twice": "code",
    "parent_unknown": "parent",
    "parent_missing": "parent",
    "parent_cycle": "parent",
    "level_order": "level",
    "code_prefix": "code",
}


def check_tree(draft: Draft, notebook: Notebook) -> None:
    """Refuse whatever keeps the places from being a tree."""
    for problem in tree_problems(draft.code, draft.parent, draft.level):
        column = COLUMN_OF_PROBLEM[problem.kind]
        other: object = problem.other
        if problem.kind == "level_order":
            other = spelt(Level(problem.other), LEVELS)
        columns, row = draft.origin[problem.index]
        given = columns.cells(column)[row] or None
        notebook.wrong(problem.kind, draft.where(problem.index, column), given, other=other)


def check_units(draft: Draft, unit_levels: frozenset[Level], notebook: Notebook) -> None:
    """Refuse a territory without a single unit; note units without a position."""
    units = [index for index, level in enumerate(draft.level) if level in unit_levels]
    if not units:
        levels = ", ".join(sorted(unit_levels))
        notebook.wrong("no_units", Where(MANIFEST, key="unit_levels"), levels)
    bare = [i for i in units if draft.longitude[i] is None and draft.geometry[i] is None]
    if bare:
        notebook.note(
            "position_missing", draft.where(bare[0], "longitude"), count=len(bare), name=draft.name[bare[0]]
        )


def check_boundary(draft: Draft, boundary: BaseGeometry | None, notebook: Notebook) -> None:
    """Note positions outside the boundary; refuse those that lie inside once exchanged."""
    if boundary is None:
        return
    lon = np.array([np.nan if v is None else v for v in draft.longitude])
    lat = np.array([np.nan if v is None else v for v in draft.latitude])
    shapely.prepare(boundary)
    outside = ~np.isnan(lon) & ~shapely.covers(boundary, shapely.points(lon, lat))
    swapped = outside & shapely.covers(boundary, shapely.points(lat, lon))
    for index in np.flatnonzero(outside):
        given = f"{lon[index]:.6g}, {lat[index]:.6g}"
        where = draft.where(int(index), "longitude")
        if swapped[index]:
            notebook.wrong("position_swapped", where, given)
        else:
            notebook.note("outside_boundary", where, given)


def check_sums(draft: Draft, notebook: Notebook) -> None:
    """Note each parent whose count differs from the sum over its children, if all of them are given."""
    parent = parent_indices(draft.code, draft.parent)
    for name in ("residents", "households"):
        values: list[int | None] = getattr(draft, name)
        totals: dict[int, int | None] = {}
        for index, above in enumerate(parent):
            if above >= 0:
                total, value = totals.get(above, 0), values[index]
                totals[above] = None if total is None or value is None else total + value
        for above, total in totals.items():
            own = values[above]
            if own is not None and total is not None and own != total:
                notebook.note("sum_differs", draft.where(above, name), str(own), total=total)


def default_areas(draft: Draft, notebook: Notebook) -> None:
    """Where 城乡 is not given: a community counts as urban, a village as rural; the notes say so."""
    assumed = {Level.COMMUNITY: Area.URBAN, Level.VILLAGE: Area.RURAL}
    filled = [i for i, level in enumerate(draft.level) if draft.area[i] is None and level in assumed]
    for index in filled:
        level = draft.level[index]
        draft.area[index] = assumed[level] if level is not None else None
    if filled:
        notebook.note("area_assumed", Where(draft.origin[filled[0]][0].table.file), count=len(filled))
