"""Meetings of the demonstration: four held, one to come, a case that followed. All synthetic."""

import datetime as dt

from linli.web.demonstration.scene import Scene
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.actions.action import perform
from linli.web.ops.meetings.actions import CountDeeds, FollowMeeting, HoldMeeting, PlanMeeting
from linli.web.ops.meetings.models import Meeting

__all__ = ["fill"]

_HELD = (
    (
        "residents",
        "一季度居民议事会",
        "路灯、停车、夜间噪声",
        46,
        "建议在小学东门设临时停车区；希望晚上多巡一趟。",
        40,
    ),
    ("lecture", "反诈宣讲进村", "冒充客服、刷单诈骗的识别", 63, "", 25),
    ("visit_day", "警务室接待日", "户籍、居住证、路灯报修咨询", 18, "希望周末也能办证。", 12),
    ("campaign", "春季防火防盗宣传", "横幅、入户发放防范提示", 120, "", 6),
)


def fill(scene: Scene) -> None:
    """Four that were held, one planned, one case opened from a meeting, and last month's other numbers."""
    officer = scene.actors("minjing")
    for kind, title, topics, people, opinions, days in _HELD:
        made = _plan(scene, kind, title, topics, days)
        hold = HoldMeeting(meeting_id=made.pk, attendance=people, topics=topics, opinions=opinions)
        perform(hold, officer, scene.ago(days=days - 0.5))
        if kind == "residents":
            follow = FollowMeeting(
                meeting_id=made.pk, kind="request", category="streetlight", title="居民会议反映：村口路灯不亮"
            )
            perform(follow, officer, scene.ago(days=days - 1))
    _plan(scene, "report", "民警向居民述职", "上半年工作报告，听取意见", -9)
    month = (local_day(scene.now).replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    counts = {"concern": 7, "certificate": 5, "good_deed": 3, "thanks": 1}
    perform(
        CountDeeds(organisation_id=scene.stage.post.pk, month=month, counts=counts),
        officer,
        scene.ago(days=1),
    )


def _plan(scene: Scene, kind: str, title: str, topics: str, days: float) -> Meeting:
    plan = PlanMeeting(
        kind=kind,
        title=title,
        organisation_id=scene.stage.post.pk,
        starts_at=scene.ago(days=days),
        place=scene.stage.place.code,
        where="村（社区）党群服务中心",
        topics=topics,
    )
    return perform(plan, scene.actors("minjing"), scene.ago(days=max(days, 0) + 5))
