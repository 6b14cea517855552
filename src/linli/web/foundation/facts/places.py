"""Areas by the deployments that were in force, standard addresses, and the calendar."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator

from linli.web.foundation.calendars.reading import calendar_of
from linli.web.foundation.facts.registry import Reading, Row
from linli.web.foundation.places.models import Address, Beat, Deployment, Place, Post, Station

__all__ = ["address_rows", "area_rows", "calendar_rows", "versions"]

DAY = dt.timedelta(days=1)


def versions() -> Iterable[Deployment]:
    """The deployments that are or were in force, in order of their first day."""
    status = Deployment.Status
    found = Deployment.objects.filter(status__in=(status.IN_FORCE, status.RETIRED), valid_from__isnull=False)
    return found.defer("document", "outlines").order_by("valid_from", "pk")


def area_rows(reading: Reading) -> Iterator[Row]:
    """Territory, stations, beats and posts of every version, with the days it was in force."""
    for version in versions():
        if (
            version.valid_until is not None
            and version.valid_from
            and version.valid_until < version.valid_from
        ):
            continue
        days = {"valid_from": version.valid_from, "valid_to": version.valid_until}
        for row in _areas(version):
            yield {**row, **days}


def _areas(version: Deployment) -> Iterator[dict[str, object]]:
    places = list(Place.objects.filter(deployment=version).values("beat_code", "station_code", "residents"))
    villages = Counter(place["beat_code"] for place in places)
    yield {
        "code": version.territory,
        "kind": "territory",
        "name_zh": version.name,
        "name_en": version.name_en or None,
        "residents": _sum(place["residents"] for place in places),
        "villages": len(places),
    }
    for station in Station.objects.filter(deployment=version):
        own = [place for place in places if place["station_code"] == station.code]
        yield {
            "code": station.code,
            "parent": version.territory,
            "kind": "station",
            "name_zh": station.name,
            "residents": _sum(place["residents"] for place in own),
            "villages": len(own),
        }
    for beat in Beat.objects.filter(deployment=version):
        yield {
            "code": beat.code,
            "parent": beat.station_code,
            "kind": "beat",
            "name_zh": beat.name,
            "name_en": beat.name_en or None,
            "residents": beat.residents,
            "villages": villages[beat.code],
        }
    for post in Post.objects.filter(deployment=version):
        yield {
            "code": post.code,
            "parent": post.beat_codes[0] if post.beat_codes else None,
            "kind": "post",
            "name_zh": post.name,
            "name_en": post.name_en or None,
        }


def _sum(numbers: Iterable[int | None]) -> int | None:
    """The sum; unknown where one of them is."""
    found = list(numbers)
    return None if None in found or not found else sum(number for number in found if number is not None)


def address_rows(reading: Reading) -> Iterator[Row]:
    """Standard addresses (H9): complete where they name their place and lie somewhere. No address is told."""
    first = next(iter(versions()), None)
    if first is None or first.valid_from is None:
        return
    at = dt.datetime.combine(first.valid_from, dt.time(), reading.zone)
    where = {
        place.code: place for version in versions() for place in Place.objects.filter(deployment=version)
    }
    rows = Address.objects.order_by("pk").values_list("code", "place_code", "kind", "synthetic")
    for code, place_code, kind, synthetic in rows.iterator(chunk_size=5000):
        place = where.get(place_code)
        yield {
            "record_id": f"address:{code}",
            "station": place.station_code if place is not None else None,
            "beat": (place.beat_code or None) if place is not None else None,
            "place": place_code or None,
            "at": at,
            "synthetic": reading.synthetic or synthetic,
            "kind": kind,
            "complete": place is not None,
        }


def calendar_rows(reading: Reading) -> Iterator[Row]:
    """Every day from the first year of a deployment to the end of the present year."""
    today = reading.at.astimezone(reading.zone).date()
    first = next(iter(versions()), None)
    start = first.valid_from if first is not None and first.valid_from is not None else today
    day, calendar = dt.date(start.year, 1, 1), calendar_of()
    while day <= dt.date(today.year, 12, 31):
        yield {
            "day": day,
            "month": f"{day:%Y-%m}",
            "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
            "year": day.year,
            "working": calendar.is_workday(day),
        }
        day += DAY
