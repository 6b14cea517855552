"""A change of beats is proposed, compared, approved, and begins on its day; old cases keep their beat."""

import dataclasses
import datetime as dt
import json
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.io.deployment import deployment_text
from linli.kernel.errors import InputRefused
from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.places import checking
from linli.web.foundation.places.actions import Decide, Propose, PutInForce, Schedule
from linli.web.foundation.places.comparing import difference
from linli.web.foundation.places.models import Deployment, Place
from linli.web.foundation.places.scheduling import run_schedule
from report.synthetic import synthetic_plan

pytestmark = pytest.mark.django_db
Cast = Callable[[str], Actor]
SignIn = Callable[..., Client]


def approved(actor: Cast, planner: Actor, text: str, at: dt.datetime) -> Deployment:
    made = perform(Propose(text, {}, "两村划入邻近警务区"), actor("suozhang"), at)
    return perform(Decide(made.pk, approve=True), planner, at)


def test_a_comparison_says_who_moves(
    county: Deployment, actor: Cast, now: dt.datetime, other_plan: str
) -> None:
    made = perform(Propose(other_plan), actor("guihua"), now)
    change = difference(county, made)
    before = dict(Place.objects.filter(deployment=county).values_list("code", "beat_code"))
    after = dict(Place.objects.filter(deployment=made).values_list("code", "beat_code"))
    moved = {code for code in before if before[code] != after[code]}
    assert {one.code for one in change.places} == moved
    assert len(moved) == 2
    there = Place.objects.filter(deployment=made, code__in=moved)
    assert change.residents == sum(one.residents or 0 for one in there)
    assert not change.is_nothing
    assert difference(county, county).is_nothing


def test_posts_that_go_are_named_with_the_accounts_that_work_there(
    county: Deployment, actor: Cast, now: dt.datetime
) -> None:
    plan = synthetic_plan(beats=3)[0]
    made = perform(Propose(deployment_text(plan)), actor("guihua"), now)
    change = difference(county, made)
    old = {post.code for post in county.posts.all()}
    assert {str(post.id) for post in change.posts_removed} == old - {str(post.id) for post in plan.posts}
    assert difference(made, county).posts_added


def test_nobody_approves_what_they_proposed(
    county: Deployment, actor: Cast, second_planner: Actor, now: dt.datetime, other_plan: str
) -> None:
    made = perform(Propose(other_plan), actor("guihua"), now)
    with pytest.raises(Forbidden):
        perform(Decide(made.pk, approve=True), actor("guihua"), now)
    with pytest.raises(Forbidden):
        perform(Decide(made.pk, approve=True), actor("suozhang"), now)
    with pytest.raises(Conflict):
        perform(PutInForce(made.pk, now.date()), second_planner, now)
    perform(Decide(made.pk, approve=False, note="村民不同意"), second_planner, now)
    with pytest.raises(Conflict):
        perform(Decide(made.pk, approve=True), second_planner, now)


def test_old_cases_keep_the_beat_they_had_and_new_ones_get_the_new(
    signed_in: SignIn,
    county: Deployment,
    actor: Cast,
    second_planner: Actor,
    now: dt.datetime,
    other_plan: str,
) -> None:
    made = approved(actor, second_planner, other_plan, now)
    one = difference(county, made).places[0]
    before = Place.objects.get(deployment=county, code=one.code)
    case = OpenCase(kind="request", category="road", title="路面破损", place=one.code)
    old = perform(case, SYSTEM, now)
    perform(PutInForce(made.pk, now.date()), second_planner, now)
    county.refresh_from_db()
    assert (county.status, county.valid_until) == ("retired", now.date() - dt.timedelta(days=1))
    new = perform(case, SYSTEM, now)
    old.refresh_from_db()
    assert (old.version_id, old.beat_code) == (county.pk, before.beat_code)
    assert (new.version_id, new.beat_code) == (
        made.pk,
        Place.objects.get(deployment=made, code=one.code).beat_code,
    )
    assert old.beat_code != new.beat_code
    client = signed_in("guihua")
    listed = client.get("/cases/").content.decode()
    assert listed.count(before.name) >= 2
    assert before.beat_code in client.get(f"/cases/{old.number}/").content.decode()


def test_a_version_begins_by_itself_on_its_day(
    county: Deployment, actor: Cast, second_planner: Actor, now: dt.datetime, other_plan: str
) -> None:
    made = approved(actor, second_planner, other_plan, now)
    day = now.date() + dt.timedelta(days=5)
    with pytest.raises(Invalid):
        perform(PutInForce(made.pk, day), second_planner, now)
    with pytest.raises(Invalid):
        perform(Schedule(made.pk, now.date()), second_planner, now)
    with pytest.raises(Forbidden):
        perform(Schedule(made.pk, day), actor("suozhang"), now)
    perform(Schedule(made.pk, day), second_planner, now)
    assert run_schedule(now + dt.timedelta(days=4)) == 0
    # 00:30 in Shanghai on the day: still the day before in UTC.
    assert run_schedule(dt.datetime(2026, 3, 14, 16, 30, tzinfo=dt.UTC)) == 1
    made.refresh_from_db()
    county.refresh_from_db()
    assert (made.status, made.valid_from) == ("in_force", day)
    assert (county.status, county.valid_until) == ("retired", day - dt.timedelta(days=1))
    assert run_schedule(now + dt.timedelta(days=9)) == 0


def test_a_scheduled_day_can_be_taken_back_and_is_nobody_elses(
    county: Deployment, actor: Cast, second_planner: Actor, now: dt.datetime, other_plan: str
) -> None:
    made = approved(actor, second_planner, other_plan, now)
    third = approved(actor, second_planner, deployment_text(synthetic_plan(shift=1)[0]), now)
    day = now.date() + dt.timedelta(days=5)
    perform(Schedule(made.pk, day), second_planner, now)
    with pytest.raises(Conflict):
        perform(Schedule(third.pk, day), second_planner, now)
    perform(Schedule(made.pk, None), second_planner, now)
    assert run_schedule(now + dt.timedelta(days=6)) == 0


def upload(client: Client, deployment: bytes | None, outlines: bytes | None = None) -> tuple[int, str]:
    sent: dict[str, object] = {"reason": "调整"}
    if deployment is not None:
        sent["deployment"] = SimpleUploadedFile("plan.json", deployment)
    if outlines is not None:
        sent["outlines"] = SimpleUploadedFile("beats.geojson", outlines)
    answer = client.post("/places/deployments/propose/", sent)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "待审批"), ("en", "Proposed")])
def test_a_plan_is_uploaded_compared_approved_and_taken_out_again_byte_for_byte(
    signed_in: SignIn,
    county: Deployment,
    second_planner: Actor,
    other_plan: str,
    outlines: bytes,
    language: str,
    word: str,
) -> None:
    client = signed_in("suozhang", language)
    assert upload(client, other_plan.encode(), outlines)[0] == 302
    made = Deployment.objects.latest("pk")
    page = client.get(f"/places/deployments/{made.pk}/").content.decode()
    assert word in page
    assert "/decide/" not in page
    assert upload(client, other_plan.encode())[0] == 302
    assert Deployment.objects.count() == 2
    planner = signed_in("guihua2", language)
    assert "/decide/" in planner.get(f"/places/deployments/{made.pk}/").content.decode()
    planner.post(f"/places/deployments/{made.pk}/decide/", {"decision": "approve", "note": "同意"})
    planner.post(f"/places/deployments/{made.pk}/start/", {"on": "2026-04-01"})
    made.refresh_from_db()
    assert (made.status, made.valid_from) == ("approved", dt.date(2026, 4, 1))
    planner.post(f"/places/deployments/{made.pk}/start/", {"cancel": "1", "on": ""})
    planner.post(f"/places/deployments/{made.pk}/start/", {"on": "soon"})
    planner.post(f"/places/deployments/{made.pk}/start/", {"on": "2026-03-10"})
    made.refresh_from_db()
    assert made.status == "in_force"
    file = planner.get(f"/places/deployments/{made.pk}/deployment.json")
    assert file.content == other_plan.encode()
    drawn = json.loads(planner.get(f"/places/deployments/{made.pk}/beats.geojson").content)
    assert [f["geometry"] for f in drawn["features"]] == [
        f["geometry"] for f in json.loads(outlines)["features"]
    ]
    assert len(planner.get(f"/places/deployments/{made.pk}/moved.geojson").json()["features"]) == 2
    assert planner.get("/places/deployments/").status_code == 200
    assert planner.get(f"/places/deployments/{county.pk}/").status_code == 200


def test_broken_files_are_refused_with_what_is_wrong_and_nothing_is_kept(
    signed_in: SignIn, county: Deployment, cast: object, other_plan: str, outlines: bytes
) -> None:
    client = signed_in("guihua", "en")
    good = other_plan.encode()
    drawn = json.loads(outlines)

    def with_feature(change: Callable[[dict[str, object]], None]) -> bytes:
        copy = json.loads(outlines)
        change(copy["features"][0])
        return json.dumps(copy).encode()

    strange = with_feature(lambda f: f.update(properties={"id": "no-such-beat"}))
    bent = with_feature(lambda f: f.update(geometry={"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}))
    point = with_feature(lambda f: f.update(geometry={"type": "Point", "coordinates": [0, 0]}))
    far = with_feature(
        lambda f: f.update(
            geometry={"type": "Polygon", "coordinates": [[[900, 0], [901, 0], [901, 1], [900, 0]]]}
        )
    )
    twice = json.dumps({**drawn, "features": [drawn["features"][0]] * 2}).encode()
    plan = synthetic_plan()[0]
    abroad = dataclasses.replace(plan, territory=dataclasses.replace(plan.territory, id="elsewhere"))
    for document, geo, word in (
        (None, None, "Choose a file"),
        (b"\xff\xfe\x00", None, "UTF-8"),
        (b"{", None, "deployment.json"),
        (b'{"format": "other"}', None, "format"),
        (other_plan.replace('"beats"', '"beets"').encode(), None, "beets"),
        (good, b"[", "JSON"),
        (good, b'{"type": "Feature"}', "FeatureCollection"),
        (good, strange, "no-such-beat"),
        (good, bent, "Polygon"),
        (good, point, "Polygon"),
        (good, far, "Polygon"),
        (good, twice, "one feature a beat"),
        (deployment_text(abroad).encode(), None, "elsewhere"),
    ):
        status, page = upload(client, document, geo)
        assert status == 422, (document or b"")[:40]
        assert word in page
    assert Deployment.objects.count() == 1


# Guard 9
def test_a_plan_of_a_million_values_is_refused_before_anything_works_through_them(
    signed_in: SignIn, county: Deployment, other_plan: str, outlines: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    real = checking._finding
    monkeypatch.setattr(checking, "_finding", lambda *a, **k: made.append(a[1]) or real(*a, **k))
    monkeypatch.setattr(checking, "json", None)
    zeros = b'{"type": "FeatureCollection", "features": [' + b"0," * 1_000_000 + b"0]}"
    for document, geo, most in (
        (b"[" + b"0," * 300_000 + b"0]", None, "300,000 values"),
        (other_plan.encode(), zeros, "1,000,000 values"),
    ):
        with pytest.raises(InputRefused) as refused:
            checking.read_upload(document, geo)
        (finding,) = refused.value.findings
        assert most in finding.sentence("en")
    assert made == ["values"] * 2


# Guard 9
def test_no_more_mistakes_of_outlines_are_made_than_are_shown(
    county: Deployment, other_plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    real = checking._finding
    monkeypatch.setattr(checking, "_finding", lambda *a, **k: made.append(a[1]) or real(*a, **k))
    zeros = json.dumps({"type": "FeatureCollection", "features": [0] * 1000}).encode()
    with pytest.raises(InputRefused) as refused:
        checking.read_upload(other_plan.encode(), zeros)
    assert len(refused.value.findings) == len(made) == 50


@pytest.mark.parametrize(
    "username", ["jiejing", "fujing", "wangge", "zhuli", "tiaojie", "danwei", "jumin", "fating"]
)
def test_people_without_a_part_in_it_see_no_deployment(
    signed_in: SignIn, county: Deployment, cast: object, username: str
) -> None:
    client = signed_in(username)
    for url in ("/places/deployments/", f"/places/deployments/{county.pk}/", "/places/deployments/propose/"):
        assert client.get(url).status_code == 403
    assert client.get(f"/places/deployments/{county.pk}/deployment.json").status_code == 403


def test_an_officer_and_an_auditor_see_but_do_not_propose(
    signed_in: SignIn, county: Deployment, cast: object, stage: Stage, other_plan: str
) -> None:
    for username in ("minjing", "shenji", "guanli"):
        client = signed_in(username)
        assert client.get(f"/places/deployments/{county.pk}/").status_code == 200
        assert upload(client, other_plan.encode())[0] == 403
