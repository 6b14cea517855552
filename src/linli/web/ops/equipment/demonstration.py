"""Made-up equipment: radios and devices issued, alarms and video points installed, their upkeep and use."""

import datetime as dt
from dataclasses import replace

from linli.web.demonstration.scene import Scene
from linli.web.foundation.actions.action import perform
from linli.web.ops.equipment.actions.base import local_day
from linli.web.ops.equipment.actions.entering import AddDevice, Entry
from linli.web.ops.equipment.actions.keeping import CountUse, IssueDevice, LogMaintenance
from linli.web.ops.equipment.models import Device

__all__ = ["fill"]

ISSUED = (
    ("mobile", "移动警务终端（合成）", "现场登记和查询地址", "officer"),
    ("mobile", "移动警务终端（合成）", "现场登记和查询地址", "auxiliary"),
    ("mobile", "移动警务终端（合成）", "现场登记和查询地址", ""),
    ("radio", "对讲机（合成）", "巡逻通联", "auxiliary"),
    ("radio", "对讲机（合成）", "巡逻通联", ""),
    ("recorder", "录音笔（合成）", "走访记录", "officer"),
    ("notebook", "民情日记本（合成）", "走访记录", "officer"),
    ("patrol_kit", "巡逻装备（合成）", "夜间巡逻", "auxiliary"),
)
"""Kind, name, purpose, and the role that it is issued to; empty for what is in store."""
INSTALLED = (
    ("video", "集贸市场路口视频点（合成）", "路口秩序", "in_use", 120),
    ("video", "村口视频点（合成）", "村口秩序", "in_use", 80),
    ("video", "学校门前视频点（合成）", "上下学秩序", "in_repair", 100),
    ("alarm", "商铺联网报警（合成）", "夜间防盗", "in_use", 50),
    ("alarm", "信用社联网报警（合成）", "营业场所防抢", "in_use", 50),
    ("alarm", "卫生院一键报警（合成）", "就诊秩序", "planned", 50),
    ("access", "小区门禁（合成）", "小区出入", "in_use", None),
    ("checkpoint", "国道卡点（合成）", "车辆查验值守", "in_use", None),
)


def fill(scene: Scene) -> None:
    """Enter everything as the chief of the stage's station would."""
    chief, today = scene.actors("suozhang"), local_day(scene.now)
    for number, (kind, name, purpose, role) in enumerate(ISSUED, 1):
        entry = Entry(
            code=f"LP-{number:03d}",
            kind=kind,
            name=name,
            purpose=purpose,
            status="stored",
            organisation_id=scene.stage.station.pk,
            keeper_post="装备室",
            maintain_every_days=180,
        )
        device = perform(AddDevice(entry=entry), chief, scene.ago(days=50))
        if role:
            issue = IssueDevice(device_id=device.pk, organisation_id=scene.stage.post.pk, role=role)
            perform(issue, chief, scene.ago(days=49))
    for number, (kind, name, purpose, status, radius) in enumerate(INSTALLED, 1):
        _install(scene, number, kind, name, purpose, status, radius, today)


def _install(
    scene: Scene,
    number: int,
    kind: str,
    name: str,
    purpose: str,
    status: str,
    radius: int | None,
    today: dt.date,
) -> None:
    chief, where = scene.actors("suozhang"), scene.somewhere()
    entry = Entry(
        code=f"SS-{number:03d}",
        kind=kind,
        name=name,
        purpose=purpose,
        status=status,
        organisation_id=scene.stage.post.pk,
        keeper_post="值班室",
        address=where.text,
        longitude=where.longitude,
        latitude=where.latitude,
        radius_m=radius,
        linked=kind == "alarm",
        acquired_on=today - dt.timedelta(days=400),
        maintain_every_days=30,
    )
    if kind == "video":
        entry = replace(
            entry, footage_days=30, notice_posted=status == "in_use", required_by="县视频建设方案（合成）"
        )
    device = perform(AddDevice(entry=entry), chief, scene.ago(days=45))
    if status == "in_use" and number % 2:
        log = LogMaintenance(device_id=device.pk, on=today - dt.timedelta(days=4), result="works")
        perform(log, chief, scene.ago(days=4))
    if kind in (Device.Kind.VIDEO, Device.Kind.ALARM) and status == "in_use":
        for month in (1, 0):
            first = (today.replace(day=1) - dt.timedelta(days=28 * month)).replace(day=1)
            count = CountUse(
                device_id=device.pk,
                month=first,
                clues=scene.rng.randrange(3),
                evidence=scene.rng.randrange(3),
                dispatches=scene.rng.randrange(2),
            )
            perform(count, chief, scene.now)
