"""Surveys of the demonstration: one closed wave, one that is open, street checks. All synthetic."""

import datetime as dt

from linli.web.demonstration.scene import Scene
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.actions.action import perform
from linli.web.ops.surveys.actions.entering import EnterAnswers, MakeCheck, MarkOutcome
from linli.web.ops.surveys.actions.planning import KeepQuestionnaire, PlanWave
from linli.web.ops.surveys.actions.running import CloseWave
from linli.web.ops.surveys.models import Questionnaire, Wave
from linli.web.ops.surveys.shipped import template

__all__ = ["fill"]

_SAFE = ("very_safe", "very_safe", "safe", "safe", "safe", "so_so", "unsafe")
_SATISFIED = ("very_satisfied", "satisfied", "satisfied", "so_so", "dissatisfied")
_OFTEN = ("weekly", "monthly", "monthly", "seldom", "never")
_YES = ("yes", "yes", "no")


def fill(scene: Scene) -> None:
    """A wave of last quarter that was closed, one of this quarter that has just begun, three checks."""
    planner = scene.actors("guihua")
    keep = KeepQuestionnaire(
        title="安全感和满意度问卷（合成）", file_name="linli-survey.xlsx", content=template()
    )
    questionnaire = perform(keep, planner, scene.ago(days=48))
    today = local_day(scene.now)
    past = _wave(scene, questionnaire, "2026-A", today - dt.timedelta(days=45), 80, 45)
    _answer(scene, past, 0.75, 40)
    perform(CloseWave(wave_id=past.pk), planner, scene.ago(days=16))
    current = _wave(scene, questionnaire, "2026-B", today - dt.timedelta(days=3), 80, 3)
    _answer(scene, current, 0.3, 1)
    _check(scene)


def _wave(scene: Scene, asked: Questionnaire, code: str, opens: dt.date, wanted: int, days: int) -> Wave:
    plan = PlanWave(
        code=code,
        title=f"居民安全感和满意度调查 {code}（合成）",
        questionnaire_id=asked.pk,
        layer="station",
        allocation="proportional",
        wanted=wanted,
        each=None,
        reserve_percent=30,
        kinds=("house",),
        opens_on=opens,
        closes_on=opens + dt.timedelta(days=28),
        seed=scene.rng.getrandbits(40),
    )
    return perform(plan, scene.actors("guihua"), scene.ago(days=days))


def _answer(scene: Scene, wave: Wave, share: float, days: int) -> None:
    rng, planner = scene.rng, scene.actors("guihua")
    for one in wave.invitations.filter(used=True).order_by("pk"):
        drawn = rng.random()
        if drawn < share:
            answers = {
                "feel_safe": rng.choice(_SAFE),
                "satisfied": rng.choice(_SATISFIED),
                "know_officer": rng.choice(_YES),
                "see_patrols": rng.choice(_OFTEN),
                "recognised": rng.choice(_YES),
            }
            entry = EnterAnswers(
                invitation_id=one.pk, channel=rng.choice(("paper", "phone", "visit")), answers=answers
            )
            perform(entry, planner, scene.ago(days=days))
        elif drawn < share + 0.1:
            outcome = rng.choice(("refused", "not_met", "not_eligible"))
            perform(MarkOutcome(invitation_id=one.pk, outcome=outcome), planner, scene.ago(days=days))


def _check(scene: Scene) -> None:
    for days, place in ((20, scene.stage.place), (9, scene.stage.place), (4, scene.stage.other_place)):
        asked = scene.rng.randrange(12, 30)
        check = MakeCheck(
            place=place.code,
            on=local_day(scene.ago(days=days)),
            asked=asked,
            know_officer=scene.rng.randrange(asked // 2, asked),
            see_patrols=scene.rng.randrange(asked // 3, asked),
            feel_safe=scene.rng.randrange(asked // 2, asked + 1),
        )
        perform(check, scene.actors("guihua"), scene.ago(days=days - 0.1))
