"""Fills a county's folder with made-up positions and residents, or makes a whole territory up.

A folder needs ``places.csv`` (codes, names, parents, levels), ``boundary.geojson`` and ``facts.toml``
with the published totals. What is made up goes to ``positions.synthetic.csv``, never into
``places.csv``.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.io.territory.reading import read_territory
from linli.io.territory.writing import csv_text, write_files
from linli.kernel.errors import LinliError
from linli.kernel.seeds import Seed, generator
from linli.kernel.texts import catalogue
from linli.territory.model import Level, Place, Territory
from linli.territory.projection import LocalPlane
from linli.territory.synthesis import lattice, portions, skewed_counts, spread_units

__all__ = ["Totals", "positions_text", "read_totals", "write_made_up_territory"]

say = catalogue("linli.io.territory")

DEGREE_DIGITS = 5
"""About a metre; a made-up position needs no more."""

HOUSEHOLD_SPREAD = 0.06


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Published totals of a county, which the made-up counts add up to."""

    urban_residents: int
    rural_residents: int
    households: int


def read_totals(folder: Path) -> Totals:
    """The totals in a folder's ``facts.toml``.

    Raises
    ------
    LinliError
        The file is missing, or one of the totals is.
    """
    try:
        facts = tomllib.loads((folder / "facts.toml").read_text(encoding="utf-8"))
        return Totals(
            urban_residents=int(facts["urban_residents_2020"]),
            rural_residents=int(facts["rural_residents_2020"]),
            households=int(facts["households_2020"]),
        )
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise LinliError(say("facts_incomplete", folder=folder, reason=error)) from error


def positions_text(folder: Path, *, seed: Seed) -> str:
    """The text of ``positions.synthetic.csv`` for a county's folder.

    Urban residents are shared among its communities, rural ones among its villages, households
    over both; a township's are the sum of its own.

    Raises
    ------
    LinliError
        The folder has no boundary, or no totals.
    """
    territory, totals = read_territory(folder), read_totals(folder)
    if territory.boundary is None:
        raise LinliError(say("boundary_needed", folder=folder))
    plane = _plane(territory)
    rng = generator(seed, "territory", territory.id, "positions")
    townships = [place for place in territory.places if place.level is Level.TOWNSHIP]
    units = [_units_of(territory, township) for township in townships]
    outline = plane.geometries_to_metres(territory.boundary)
    spread = spread_units(outline, [len(members) for members in units], rng)
    ordered = [unit for members in units for unit in members]
    residents, households = _counts(ordered, totals, generator(seed, "territory", territory.id, "counts"))
    lon, lat = plane.to_degrees(spread.x, spread.y)
    township_lon, township_lat = plane.to_degrees(spread.middle[:, 0], spread.middle[:, 1])
    rows: list[tuple[object, ...]] = []
    at = 0
    for index, (township, members) in enumerate(zip(townships, units, strict=True)):
        part = slice(at, at + len(members))
        at += len(members)
        rows.append(
            (
                township.code,
                *_rounded(township_lon[index], township_lat[index]),
                int(residents[part].sum()),
                int(households[part].sum()),
            )
        )
        for member, k in zip(members, range(part.start, part.stop), strict=True):
            rows.append((member.code, *_rounded(lon[k], lat[k]), int(residents[k]), int(households[k])))
    return csv_text(("code", "longitude", "latitude", "residents", "households"), rows)


def _rounded(longitude: float, latitude: float) -> tuple[str, str]:
    return f"{longitude:.{DEGREE_DIGITS}f}", f"{latitude:.{DEGREE_DIGITS}f}"


def _plane(territory: Territory) -> LocalPlane:
    centre = shapely.centroid(territory.boundary)
    return LocalPlane(round(float(shapely.get_x(centre)), 2), round(float(shapely.get_y(centre)), 2))


def _units_of(territory: Territory, township: Place) -> list[Place]:
    """A township's communities, then its villages: communities lie nearest to its middle."""
    own = [place for place in territory.places if place.parent == township.code]
    return sorted(own, key=lambda place: place.level is not Level.COMMUNITY)


def _counts(
    units: Sequence[Place], totals: Totals, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    urban = np.array([unit.level is Level.COMMUNITY for unit in units])
    residents = np.zeros(len(units), dtype=np.int64)
    residents[urban] = skewed_counts(totals.urban_residents, int(urban.sum()), rng)
    residents[~urban] = skewed_counts(totals.rural_residents, int((~urban).sum()), rng)
    size = np.exp(rng.normal(0.0, HOUSEHOLD_SPREAD, len(units)))
    return residents, portions(totals.households, residents * size)


MEMBERS = 40
"""Villages and communities of a made-up township."""
COMMUNITIES = 8
SPACING = 1_500.0
"""Metres between neighbouring made-up villages."""
TOWNSHIPS_OF_COUNTY = 20
COUNTIES_OF_PREFECTURE = 20
VILLAGE_RESIDENTS = 1_800
COMMUNITY_RESIDENTS = 4_000

MANIFEST = """\
id = "synthetic-{places}"
name = {{ zh = "合成辖区（{places} 个村和社区）", en = "Synthetic territory of {places} places" }}
time_zone = "Asia/Shanghai"
coordinates = "WGS84"
unit_levels = ["community", "village"]

[travel]
detour = 1.4
speed_km_per_hour = 30.0

[[sources]]
title = {{ zh = "全部为合成数据（种子 {seed}）", en = "Entirely synthetic (seed {seed})" }}
licence = "CC0-1.0"
"""


def write_made_up_territory(folder: Path, places: int, *, seed: Seed) -> None:
    """Write a territory in which everything is made up, with this many villages and communities.

    Townships of 40 (the last may be smaller) lie in a square; 20 make a county, 20 counties a
    prefecture. For tests of scale: 100,000 places take a few seconds.

    Raises
    ------
    LinliError
        The folder exists.
    """
    rng = generator(seed, "territory", "lattice", str(places))
    townships = -(-places // MEMBERS)
    spread = lattice(townships, MEMBERS, SPACING, rng)
    urban = np.tile(np.arange(MEMBERS) < COMMUNITIES, townships)[:places]
    residents = np.where(urban, COMMUNITY_RESIDENTS, VILLAGE_RESIDENTS)
    residents = portions(int(residents.sum()), residents * np.exp(rng.normal(0.0, 0.45, places)))
    households = portions(int(residents.sum()) // 3, residents * np.exp(rng.normal(0.0, 0.06, places)))
    plane = LocalPlane(105.0, 35.0)
    lon, lat = plane.to_degrees(spread.x - spread.x.mean(), spread.y - spread.y.mean())
    rows = _upper_rows(townships)
    for k in range(places):
        township, member = divmod(k, MEMBERS)
        code = f"{_township_code(township)}{member + 1 + (0 if urban[k] else 200):03d}"
        level, kind = ("community", "社区") if urban[k] else ("village", "村")
        name = f"合成{kind}{k + 1}"
        parent = f"{_township_code(township)}000"
        counts = (int(residents[k]), int(households[k]))
        rows.append((code, name, parent, level, *_rounded(lon[k], lat[k]), *counts))
    headers = ("code", "name", "parent", "level", "longitude", "latitude", "residents", "households")
    files = {
        "territory.toml": MANIFEST.format(places=places, seed=seed),
        "places.synthetic.csv": csv_text(headers, rows),
    }
    write_files(folder, files)


def _county_code(county: int) -> str:
    prefecture, number = divmod(county, COUNTIES_OF_PREFECTURE)
    return f"99{prefecture + 1:02d}{number + 1:02d}"


def _township_code(township: int) -> str:
    county, number = divmod(township, TOWNSHIPS_OF_COUNTY)
    return f"{_county_code(county)}{number + 101:03d}"


def _upper_rows(townships: int) -> list[tuple[object, ...]]:
    """Province, prefectures, counties and townships, each before what lies in it."""
    counties = -(-townships // TOWNSHIPS_OF_COUNTY)
    prefectures = -(-counties // COUNTIES_OF_PREFECTURE)
    blank = ("", "", "", "")
    rows: list[tuple[object, ...]] = [("990000000000", "合成省", "", "province", *blank)]
    rows += [
        (f"99{k + 1:02d}00000000", f"合成市{k + 1}", "990000000000", "prefecture", *blank)
        for k in range(prefectures)
    ]
    rows += [
        (f"{_county_code(k)}000000", f"合成县{k + 1}", f"{_county_code(k)[:4]}00000000", "county", *blank)
        for k in range(counties)
    ]
    for k in range(townships):
        parent = f"{_county_code(k // TOWNSHIPS_OF_COUNTY)}000000"
        rows.append((f"{_township_code(k)}000", f"合成乡{k + 1}", parent, "township", *blank))
    return rows
