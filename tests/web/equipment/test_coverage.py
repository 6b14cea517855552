"""Shares of coverage with their parts; who has a device, against the clause that asks for it."""

import dataclasses
import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.io.deployment import deployment_text, parse_deployment
from linli.kernel.identifiers import PackId, StationId
from linli.planning.deployment import StaffPool
from linli.territory.model import Role
from linli.web.foundation.places.models import Deployment
from linli.web.ops.equipment.actions.keeping import CountUse, IssueDevice
from linli.web.ops.equipment.coverage import Place, Share, Spot, circle, reach
from linli.web.ops.equipment.selectors import issued_rates, reaches, uses, working
from web.equipment.entries import Store


def test_a_village_is_covered_by_a_device_in_it_and_reached_by_a_stated_radius() -> None:
    villages = [Place("a", 104.0, 24.0, 900), Place("b", 104.01, 24.0, 100), Place("c", 105.0, 24.0, None)]
    spots = [Spot("a", 104.0, 24.0, 1200), Spot("a", 104.0, 24.0, None), Spot("c")]
    found = reach(villages, spots)
    assert found.covered == Share(2, 3)
    assert found.reached == Share(2, 3)
    assert (found.residents, found.residents_unknown) == (Share(900, 1000), 1)
    assert (found.devices, found.without_radius) == (3, 2)


@given(st.floats(103.0, 105.0), st.floats(23.0, 25.0), st.integers(1, 5000))
def test_every_point_of_a_ring_lies_at_its_radius(longitude: float, latitude: float, radius: int) -> None:
    ring = circle(longitude, latitude, radius)
    assert ring[0] == ring[-1]
    for east, north in ring:
        across = math.radians(east - longitude) * math.cos(math.radians(latitude))
        metres = 6_371_008.8 * math.hypot(across, math.radians(north - latitude))
        assert metres == pytest.approx(radius, rel=0.01, abs=0.2)


@given(st.lists(st.integers(1, 5000), max_size=6))
def test_a_wider_radius_never_reaches_less(radii: list[int]) -> None:
    villages = [Place(str(n), 104.0 + n / 100, 24.0) for n in range(8)]
    spots = [Spot("x", 104.0 + n / 50, 24.001, r) for n, r in enumerate(radii)]
    wider = [dataclasses.replace(one, radius_m=(one.radius_m or 0) * 2) for one in spots]
    assert reach(villages, wider).reached.part >= reach(villages, spots).reached.part


@pytest.mark.django_db
def test_coverage_counts_the_villages_of_the_own_area(store: Store) -> None:
    store.added()
    store.added(code="SS-2", kind="video", status="planned", footage_days=30, notice_posted=True)
    mine, beat, county = (reaches(store.actor(who))["alarm"] for who in ("suozhang", "minjing", "guihua"))
    assert (mine.covered, beat.covered, county.covered) == (Share(1, 20), Share(1, 5), Share(1, 60))
    assert reaches(store.actor("suozhang"))["video"].devices == 0
    assert reaches(store.actor("linsuozhang"))["alarm"].covered == Share(0, 20)


@pytest.mark.django_db
def test_what_is_built_works_is_linked_and_made_known_is_counted(store: Store) -> None:
    store.added()
    store.added(code="SS-2", linked=False)
    store.added(code="SS-3", status="in_repair")
    store.added(code="SS-4", status="planned")
    store.added(code="SS-5", kind="video", footage_days=30, notice_posted=True)
    store.added(code="SS-6", kind="video", status="retired")
    found = working(store.actor("suozhang"))
    alarm = found["alarm"]
    assert (alarm.built, alarm.working, alarm.linked) == (Share(3, 4), Share(2, 3), Share(1, 2))
    assert alarm.noticed.percent is None
    video = found["video"]
    assert (video.built, video.noticed, video.with_days) == (Share(1, 1), Share(1, 1), Share(1, 1))


def test_the_built_points_of_q3_are_reproduced() -> None:
    assert Share(138, 164).percent == pytest.approx(84.1, abs=0.05)


@pytest.mark.django_db
def test_use_is_summed_by_month(store: Store) -> None:
    for number in (1, 2):
        device = store.added(code=f"SS-{number}")
        store.does(
            "minjing",
            CountUse(device_id=device.pk, month=dt.date(2026, 2, 1), clues=6, evidence=number, dispatches=4),
        )
    found = uses(store.actor("suozhang"), dt.date(2025, 4, 1), dt.date(2026, 3, 10))
    assert found == [{"month": dt.date(2026, 2, 1), "clues": 12, "evidence": 3, "dispatches": 8}]
    assert uses(store.actor("linsuozhang"), dt.date(2025, 4, 1), dt.date(2026, 3, 10)) == []


def with_staff(county: Deployment, station: str) -> None:
    """Give the deployment in force a staff table and the pack that asks for devices."""
    plan = parse_deployment(county.document, file="deployment.json")
    staff = (
        StaffPool(station=StationId(station), role=Role.OFFICER, count=3),
        StaffPool(station=StationId(station), role=Role.COMMUNITY_OFFICER, count=1),
        StaffPool(station=StationId(station), role=Role.AUXILIARY, count=4),
        StaffPool(station=StationId(station), role=Role.ASSISTANT, count=6),
        StaffPool(station=StationId("S001"), role=Role.OFFICER, count=9),
    )
    pack = dataclasses.replace(plan.pack, id=PackId("lanling-2017"))
    text = deployment_text(dataclasses.replace(plan, staff=staff, pack=pack))
    Deployment.objects.filter(pk=county.pk).update(document=text, pack="lanling-2017")


@pytest.mark.django_db
def test_l13_holds_devices_issued_against_staff_with_the_clauses_values(
    store: Store, county: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.web.ops.equipment import selectors

    selectors._staff_table.cache_clear()
    with_staff(county, store.stage.station.station_code)
    for number, role in enumerate(("officer", "officer", "auxiliary"), 1):
        device = store.issued_kind(f"LP-{number}")
        issue = IssueDevice(device_id=device.pk, organisation_id=store.stage.post.pk, role=role)
        store.does("suozhang", issue)
    store.issued_kind("LP-9", kind="radio")
    officers, helpers = issued_rates(store.actor("suozhang"), dt.date(2018, 6, 1))
    assert (officers.share, officers.asked, officers.clause) == (Share(2, 4), 100.0, "L13")
    assert (officers.due, officers.met) == (dt.date(2017, 12, 31), False)
    assert (helpers.share, helpers.due) == (Share(1, 10), dt.date(2018, 12, 31))
    assert helpers.by_role == {"auxiliary": (1, 4), "assistant": (0, 6)}
    wide, _ = issued_rates(store.actor("guihua"), dt.date(2018, 6, 1))
    assert wide.share == Share(2, 13)
    selectors._staff_table.cache_clear()


@pytest.mark.django_db
def test_without_a_staff_table_or_a_clause_nothing_is_made_up(store: Store) -> None:
    from linli.web.ops.equipment import selectors

    selectors._staff_table.cache_clear()
    officers, _ = issued_rates(store.actor("suozhang"), store.at.date())
    assert (officers.share, officers.asked, officers.met) == (None, None, None)
