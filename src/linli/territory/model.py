"""A territory in memory: the tree of places with what is counted there. Numbers only, never persons.

Positions are WGS 84 longitude/latitude in degrees whatever the input's datum was. Every field that
was made up rather than read from a source is named in ``Place.synthetic``, and travels to every
screen and report.
"""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from linli.kernel.identifiers import BeatId, PlaceCode, PostId, StationId
from linli.kernel.measures import KilometresPerHour, Ratio, SquareKilometres
from linli.kernel.texts import Text

__all__ = [
    "Area",
    "Datum",
    "ExistingPost",
    "Incident",
    "Level",
    "Place",
    "PostKind",
    "PostStatus",
    "Role",
    "Source",
    "StaffCount",
    "Station",
    "Territory",
    "TravelAssumptions",
]


class Level(StrEnum):
    """Levels of the tree, highest first; ``rank`` orders them."""

    COUNTRY = "country"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    COMMUNITY = "community"
    VILLAGE = "village"
    NATURAL_VILLAGE = "natural_village"
    BLOCK = "block"
    # Units of other countries' data: a tract stands where a village or community would.
    TRACT = "tract"
    DISTRICT = "district"


class Area(StrEnum):
    """Whether norms for towns or for the countryside apply (城乡)."""

    URBAN = "urban"
    RURAL = "rural"


class Datum(StrEnum):
    """Datum that the input says its positions are in."""

    WGS84 = "WGS84"
    CGCS2000 = "CGCS2000"
    GCJ02 = "GCJ-02"


class Role(StrEnum):
    """Posts people hold; counts of people, never names."""

    OFFICER = "officer"  # 民警, all officers of a station
    COMMUNITY_OFFICER = "community_officer"  # 社区民警
    AUXILIARY = "auxiliary"  # 辅警
    GRID_WORKER = "grid_worker"  # 网格员
    ASSISTANT = "assistant"  # 警务助理
    MEDIATOR = "mediator"  # 调解员
    PATROL_MEMBER = "patrol_member"  # 专职巡逻队员
    VOLUNTEER = "volunteer"  # 志愿者


class PostKind(StrEnum):
    """Kinds of posts."""

    COMMUNITY_ROOM = "community_room"  # 社区警务室
    CENTRE_ROOM = "centre_room"  # 农村中心警务室
    WORK_STATION = "work_station"  # 警务工作站


class PostStatus(StrEnum):
    """What a territory says of a site: stands already, or must not be used."""

    EXISTING = "existing"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where data comes from and on what terms; printed on every map and report."""

    title: Text
    licence: str
    attribution: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place of the tree. ``None`` is "not given", never zero."""

    code: PlaceCode
    name: str
    level: Level
    parent: PlaceCode | None = None
    area: Area | None = None
    residents: int | None = None
    households: int | None = None
    premises: int | None = None
    longitude: float | None = None
    latitude: float | None = None
    geometry: BaseGeometry | None = None
    land: SquareKilometres | None = None
    station: StationId | None = None
    beat: BeatId | None = None
    synthetic: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, kw_only=True)
class Station:
    """A police station (派出所); by default one a township, which ``assumed`` then says."""

    id: StationId
    name: str
    longitude: float | None = None
    latitude: float | None = None
    assumed: bool = False


@dataclass(frozen=True, kw_only=True)
class StaffCount:
    """How many people hold a role at a station, or at one place of it, on the day of the table."""

    station: StationId
    role: Role
    count: int
    place: PlaceCode | None = None


@dataclass(frozen=True, kw_only=True)
class ExistingPost:
    """A room or work station that stands, or a site that must not be used."""

    id: PostId
    kind: PostKind
    place: PlaceCode
    status: PostStatus = PostStatus.EXISTING
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Incident:
    """Reported incidents at a position or place on a day: what, where, when, how many; never who."""

    day: dt.date
    category: str
    count: int = 1
    place: PlaceCode | None = None
    longitude: float | None = None
    latitude: float | None = None
    time: dt.time | None = None
    """The hour by the territory's clock; ``None`` where the day alone is known."""


@dataclass(frozen=True, kw_only=True)
class TravelAssumptions:
    """Great-circle distance × ``detour`` at ``speed``, used where no road network is given."""

    detour: Ratio
    speed: KilometresPerHour


@dataclass(frozen=True, kw_only=True)
class Territory:
    """One territory, whole and checked. Tuples are in the order of the input."""

    id: str
    name: Text
    time_zone: str
    datum: Datum
    sources: tuple[Source, ...]
    unit_levels: frozenset[Level]
    """Levels whose places are the units of planning (villages and communities; tracts)."""
    travel: TravelAssumptions
    places: tuple[Place, ...]
    stations: tuple[Station, ...]
    staff: tuple[StaffCount, ...] = ()
    posts: tuple[ExistingPost, ...] = ()
    incidents: tuple[Incident, ...] = ()
    neighbours: tuple[tuple[PlaceCode, PlaceCode], ...] | None = None
    """Pairs as given in a table; ``None`` means: work them out from geometry or positions."""
    boundary: BaseGeometry | None = None
    roads: str | None = None
    """Path of the road network's file, read only when travel times are asked for."""
    digest: str = ""
    """SHA-256 over the input files, so that a plan says which input it came from."""
    coordinates: str = "WGS84"
    """Coordinate system as the input states it, such as ``GCJ-02`` or ``EPSG:2913``."""
    synthetic_tables: frozenset[str] = field(default_factory=frozenset)
    """Tables that are made up as a whole, such as ``staff``."""
