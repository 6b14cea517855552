"""Requests of the demonstration: by web, telephone and counter, in time and late, closed and reopened."""

import datetime as dt
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Final

from linli.web.demonstration.scene import Scene
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.feedback import GiveFeedback
from linli.web.foundation.casework.actions.merging import Merge
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.foundation.places.models import Address
from linli.web.intake.submitting import Feedback, Request, submit, submit_feedback
from linli.web.ops.requests.draining import drain
from linli.web.ops.requests.five import KIND

__all__ = ["fill"]

_SENDER: Final = "demonstration"
_FIXED: Final = "已安排人员到场处理完毕，感谢您的反映。如仍有问题，可凭查询码要求重新办理。"
_CONTACT: Final = {"reporter_name": "居民（合成）", "reporter_phone": "13800000000"}


@dataclass(frozen=True, kw_only=True)
class _Told:
    """One request, as ``demonstration.toml`` tells it."""

    days: float
    category: str
    title: str
    description: str = ""
    channel: str = "public"
    contact: bool = False
    steps: list[Any] = field(default_factory=list)
    measures: str = ""
    answer: str = _FIXED
    result: str = "fixed"
    waiting_for: str = ""
    feedback: list[Any] = field(default_factory=list)
    same_as: str = ""

    @property
    def values(self) -> dict[str, str]:
        return _CONTACT if self.contact else {}


def fill(scene: Scene) -> None:
    """Take every request as far as it has come."""
    source = resources.files(__package__).joinpath("demonstration.toml").read_text(encoding="utf-8")
    where: dict[str, Address] = {}
    cases: dict[str, Case] = {}
    for row in tomllib.loads(source)["request"]:
        told = _Told(**row)
        where[told.title] = where[told.same_as] if told.same_as else scene.somewhere()
        cases[told.title] = case = _raised(scene, told, where[told.title])
        if told.same_as:
            merge = Merge(case_id=case.pk, into_id=cases[told.same_as].pk)
            perform(merge, _in_charge(scene, case), min(case.opened_at + dt.timedelta(hours=5), scene.now))


def _in_charge(scene: Scene, case: Case) -> Actor:
    """The officer in whose beats it lies, else the station's chief."""
    return scene.actors("minjing" if case.beat_code in scene.stage.post.codes else "suozhang")


def _raised(scene: Scene, told: _Told, where: Address) -> Case:
    at = scene.ago(days=told.days)
    by_web = told.channel in ("public", "open311")
    case, code = _sent(told, where, at) if by_web else (_taken_down(scene, told, where, at), "")
    for hours, step in told.steps:
        _step(scene, told, case, step, min(at + dt.timedelta(hours=hours), scene.now))
    if told.feedback:
        days, rating, words = told.feedback
        said_at = min(at + dt.timedelta(days=days), scene.now)
        if code:
            _feed_back(code, said_at, rating, words)
        else:
            # Said on the telephone to whoever had taken it down and did not work on it.
            given = GiveFeedback(case_id=case.pk, solved=True, rating=rating, comment=words)
            perform(given, scene.actors("fujing"), said_at)
    return case


def _sent(told: _Told, where: Address, at: dt.datetime) -> tuple[Case, str]:
    request = Request(
        service=f"{KIND}-{told.category}",
        title=told.title,
        description=told.description,
        place=where.place_code,
        address=where.text,
        longitude=where.longitude,
        latitude=where.latitude,
        values=told.values,
        anonymous=not told.contact,
        channel=told.channel,
    )
    entry = submit(request, at=at, sender=_SENDER)
    drain(at)
    return Case.objects.get(tracking_hash=entry.code_hash), entry.code


def _taken_down(scene: Scene, told: _Told, where: Address, at: dt.datetime) -> Case:
    opening = OpenCase(
        kind=KIND,
        category=told.category,
        title=told.title,
        description=told.description,
        channel=told.channel,
        address=where.text,
        longitude=where.longitude,
        latitude=where.latitude,
        data=told.values,
    )
    return perform(opening, scene.actors("fujing"), at)


def _step(scene: Scene, told: _Told, case: Case, step: str, at: dt.datetime) -> None:
    given: dict[str, Any] = {}
    if step in ("finish", "resolve"):
        given["data"] = {"measures": told.measures}
    if step == "pause":
        given["data"] = {"waiting_for": told.waiting_for}
    if step in ("reply", "resolve", "reject"):
        given |= {"answer": told.answer, "result": told.result}
    if step == "reject":
        given["note"] = "不属本单位职责"
    perform(Move(case_id=case.pk, step=step, **given), _in_charge(scene, case), at)


def _feed_back(code: str, at: dt.datetime, rating: int, words: str) -> None:
    poor = rating <= 2
    given = Feedback(code=code, solved=not poor, rating=rating, comment=words, reopen=poor)
    submit_feedback(given, at=at, sender=_SENDER)
    drain(at)
