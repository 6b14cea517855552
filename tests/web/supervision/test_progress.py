"""Dated norms of the pack in force: what is asked by when, where it stands, who is late; published to all."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from linli.io.deployment import parse_deployment
from linli.planning.deployment import Deployment as Plan
from linli.policy.loading import find_pack, load_pack, shipped_packs
from linli.policy.model import Pack
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Forbidden, Invalid
from linli.web.foundation.places.models import Deployment
from linli.web.ops.supervision.actions.keeping import PublishProgress
from linli.web.ops.supervision.models import Publication
from linli.web.ops.supervision.norms import norms_of
from linli.web.ops.supervision.standing import kept_rows, norms_in_force

Cast = Callable[[str], Actor]
SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def pack() -> Pack:
    return load_pack(find_pack("lanling-2017", shipped_packs()))


@pytest.fixture
def plan(county: Deployment) -> Plan:
    return parse_deployment(county.document)


def judged(plan: Plan, id_: str, status: str, **given: object) -> Plan:
    """The plan with one clause check of an id, made up from any of its own."""
    values = {"id": id_, "status": status, "scope": "station", "met": 1, "not_met": 1, "unknown": 0, **given}
    check = dataclasses.replace(plan.checks[0], kind="norm", **values)  # type: ignore[arg-type]
    return dataclasses.replace(plan, checks=(check,))


def test_norms_come_with_their_day_and_what_is_asked(pack: Pack, plan: Plan) -> None:
    found = {one.id: one for one in norms_of(pack, plan, dt.date(2017, 11, 1))}
    assert found["L5.officer_share"].due == dt.date(2018, 12, 31)
    assert found["L4.coverage"].due == dt.date(2017, 10, 31)
    assert any("40" in text.zh for text in found["L5.officer_share"].asked)
    assert [one.due for one in found.values()] == sorted(one.due for one in found.values())


def test_a_norm_that_is_not_met_is_late_from_its_day_on_and_names_its_stations(
    pack: Pack, plan: Plan
) -> None:
    station = str(plan.stations[0].id)
    behind = judged(plan, "L5.officer_share", "not_met", failing=(station,))
    for day, progress in ((dt.date(2018, 12, 30), "in_time"), (dt.date(2018, 12, 31), "late")):
        norm = next(one for one in norms_of(pack, behind, day) if one.id == "L5.officer_share")
        assert norm.progress == progress
        assert norm.late == ((station,) if progress == "late" else ())
    more = judged(plan, "L5.officer_share", "not_met", failing=(station,), not_met=30)
    norm = next(one for one in norms_of(pack, more, dt.date(2020, 1, 1)) if one.id == "L5.officer_share")
    assert not norm.complete
    met = judged(plan, "L5.officer_share", "met", failing=(), not_met=0)
    norm = next(one for one in norms_of(pack, met, dt.date(2020, 1, 1)) if one.id == "L5.officer_share")
    assert (norm.progress, norm.stood.met if norm.stood else None) == ("met", 1)


def test_a_norm_of_the_whole_county_is_everybodys_and_one_of_a_village_its_stations(
    pack: Pack, plan: Plan
) -> None:
    whole = judged(plan, "L4.coverage", "not_met", scope="territory", failing=())
    norm = next(one for one in norms_of(pack, whole, dt.date(2020, 1, 1)) if one.id == "L4.coverage")
    assert norm.late == tuple(sorted(str(one.id) for one in plan.stations))
    place = plan.places[0]
    village = judged(plan, "L4.village_assistant", "not_met", scope="place", failing=(str(place.code),))
    norm = next(
        one for one in norms_of(pack, village, dt.date(2020, 1, 1)) if one.id == "L4.village_assistant"
    )
    assert norm.late == (str(place.station),)


def test_what_the_deployment_does_not_say_is_not_known(pack: Pack, plan: Plan) -> None:
    norms = norms_of(pack, dataclasses.replace(plan, checks=()), dt.date(2020, 1, 1))
    assert {one.progress for one in norms} == {"unknown"}


def with_pack(county: Deployment, plan: Plan) -> None:
    """Put the Lanling pack and a late norm into the deployment in force."""
    from linli.io.deployment import deployment_text

    behind = judged(plan, "L5.officer_share", "not_met", failing=(str(plan.stations[0].id),))
    county.pack, county.document = "lanling-2017", deployment_text(behind)
    county.save()
    norms_in_force.cache_clear()


def test_only_the_county_publishes_and_every_station_sees_it(
    county: Deployment, plan: Plan, actor: Cast, now: dt.datetime, signed_in: SignIn
) -> None:
    with_pack(county, plan)
    for who in ("suozhang", "minjing", "wangge", "guanli"):
        with pytest.raises(Forbidden):
            perform(PublishProgress(), actor(who), now)
    made = perform(PublishProgress(remark="请说明原因"), actor("guihua"), now)
    kept = made.rows
    assert sum(row["progress"] == "late" for row in kept) == 1
    for who in ("suozhang", "linsuozhang", "minjing", "shenji"):
        shown = signed_in(who).get(f"/supervision/progress/{made.pk}/").content.decode()
        assert plan.stations[0].name in shown
        assert "逾期" in shown
    assert signed_in("wangge").get(f"/supervision/progress/{made.pk}/").status_code == 404
    county.document = county.document.replace("not_met", "not_met")
    assert Publication.objects.get(pk=made.pk).rows == kept


def test_a_pack_that_is_not_installed_has_no_norms(county: Deployment, actor: Cast, now: dt.datetime) -> None:
    county.pack = "no-such-pack"
    county.save()
    norms_in_force.cache_clear()
    assert kept_rows(county.pk, now.date()) == []
    with pytest.raises(Invalid):
        perform(PublishProgress(), actor("guihua"), now)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_progress_is_shown_published_and_taken_out(county, plan: Plan, signed_in: SignIn, language) -> None:
    with_pack(county, plan)
    client = signed_in("shenji", language)
    shown = client.get("/supervision/progress/").content.decode()
    assert ("限期任务进度" if language == "zh-hans" else "Progress of dated norms") in shown
    assert client.post("/supervision/progress/publish/", {"submission": "a"}).status_code == 302
    client.post("/supervision/progress/publish/", {"submission": "a"})
    assert Publication.objects.count() == 1
    client.post("/supervision/progress/publish/", {"remark": "13800001234", "submission": "b"})
    assert Publication.objects.count() == 1
    assert str(plan.stations[0].name) in client.get("/supervision/progress/").content.decode()
    listed = b"".join(client.get("/supervision/progress/export.csv").streaming_content).decode("utf-8-sig")
    assert "L5" in listed
    assert client.get("/supervision/progress/export.doc").status_code == 404
    home = client.get("/?cards").content.decode()
    assert "/supervision/progress/" in home
