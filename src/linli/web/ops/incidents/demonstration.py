"""The demonstration's part: six units and some fifteen calls of the last days, each as far as it has come."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from linli.web.demonstration.scene import Scene
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.ops.incidents.actions.dispatching import Accept, Arrive, DispatchUnits
from linli.web.ops.incidents.actions.units import SaveUnit, StartShift
from linli.web.ops.incidents.models import Dispatch, Unit
from linli.web.ops.incidents.scenes import recommended

__all__ = ["fill"]


@dataclass(frozen=True)
class _Call:
    """A call, how long ago it came, and how far it has come: a state, or the result that closed it."""

    category: str
    title: str
    details: str
    hours: float
    until: str
    answer: str = ""


_CALLS: Final = (
    _Call(
        "burglary",
        "家中无人时被盗，门锁被撬",
        "上午外出回来发现门锁被撬，室内被翻动。",
        71,
        "case_opened",
        "您好，现场已勘查并立案，办理进展将及时告知您。",
    ),
    _Call(
        "dispute",
        "邻里因停车位争吵",
        "两户因门前停车位发生争吵，没有动手。",
        66,
        "settled",
        "您好，双方已当场和解，约定轮流停放。",
    ),
    _Call(
        "traffic",
        "路口两车剐蹭",
        "两辆小客车剐蹭，无人受伤，道路通行缓慢。",
        58,
        "settled",
        "您好，双方已自行撤离现场并办理快处快赔。",
    ),
    _Call(
        "fraud",
        "接到冒充客服的退款电话",
        "对方自称客服要求共享屏幕，已转出部分款项。",
        50,
        "case_opened",
        "您好，已立案并协助止付，请勿再与对方联系。",
    ),
    _Call(
        "help",
        "老人走失，家属求助",
        "家中老人下午散步未归，家属沿街寻找未果。",
        47,
        "settled",
        "您好，老人已在广场找到并送回家中。",
    ),
    _Call("theft", "店内财物被盗", "营业时发现柜台内财物丢失。", 41, "follow"),
    _Call("vehicle", "停放在路边的车辆被盗", "夜间停放在路边的车辆早上不见了。", 35, "follow"),
    _Call(
        "fight",
        "夜宵摊前有人打架",
        "多人推搡，一人手部擦伤。",
        27,
        "settled",
        "您好，打架双方已带离处理，伤者已送医。",
    ),
    _Call("other", "深夜鸣笛扰民", "有车辆在小区外连续鸣笛。", 23, "unfounded"),
    _Call(
        "dispute",
        "租客与房东因押金争执",
        "双方对退还押金有争议，情绪激动。",
        20,
        "settled",
        "您好，双方已达成一致，建议日后留存书面约定。",
    ),
    _Call(
        "fire",
        "楼道内有烧焦气味",
        "住户反映楼道有烧焦味，未见明火。",
        9,
        "settled",
        "您好，系电线老化，已断电并通知物业更换。",
    ),
    _Call("burglary", "商铺卷帘门被撬", "早上开门发现卷帘门被撬，收银台被翻。", 3, "there"),
    _Call("traffic", "电动自行车与行人相撞", "行人腿部受伤，已呼叫急救。", 0.4, "sent"),
    _Call("dispute", "广场舞音量纠纷", "住户与跳舞人员争吵。", 0.3, "received"),
    _Call("help", "门锁反锁，幼儿在室内", "家长出门倒垃圾时门被反锁，幼儿独自在家。", 0.02, "received"),
)
_UNITS: Final = (
    ("post", "城关 101", "patrol_car", 2),
    ("post", "城关 201", "foot_patrol", 2),
    ("station", "所机动 01", "patrol_car", 4),
    ("station", "所值班 02", "post_team", 2),
    ("other_post", "邻所 101", "patrol_car", 2),
    ("other_post", "邻所 201", "post_team", 2),
)
_RESTING: Final = "所值班 02"


def fill(scene: Scene) -> None:
    """Enter the units, then take the calls in order of time."""
    units = [_unit(scene, *row) for row in _UNITS]
    for number, call in enumerate(_CALLS):
        _take(scene, call, units[number % 2])


def _unit(scene: Scene, at: str, call_sign: str, kind: str, capacity: int) -> Unit:
    owner = scene.stage.of(at).code
    entered = scene.ago(days=5)
    saved = SaveUnit(call_sign=call_sign, organisation=owner, kind=kind, capacity=capacity)
    unit = perform(saved, SYSTEM, entered)
    return unit if call_sign == _RESTING else perform(StartShift(unit_id=unit.pk), SYSTEM, entered)


def _take(scene: Scene, call: _Call, unit: Unit) -> None:
    address, taken = scene.somewhere(), scene.ago(hours=call.hours)
    opened = OpenCase(
        kind="incident",
        category=call.category,
        title=call.title,
        description=call.details,
        channel="phone",
        longitude=address.longitude,
        latitude=address.latitude,
        address=address.text,
        data={"caller_name": "报警人（合成）", "caller_phone": "000-0000-0000"},
    )
    case = perform(opened, scene.actors("jiejing"), taken)
    if call.until == "received":
        return
    if call.until == "unfounded":
        cancelled = Move(case_id=case.pk, step="cancel", result="unfounded", note="再次来电称鸣笛已停止")
        perform(cancelled, scene.actors("suozhang"), taken + dt.timedelta(minutes=30))
        return
    _attend(scene, call, case, unit, taken)


def _attend(scene: Scene, call: _Call, case: Case, unit: Unit, taken: dt.datetime) -> None:
    dispatcher, officer = scene.actors("jiejing"), scene.actors("minjing")
    sent = taken + dt.timedelta(seconds=scene.rng.randint(40, 170))
    first = recommended(case, dispatcher, sent).ranked[0].unit.id
    reason = "" if first == unit.pk else "首选力量正在换班"
    perform(DispatchUnits(case_id=case.pk, units=(unit.pk,), reason=reason), dispatcher, sent)
    dispatch = Dispatch.objects.get(case=case)
    on_way = sent + dt.timedelta(seconds=scene.rng.randint(20, 90))
    perform(Accept(case_id=case.pk, dispatch_id=dispatch.pk), officer, on_way)
    if call.until == "sent":
        return
    arrived = on_way + dt.timedelta(seconds=scene.rng.randint(180, 1100))
    perform(Arrive(case_id=case.pk, dispatch_id=dispatch.pk), officer, arrived)
    if call.until == "there":
        return
    done = {"attended": "民警到场了解情况并处置，相关情况已记录。"}
    left = arrived + dt.timedelta(minutes=scene.rng.randint(15, 70))
    if call.until == "follow":
        perform(Move(case_id=case.pk, step="follow", data=done), officer, left)
        return
    ended = Move(case_id=case.pk, step="end", result=call.until, answer=call.answer, data=done)
    perform(ended, officer, left)
