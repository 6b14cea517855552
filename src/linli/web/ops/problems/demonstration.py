"""Problem places of the demonstration: a dark corner with burglaries around it, and two others."""

import datetime as dt

from linli.web.demonstration.scene import Scene
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.ops.problems.actions.measures import PlanMeasure, ReportProgress
from linli.web.ops.problems.models import Measure

__all__ = ["fill"]


def fill(scene: Scene) -> None:
    """Three places, at three points of their way."""
    corner = _open(scene, "dark_corner", "农贸市场后巷无照明，夜间视线差", 24)
    _burglaries(scene, corner)
    _move(
        scene,
        corner,
        "survey",
        23,
        survey="后巷约 80 米无路灯，两处院墙低矮，监控有盲区。",
        hours="21:00—次日 5:00",
    )
    _plan(scene, corner, "安装路灯 6 盏", scene.stage.committee.pk, 3)
    _plan(scene, corner, "夜间巡逻每晚两次", scene.stage.post.pk, 30)
    _move(scene, corner, "plan", 21)
    _move(scene, corner, "start", 20)
    measure = Measure.objects.filter(case=corner).earliest("due")
    done = ReportProgress(
        case_id=corner.pk, measure_id=measure.pk, percent=60, text="已安装 4 盏，余下 2 盏等电缆到货。"
    )
    perform(done, scene.actors("wangge"), scene.ago(days=2))
    school = _open(scene, "school", "小学东门放学时段车辆乱停", 12)
    _move(scene, school, "survey", 11, survey="16:30—17:10 接送车辆占用人行道。", hours="16:30—17:10")
    _plan(scene, school, "设置临时停车区和护学岗", scene.stage.post.pk, 10)
    _open(scene, "water", "村东水塘无护栏和警示牌", 2)


def _open(scene: Scene, category: str, title: str, days: float) -> Case:
    where = scene.somewhere()
    return perform(
        OpenCase(
            kind="problem_place",
            category=category,
            title=title,
            data={"signs": f"走访中发现：{title}。"},
            longitude=where.longitude,
            latitude=where.latitude,
            address=where.text,
        ),
        scene.actors("minjing"),
        scene.ago(days=days),
    )


def _burglaries(scene: Scene, corner: Case) -> None:
    assert corner.longitude is not None and corner.latitude is not None  # noqa: S101, PT018 - opened with a position
    for number in range(3):
        perform(
            OpenCase(
                kind="incident",
                category="burglary",
                title=f"后巷住户被盗（合成）{number + 1}",
                longitude=corner.longitude + scene.rng.uniform(-0.0008, 0.0008),
                latitude=corner.latitude + scene.rng.uniform(-0.0008, 0.0008),
            ),
            SYSTEM,
            scene.ago(days=30 + 12 * number),
        )


def _move(scene: Scene, case: Case, step: str, days: float, **data: str) -> None:
    perform(Move(case_id=case.pk, step=step, data=data), scene.actors("suozhang"), scene.ago(days=days))


def _plan(scene: Scene, case: Case, text: str, owner: int, days: int) -> None:
    due = local_day(scene.now + dt.timedelta(days=days))
    action = PlanMeasure(case_id=case.pk, text=text, organisation_id=owner, due=due)
    perform(action, scene.actors("suozhang"), scene.ago(days=22 if case.category == "dark_corner" else 10))
