"""Devices are entered, changed, issued, returned, looked after and counted; by whom and where."""

import datetime as dt
from dataclasses import replace

import pytest

from linli.web.foundation.accounts.models import Organisation, User
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.audit.models import Entry as Logged
from linli.web.foundation.casework.models import Notice
from linli.web.foundation.jobs.schedule import registered
from linli.web.foundation.places.models import Deployment
from linli.web.ops.equipment.actions.entering import AddDevice, ChangeDevice
from linli.web.ops.equipment.actions.keeping import CountUse, IssueDevice, LogMaintenance, ReturnDevice
from linli.web.ops.equipment.models import Device, Issue
from linli.web.ops.equipment.reminding import remind
from linli.web.ops.equipment.selectors import Filters, device_for, device_page, due
from web.equipment.entries import Store

pytestmark = pytest.mark.django_db


def test_a_device_is_located_and_logged(store: Store) -> None:
    device = store.added()
    assert (device.station_code, device.place_code) == (
        store.stage.place.station_code,
        store.stage.place.code,
    )
    assert Logged.objects.get(action="equipment.add").detail == {"code": "SS-1", "kind": "alarm"}
    office = store.issued_kind("LP-1")
    assert office.station_code == store.stage.station.station_code
    assert (office.radius_m, office.linked) == (None, None)


def test_everything_wrong_with_a_device_is_said_at_its_field(store: Store) -> None:
    entry = store.entry(
        code="有字", kind="drone", status="lost", name=" ", purpose="", organisation_id=0, longitude=190.0,
        radius_m=9000, footage_days=999, acquired_on=dt.date(2099, 1, 1), maintain_every_days=0,
    )  # fmt: skip
    with pytest.raises(Invalid) as refused:
        store.does("suozhang", AddDevice(entry=entry))
    assert set(refused.value.fields) == {
        "code", "kind", "status", "name", "purpose", "organisation", "place", "radius_m", "footage_days",
        "acquired_on", "maintain_every_days",
    }  # fmt: skip


def test_what_is_installed_needs_a_place_and_a_number_is_used_once(store: Store) -> None:
    store.added()
    with pytest.raises(Invalid) as twice:
        store.added()
    assert set(twice.value.fields) == {"code"}
    with pytest.raises(Invalid) as nowhere:
        store.added(code="SS-2", longitude=None, latitude=None)
    assert set(nowhere.value.fields) == {"place"}


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("guihua", True), ("suozhang", True), ("minjing", True), ("linsuo", False), ("linsuozhang", False),
        ("fujing", False), ("wangge", False), ("jiejing", False), ("danwei", False), ("tiaojie", False),
        ("jumin", False), ("shenji", False), ("guanli", False), ("fating", False),
    ],
)  # fmt: skip
def test_who_may_enter_and_change_devices_and_where(store: Store, who: str, *, allowed: bool) -> None:
    device = store.added("guihua")
    change = ChangeDevice(device_id=device.pk, entry=store.entry(name="改名"))
    if allowed:
        store.added(who, code="SS-2")
        assert store.does(who, change).name == "改名"
    else:
        with pytest.raises(Forbidden):
            store.added(who, code="SS-2")
        with pytest.raises((Forbidden, Missing)):
            store.does(who, change)


def test_a_device_is_seen_in_its_area_and_by_the_unit_that_keeps_it(store: Store) -> None:
    ours = store.added()
    unit = store.added(code="SS-9", organisation_id=store.stage.unit.pk)

    def sees(who: str) -> set[str]:
        return {device.code for device in device_page(store.actor(who), Filters())[0]}

    assert sees("suozhang") == sees("minjing") == sees("fujing") == sees("guihua") == {"SS-1", "SS-9"}
    assert sees("danwei") == {"SS-9"}
    assert sees("linsuo") == sees("linsuozhang") == sees("tiaojie") == sees("shenji") == set()
    with pytest.raises(Missing):
        device_for(store.actor("danwei"), ours.pk)
    assert device_for(store.actor("danwei"), unit.pk) == unit


def test_a_device_cannot_be_moved_out_of_ones_own_area(store: Store) -> None:
    device = store.added()
    away = store.entry(longitude=store.stage.other_place.longitude, latitude=store.stage.other_place.latitude)
    with pytest.raises(Forbidden):
        store.does("suozhang", ChangeDevice(device_id=device.pk, entry=away))
    assert (
        store.does("guihua", ChangeDevice(device_id=device.pk, entry=away)).station_code
        != device.station_code
    )


def test_who_changes_an_older_revision_is_told(store: Store) -> None:
    device = store.added()
    store.does("suozhang", ChangeDevice(device_id=device.pk, entry=store.entry(name="一"), revision=1))
    with pytest.raises(Conflict):
        store.does("minjing", ChangeDevice(device_id=device.pk, entry=store.entry(name="二"), revision=1))


def test_a_device_is_issued_to_a_post_and_comes_back(store: Store) -> None:
    device = store.issued_kind("LP-1")
    post = store.stage.post.pk
    with pytest.raises(Invalid) as wrong:
        store.does("suozhang", IssueDevice(device_id=device.pk, organisation_id=0, role="resident"))
    assert set(wrong.value.fields) == {"organisation", "role"}
    store.does("suozhang", IssueDevice(device_id=device.pk, organisation_id=post, role="officer"))
    with pytest.raises(Conflict):
        store.does("suozhang", IssueDevice(device_id=device.pk, organisation_id=post, role="officer"))
    out = Device.objects.get()
    assert (out.organisation, out.beat_code, out.keeper_post) == (
        store.stage.post,
        store.stage.post.codes[0],
        "",
    )
    retired = replace(store.entry(code="LP-1", kind="mobile"), status="retired")
    with pytest.raises(Conflict):
        store.does("suozhang", ChangeDevice(device_id=device.pk, entry=retired))
    with pytest.raises(Invalid):
        store.does("suozhang", ReturnDevice(device_id=device.pk, condition="damaged"))
    back = store.does("suozhang", ReturnDevice(device_id=device.pk, condition="damaged", note="屏幕破裂"))
    assert back.status == Device.Status.IN_REPAIR
    with pytest.raises(Conflict):
        store.does("suozhang", ReturnDevice(device_id=device.pk, condition="good"))
    with pytest.raises(Conflict):
        store.does("suozhang", IssueDevice(device_id=device.pk, organisation_id=post, role="officer"))
    assert (back.organisation, back.keeper_post) == (store.stage.station, "值班室")
    issue = Issue.objects.get()
    assert (issue.issued_at, issue.returned_at, issue.condition) == (store.at, store.at, "damaged")


def test_a_chief_issues_to_the_own_posts_alone(store: Store) -> None:
    device = store.issued_kind("LP-1")
    over = IssueDevice(device_id=device.pk, organisation_id=store.stage.other_post.pk, role="officer")
    with pytest.raises(Forbidden):
        store.does("suozhang", over)
    assert store.does("guihua", over).organisation == store.stage.other_post


def test_what_is_installed_is_not_issued(store: Store) -> None:
    device = store.added()
    with pytest.raises(Conflict):
        store.does(
            "suozhang", IssueDevice(device_id=device.pk, organisation_id=store.stage.post.pk, role="officer")
        )


def test_maintenance_moves_the_next_day_and_the_status(store: Store) -> None:
    device = store.added(maintain_every_days=30)
    today = store.at.date()
    assert device.maintain_on == today + dt.timedelta(days=30)
    with pytest.raises(Invalid) as wrong:
        store.does(
            "minjing",
            LogMaintenance(device_id=device.pk, on=today + dt.timedelta(days=1), result="faulty"),
        )
    assert set(wrong.value.fields) == {"on", "note"}
    broken = LogMaintenance(device_id=device.pk, on=today, result="faulty", note="主机离线")
    assert store.does("minjing", broken).status == Device.Status.IN_REPAIR
    mended = store.does("minjing", LogMaintenance(device_id=device.pk, on=today, result="repaired"))
    assert (mended.status, mended.maintain_on) == (Device.Status.IN_USE, today + dt.timedelta(days=30))
    retired = store.does("suozhang", ChangeDevice(device_id=device.pk, entry=store.entry(status="retired")))
    with pytest.raises(Conflict):
        store.does("minjing", LogMaintenance(device_id=retired.pk, on=today, result="works"))


def test_what_is_due_is_listed_and_recalled_once_in_the_readers_language(store: Store) -> None:
    today = store.at.date()
    device = store.added(maintain_every_days=30, maintain_on=today)
    store.added(code="SS-2", maintain_every_days=30)
    assert due(store.actor("minjing"), today) == [device]
    User.objects.filter(username="minjing").update(language="en")
    assert remind(store.at) == 1
    assert remind(store.at) == 0
    notice = Notice.objects.get(user__username="minjing")
    assert notice.detail["who"].startswith("SS-1 联网报警 is due for maintenance")
    store.does("minjing", LogMaintenance(device_id=device.pk, on=today, result="works"))
    store.at += dt.timedelta(days=30)
    assert remind(store.at) == 2
    assert registered()["equipment"].run is remind


def test_use_is_counted_by_month_as_numbers_and_replaced_when_counted_again(store: Store) -> None:
    device = store.added()
    month = dt.date(2026, 3, 1)
    with pytest.raises(Invalid) as wrong:
        store.does(
            "minjing",
            CountUse(device_id=device.pk, month=dt.date(2026, 4, 1), clues=-1, evidence=0, dispatches=0),
        )
    assert set(wrong.value.fields) == {"clues", "month"}
    for clues in (5, 2):
        store.does(
            "minjing", CountUse(device_id=device.pk, month=month, clues=clues, evidence=1, dispatches=0)
        )
    assert list(device.uses.values_list("month", "clues", "evidence")) == [(month, 2, 1)]


def test_a_device_gets_the_codes_of_a_new_deployment_without_moving(store: Store, county: Deployment) -> None:
    device = store.added()
    Device.objects.filter(pk=device.pk).update(version=None, beat_code="old", station_code="old")
    assert remind(store.at) == 1
    device.refresh_from_db()
    assert (device.version_id, device.beat_code) == (county.pk, store.stage.place.beat_code)
    assert remind(store.at) == 0


def test_the_keeper_is_a_post_and_no_column_names_a_person(store: Store) -> None:
    store.added()
    columns = {field.name for field in Device._meta.get_fields()}
    assert {"organisation", "keeper_post"} <= columns
    assert not {"keeper", "person", "user", "holder"} & columns
    assert Organisation.objects.filter(pk=Device.objects.get().organisation_id).exists()
