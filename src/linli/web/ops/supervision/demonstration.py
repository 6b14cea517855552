"""Supervision of the demonstration: rounds, findings, hours, groups and a publication. All synthetic."""

import datetime as dt
from decimal import Decimal

from linli.web.demonstration.scene import Scene
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.places.models import Post
from linli.web.ops.supervision.actions.checking import RecordCheck
from linli.web.ops.supervision.actions.drawing import DrawRound
from linli.web.ops.supervision.actions.keeping import KeepGroup, KeepPlan, PublishProgress, StateHours
from linli.web.ops.supervision.models import Check, Finding, Round
from linli.web.ops.supervision.sheets import sheets
from linli.web.ops.supervision.standing import kept_rows

__all__ = ["fill"]


def fill(scene: Scene) -> None:
    """One round of records, made at the own post; one of streets still to come; the rest once each."""
    _records(scene)
    _draw(scene, "street", "village", "夜间街面暗访", ago=3)
    _hours(scene)
    _groups(scene)
    day = local_day(scene.now)
    if kept_rows(scene.version.pk, day):
        perform(PublishProgress(remark="请逾期单位说明原因。"), scene.actors("guihua"), scene.ago(days=2))


def _draw(scene: Scene, kind: str, source: str, title: str, *, ago: int) -> Round:
    given = DrawRound(
        kind=kind,
        source=source,
        title=title,
        size=2,
        station=scene.stage.station.station_code,
        due_on=local_day(scene.now) + dt.timedelta(days=14),
        seed=f"{scene.rng.getrandbits(64):016x}",
    )
    return perform(given, scene.actors("shenji"), scene.ago(days=ago))


def _records(scene: Scene) -> None:
    made = _draw(scene, "plans_records", "post", "上半年方案台账抽查", ago=20)
    check = Check.objects.filter(round=made).order_by("sequence").first()
    if check is None:
        return
    lines = [line.id for line in sheets()["plans_records"].lines]
    sheet = RecordCheck(
        check_id=check.pk,
        answers={line: "no" if line in ("visit_log", "duty_roster") else "yes" for line in lines},
        findings={
            "visit_log": "近两周走访日志未作分析点评。",
            "duty_roster": "值班表未更新，两个夜班无人值守。",
        },
        fix_by=local_day(scene.now + dt.timedelta(days=5)),
        remark="其余台账齐全。",
    )
    perform(sheet, scene.actors("shenji"), scene.ago(days=15))
    case = Finding.objects.filter(check_done=check, item="visit_log").get().case
    step = Move(case_id=case.pk, step="submit", data={"evidence": "已补齐两周分析，所长点评。"})
    perform(step, scene.actors("suozhang"), scene.ago(days=6))


def _hours(scene: Scene) -> None:
    month = (local_day(scene.now).replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    beats = scene.stage.post.codes
    own = [
        post
        for post in Post.objects.filter(deployment=scene.version).order_by("code")
        if set(post.beat_codes) & set(beats)
    ]
    for post in own[:1]:
        stated = StateHours(
            post_code=post.code,
            month=month,
            planned_hours=Decimal(240),
            hours=Decimal(208),
            reason="四个夜班抽调参加大型活动安保。",
        )
        perform(stated, scene.actors("suozhang"), scene.ago(days=1))


def _groups(scene: Scene) -> None:
    year = local_day(scene.now).year
    since = dt.date(year - 1, 3, 1)
    county = KeepGroup(
        level="county",
        title="县社区警务工作领导小组（合成）",
        station="",
        chair="县政府分管副县长",
        members="公安局、司法局、民政局、财政局、各乡镇政府主要负责人",
        office="县公安局治安大队",
        founded_on=since,
    )
    made = perform(county, scene.actors("guihua"), scene.ago(days=60))
    plan = KeepPlan(
        group_id=made.pk,
        year=year,
        goals="一村一警务助理全部到位；警务室值守达标；可防性案件同比下降。",
        adopted_on=local_day(scene.ago(days=55)),
    )
    perform(plan, scene.actors("guihua"), scene.ago(days=1))
    township = KeepGroup(
        level="township",
        title="城关镇社区警务工作小组（合成）",
        station=scene.stage.station.station_code,
        chair="镇长",
        members="派出所、司法所、综治中心、各村（社区）主要负责人",
        office="镇综治中心",
        founded_on=since,
    )
    perform(township, scene.actors("suozhang"), scene.ago(days=40))
