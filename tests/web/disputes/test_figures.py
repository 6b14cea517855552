"""The figures of a period, counted from cases: both settled rates, hand-overs, levels; of the own area."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.web.ops.disputes.actions.fulfilling import CheckKept, Relapse
from linli.web.ops.disputes.actions.handing import HandOver
from linli.web.ops.disputes.selectors import figures, stages
from linli.web.ops.disputes.settling import Share
from web.disputes.telling import Teller

pytestmark = pytest.mark.django_db


def test_settled_counts_agreements_and_the_honest_rate_what_became_of_them(teller: Teller) -> None:
    first = teller.today
    kept, relapsed = teller.fulfilled(days=5), teller.fulfilled(days=5)
    teller.fulfilled(days=5)
    teller.found()
    last = teller.today
    early = figures(teller.actor("suozhang"), first, last, teller.at)
    assert early.settled == Share(3, 4)
    assert (early.kept.judged, early.kept.not_yet) == (0, 3)
    teller.waits(days=30)
    teller.does("tiaojie", Relapse(case_id=relapsed.pk, reason="再次争水"))
    teller.waits(days=66)
    teller.does("tiaojie", CheckKept(case_id=kept.pk, kept=True))
    late = figures(teller.actor("suozhang"), first, last, teller.at)
    assert late.settled == Share(3, 4)
    assert (late.kept.share, late.kept.unchecked, late.kept.not_yet) == (Share(1, 2), 1, 0)
    assert (late.kept.least, late.kept.most) == (Share(1, 3), Share(2, 3))
    assert late.by_category == {"water": Share(3, 4)}
    assert late.by_level == {"village": Share(3, 4)}
    assert late.sessions == 3


def test_hand_overs_are_counted_with_those_received(teller: Teller) -> None:
    case = teller.accepted()
    over = HandOver(
        case_id=case.pk, organisation_id=teller.stage.court.pk, purpose="whole", reason="当事人起诉"
    )
    teller.does("tiaojie", over)
    teller.waits(days=10)
    found = figures(teller.actor("suozhang"), teller.today - dt.timedelta(days=30), teller.today, teller.at)
    assert (found.handed_out, found.acknowledged, found.late_acknowledgements) == (1, 0, 1)
    assert found.results == {"to_court": 1}


def test_another_stations_chief_counts_none_of_ours(teller: Teller) -> None:
    teller.found()
    theirs = figures(teller.actor("linsuozhang"), teller.today, teller.today, teller.at)
    assert theirs.settled == Share(0, 0)
    assert dict(stages(teller.actor("suozhang")))["found"] == 1
    assert sum(count for _, count in stages(teller.actor("linsuozhang"))) == 0


def test_the_figures_take_the_same_number_of_queries_however_many_disputes_there_are(teller: Teller) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            figures(teller.actor("suozhang"), teller.today, teller.today, teller.at)
        return len(asked)

    teller.found()
    one = queries()
    for _ in range(4):
        teller.found()
    assert queries() == one
