"""Waves: the draw, answers that lead back to no address, weights, results, facts, who may do what."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from linli.web.foundation.accounts.actor import ANONYMOUS
from linli.web.foundation.accounts.models import Grant
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.facts import Reading
from linli.web.foundation.places.models import Address
from linli.web.ops.surveys.actions.entering import AnswerByCode, EnterAnswers, MakeCheck, MarkOutcome
from linli.web.ops.surveys.actions.planning import KeepQuestionnaire
from linli.web.ops.surveys.actions.running import CallReserves, CloseWave, PrintLetters
from linli.web.ops.surveys.facts import answer_rows, check_rows
from linli.web.ops.surveys.models import Invitation, Response, Wave
from linli.web.ops.surveys.reach import invitations, places_of
from linli.web.ops.surveys.results import results_of, weights_of
from web.surveys.conftest import BAD, GOOD


def _refusal(kind, action, who, now):
    with pytest.raises(kind) as refusal:
        perform(action, who, now)
    return refusal.value


def _answer(wave, who, now, *, good: int, bad: int = 0) -> None:
    rows = list(wave.invitations.filter(used=True, outcome="open").order_by("stratum", "order"))
    for number, one in enumerate(rows[: good + bad]):
        answers = GOOD if number < good else BAD
        perform(EnterAnswers(invitation_id=one.pk, channel="phone", answers=answers), who, now)


def test_a_draw_can_be_repeated_from_its_seed_and_takes_houses_alone(wave, planning, actor, now) -> None:
    again = perform(planning(code="2026Q1b"), actor("guihua"), now)
    codes = [
        list(one.invitations.order_by("pk").values_list("address_code", flat=True)) for one in (wave, again)
    ]
    assert codes[0] == codes[1]
    assert wave.frame_digest == again.frame_digest
    kinds = Address.objects.filter(code__in=codes[0]).values_list("kind", flat=True)
    assert set(kinds) == {"house"}
    used = wave.invitations.filter(used=True)
    assert used.count() == 40
    assert wave.invitations.filter(used=False).count() >= 20
    assert set(used.values_list("stratum", flat=True)) == set(wave.strata)


def test_places_can_be_drawn_first(planning, actor, now) -> None:
    wave = perform(planning(each=4, wanted=6), actor("guihua"), now)
    used = wave.invitations.filter(used=True)
    assert used.count() == 24
    assert used.values("psu").distinct().count() == 6


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"code": "一季度"}, "code"),
        ({"title": ""}, "title"),
        ({"questionnaire_id": 0}, "questionnaire"),
        ({"layer": "street"}, "layer"),
        ({"allocation": "x"}, "allocation"),
        ({"wanted": 1}, "wanted"),
        ({"each": 1}, "each"),
        ({"reserve_percent": 501}, "reserve_percent"),
        ({"kinds": ()}, "kinds"),
        ({"opens_on": None}, "opens_on"),
        ({"closes_on": dt.date(2026, 3, 9)}, "closes_on"),
        ({"opens_on": dt.date(2026, 4, 9)}, "closes_on"),
    ],
)
def test_a_plan_that_cannot_be_says_where(more, field, planning, actor, now) -> None:
    assert field in _refusal(Invalid, planning(**more), actor("guihua"), now).fields


def test_no_addresses_or_a_code_that_is_taken_refuse_the_plan(wave, planning, actor, now) -> None:
    assert "2026Q1" in _refusal(Conflict, planning(), actor("guihua"), now).text.zh
    assert "标准地址" in _refusal(Conflict, planning(code="x", kinds=("unit",)), actor("guihua"), now).text.zh


def test_answers_lead_back_to_no_address(wave, actor, now) -> None:
    _answer(wave, actor("guihua"), now, good=3)
    names = {field.name for field in Response._meta.get_fields()}
    assert names == {
        "id",
        "wave",
        "station_code",
        "beat_code",
        "stratum",
        "psu",
        "channel",
        "answers",
        "mark",
    }
    assert set(Response.objects.values_list("psu", flat=True)) == {""}
    entries = Entry.objects.filter(action="survey.enter")
    assert {entry.subject_id for entry in entries} == {str(wave.pk)}
    assert all(set(entry.detail) == {"code", "channel"} for entry in entries)


def test_an_address_answers_once_and_while_the_wave_is_open(wave, actor, now) -> None:
    one = wave.invitations.filter(used=True).first()
    enter = EnterAnswers(invitation_id=one.pk, channel="phone", answers=GOOD)
    before = now - dt.timedelta(days=20)
    assert "2026-03-01" in _refusal(Conflict, enter, actor("guihua"), before).text.zh
    perform(enter, actor("guihua"), now)
    assert "已经回答" in _refusal(Conflict, enter, actor("guihua"), now).text.zh
    _refusal(Conflict, MarkOutcome(invitation_id=one.pk, outcome="refused"), actor("guihua"), now)
    perform(CloseWave(wave_id=wave.pk), actor("guihua"), now)
    other = wave.invitations.filter(used=True, outcome="open").first()
    later = EnterAnswers(invitation_id=other.pk, channel="phone", answers=GOOD)
    _refusal(Conflict, later, actor("guihua"), now)
    _refusal(Conflict, CloseWave(wave_id=wave.pk), actor("guihua"), now)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "q-feel_safe"),
        ({"feel_safe": "x"}, "q-feel_safe"),
        ({"feel_safe": ["safe"]}, "q-feel_safe"),
        ({**GOOD, "name": "张三"}, "q-name"),
    ],
)
def test_answers_that_are_none_of_the_choices_are_refused(answers, field, wave, actor, now) -> None:
    one = wave.invitations.filter(used=True).first()
    enter = EnterAnswers(invitation_id=one.pk, channel="phone", answers=answers)
    assert set(_refusal(Invalid, enter, actor("guihua"), now).fields) == {field}
    wrong = EnterAnswers(invitation_id=one.pk, channel="smoke", answers=GOOD)
    assert set(_refusal(Invalid, wrong, actor("guihua"), now).fields) == {"channel"}


# Guard 7
def test_nobody_of_the_assessed_station_enters_anything_and_the_county_does(wave, actor, now, stage) -> None:
    own = wave.invitations.filter(used=True, station_code=stage.place.station_code)
    own.update(beat_code=stage.place.beat_code, place_code=stage.place.code)
    enter = EnterAnswers(invitation_id=own.first().pk, channel="visit", answers=GOOD)
    declined = MarkOutcome(invitation_id=own.first().pk, outcome="refused")
    for username in ("minjing", "linsuo", "linsuozhang", "tiaojie", "shenji", "suozhang", "fujing", "wangge"):
        _refusal(Missing, enter, actor(username), now)
        _refusal(Missing, declined, actor(username), now)
        assert not invitations(actor(username), wave).exists()
    perform(enter, actor("guihua"), now)
    reserve = wave.invitations.filter(used=False).first()
    unused = EnterAnswers(invitation_id=reserve.pk, channel="visit", answers=GOOD)
    _refusal(Missing, unused, actor("guihua"), now)


# Guard 7
def test_who_works_for_the_county_and_at_the_station_enters_for_every_other_station_alone(
    wave, actor, cast, now, stage
) -> None:
    Grant.objects.create(user=cast["guihua"], role="auxiliary", organisation=stage.post, starts=now.date())
    who, station = actor_of(cast["guihua"], now), stage.place.station_code
    own = wave.invitations.filter(used=True, station_code=station).first()
    other = wave.invitations.filter(used=True).exclude(station_code=station).first()
    _refusal(Missing, EnterAnswers(invitation_id=own.pk, channel="visit", answers=GOOD), who, now)
    perform(EnterAnswers(invitation_id=other.pk, channel="visit", answers=GOOD), who, now)
    assert station not in set(invitations(who, wave).values_list("station_code", flat=True))
    assert station not in {place.station_code for place in places_of(who)}
    check = MakeCheck(
        place=stage.place.code, on=now.date(), asked=5, know_officer=5, see_patrols=5, feel_safe=5
    )
    assert "任职" in _refusal(Forbidden, check, who, now).text.zh


# Guard 7
def test_an_interviewer_of_the_county_who_is_no_planner_enters_answers(wave, cast, now, stage) -> None:
    Grant.objects.filter(user=cast["fujing"]).update(organisation=stage.bureau)
    who = actor_of(cast["fujing"], now)
    one = invitations(who, wave).first()
    assert perform(EnterAnswers(invitation_id=one.pk, channel="phone", answers=GOOD), who, now).pk


# Guard 7
def test_the_households_own_code_outranks_what_staff_entered_until_the_wave_closes(wave, actor, now) -> None:
    letters = perform(PrintLetters(wave_id=wave.pk), actor("guihua"), now)
    rows = {one.address: one for one in wave.invitations.filter(used=True)}
    first, second = letters[:2]
    for letter in (first, second):
        enter = EnterAnswers(invitation_id=rows[letter.address].pk, channel="paper", answers=GOOD)
        perform(enter, actor("guihua"), now)
    assert Response.objects.count() == 2
    own = AnswerByCode(code=first.code, answers=BAD)
    assert perform(own, ANONYMOUS, now).channel == "web"
    assert sorted(Response.objects.values_list("channel", flat=True)) == ["paper", "web"]
    assert Response.objects.get(channel="web").answers == BAD
    _refusal(Missing, own, ANONYMOUS, now)
    # Staff do not write over the household's word, nor twice over their own.
    for letter in (first, second):
        again = EnterAnswers(invitation_id=rows[letter.address].pk, channel="paper", answers=GOOD)
        _refusal(Conflict, again, actor("guihua"), now)
    # Nothing in the tables alone leads from an answer to its letter, and after closing nothing at all does.
    digests = set(Invitation.objects.exclude(code_digest="").values_list("code_digest", flat=True))
    assert not digests & set(Response.objects.values_list("mark", flat=True))
    perform(CloseWave(wave_id=wave.pk), actor("guihua"), now)
    assert set(Response.objects.values_list("mark", flat=True)) == {""}
    _refusal(Missing, AnswerByCode(code=second.code, answers=BAD), ANONYMOUS, now)


# Guard 7
@pytest.mark.parametrize(("language", "words"), [("zh-hans", "工作人员录入"), ("en", "Entered by staff")])
def test_the_share_that_staff_entered_stands_beside_each_stations_result(
    language, words, wave, actor, now, signed_in
) -> None:
    letters = perform(PrintLetters(wave_id=wave.pk), actor("guihua"), now)
    rows = {one.address: one for one in wave.invitations.filter(used=True)}
    stratum = rows[letters[0].address].stratum
    same = [one for one in letters if rows[one.address].stratum == stratum][:4]
    for letter in same[:3]:
        perform(AnswerByCode(code=letter.code, answers=GOOD), ANONYMOUS, now)
    enter = EnterAnswers(invitation_id=rows[same[3].address].pk, channel="paper", answers=GOOD)
    perform(enter, actor("guihua"), now)
    assert results_of(wave).by_staff == {stratum: 1}
    page = signed_in("suozhang", language).get(f"/surveys/{wave.pk}/").content.decode()
    assert words in page
    assert "1 · 25.0 %" in page


def test_only_planners_plan_and_close(wave, planning, actor, now) -> None:
    for username in ("suozhang", "minjing", "shenji", "guanli"):
        for action in (planning(code="x"), CloseWave(wave_id=wave.pk), PrintLetters(wave_id=wave.pk)):
            _refusal(Forbidden, action, actor(username), now)
    _refusal(Missing, CloseWave(wave_id=999), actor("guihua"), now)


def test_a_letters_code_answers_once_without_signing_in(wave, actor, now) -> None:
    first = perform(PrintLetters(wave_id=wave.pk), actor("guihua"), now)
    letters = perform(PrintLetters(wave_id=wave.pk), actor("guihua"), now)
    assert len(letters) == 40
    kept = "".join(Invitation.objects.values_list("code_digest", flat=True))
    assert not any(letter.code in kept for letter in letters)
    stale = AnswerByCode(code=first[0].code, answers=GOOD)
    _refusal(Missing, stale, ANONYMOUS, now)
    answer = AnswerByCode(code=letters[0].code.lower(), answers=GOOD)
    assert perform(answer, ANONYMOUS, now).channel == "web"
    _refusal(Missing, answer, ANONYMOUS, now)
    _refusal(Missing, AnswerByCode(code="", answers=GOOD), ANONYMOUS, now)
    _refusal(Invalid, AnswerByCode(code=letters[1].code, answers={}), ANONYMOUS, now)
    perform(CloseWave(wave_id=wave.pk), actor("guihua"), now)
    _refusal(Missing, AnswerByCode(code=letters[1].code, answers=GOOD), ANONYMOUS, now)


def test_reserves_are_called_up_in_the_order_drawn(wave, actor, now) -> None:
    stratum = next(iter(wave.strata))
    waiting = wave.invitations.filter(stratum=stratum, used=False).order_by("order")
    expected = list(waiting.values_list("pk", flat=True))[:2]
    perform(CallReserves(wave_id=wave.pk, stratum=stratum, count=2), actor("guihua"), now)
    assert set(wave.invitations.filter(reserve=True, used=True).values_list("pk", flat=True)) == set(expected)
    too_many = CallReserves(wave_id=wave.pk, stratum=stratum, count=999)
    assert "count" in _refusal(Invalid, too_many, actor("guihua"), now).fields


def test_weights_add_up_to_the_homes_of_the_frame(wave, actor, now) -> None:
    assert weights_of(wave) == {}
    rows = list(wave.invitations.filter(used=True).order_by("stratum", "order"))
    perform(MarkOutcome(invitation_id=rows[0].pk, outcome="refused"), actor("guihua"), now)
    _answer(wave, actor("guihua"), now, good=30)
    found = weights_of(wave)
    total = 0.0
    for (stratum, _), weight in found.items():
        total += weight * wave.responses.filter(stratum=stratum).count()
    answered_strata = {stratum for stratum, _ in found}
    assert total == pytest.approx(sum(wave.strata[code] for code in answered_strata))


def test_results_carry_interval_design_effect_and_what_could_be_seen(wave, actor, now) -> None:
    assert results_of(wave).questions[0].estimate is None
    _answer(wave, actor("guihua"), now, good=24, bad=12)
    found = results_of(wave)
    assert (found.response.answered, found.response.eligible, found.response.rate) == (36, 40, 0.9)
    safe = next(one for one in found.questions if one.name == "feel_safe")
    assert safe.estimate is not None
    assert safe.estimate.low < safe.estimate.value < safe.estimate.high
    assert safe.smallest is None or 0 < safe.smallest < 1
    assert sum(share for _, share in safe.shares) == pytest.approx(1.0)
    skipped = next(one for one in found.questions if one.name == "see_patrols")
    assert (skipped.answered, skipped.estimate, skipped.shares) == (0, None, ())


def test_a_wave_is_compared_with_the_closed_one_before(wave, planning, actor, now) -> None:
    _answer(wave, actor("guihua"), now, good=36)
    perform(CloseWave(wave_id=wave.pk), actor("guihua"), now)
    after = now + dt.timedelta(days=40)
    more = {"opens_on": dt.date(2026, 4, 10), "closes_on": dt.date(2026, 5, 9), "code": "2026Q2", "seed": 8}
    following = perform(planning(**more), actor("guihua"), after)
    _answer(following, actor("guihua"), after, good=4, bad=32)
    safe = results_of(following).questions[0]
    assert safe.change is not None
    assert safe.change.verdict == "fall"


def test_a_survey_in_places_has_weights_of_two_stages(planning, actor, now) -> None:
    wave = perform(planning(each=4, wanted=6), actor("guihua"), now)
    _answer(wave, actor("guihua"), now, good=14, bad=6)
    assert results_of(wave).questions[0].estimate is not None
    assert set(wave.responses.values_list("psu", flat=True)) <= set(
        wave.invitations.values_list("psu", flat=True)
    )


def _reading(now):
    zone = ZoneInfo("Asia/Shanghai")
    return Reading(at=now, zone=zone, synthetic=True, whole=True, pieces=lambda kinds: iter(()))


def test_answers_of_closed_waves_become_facts_without_an_address(wave, actor, now) -> None:
    _answer(wave, actor("guihua"), now, good=2, bad=1)
    assert list(answer_rows(_reading(now))) == []
    perform(CloseWave(wave_id=wave.pk), actor("guihua"), now)
    rows = list(answer_rows(_reading(now)))
    safe = sorted(row["answer"] for row in rows if row["question"] == "feel_safe")
    assert safe == ["unsafe", "yes", "yes"]
    assert len({row["record_id"] for row in rows}) == len(rows) == 9
    assert all(row["weight"] > 0 and row["wave"] == "2026Q1" for row in rows)
    assert "place" not in rows[0]


def test_a_street_check_counts_and_names_nobody(actor, now, stage, county) -> None:
    check = MakeCheck(
        place=stage.place.code, on=dt.date(2026, 3, 9), asked=5, know_officer=3, see_patrols=2, feel_safe=5
    )
    for username in ("minjing", "linsuozhang", "shenji", "suozhang", "fujing", "wangge"):
        _refusal(Forbidden, check, actor(username), now)
    perform(check, actor("guihua"), now)
    rows = list(check_rows(_reading(now)))
    assert sum(row["question"] == "know_officer" and row["answer"] == "yes" for row in rows) == 3
    assert len(rows) == 15


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"on": None}, "on"),
        ({"on": dt.date(2026, 3, 11)}, "on"),
        ({"know_officer": 6}, "know_officer"),
        ({"feel_safe": None}, "feel_safe"),
        ({"asked": 0, "know_officer": 0, "see_patrols": 0, "feel_safe": 0}, "asked"),
    ],
)
def test_a_check_that_cannot_be_says_where(more, field, actor, now, stage, county) -> None:
    given = {
        "place": stage.place.code, "on": dt.date(2026, 3, 9), "asked": 5, "know_officer": 3, "see_patrols": 2,
        "feel_safe": 5,
    }  # fmt: skip
    assert set(_refusal(Invalid, MakeCheck(**{**given, **more}), actor("guihua"), now).fields) == {field}


def test_a_check_somewhere_unknown_is_refused(actor, now, county) -> None:
    check = MakeCheck(place="x", on=now.date(), asked=5, know_officer=3, see_patrols=2, feel_safe=5)
    assert "place" in _refusal(Invalid, check, actor("guihua"), now).fields


def test_a_questionnaire_needs_a_title(actor, now, county) -> None:
    keep = KeepQuestionnaire(title=" ", file_name="x.xlsx", content=b"")
    assert "title" in _refusal(Invalid, keep, actor("guihua"), now).fields
    assert not Wave.objects.exists()
