"""Budgets and lines: caps that hold, amounts as the clauses say, and what can be paid for."""

import datetime as dt

import pytest

from linli.web.foundation.accounts.models import Grant, Organisation
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.payables import payables
from linli.web.ops.premises.models import CourtyardSurvey, Premises
from linli.web.ops.stipends.actions.budgets import ChangeBudget, ChangeLine, MakeBudget, OpenLine
from linli.web.ops.stipends.candidates import candidates
from web.stipends.conftest import EACH


def _refusal(kind, action, who, now):
    with pytest.raises(kind) as refusal:
        perform(action, who, now)
    return refusal.value


@pytest.fixture
def opening(line):
    """A line of the same budget for another rule."""

    def make(**more: object) -> OpenLine:
        given = {"budget_id": line.budget_id, "rule": "N20.setup", "cap_cents": 30_000}
        return OpenLine(**{**given, **more})  # type: ignore[arg-type]

    return make


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"year": 2020}, "year"),
        ({"source": "lottery"}, "source"),
        ({"cap_cents": 0}, "cap"),
        ({"cap_cents": None}, "cap"),
        ({"note": "长" * 301}, "note"),
    ],
)
def test_a_budget_that_cannot_be_says_where(more, field, actor, now, county) -> None:
    given = {"year": 2026, "source": "units", "cap_cents": 1, **more}
    assert set(_refusal(Invalid, MakeBudget(**given), actor("guihua"), now).fields) == {field}


def test_a_source_has_one_budget_a_year(line, actor, now) -> None:
    again = MakeBudget(year=2026, source="government", cap_cents=1)
    assert "财政拨款" in _refusal(Conflict, again, actor("guihua"), now).text.zh


@pytest.mark.parametrize("username", ["suozhang", "minjing", "shenji", "guanli"])
def test_only_planners_set_budgets(username, line, opening, actor, now) -> None:
    for action in (
        MakeBudget(year=2026, source="units", cap_cents=1),
        ChangeBudget(budget_id=line.budget_id, cap_cents=1, note="x"),
        opening(),
        ChangeLine(line_id=line.pk, cap_cents=1),
    ):
        _refusal(Forbidden, action, actor(username), now)


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"rule": "X1.nothing"}, "rule", "没有这条"),
        ({"cap_cents": 50_001}, "cap", "只剩 ¥500.00"),
        ({"amount_cents": 1}, "amount", "N20 写明"),
        ({"rule": "Q2.patrol_pay"}, "amount", "Q2 未写明"),
        ({"rule": "Q2.patrol_pay", "amount_cents": 79_999}, "amount", "不低于 ¥800.00"),
    ],
)
def test_a_line_keeps_to_its_clause_and_its_budget(more, field, sentence, opening, actor, now) -> None:
    assert sentence in _refusal(Invalid, opening(**more), actor("guihua"), now).fields[field].zh


def test_a_rule_has_one_line_in_a_budget_which_must_be_there(opening, actor, now) -> None:
    perform(opening(), actor("guihua"), now)
    _refusal(Conflict, opening(cap_cents=1), actor("guihua"), now)
    _refusal(Missing, opening(budget_id=999), actor("guihua"), now)


def test_caps_move_within_what_is_given_and_promised(line, proposed, settled, actor, now) -> None:
    planner = actor("guihua")
    proposed(settled(1))
    below = ChangeLine(line_id=line.pk, cap_cents=EACH - 1)
    assert "¥64.16" in _refusal(Invalid, below, planner, now).fields["cap"].zh
    over = ChangeLine(line_id=line.pk, cap_cents=100_001)
    assert "¥1,000.00" in _refusal(Invalid, over, planner, now).fields["cap"].zh
    assert perform(ChangeLine(line_id=line.pk, cap_cents=60_000), planner, now).cap_cents == 60_000
    _refusal(Missing, ChangeLine(line_id=999, cap_cents=1), planner, now)
    less = ChangeBudget(budget_id=line.budget_id, cap_cents=59_999, note="压减")
    assert "¥600.00" in _refusal(Invalid, less, planner, now).fields["cap"].zh
    assert (
        "note"
        in _refusal(
            Invalid, ChangeBudget(budget_id=line.budget_id, cap_cents=70_000, note=""), planner, now
        ).fields
    )
    perform(ChangeBudget(budget_id=line.budget_id, cap_cents=60_000, note="压减"), planner, now)


def test_a_whole_month_on_duty_is_paid_and_a_part_is_not(line, opening, actor, now, cast, stage) -> None:
    late = Grant.objects.get(user=cast["fujing"])
    Grant.objects.filter(pk=late.pk).update(starts=dt.date(2026, 1, 15))
    patrol = perform(
        opening(rule="Q2.patrol_pay", cap_cents=50_000, amount_cents=80_000), actor("guihua"), now
    )
    found = candidates(patrol, stage.place.station_code, "", dt.date(2026, 1, 1), dt.date(2026, 3, 10))
    assert [(one.payable.record, one.cents) for one in found] == [(f"duty:{late.user_id}:2026-02", 80_000)]


def _survey(code: str, stage, now, *surveys: tuple[int, bool]) -> None:
    place = stage.place
    yard = Premises.objects.create(
        code=code, kind="courtyard", name=code, address="街", registered_at=now,
        station_code=place.station_code, beat_code=place.beat_code, place_code=place.code,
    )  # fmt: skip
    for day, staffed in surveys:
        CourtyardSurvey.objects.create(
            premises=yard, surveyed_on=dt.date(2026, 2, day), basis="fair", staffed=staffed, volunteers=1,
            doors=1, security_doors=1,
        )  # fmt: skip


def test_a_courtyard_is_paid_for_once_when_it_sets_up_its_first_watch(
    opening, actor, now, stage, county
) -> None:
    _survey("Y1", stage, now, (1, False), (9, True))
    _survey("Y2", stage, now, (9, True))
    _survey("Y3", stage, now, (1, True), (5, False), (9, True))
    _survey("Y4", stage, now, (1, False), (9, False))
    yards = perform(opening(), actor("guihua"), now)
    found = candidates(yards, stage.place.station_code, "", dt.date(2026, 2, 2), dt.date(2026, 3, 10))
    committee = Organisation.objects.get(code=f"committee:{stage.place.code}")
    assert [(one.payable.record, one.cents, one.payee) for one in found] == [
        ("courtyard:Y1", 30_000, committee.name)
    ]
    assert not list(payables("guarded_courtyard", dt.date(2026, 2, 10), dt.date(2026, 3, 1)))
    assert not list(payables("nothing", dt.date(2026, 2, 10), dt.date(2026, 3, 1)))


def _confirmed(version, stage, cast, now, month="2026-02", **more):
    from linli.web.workbench.assessment.models import Consequence

    place = stage.place
    given = {
        "rule": "N20.falls", "clause": "N20", "kind": "reward", "area_kind": "beat", "area": place.beat_code,
        "station_code": place.station_code, "beat_code": place.beat_code, "token": month, "yuan": 270.0,
        "status": "confirmed", "decided_by": cast["guihua"], "decided_at": now - dt.timedelta(days=1),
    }  # fmt: skip
    return Consequence.objects.create(version=version, **{**given, **more})


def test_only_a_confirmed_reward_of_the_clauses_amount_is_paid(
    opening, actor, now, stage, cast, county
) -> None:
    from linli.web.workbench.assessment.models import Period, Version

    period = Period.objects.create(
        pack="nanlu-2012", month="2026-02", opened_by=cast["guihua"], opened_at=now
    )
    version = Version.objects.create(period=period, number=1, ordered_by=cast["guihua"], ordered_at=now)
    _confirmed(version, stage, cast, now)
    _confirmed(version, stage, cast, now, month="2026-01", yuan=271.0)
    _confirmed(version, stage, cast, now, month="2025-12", status="proposed")
    _confirmed(version, stage, cast, now, month="2025-11", kind="notice")
    _confirmed(version, stage, cast, now, rule="L17.selection", kind="selected", yuan=None)
    line = perform(opening(rule="N20.falls"), actor("guihua"), now)
    area = (stage.place.station_code, stage.place.beat_code)
    found = candidates(line, *area, dt.date(2026, 3, 1), dt.date(2026, 3, 10))
    assert [(one.payable.record[-7:], one.cents, one.problem is None) for one in found] == [
        ("2026-01", 0, False),
        ("2026-02", 27_000, True),
    ]
    assert found[1].payee == stage.post.name
    best = perform(opening(rule="L17.selected", cap_cents=10_000, amount_cents=500), actor("guihua"), now)
    assert [one.cents for one in candidates(best, *area, dt.date(2026, 3, 1), dt.date(2026, 3, 10))] == [500]
