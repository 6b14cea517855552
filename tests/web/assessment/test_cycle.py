"""A month from opening to the lock, and corrected afterwards: each step by whom it belongs to."""

import datetime as dt

import pytest

from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.jobs.worker import Labourer
from linli.web.workbench.assessment.actions.consequences import ConfirmConsequence, Propose
from linli.web.workbench.assessment.actions.periods import (
    ApproveStation,
    LockVersion,
    OpenPeriod,
    OrderVersion,
)
from linli.web.workbench.assessment.computing import compute_version
from linli.web.workbench.assessment.keeping import facts_folder
from linli.web.workbench.assessment.models import Consequence, Version
from linli.web.workbench.assessment.selectors import stations_of

pytestmark = pytest.mark.django_db


def test_a_period_is_opened_once_for_a_month_that_has_begun_by_a_pack_that_assesses(
    county, actor, now
) -> None:
    planner = actor("guihua")
    perform(OpenPeriod(pack="nanlu-2012", month="2026-02"), planner, now)
    with pytest.raises(Conflict):
        perform(OpenPeriod(pack="nanlu-2012", month="2026-02"), planner, now)
    wrong = [
        {"pack": "nanlu-2012", "month": "2026-13"},
        {"pack": "nanlu-2012", "month": "2026-Q1"},
        {"pack": "nanlu-2012", "month": "2026-04"},
        {"pack": "nowhere-2000", "month": "2026-01"},
        {"pack": "nanlu-2012", "month": "2026-01", "objection_days": 1},
    ]
    for one in wrong:
        with pytest.raises(Invalid):
            perform(OpenPeriod(**one), planner, now)
    with pytest.raises(Forbidden):
        perform(OpenPeriod(pack="nanlu-2012", month="2026-01"), actor("suozhang"), now)


def test_the_worker_computes_what_was_ordered(period, actor, now) -> None:
    version = perform(OrderVersion(period_id=period.pk), actor("guihua"), now)
    with pytest.raises(Conflict):
        perform(OrderVersion(period_id=period.pk), actor("guihua"), now)
    worker = Labourer()
    while worker.step():
        pass
    version.refresh_from_db()
    assert version.status == Version.Status.COMPUTED
    assert version.synthetic
    assert version.figures.filter(indicator="N19.key_cases", area_kind="beat").count() == 12
    assert {one["rule"] for one in version.chance} >= {"N19.ladder", "N20.falls"}
    assert version.consequences.filter(status="drafted", rule="N19.ladder", kind="notice").exists()


def test_what_cannot_be_computed_says_why_and_can_be_ordered_again(period, actor, now) -> None:
    (facts_folder() / "manifest.json").write_text("{", encoding="utf-8")
    version = perform(OrderVersion(period_id=period.pk), actor("guihua"), now)
    failed = compute_version(version.pk, now)
    assert failed.status == Version.Status.FAILED
    assert failed.failure["zh"]
    again = perform(OrderVersion(period_id=period.pk), actor("guihua"), now)
    assert again.number == 1
    # One that was left lying by a worker that is gone for good does not block the month for ever.
    later = perform(OrderVersion(period_id=period.pk), actor("guihua"), now + dt.timedelta(hours=1))
    assert list(period.versions.all()) == [later]


def test_a_chief_approves_the_own_station_and_nobody_else_does(computed, actor, stage, now) -> None:
    own, other = stage.station.station_code, stage.other_station.station_code
    for username in ("guihua", "minjing", "shenji", "linsuozhang"):
        with pytest.raises(Forbidden):
            perform(ApproveStation(version_id=computed.pk, station=own), actor(username), now)
    with pytest.raises(Forbidden):
        perform(ApproveStation(version_id=computed.pk, station=other), actor("suozhang"), now)
    approved = perform(
        ApproveStation(version_id=computed.pk, station=own, note="已核对"), actor("suozhang"), now
    )
    assert approved.status == Version.Status.COMPUTED
    with pytest.raises(Conflict):
        perform(ApproveStation(version_id=computed.pk, station=own), actor("suozhang"), now)
    assert Entry.objects.filter(action="assessment.approve").count() == 1


def test_only_the_county_locks_and_only_what_every_station_approved(computed, actor, approve, now) -> None:
    with pytest.raises(Conflict):
        perform(LockVersion(version_id=computed.pk), actor("guihua"), now)
    approved = approve(computed)
    assert approved.status == Version.Status.APPROVED
    for username in ("suozhang", "minjing", "shenji"):
        with pytest.raises(Forbidden):
            perform(LockVersion(version_id=computed.pk), actor(username), now)
    with pytest.raises(Conflict):
        perform(LockVersion(version_id=computed.pk), actor("guihua"), now - dt.timedelta(days=14))
    locked = perform(LockVersion(version_id=computed.pk), actor("guihua"), now)
    assert (locked.status, locked.locked_by.username) == (Version.Status.LOCKED, "guihua")
    for station in stations_of(locked):
        with pytest.raises((Conflict, Forbidden)):
            perform(ApproveStation(version_id=locked.pk, station=station), actor("suozhang"), now)


def test_a_late_correction_is_a_new_version_and_both_are_kept(proposed, actor, now) -> None:
    planner, later = actor("guihua"), now + dt.timedelta(days=11)
    first, second = proposed.consequences.filter(status="proposed")[:2]
    perform(
        ConfirmConsequence(consequence_id=first.pk, reason="核对属实，予以确认", read=True), planner, later
    )
    with pytest.raises(Invalid):
        perform(OrderVersion(period_id=proposed.period_id), planner, later)
    order = OrderVersion(period_id=proposed.period_id, reason="补录两起漏登的案件")
    version = compute_version(perform(order, planner, later).pk, later)
    assert (version.number, version.status) == (2, Version.Status.COMPUTED)
    proposed.refresh_from_db()
    assert proposed.status == Version.Status.LOCKED
    assert proposed.figures.count() == version.figures.count() > 0
    assert Consequence.objects.get(pk=first.pk).status == "confirmed"
    assert Consequence.objects.get(pk=second.pk).status == "lapsed"
    with pytest.raises(Conflict):
        perform(Propose(version_id=proposed.pk), planner, later)


def test_a_version_is_stored_once_and_by_a_job_alone(computed, actor, now) -> None:
    figures = computed.figures.count()
    assert compute_version(computed.pk, now).figures.count() == figures


def test_where_a_station_has_no_chief_the_county_speaks_for_it(computed, actor, stage, now) -> None:
    known = {stage.station.station_code, stage.other_station.station_code}
    (vacant,) = set(stations_of(computed)) - known
    perform(ApproveStation(version_id=computed.pk, station=vacant), actor("guihua"), now)
    with pytest.raises(Forbidden):
        perform(ApproveStation(version_id=computed.pk, station=min(known)), actor("guihua"), now)


def test_the_demonstration_shows_a_month_with_its_objection(county, stage, cast, now) -> None:
    import random

    from linli.web.demonstration.scene import Scene
    from linli.web.workbench.assessment.demonstration import fill

    scene = Scene(version=county, stage=stage, cast=cast, rng=random.Random(1), now=now, addresses=())  # noqa: S311
    fill(scene)
    version = Version.objects.get()
    assert (version.status, version.period.month, version.synthetic) == ("locked", "2026-02", True)
    assert version.proposed_at == now
