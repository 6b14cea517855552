"""Last month assessed from made-up figures: approved, locked, shown to those assessed, one objection open."""

import datetime as dt
from typing import Final

from linli.web.demonstration.scene import Scene
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.workbench.assessment.actions.consequences import Object, Propose
from linli.web.workbench.assessment.actions.periods import (
    ApproveStation,
    LockVersion,
    OpenPeriod,
    OrderVersion,
    approves,
)
from linli.web.workbench.assessment.computing import compute_version
from linli.web.workbench.assessment.keeping import facts_folder
from linli.web.workbench.assessment.models import Consequence, Version
from linli.web.workbench.assessment.selectors import stations_of
from linli.web.workbench.assessment.synthetic import write_synthetic

__all__ = ["fill"]

PACK: Final = "nanlu-2012"
"""The pack with monthly ranking, yellow cards and rewards (N19, N20)."""
WHY: Final = "（合成）本警务区有两起案件系重复登记，已在系统内合并，请核对后重新计算。"


def fill(scene: Scene) -> None:
    """One month from its opening to an objection that waits for somebody's decision."""
    planner = scene.actors("guihua")
    last = local_day(scene.now).replace(day=1) - dt.timedelta(days=1)
    write_synthetic(facts_folder(), scene.version, last, seed=scene.rng.randrange(1000))
    period = perform(OpenPeriod(pack=PACK, month=f"{last:%Y-%m}"), planner, scene.now)
    ordered = perform(OrderVersion(period_id=period.pk), planner, scene.now)
    version = compute_version(ordered.pk, scene.now)
    if version.status != Version.Status.COMPUTED:
        return
    chiefs = [scene.actors(name) for name in ("suozhang", "linsuozhang")]
    for station in stations_of(version):
        perform(
            ApproveStation(version_id=version.pk, station=station),
            _for(station, chiefs, planner, scene),
            scene.now,
        )
    perform(LockVersion(version_id=version.pk), planner, scene.now)
    perform(Propose(version_id=version.pk), planner, scene.now)
    _object(scene, version)


def _for(station: str, chiefs: list[Actor], planner: Actor, scene: Scene) -> Actor:
    return next((chief for chief in chiefs if approves(chief, station, scene.now)), planner)


def _object(scene: Scene, version: Version) -> None:
    """The officer of the stage objects to the first thing proposed for the own beat, where there is one."""
    beats = scene.stage.post.codes
    own = version.consequences.filter(status=Consequence.Status.PROPOSED, beat_code__in=beats).first()
    if own is not None:
        perform(Object(consequence_id=own.pk, text=WHY), scene.actors("minjing"), scene.now)
