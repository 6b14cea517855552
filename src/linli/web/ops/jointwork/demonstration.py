"""Joint work of the demonstration: an agreement of two stations, a meeting, a shared case."""

import datetime as dt

from linli.web.demonstration.scene import Scene
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.ops.jointwork.actions.agreements import DraftAgreement, SignAgreement
from linli.web.ops.jointwork.actions.meetings import Decision, RecordMeeting
from linli.web.ops.jointwork.models import Agreement

__all__ = ["fill"]


def fill(scene: Scene) -> None:
    """Everything between the cast's two stations, about one village on either side."""
    agreement = _agreement(scene)
    stage, held = scene.stage, scene.ago(days=15)
    perform(
        RecordMeeting(
            agreement_id=agreement.pk,
            held_at=held,
            place=f"{stage.place.name}村委会",
            topics="边界地段夜间联合巡逻",
            minutes="双方通报边界两村警情，商定每周二、周五联合巡逻一次，路灯问题互通。",
            attendance=9,
            decisions=(
                Decision("排出四月联合巡逻班次", stage.post.pk, local_day(held + dt.timedelta(days=10))),
                Decision(
                    "清点边界路段路灯", stage.other_post.pk, local_day(scene.now + dt.timedelta(days=5))
                ),
            ),
        ),
        scene.actors("suozhang"),
        scene.ago(days=15),
    )
    title = "边界路段两处路灯不亮（合成）"
    lamps = OpenCase(kind="request", category="streetlight", title=title, place=stage.place.code)
    perform(lamps, SYSTEM, scene.ago(days=1))
    patrol = OpenCase(
        kind="joint_work",
        category="patrol",
        title="两所边界联合巡逻",
        place=stage.place.code,
        data={
            "agreement": agreement.number or "",
            "with_whom": f"{stage.post.name}、{stage.other_post.name}",
        },
    )
    perform(patrol, scene.actors("minjing"), scene.ago(days=2))


def _agreement(scene: Scene) -> Agreement:
    stage, at = scene.stage, scene.ago(days=20)
    agreement = perform(
        DraftAgreement(
            title="边界村联勤联防协议",
            purpose="边界两村治安问题共治：联合巡逻、联合调解、信息互通。",
            parties=(stage.station.pk, stage.other_station.pk),
            places=(stage.place.code, stage.other_place.code),
            case_types=("problem_place", "request"),
            valid_from=local_day(at),
            valid_until=local_day(at) + dt.timedelta(days=365),
        ),
        scene.actors("suozhang"),
        at,
    )
    for username, office in (("suozhang", stage.station), ("linsuozhang", stage.other_station)):
        party = agreement.parties.get(organisation=office)
        sign = SignAgreement(
            agreement_id=agreement.pk, party_id=party.pk, reference="扫描件 2026-LF-03（合成）"
        )
        perform(sign, scene.actors(username), at)
    agreement.refresh_from_db()
    return agreement
