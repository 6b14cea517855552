"""What a rule proposes: seen first by those assessed, objected to, decided by others, confirmed by name."""

import datetime as dt
import io

import pytest
from django.test import Client
from PIL import Image

from linli.kernel.errors import InputRefused
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.models import Notice
from linli.web.workbench.assessment.actions.consequences import (
    ConfirmConsequence,
    DecideObjection,
    DropConsequence,
    Object,
    Propose,
    See,
)
from linli.web.workbench.assessment.models import Consequence, Objection
from web.assessment.files import close_files

pytestmark = pytest.mark.django_db

WHY = "三起案件重复登记，附出警记录为证。"
REASON = "经核对记录，理由成立"


@pytest.fixture
def own(proposed, stage) -> Consequence:
    """One that is proposed for a beat of the cast's own officer; made so where chance gave none."""
    beat = stage.post.codes[0]
    one = proposed.consequences.filter(beat_code=beat, area_kind="beat").first()
    if one is None:
        one = proposed.consequences.filter(area_kind="beat", kind="notice").first()
        one.area, one.beat_code, one.station_code = beat, beat, stage.station.station_code
        one.save()
    return one


def picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(kept, "PNG")
    return kept.getvalue()


def test_only_the_county_puts_forward_what_a_locked_version_proposes(computed, locked, actor, now) -> None:
    for username in ("suozhang", "minjing", "shenji"):
        with pytest.raises(Forbidden):
            perform(Propose(version_id=locked.pk), actor(username), now)
    done = perform(Propose(version_id=locked.pk), actor("guihua"), now)
    assert not done.consequences.filter(status="drafted").exists()
    one = done.consequences.filter(status="proposed").first()
    assert one.object_until == now + dt.timedelta(days=10)
    with pytest.raises(Conflict):
        perform(Propose(version_id=locked.pk), actor("guihua"), now)


def test_nothing_is_put_forward_before_the_lock(computed, actor, now) -> None:
    with pytest.raises(Conflict):
        perform(Propose(version_id=computed.pk), actor("guihua"), now)


def test_those_assessed_see_it_first_and_it_is_written_down(own, signed_in, actor, cast, now) -> None:
    assert own.seen_at is None
    # The county looking at it is not the office having seen it; another office does not know of it.
    assert signed_in("guihua").get(f"/assessment/consequences/{own.pk}/").status_code == 200
    assert signed_in("linsuo").get(f"/assessment/consequences/{own.pk}/").status_code == 404
    own.refresh_from_db()
    assert own.seen_at is None
    page = signed_in("minjing").get(f"/assessment/consequences/{own.pk}/")
    assert own.told["as_read"]["zh"] in page.content.decode()
    own.refresh_from_db()
    assert own.seen_by == cast["minjing"]
    assert Entry.objects.filter(action="consequence.see", subject_id=str(own.pk)).count() == 1
    with pytest.raises(Forbidden):
        perform(See(consequence_id=own.pk), actor("guihua"), now)


def test_a_draft_is_the_countys_alone(locked, signed_in, actor, now) -> None:
    one = locked.consequences.filter(status="drafted").first()
    assert signed_in("guihua").get(f"/assessment/consequences/{one.pk}/").status_code == 200
    for username in ("suozhang", "minjing", "linsuozhang"):
        assert signed_in(username).get(f"/assessment/consequences/{one.pk}/").status_code == 404
        with pytest.raises(Missing):
            perform(Object(consequence_id=one.pk, text=WHY), actor(username), now)


def test_the_offices_people_are_told(proposed, cast) -> None:
    told = set(Notice.objects.filter(kind="consequence").values_list("user_id", flat=True))
    offices = {c.beat_code for c in proposed.consequences.all()} | {
        c.station_code for c in proposed.consequences.filter(area_kind="station")
    }
    assert offices
    assert told <= {cast[name].pk for name in ("minjing", "linsuo", "suozhang", "linsuozhang")}


def test_the_home_page_and_the_notice_lead_to_what_is_proposed(own, signed_in, cast) -> None:
    client = signed_in("minjing")
    home = client.get("/?cards=1").content.decode()
    area = own.version.areas.get(kind="beat", code=own.area)
    assert f'<a href="/assessment/consequences/{own.pk}/">{own.clause} · ' in home
    assert area.name in home
    detail = Notice.objects.get(kind="consequence", user=cast["minjing"]).detail
    assert f'href="{detail["path"]}"' in client.get("/notices/").content.decode()
    assert f"/assessment/consequences/{own.pk}/" in client.get(detail["path"]).content.decode()


def test_only_the_office_assessed_objects_in_time_and_once(own, actor, now) -> None:
    for username in ("guihua", "shenji"):
        with pytest.raises(Forbidden):
            perform(Object(consequence_id=own.pk, text=WHY), actor(username), now)
    with pytest.raises(Missing):
        perform(Object(consequence_id=own.pk, text=WHY), actor("linsuo"), now)
    with pytest.raises(Invalid):
        perform(Object(consequence_id=own.pk, text="短"), actor("minjing"), now)
    with pytest.raises(Conflict):
        perform(Object(consequence_id=own.pk, text=WHY), actor("minjing"), now + dt.timedelta(days=11))
    with pytest.raises(InputRefused):
        perform(Object(consequence_id=own.pk, text=WHY, files=(("x.exe", b"MZ"),)), actor("minjing"), now)
    done = perform(
        Object(consequence_id=own.pk, text=WHY, files=(("a.png", picture()),)), actor("minjing"), now
    )
    assert done.status == "objected"
    assert done.objection.exhibits.get().name.startswith("a")
    with pytest.raises(Conflict):
        perform(Object(consequence_id=own.pk, text=WHY), actor("suozhang"), now)


def test_an_objection_is_decided_by_somebody_else(own, actor, now) -> None:
    perform(Object(consequence_id=own.pk, text=WHY), actor("minjing"), now)
    # The planner proposed it, the officer objected, the chief is of the office, another chief has no say.
    for username in ("guihua", "minjing", "suozhang"):
        with pytest.raises(Forbidden):
            perform(DecideObjection(consequence_id=own.pk, uphold=True, reason=REASON), actor(username), now)
    with pytest.raises(Missing):
        perform(DecideObjection(consequence_id=own.pk, uphold=True, reason=REASON), actor("linsuozhang"), now)
    with pytest.raises(Invalid):
        perform(DecideObjection(consequence_id=own.pk, uphold=True, reason=""), actor("shenji"), now)
    done = perform(DecideObjection(consequence_id=own.pk, uphold=True, reason=REASON), actor("shenji"), now)
    assert (done.status, done.objection.outcome) == ("upheld", "upheld")
    told = Notice.objects.get(kind="objection", user=done.objection.by)
    assert told.detail["path"] == f"/assessment/consequences/{own.pk}/"
    late = now + dt.timedelta(days=30)
    with pytest.raises(Conflict):
        perform(ConfirmConsequence(consequence_id=own.pk, reason=REASON, read=True), actor("guihua"), late)


def test_nobody_confirms_before_the_days_have_passed_or_while_an_objection_is_open(own, actor, now) -> None:
    late = now + dt.timedelta(days=10, seconds=1)
    for at in (now, own.object_until):
        with pytest.raises(Conflict):
            perform(ConfirmConsequence(consequence_id=own.pk, reason=REASON, read=True), actor("guihua"), at)
    perform(Object(consequence_id=own.pk, text=WHY), actor("minjing"), now)
    with pytest.raises(Conflict):
        perform(ConfirmConsequence(consequence_id=own.pk, reason=REASON, read=True), actor("guihua"), late)
    perform(
        DecideObjection(consequence_id=own.pk, uphold=False, reason="经核对，记录无误"), actor("shenji"), now
    )
    with pytest.raises(Conflict):
        perform(ConfirmConsequence(consequence_id=own.pk, reason=REASON, read=True), actor("guihua"), now)
    for username in ("suozhang", "minjing", "shenji"):
        with pytest.raises(Forbidden):
            perform(
                ConfirmConsequence(consequence_id=own.pk, reason=REASON, read=True), actor(username), late
            )
    with pytest.raises(Invalid):
        perform(ConfirmConsequence(consequence_id=own.pk, reason=REASON, read=False), actor("guihua"), late)
    done = perform(ConfirmConsequence(consequence_id=own.pk, reason=REASON, read=True), actor("guihua"), late)
    assert (done.status, done.decided_by.username) == ("confirmed", "guihua")


def test_only_the_county_drops_one_and_with_a_reason(own, actor, now) -> None:
    for username in ("suozhang", "minjing", "shenji"):
        with pytest.raises(Forbidden):
            perform(DropConsequence(consequence_id=own.pk, reason=REASON), actor(username), now)
    with pytest.raises(Invalid):
        perform(DropConsequence(consequence_id=own.pk, reason=" "), actor("guihua"), now)
    assert (
        perform(DropConsequence(consequence_id=own.pk, reason=REASON), actor("guihua"), now).status
        == "dropped"
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_officer_objects_on_the_page_and_wins(own, signed_in, language) -> None:
    url = f"/assessment/consequences/{own.pk}/"
    officer: Client = signed_in("minjing", language)
    assert officer.post(f"{url}object/", {"text": "短"}).status_code == 422
    file = io.BytesIO(picture())
    file.name = "evidence.png"
    assert officer.post(f"{url}object/", {"text": WHY, "file": file}).status_code == 302
    exhibit = Objection.objects.get().exhibits.get()
    answer = officer.get(f"{url}files/{exhibit.pk}/")
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    close_files(answer)
    auditor = signed_in("shenji", language)
    assert auditor.post(f"{url}decide/", {"reason": REASON}).status_code == 422
    assert auditor.post(f"{url}decide/", {"outcome": "uphold", "reason": REASON}).status_code == 302
    own.refresh_from_db()
    assert own.status == "upheld"
    assert REASON in officer.get(url).content.decode()
    county = signed_in("guihua", language)
    assert county.post(f"{url}confirm/", {"reason": REASON, "read": "on"}).status_code == 302
    own.refresh_from_db()
    assert own.status == "upheld"


def test_the_county_drops_one_on_the_page(own, signed_in) -> None:
    url = f"/assessment/consequences/{own.pk}/"
    county = signed_in("guihua")
    assert county.post(f"{url}drop/", {"reason": ""}).status_code == 422
    assert county.post(f"{url}drop/", {"reason": REASON}).status_code == 302
    own.refresh_from_db()
    assert own.status == "dropped"
