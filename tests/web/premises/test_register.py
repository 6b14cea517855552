"""The register, its papers, surveys, honours, and who may do what."""

import datetime as dt
from dataclasses import replace

import pytest

from linli.kernel.errors import InputRefused
from linli.web.foundation.accounts.access import may, scopes
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Notice
from linli.web.foundation.places.models import Address
from linli.web.ops.premises.actions.checklists import PublishChecklist, SetInterval, may_edit
from linli.web.ops.premises.actions.files import Upload
from linli.web.ops.premises.actions.papers import (
    AwardHonour,
    FilePlan,
    IssueLetter,
    RecordDrill,
    SignLetter,
    WithdrawHonour,
)
from linli.web.ops.premises.actions.places import SurveyCourtyard
from linli.web.ops.premises.actions.register import ClosePremises, CorrectPremises, RegisterPremises
from linli.web.ops.premises.checklists import shipped_checklist
from linli.web.ops.premises.coverage import rates
from linli.web.ops.premises.kinds import KINDS
from linli.web.ops.premises.models import Checklist, DutyTelephone, Letter, Premises
from linli.web.ops.premises.scheduling import due_after
from linli.web.ops.premises.selectors import visible_premises
from linli.web.ops.premises.subjects import subject_of

from .conftest import Works

pytestmark = pytest.mark.django_db
CAST = (
    "guihua", "suozhang", "jiejing", "minjing", "fujing", "wangge", "zhuli", "tiaojie", "danwei", "fating",
    "jumin", "shenji", "guanli", "linsuo", "linsuozhang",
)  # fmt: skip
REGISTERS = {"suozhang", "minjing", "fujing"}


@pytest.mark.parametrize("username", CAST)
def test_who_registers_premises_here(works: Works, username: str) -> None:
    if username in REGISTERS:
        assert works.premises(by=username).code
    else:
        with pytest.raises(Forbidden):
            works.premises(by=username)


@pytest.mark.parametrize("username", CAST)
def test_who_closes_premises_here(works: Works, username: str) -> None:
    premises = works.premises()
    close = ClosePremises(premises_id=premises.pk, reason="停业")
    if username in {"suozhang", "minjing"}:
        assert perform(close, works.by(username), works.now).closed_on == works.day()
    else:
        with pytest.raises((Forbidden, Missing)):
            perform(close, works.by(username), works.now)


@pytest.mark.parametrize("username", CAST)
def test_the_list_agrees_with_the_single_decision(works: Works, username: str) -> None:
    works.premises(), works.premises(name="无单位", organisation_id=None), works.elsewhere()
    who = works.by(username)
    listed = set(visible_premises(who).values_list("pk", flat=True))
    assert listed == {one.pk for one in Premises.objects.all() if may(who, "view", subject_of(one))}
    assert (scopes(who, "view", ["premises"]) is None) is (
        username in {"jiejing", "tiaojie", "fating", "jumin", "shenji", "guanli"}
    )


def test_the_standard_address_gives_the_position_and_place(works: Works) -> None:
    place = works.stage.place
    Address.objects.create(
        code="A1",
        text="合成路 9 号",
        place_code=place.code,
        longitude=place.longitude,
        latitude=place.latitude,
    )
    premises = works.premises(address="合成路 9 号", address_code="A1", longitude=None, latitude=None)
    assert (premises.longitude, premises.place_code) == (place.longitude, place.code)
    with pytest.raises(Invalid) as refusal:
        works.premises(name="x", address_code="A2")
    assert "address_code" in refusal.value.fields


def test_the_same_premises_are_entered_once(works: Works) -> None:
    works.premises()
    with pytest.raises(Conflict):
        works.premises()


def test_no_other_territory_is_written_into(works: Works) -> None:
    far = works.stage.other_place
    with pytest.raises(Forbidden):
        works.premises(longitude=far.longitude, latitude=far.latitude)
    premises = works.premises()
    moved = works.details(longitude=far.longitude, latitude=far.latitude)
    with pytest.raises(Forbidden):
        perform(CorrectPremises(premises_id=premises.pk, details=moved), works.by("minjing"), works.now)


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"kind": "church"}, "kind"), ({"name": " "}, "name"), ({"name": "x" * 121}, "name"),
     ({"address": "a\x00"}, "address"), ({"latitude": None}, "longitude"),
     ({"longitude": 200.0}, "longitude"),
     ({"key_clause": "D1"}, "key_clause"), ({"organisation_id": 0}, "organisation"),
     ({"duty_telephone": "警务室"}, "duty_telephone"),
     ({"alarm_linked_on": dt.date(2027, 1, 1)}, "alarm_linked_on"),
     ({"longitude": None, "latitude": None, "place": "9"}, "place")],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(works: Works, changed: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        works.premises(**changed)
    assert set(refusal.value.fields) == {field}


def test_closing_starts_the_telephones_time(works: Works) -> None:
    premises = works.premises()
    perform(ClosePremises(premises_id=premises.pk, reason="停业"), works.by("minjing"), works.now)
    assert DutyTelephone.objects.get().keep_until == works.now + dt.timedelta(days=90)
    with pytest.raises(Conflict):
        perform(IssueLetter(premises_id=premises.pk), works.by("minjing"), works.now)


def test_months_end_where_the_month_ends() -> None:
    assert due_after(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)
    assert due_after(dt.date(2026, 11, 30), 3) == dt.date(2027, 2, 28)
    assert due_after(dt.date(2026, 12, 15), 12) == dt.date(2027, 12, 15)


def test_a_letter_is_signed_with_dates_that_can_be_and_a_scan(works: Works, photo) -> None:  # type: ignore[no-untyped-def]
    premises = works.premises()
    perform(IssueLetter(premises_id=premises.pk), works.by("minjing"), works.now)
    with pytest.raises(Conflict):
        perform(IssueLetter(premises_id=premises.pk), works.by("minjing"), works.now)
    letter = Letter.objects.get()

    def sign(**changed: object) -> None:
        values = {
            "premises_id": premises.pk, "letter_id": letter.pk, "signed_on": works.day(),
            "expires_on": works.day(365), "scan": photo(),
        }  # fmt: skip
        perform(SignLetter(**{**values, **changed}), works.by("minjing"), works.now)  # type: ignore[arg-type]

    for changed, field in (
        ({"signed_on": works.day(1)}, "signed_on"),
        ({"expires_on": works.day(0)}, "expires_on"),
        ({"expires_on": works.day(3000)}, "expires_on"),
        ({"scan": None}, "scan"),
    ):
        with pytest.raises(Invalid) as refusal:
            sign(**changed)
        assert set(refusal.value.fields) == {field}
    with pytest.raises(InputRefused):
        sign(scan=Upload("x.exe", b"MZ"))
    sign()
    with pytest.raises(Conflict):
        sign()
    shares = {one.id: one for one in rates(works.by("minjing"), works.now)}
    assert (shares["letters"].numerator, shares["letters"].denominator) == (1, 1)
    later = {one.id: one for one in rates(works.by("minjing"), works.now + dt.timedelta(days=366))}
    assert later["letters"].numerator == 0


def test_courtyards_sign_no_letter(works: Works) -> None:
    yard = works.premises(kind="courtyard", name="1 号院")
    with pytest.raises(Conflict):
        perform(IssueLetter(premises_id=yard.pk), works.by("minjing"), works.now)


def test_a_plan_is_filed_and_drilled(works: Works, photo) -> None:  # type: ignore[no-untyped-def]
    unit = works.premises(kind="unit", name="合成水厂", key_clause="N13", alarm_linked_on=dt.date(2025, 5, 1))
    officer = works.by("minjing")
    with pytest.raises(Conflict):
        perform(RecordDrill(premises_id=unit.pk, held_on=works.day(), participants=20), officer, works.now)
    perform(FilePlan(premises_id=unit.pk, dated=works.day(-30), file=photo("预案.jpg")), officer, works.now)
    perform(RecordDrill(premises_id=unit.pk, held_on=works.day(-1), participants=20), officer, works.now)
    found = {one.id: (one.numerator, one.denominator) for one in rates(officer, works.now)}
    assert [found[id_] for id_ in ("alarms", "plans", "drills")] == [(1, 1)] * 3


def _survey(yard: Premises, works: Works, **changed: object) -> SurveyCourtyard:
    values = {
        "premises_id": yard.pk, "surveyed_on": works.day(), "basis": "good", "staffed": True,
        "volunteers": 4, "doors": 6, "security_doors": 5,
    }  # fmt: skip
    return SurveyCourtyard(**{**values, **changed})  # type: ignore[arg-type]


def test_a_survey_classes_a_courtyard_and_moves_its_day(works: Works) -> None:
    yard = works.premises(kind="courtyard", name="2 号院")
    assert yard.due_on == dt.date(2026, 4, 10)
    perform(_survey(yard, works), works.by("minjing"), works.now)
    yard.refresh_from_db()
    assert (yard.basis, yard.due_on) == ("good", dt.date(2026, 9, 10))
    for changed, field in (
        ({"security_doors": 7}, "security_doors"),
        ({"basis": "guarded", "staffed": False}, "staffed"),
        ({"volunteers": None}, "volunteers"),
        ({"surveyed_on": works.day(1)}, "surveyed_on"),
        ({"basis": "bad"}, "basis"),
    ):
        with pytest.raises(Invalid) as refusal:
            perform(_survey(yard, works, **changed), works.by("minjing"), works.now)
        assert set(refusal.value.fields) == {field}


def test_the_coverage_of_courtyards_counts_the_newest_survey_of_each(works: Works) -> None:
    for number, basis in enumerate(("guarded", "good", "fair", "poor")):
        yard = works.premises(kind="courtyard", name=f"{number} 号院")
        old = _survey(yard, works, surveyed_on=works.day(-9), basis="poor", doors=99, security_doors=0)
        perform(old, works.by("minjing"), works.now)
        values = {
            "basis": basis,
            "staffed": basis == "guarded",
            "volunteers": number - 2 if number > 2 else 0,
        }
        perform(_survey(yard, works, **values), works.by("minjing"), works.now)
    works.premises(kind="courtyard", name="未排查")
    found = {one.id: (one.numerator, one.denominator) for one in rates(works.by("minjing"), works.now)}
    assert found["surveyed"] == (4, 5)
    assert found["staffed"] == (1, 2)
    assert found["volunteers"] == (1, 2)
    assert found["doors"] == (20, 24)


def test_the_title_is_given_only_where_nothing_happened(works: Works) -> None:
    yard = works.premises(kind="courtyard", name="3 号院")
    award = AwardHonour(
        premises_id=yard.pk, kind="zero_incident", period_from=works.day(-180), period_until=works.day()
    )
    incident = OpenCase(
        kind="incident", category="burglary", title="被盗", longitude=yard.longitude, latitude=yard.latitude
    )
    perform(incident, works.by("jiejing"), works.now)
    with pytest.raises(Conflict):
        perform(award, works.by("minjing"), works.now)
    before = AwardHonour(
        premises_id=yard.pk, kind="zero_incident", period_from=works.day(-180), period_until=works.day(-1)
    )
    perform(before, works.by("minjing"), works.now)
    honour = yard.honours.get()
    assert honour.incidents == 0
    withdraw = WithdrawHonour(premises_id=yard.pk, honour_id=honour.pk, reason="核实有误")
    perform(withdraw, works.by("minjing"), works.now)
    with pytest.raises(Missing):
        perform(withdraw, works.by("minjing"), works.now)


def test_shops_are_commended_but_given_no_title(works: Works) -> None:
    shop = works.premises()
    with pytest.raises(Invalid):
        perform(AwardHonour(premises_id=shop.pk, kind="commended"), works.by("minjing"), works.now)
    praise = AwardHonour(premises_id=shop.pk, kind="commended", reason="连续三年无隐患")
    perform(praise, works.by("minjing"), works.now)
    title = AwardHonour(
        premises_id=shop.pk, kind="zero_incident", period_from=works.day(-9), period_until=works.day(-1)
    )
    with pytest.raises(Conflict):
        perform(title, works.by("minjing"), works.now)


@pytest.mark.parametrize("kind", KINDS)
def test_every_shipped_checklist_is_whole(kind: str) -> None:
    items = shipped_checklist(kind)
    assert len({item.id for item in items}) == len(items) >= 7
    assert all(item.text.zh and item.text.en and item.rule.zh and item.rule.en for item in items)


def _items(*ids: str) -> list[dict[str, object]]:
    return [{"id": id_, "text": {"zh": "甲", "en": "A"}, "rule": {"zh": "乙", "en": "B"}} for id_ in ids]


def test_an_inspection_keeps_the_version_it_was_planned_with(works: Works) -> None:
    case = works.planned(works.premises())
    publish = PublishChecklist(kind="shop", based_on=1, items=_items("one"))
    perform(publish, works.by("guihua"), works.now)
    assert case.inspection.checklist.version == 1
    later = works.planned(works.premises(name="第二家"))
    assert [item["id"] for item in later.inspection.checklist.items] == ["one"]


def test_two_who_edit_one_checklist_are_told(works: Works) -> None:
    first = PublishChecklist(kind="shop", based_on=1, items=_items("one"))
    perform(first, works.by("guihua"), works.now)
    second = PublishChecklist(kind="shop", based_on=1, items=_items("two"))
    with pytest.raises(Conflict):
        perform(second, works.by("guihua"), works.now)
    assert Checklist.objects.count() == 2


@pytest.mark.parametrize(
    "items",
    [[], _items("a", "a"), _items("Ab"), [{"id": "a", "text": {"zh": "甲"}, "rule": {"zh": "乙", "en": "B"}}],
     _items(*(f"i{n}" for n in range(61)))],
)  # fmt: skip
def test_a_broken_checklist_is_refused(works: Works, items: list[dict[str, object]]) -> None:
    publish = PublishChecklist(kind="shop", based_on=1, items=items)
    with pytest.raises(Invalid):
        perform(publish, works.by("guihua"), works.now)
    assert not Checklist.objects.exists()


def test_the_schedule_moves_only_its_own_class(works: Works) -> None:
    plain, key = works.premises(), works.premises(name="重点店", key_clause="N13")
    before = key.due_on
    perform(SetInterval(kind="shop", schedule_class="ordinary", months=2), works.by("guihua"), works.now)
    plain.refresh_from_db()
    key.refresh_from_db()
    assert (plain.due_on, key.due_on) == (dt.date(2026, 5, 10), before)
    with pytest.raises(Missing):
        perform(SetInterval(kind="shop", schedule_class="guarded", months=2), works.by("guihua"), works.now)


# Guard 1
@pytest.mark.parametrize(
    "username", ["minjing", "suozhang", "fujing", "linsuo", "danwei", "shenji", "guanli"]
)
def test_what_the_county_inspects_by_is_changed_by_its_planner_alone(works: Works, username: str) -> None:
    premises = works.premises()
    for action in (
        SetInterval(kind="shop", schedule_class="ordinary", months=36),
        PublishChecklist(kind="shop", based_on=1, items=_items("one")),
    ):
        with pytest.raises(Forbidden):
            perform(action, works.by(username), works.now)
    due = premises.due_on
    premises.refresh_from_db()
    assert (premises.due_on, Checklist.objects.exists(), Notice.objects.exists()) == (due, False, False)


# Guard 1
def test_a_planner_of_one_station_would_change_nothing_of_the_county(works: Works) -> None:
    planner = works.by("guihua")
    held = replace(planner.held[0], level="station", codes=frozenset({works.stage.place.station_code}))
    assert not may_edit(replace(planner, held=(held,)))
    assert may_edit(planner)


# Guard 1
def test_every_chief_is_told_what_the_county_changed_and_the_log_keeps_both(works: Works) -> None:
    works.premises()
    interval = SetInterval(kind="shop", schedule_class="ordinary", months=36)
    perform(interval, works.by("guihua"), works.now)
    perform(PublishChecklist(kind="shop", based_on=1, items=_items("one")), works.by("guihua"), works.now)
    for chief in ("suozhang", "linsuozhang"):
        told = list(Notice.objects.filter(user=works.cast[chief], kind="inspection_rule").order_by("pk"))
        assert [("36" in one.detail["who"], one.detail["path"]) for one in told] == [
            (True, "/premises/checklists/"),
            (False, "/premises/checklists/shop/"),
        ]
    first, second = Entry.objects.filter(action__in=("premises.interval", "premises.checklist")).order_by(
        "pk"
    )
    assert (first.detail["months"], first.detail["moved"]) == (36, 1)
    assert first.detail["before"] < 36
    assert (second.subject_id, second.detail["version"]) == ("shop", 2)


def test_a_code_of_ones_own_is_kept_and_given_once(works: Works) -> None:
    first = RegisterPremises(details=works.details(), code="YZ-1")
    assert perform(first, works.by("minjing"), works.now).code == "YZ-1"
    again = RegisterPremises(details=works.details(name="别家"), code="YZ-1")
    with pytest.raises(Invalid):
        perform(again, works.by("minjing"), works.now)
