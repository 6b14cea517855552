"""Takes in a deployment that ``linli plan`` wrote: the file itself, and the rows that are looked up."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from linli.io.deployment import parse_deployment
from linli.planning.deployment import Deployment as Plan
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.places.models import Beat, Deployment, Place, Post, Station

__all__ = ["BUREAU", "organise", "outlines_of", "store"]

BUREAU: Final = "bureau"


def store(
    text: str, outlines: Mapping[str, Any], *, by: int | None, at: dt.datetime, reason: str = ""
) -> Deployment:
    """Keep a deployment as a proposed version; the same file given twice is the same version.

    Raises
    ------
    InputRefused
        The file is no deployment; nothing was kept.
    """
    plan = parse_deployment(text, file="deployment.json")
    digest = hashlib.sha256(text.encode()).hexdigest()
    known = Deployment.objects.filter(digest=digest).first()
    if known is not None:
        return known
    version = Deployment.objects.create(
        territory=plan.territory.id,
        name=plan.territory.name.zh,
        name_en=plan.territory.name.en,
        pack=plan.pack.id,
        pack_title=plan.pack.title.zh,
        pack_title_en=plan.pack.title.en,
        planned_for=plan.pack.on,
        digest=digest,
        synthetic=list(plan.territory.synthetic),
        document=text,
        outlines=_drawn(outlines),
        reason=reason,
        proposed_by_id=by,
        proposed_at=at,
    )
    _fill(version, plan)
    return version


def _drawn(outlines: Mapping[str, Any]) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "properties": {
                "id": f["properties"]["id"],
                "name": f["properties"].get("name", ""),
                "name_en": f["properties"].get("name_en", ""),
                "station": f["properties"].get("station", ""),
            },
            "geometry": f["geometry"],
        }
        for f in outlines.get("features", [])
        if f.get("geometry")
    ]
    return {"type": "FeatureCollection", "features": features} if features else {}


def _fill(version: Deployment, plan: Plan) -> None:
    beat_of = {code: beat.id for beat in plan.beats for code in beat.places}
    Station.objects.bulk_create(
        [Station(deployment=version, code=station.id, name=station.name) for station in plan.stations]
    )
    Beat.objects.bulk_create(
        [
            Beat(
                deployment=version,
                code=beat.id,
                name=beat.name.zh,
                name_en=beat.name.en,
                station_code=beat.station,
                residents=beat.residents,
            )
            for beat in plan.beats
        ]
    )
    Place.objects.bulk_create(
        [
            Place(
                deployment=version,
                code=place.code,
                name=place.name,
                station_code=place.station,
                beat_code=beat_of.get(place.code, ""),
                residents=place.residents,
                longitude=place.longitude,
                latitude=place.latitude,
            )
            for place in plan.places
        ]
    )
    Post.objects.bulk_create(
        [
            Post(
                deployment=version,
                code=post.id,
                kind=str(post.kind.value if hasattr(post.kind, "value") else post.kind),
                name=post.name.zh,
                name_en=post.name.en,
                place_code=post.place,
                beat_codes=list(post.beats),
                longitude=post.longitude,
                latitude=post.latitude,
            )
            for post in plan.posts
        ]
    )


@transaction.atomic
def organise(version: Deployment) -> None:
    """Make or bring up to date the organisations of a deployment: bureau, stations, posts and committees."""
    bureau, _ = Organisation.objects.update_or_create(
        code=BUREAU,
        defaults={
            "kind": Organisation.Kind.BUREAU,
            "name": f"{version.name}公安局",
            "name_en": f"{version.name_en or version.name} Public Security Bureau",
            "level": "county",
            "active": True,
        },
    )
    stations = {s.code: _station(s, bureau) for s in Station.objects.filter(deployment=version)}
    station_of = dict(Beat.objects.filter(deployment=version).values_list("code", "station_code"))
    for post in Post.objects.filter(deployment=version):
        _post(post, stations[station_of[post.beat_codes[0]]])
    for place in Place.objects.filter(deployment=version):
        _committee(place, stations[place.station_code])
    current = Post.objects.filter(deployment=version).values_list("code", flat=True)
    Organisation.objects.filter(kind=Organisation.Kind.POST).exclude(
        code__in=[f"post:{code}" for code in current]
    ).update(active=False)


def _station(station: Station, bureau: Organisation) -> Organisation:
    return Organisation.objects.update_or_create(
        code=f"station:{station.code}",
        defaults={
            "kind": Organisation.Kind.STATION,
            "name": f"{station.name.removesuffix('派出所')}派出所",
            "name_en": f"{station.name} police station",
            "parent": bureau,
            "level": "station",
            "codes": [station.code],
            "station_code": station.code,
            "active": True,
        },
    )[0]


def _post(post: Post, station: Organisation) -> None:
    Organisation.objects.update_or_create(
        code=f"post:{post.code}",
        defaults={
            "kind": Organisation.Kind.POST,
            "name": post.name,
            "name_en": post.name_en,
            "parent": station,
            "level": "beat",
            "codes": list(post.beat_codes),
            "station_code": station.station_code,
            "active": True,
        },
    )


def _committee(place: Place, station: Organisation) -> None:
    Organisation.objects.update_or_create(
        code=f"committee:{place.code}",
        defaults={
            "kind": Organisation.Kind.COMMITTEE,
            "name": place.name,
            "parent": station,
            "level": "place",
            "codes": [place.code],
            "station_code": place.station_code,
            "active": True,
        },
    )


def outlines_of(text: str) -> dict[str, Any]:
    """The beats' GeoJSON of a plan's folder; empty where the text is no collection."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
