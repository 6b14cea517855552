"""What a computation leaves: figures, areas, drafted consequences; only Linli's own jobs store them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from linli.kernel.texts import Text
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden
from linli.web.foundation.audit.chain import Record
from linli.web.workbench.assessment.actions.base import locked_version, say, version_record
from linli.web.workbench.assessment.drafting import Draft, kept_inputs
from linli.web.workbench.assessment.models import Area, Consequence, Figure, Version
from linli.web.workbench.assessment.telling import both

__all__ = ["FailVersion", "Made", "StoreVersion"]

OPEN = (Consequence.Status.DRAFTED, Consequence.Status.PROPOSED, Consequence.Status.OBJECTED)
BATCH = 2000


@dataclass(frozen=True, kw_only=True)
class Made:
    """What was computed."""

    figures: pd.DataFrame = field(repr=False)
    areas: tuple[dict[str, Any], ...] = field(repr=False)
    told: dict[str, Any] = field(repr=False)
    chance: list[dict[str, Any]] = field(repr=False)
    drafts: Sequence[Draft] = field(repr=False)
    facts: str
    linli: str
    synthetic: bool


@dataclass(frozen=True, kw_only=True)
class _OfWaiting(Action[Version]):
    version_id: int

    def check(self, context: Context) -> None:
        """A job's own work, on a version that waits for it."""
        if not context.actor.is_system:
            raise Forbidden(say("forbidden.store"))
        if locked_version(context, self.version_id).status != Version.Status.WAITING:
            raise Conflict(say("conflict.computed"))


@dataclass(frozen=True, kw_only=True)
class StoreVersion(_OfWaiting):
    """Keep what was computed; what the version before proposed and nobody confirmed lapses."""

    name: ClassVar[str] = "assessment.store"
    made: Made

    def change(self, context: Context) -> Version:
        """All of it."""
        version, made = locked_version(context, self.version_id), self.made
        version.status, version.computed_at = Version.Status.COMPUTED, context.at
        version.facts, version.linli, version.synthetic = made.facts, made.linli, made.synthetic
        version.told, version.chance = made.told, made.chance
        version.save()
        areas = [Area(version=version, **row) for row in made.areas]
        Area.objects.bulk_create(areas, batch_size=BATCH)
        places = {(area.kind, area.code): area for area in areas}
        Figure.objects.bulk_create(_figures(version, made.figures, places), batch_size=BATCH)
        Consequence.objects.bulk_create(
            [_consequence(version, one, places) for one in made.drafts], batch_size=BATCH
        )
        former = Consequence.objects.filter(version__period=version.period, status__in=OPEN)
        former.exclude(version=version).update(status=Consequence.Status.LAPSED)
        return version

    def record(self, result: Version) -> Record:
        """From which facts."""
        return version_record(self.name, result, facts=result.facts[:16])


@dataclass(frozen=True, kw_only=True)
class FailVersion(_OfWaiting):
    """Write down why a version could not be computed."""

    name: ClassVar[str] = "assessment.fail"
    why: Text

    def change(self, context: Context) -> Version:
        """Keep the sentence."""
        version = locked_version(context, self.version_id)
        version.status, version.failure = Version.Status.FAILED, both(self.why)
        version.save()
        return version

    def record(self, result: Version) -> Record:
        """Which."""
        return version_record(self.name, result)


def _figures(version: Version, frame: pd.DataFrame, places: dict[tuple[str, str], Area]) -> list[Figure]:
    names = ("numerator", "denominator", "value", "low", "high")
    found = []
    for row in frame.itertuples(index=False):
        area = places.get((row.area_kind, row.area))
        found.append(
            Figure(
                version=version,
                indicator=row.indicator,
                clause=row.clause,
                area_kind=row.area_kind,
                area=row.area,
                station_code="" if area is None else area.station_code,
                beat_code="" if area is None else area.beat_code,
                token=str(row.period),
                records=int(row.records),
                evidence=row.evidence,
                formula=row.formula,
                code_version=row.code_version,
                **{name: _known(getattr(row, name)) for name in names},
            )
        )
    return found


def _known(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _consequence(version: Version, one: Draft, places: dict[tuple[str, str], Area]) -> Consequence:
    proposal = one.proposal
    area = places.get((one.rule.area, proposal.area))
    return Consequence(
        version=version,
        rule=proposal.rule,
        clause=str(proposal.clause),
        kind=proposal.consequence,
        area_kind=one.rule.area,
        area=proposal.area,
        station_code="" if area is None else area.station_code,
        beat_code="" if area is None else area.beat_code,
        token=one.token,
        told={
            "title": both(one.rule.title),
            "as_read": both(proposal.as_read),
            "reason": both(proposal.reason),
            "note": both(one.rule.note),
            "assesses": proposal.assesses or "",
        },
        inputs=kept_inputs(one),
        honest=one.honest.kept(),
        yuan=None if proposal.yuan is None else float(proposal.yuan),
        met_by_not_recording=proposal.met_by_not_recording,
    )
