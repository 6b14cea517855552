"""The fixed cast: one account a role, the same people in the demonstration and in every permission test."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from linli.web.foundation.accounts.models import Grant, Organisation, User
from linli.web.foundation.places.importing import BUREAU
from linli.web.foundation.places.models import Beat, Deployment, Place, Post

__all__ = ["CAST", "Member", "Stage", "cast_of", "make_cast", "stage_of"]


@dataclass(frozen=True)
class Member:
    """One member of the cast: user name, names, role, and where (an attribute of ``Stage``)."""

    username: str
    name: str
    name_en: str
    role: str
    at: str


CAST: Final = (
    Member("guihua", "规划员 陈", "Planner Chen", "planner", "bureau"),
    Member("suozhang", "所长 赵", "Chief Zhao", "chief", "station"),
    Member("jiejing", "接警员 孙", "Dispatcher Sun", "dispatcher", "bureau"),
    Member("minjing", "民警 王", "Officer Wang", "officer", "post"),
    Member("fujing", "辅警 李", "Auxiliary Li", "auxiliary", "post"),
    Member("wangge", "网格员 周", "Grid worker Zhou", "grid_worker", "committee"),
    Member("zhuli", "警务助理 吴", "Assistant Wu", "assistant", "committee"),
    Member("tiaojie", "调解员 郑", "Mediator Zheng", "mediator", "station"),
    Member("danwei", "商场经理 冯", "Manager Feng", "unit_manager", "unit"),
    Member("fating", "法庭书记员 褚", "Court clerk Chu", "partner", "court"),
    Member("jumin", "居民 卫", "Resident Wei", "resident", "residents"),
    Member("shenji", "审计员 蒋", "Auditor Jiang", "auditor", "bureau"),
    Member("guanli", "管理员 沈", "Administrator Shen", "administrator", "bureau"),
    Member("anquan", "安全管理员 秦", "Security Qin", "security_administrator", "bureau"),
    Member("linsuo", "邻所民警 韩", "Officer Han, next station", "officer", "other_post"),
    Member("linsuozhang", "邻所所长 杨", "Chief Yang, next station", "chief", "other_station"),
)
"""A planner, a chief, … and an officer of another station; names are made up."""


@dataclass(frozen=True)
class Stage:
    """Where the cast works: two stations of a deployment, one post, village and partner of each kind."""

    bureau: Organisation
    station: Organisation
    other_station: Organisation
    post: Organisation
    other_post: Organisation
    committee: Organisation
    unit: Organisation
    court: Organisation
    residents: Organisation
    place: Place
    other_place: Place

    def of(self, name: str) -> Organisation:
        """An organisation of the stage by its name."""
        found: Organisation = getattr(self, name)
        return found


def stage_of(version: Deployment) -> Stage:
    """The stage in a deployment: its first two stations that have posts."""
    posts = list(Post.objects.filter(deployment=version).order_by("code"))
    station_of = dict(Beat.objects.filter(deployment=version).values_list("code", "station_code"))
    first: dict[str, Post] = {}
    for post in posts:
        first.setdefault(station_of[post.beat_codes[0]], post)
    (own_code, own), (other_code, other) = list(first.items())[:2]
    place = Place.objects.filter(deployment=version, beat_code=own.beat_codes[0]).order_by("code").first()
    other_place = (
        Place.objects.filter(deployment=version, beat_code=other.beat_codes[0]).order_by("code").first()
    )
    assert place is not None  # noqa: S101 - a post serves a beat, and a beat has places
    assert other_place is not None  # noqa: S101
    station = Organisation.objects.get(code=f"station:{own_code}")
    return Stage(
        bureau=Organisation.objects.get(code=BUREAU),
        station=station,
        other_station=Organisation.objects.get(code=f"station:{other_code}"),
        post=Organisation.objects.get(code=f"post:{own.code}"),
        other_post=Organisation.objects.get(code=f"post:{other.code}"),
        committee=Organisation.objects.get(code=f"committee:{place.code}"),
        unit=_organisation(
            "unit:demo", "unit", "惠民商场（合成）", "Huimin Mall (synthetic)", station, own_code
        ),
        court=_organisation(
            "court:demo", "court", "县人民法庭（合成）", "County court (synthetic)", None, ""
        ),
        residents=_organisation("residents", "partner", "居民", "Residents", None, ""),
        place=place,
        other_place=other_place,
    )


def _organisation(
    code: str, kind: str, name: str, name_en: str, parent: Organisation | None, station_code: str
) -> Organisation:
    return Organisation.objects.update_or_create(
        code=code,
        defaults={
            "kind": kind,
            "name": name,
            "name_en": name_en,
            "parent": parent,
            "level": "own",
            "codes": [],
            "station_code": station_code,
        },
    )[0]


def make_cast(stage: Stage, since: dt.date, *, password: str | None) -> dict[str, User]:
    """Make the accounts of the cast, each with its one role; by user name."""
    made: dict[str, User] = {}
    for member in CAST:
        user = User.objects.filter(username=member.username).first()
        if user is None:
            user = User.objects.create_user(member.username, password, display_name=member.name)
        Grant.objects.get_or_create(
            user=user, role=member.role, organisation=stage.of(member.at), defaults={"starts": since}
        )
        made[member.username] = user
    return made


def cast_of() -> dict[str, User]:
    """The accounts of the cast that are there, by user name."""
    names = [member.username for member in CAST]
    return {user.username: user for user in User.objects.filter(username__in=names)}
