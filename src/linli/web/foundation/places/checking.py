"""Files of a plan as they were uploaded: refused with every mistake found, before anything is kept."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from linli.io.deployment import parse_deployment
from linli.kernel.errors import Finding, InputRefused, Where
from linli.kernel.texts import Text, catalogue, plain
from linli.planning.deployment import Deployment as Plan
from linli.web.foundation.places.models import Deployment

__all__ = ["DEPLOYMENT_FILE", "MOST_BYTES", "OUTLINES_FILE", "Upload", "read_upload"]

say = catalogue("linli.web.foundation.places")

DEPLOYMENT_FILE: Final = "deployment.json"
OUTLINES_FILE: Final = "beats.geojson"
MOST_BYTES: Final = 20 * 1024 * 1024
MOST_VALUES: Final = {DEPLOYMENT_FILE: 300_000, OUTLINES_FILE: 1_000_000}
"""Values in a file, by the commas between them: ten times a county's plan, and half a million points."""
MOST_FINDINGS: Final = 50


@dataclass(frozen=True)
class Upload:
    """A plan that can be proposed: the exact text of its file, and the outlines of its beats."""

    text: str
    outlines: dict[str, Any]


def read_upload(document: bytes, drawn: bytes | None) -> Upload:
    """A plan's files.

    Raises
    ------
    InputRefused
        One of them is not what ``linli plan`` writes, or is of another territory than the one in force.
    """
    text = _text(document, DEPLOYMENT_FILE)
    plan = parse_deployment(text, file=DEPLOYMENT_FILE)
    current = Deployment.objects.filter(status=Deployment.Status.IN_FORCE).values_list("territory", flat=True)
    there = current.first()
    if there is not None and there != plan.territory.id:
        finding = _finding(DEPLOYMENT_FILE, "territory", "territory.id", plan.territory.id, current=there)
        raise _refused(DEPLOYMENT_FILE, [finding])
    return Upload(text, _outlines(_text(drawn, OUTLINES_FILE), plan) if drawn else {})


def _text(content: bytes, file: str) -> str:
    if len(content) > MOST_BYTES:
        given = f"{len(content) / 1024 / 1024:.1f} MB"
        raise _refused(file, [_finding(file, "large", None, given, most=MOST_BYTES // 1024 // 1024)])
    # Before a parser makes room for each of them, and a finding for each that is wrong.
    values, most = content.count(b",") + 1, MOST_VALUES[file]
    if values > most:
        raise _refused(file, [_finding(file, "values", None, f"{values:,}", most=f"{most:,}")])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise _refused(file, [_finding(file, "encoding", None, None)]) from None


def _outlines(text: str, plan: Plan) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as reason:
        raise _refused(OUTLINES_FILE, [_finding(OUTLINES_FILE, "json", None, str(reason))]) from None
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or found.get("type") != "FeatureCollection":
        raise _refused(OUTLINES_FILE, [_finding(OUTLINES_FILE, "collection", "type", None)])
    wrong = _wrong(features, {str(beat.id) for beat in plan.beats})
    if findings := list(itertools.islice(wrong, MOST_FINDINGS)):
        raise _refused(OUTLINES_FILE, findings)
    return dict(found)


def _wrong(features: list[Any], beats: set[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, feature in enumerate(features):
        key = f"features[{number}]"
        properties = feature.get("properties") if isinstance(feature, dict) else None
        id_ = properties.get("id") if isinstance(properties, dict) else None
        if not isinstance(id_, str) or id_ not in beats:
            yield _finding(OUTLINES_FILE, "beat", f"{key}.properties.id", None if id_ is None else str(id_))
            continue
        if id_ in seen:
            yield _finding(OUTLINES_FILE, "twice", f"{key}.properties.id", id_)
        seen.add(id_)
        if feature.get("geometry") is not None and not _is_area(feature["geometry"]):
            yield _finding(OUTLINES_FILE, "geometry", f"{key}.geometry", None)


def _is_area(geometry: Any) -> bool:
    try:
        drawn: BaseGeometry = shape(geometry)
        if drawn.geom_type not in ("Polygon", "MultiPolygon") or drawn.is_empty or not drawn.is_valid:
            return False
        west, south, east, north = drawn.bounds
    except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        return False
    return -180 <= west <= east <= 180 and -90 <= south <= north <= 90


def _finding(file: str, code: str, key: str | None, given: str | None, **values: object) -> Finding:
    expected: Text = say(f"upload.{code}.expected", **values)
    return Finding(f"places.{code}", Where(file, key=key), given, expected, say(f"upload.{code}.remedy"))


def _refused(file: str, findings: list[Finding]) -> InputRefused:
    return InputRefused(say("upload.refused", file=plain(file), count=len(findings)), tuple(findings))
