"""The pages of the register in both languages: list, device, steps, map, figures, receipts, sheets."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.web.foundation.audit.models import Entry as Logged
from linli.web.foundation.casework.clocks import zone
from linli.web.ops.equipment.importing import read_devices
from linli.web.ops.equipment.models import Device, Issue
from web.equipment.entries import Store

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
BOTH = pytest.mark.parametrize("language", ["zh-hans", "en"])


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: store.at)


def body(response: Any) -> bytes:
    """What a streamed response holds; closed here, for closing the whole would close the database."""
    content = b"".join(response.streaming_content)
    for close in response._resource_closers:
        close()
    return content


def filled(store: Store, **given: object) -> dict[str, object]:
    values: dict[str, object] = {
        "code": "SS-1", "kind": "video", "name": "市场路口", "purpose": "路口秩序", "status": "in_use",
        "organisation": store.stage.post.pk, "place": store.stage.place.code, "footage_days": 30,
        "notice_posted": "yes", "linked": "", "maintain_every_days": 30,
    }  # fmt: skip
    return {**values, **given}


@BOTH
def test_a_device_is_entered_shown_and_changed_on_screen(
    signed_in: SignIn, store: Store, language: str
) -> None:
    client = signed_in("suozhang", language)
    assert client.get("/equipment/add/").status_code == 200
    wrong = client.post("/equipment/add/", filled(store, code="有字", name="不能丢"))
    assert wrong.status_code == 422
    assert 'value="不能丢"' in wrong.content.decode()
    sent = client.post("/equipment/add/", filled(store, submission="one"))
    device = Device.objects.get()
    assert sent["Location"] == f"/equipment/{device.pk}/"
    assert client.post("/equipment/add/", filled(store, submission="one"))["Location"] == sent["Location"]
    page = client.get(sent["Location"]).content.decode()
    assert {"zh-hans": "已设告示牌", "en": "Public notice board"}[language] in page
    change = f"/equipment/{device.pk}/change/"
    assert 'value="市场路口"' in client.get(change).content.decode()
    assert client.post(change, filled(store, name="改名", revision=device.revision)).status_code == 302
    stale = client.post(change, filled(store, name="再改", revision=device.revision))
    assert stale.status_code == 422
    device.refresh_from_db()
    assert (device.name, device.notice_posted) == ("改名", True)


@BOTH
def test_issue_return_maintenance_and_use_are_steps_with_receipts(
    signed_in: SignIn, store: Store, language: str
) -> None:
    device, alarm = store.issued_kind("LP-1"), store.added()
    client = signed_in("minjing", language)
    assert client.get(f"/equipment/{device.pk}/issue/").status_code == 404
    assert signed_in("fujing").get(f"/equipment/{alarm.pk}/maintain/").status_code == 404
    client = signed_in("suozhang", language)

    def take(one: Device, what: str, data: dict[str, object]) -> None:
        assert client.get(f"/equipment/{one.pk}/{what}/").status_code == 200
        answer = client.post(f"/equipment/{one.pk}/{what}/", data)
        assert answer.status_code == 302, answer.content.decode()

    take(device, "issue", {"organisation": store.stage.post.pk, "role": "officer"})
    issue = Issue.objects.get()
    receipt = client.get(f"/equipment/{device.pk}/receipts/{issue.pk}/").content.decode()
    assert {"zh-hans": "装备领用凭据", "en": "Receipt of issue"}[language] in receipt
    assert f"{device.code}-{issue.issued_at.astimezone(zone()):%y%m%d-%H%M}" in receipt
    assert signed_in("minjing", language).get(f"/equipment/{device.pk}/").status_code == 200
    take(device, "return", {"condition": "good"})
    assert signed_in("minjing", language).get(f"/equipment/{device.pk}/").status_code == 404
    receipt = client.get(f"/equipment/{device.pk}/receipts/{issue.pk}/").content.decode()
    assert {"zh-hans": "装备归还凭据", "en": "Receipt of return"}[language] in receipt
    take(alarm, "maintain", {"on": "2026-03-09", "result": "works"})
    take(alarm, "use", {"month": "2026-03", "clues": 1, "evidence": 2, "dispatches": 3})
    page = client.get(f"/equipment/{alarm.pk}/").content.decode()
    assert "2026-03" in page
    assert client.post(f"/equipment/{device.pk}/return/", {"condition": "good"}).status_code == 422
    assert client.get(f"/equipment/{device.pk}/nothing/").status_code == 404


def test_lists_are_narrowed_paged_and_cost_the_same_however_long_they_are(
    signed_in: SignIn, store: Store
) -> None:
    client = signed_in("suozhang")
    for number in range(3):
        store.added(code=f"SS-{number:02d}")

    def queries() -> int:
        client.get("/equipment/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/equipment/")
        return len(asked)

    few = queries()
    for number in range(3, 33):
        store.added(code=f"SS-{number:02d}", name="门前报警" if number == 5 else "联网报警")
    assert queries() == few
    page = client.get("/equipment/").content.decode()
    assert page.count('<th scope="row"') == 30
    assert "after=SS-29" in page
    assert client.get("/equipment/?after=SS-29").content.decode().count('<th scope="row"') == 3
    assert client.get("/equipment/?q=门前").content.decode().count('<th scope="row"') == 1
    assert client.get("/equipment/?kind=video").content.decode().count('<th scope="row"') == 0
    assert client.get("/equipment/due/").status_code == 200


@BOTH
def test_the_map_shows_points_with_rings_and_the_shares_with_their_parts(
    signed_in: SignIn, store: Store, language: str
) -> None:
    store.added()
    client = signed_in("suozhang", language)
    page = client.get("/equipment/map/").content.decode()
    assert "1 / 20" in page
    points = client.get("/equipment/points.geojson?kind=alarm").json()["features"]
    assert [point["properties"]["title"] for point in points] == ["联网报警"]
    assert client.get("/equipment/points.geojson?kind=video").json()["features"] == []
    rings = client.get("/equipment/outline.geojson").json()["features"]
    assert [one["properties"]["id"] for one in rings if one["properties"]["id"].startswith("device-")]
    elsewhere = signed_in("linsuozhang", language).get("/equipment/points.geojson").json()["features"]
    assert elsewhere == []
    figures = client.get("/equipment/figures/").content.decode()
    assert {"zh-hans": "方案没有人员表", "en": "the plan has no staff table"}[language] in figures


def test_an_export_can_be_taken_in_again_unchanged(signed_in: SignIn, store: Store) -> None:
    store.added(note="=1+1")
    store.issued_kind("LP-1")
    client = signed_in("suozhang")
    xlsx = body(client.get("/equipment/export.xlsx"))
    csv = body(client.get("/equipment/export.csv"))
    assert b"'=1+1" in csv
    assert Logged.objects.filter(action="export", subject_id="equipment").count() == 2
    before = list(Device.objects.order_by("code").values())
    for name, content in (("d.xlsx", xlsx), ("d.csv", csv)):
        assert len(read_devices(name, content, store.at.date())) == 2
        sent = client.post("/equipment/import/", {"file": SimpleUploadedFile(name, content)})
        assert sent.status_code == 302, sent.content.decode()
    after = list(Device.objects.order_by("code").values())
    for old, new in zip(before, after, strict=True):
        assert new.pop("revision") == old.pop("revision") + 2
        assert new == old
    assert body(client.get("/equipment/template.xlsx")).startswith(b"PK")
    assert signed_in("minjing").get("/equipment/export.csv").status_code == 403


@BOTH
def test_a_broken_sheet_is_answered_with_every_fault(signed_in: SignIn, store: Store, language: str) -> None:
    client = signed_in("suozhang", language)
    assert client.get("/equipment/import/").status_code == 200
    broken = SimpleUploadedFile("d.csv", "编号,种类,车牌\r\nSS-1,无人机,x\r\n".encode())
    answer = client.post("/equipment/import/", {"file": broken})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert {"zh-hans": "不登记这类内容", "en": "Linli does not keep this"}[language] in page
    assert not Device.objects.exists()
    assert client.post("/equipment/import/", {}).status_code == 422


@pytest.mark.parametrize(
    ("who", "status"),
    [("guihua", 200), ("minjing", 200), ("fujing", 200), ("jiejing", 200), ("wangge", 200), ("danwei", 200),
     ("tiaojie", 403), ("jumin", 403), ("shenji", 403), ("guanli", 403), ("fating", 403), ("zhuli", 403)],
)  # fmt: skip
def test_the_register_opens_for_the_roles_of_the_table(
    signed_in: SignIn, store: Store, who: str, status: int
) -> None:
    store.added()
    for url in ("/equipment/", "/equipment/due/", "/equipment/map/", "/equipment/figures/"):
        assert signed_in(who).get(url).status_code == status
    menu = signed_in(who).get("/").content.decode()
    assert ('href="/equipment/"' in menu) == (status == 200)
