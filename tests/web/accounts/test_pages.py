"""Pages of people and organisations: who sees whom, what an administrator does there, in both languages."""

import datetime as dt

import pytest
from django.utils import timezone

from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.audit.models import Entry


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", ("人员账号", "民警 王")), ("en", ("People", "民警 王"))]
)
def test_the_administrator_sees_everybody(signed_in, language, words) -> None:
    page = signed_in("guanli", language).get("/people/").content.decode()
    assert all(word in page for word in words)
    assert "linsuo" in page


def test_a_chief_sees_the_people_of_the_own_station_and_nobody_else(signed_in, cast) -> None:
    client = signed_in("suozhang")
    names = {one["user"].username for one in client.get("/people/").context["people"]}
    assert {"suozhang", "minjing", "fujing", "wangge", "tiaojie"} <= names
    assert not names & {"linsuo", "linsuozhang", "guanli", "shenji", "jumin", "fating"}
    assert client.get(f"/people/{cast['minjing'].pk}/").status_code == 200
    assert client.get(f"/people/{cast['linsuo'].pk}/").status_code == 404
    assert client.get("/people/new/").status_code == 403
    assert client.get("/people/export.csv").status_code == 403


@pytest.mark.parametrize("username", ["minjing", "fujing", "jumin", "danwei", "guihua", "jiejing", "tiaojie"])
def test_others_see_no_list_of_people(signed_in, cast, username) -> None:
    client = signed_in(username)
    for url in ("/people/", "/organisations/", "/people/new/", "/people/export.csv"):
        assert client.get(url).status_code == 403
    assert client.get(f"/people/{cast['guanli'].pk}/").status_code == 404


def test_the_list_is_narrowed_and_paged(signed_in, cast) -> None:
    client = signed_in("guanli")
    found = client.get("/people/?q=民警 王").context["people"]
    assert {one["user"].username for one in found} == {"minjing"}
    found = client.get("/people/?role=officer").context["people"]
    assert {one["user"].username for one in found} == {"minjing", "linsuo"}
    assert client.get("/people/?active=0").context["people"] == []
    for number in range(60):
        User.objects.create_user(f"many{number:02}", None, display_name="众")
    first = client.get("/people/")
    second = client.get("/people/" + first.context["next_url"])
    seen = [one["user"].username for one in (*first.context["people"], *second.context["people"])]
    assert seen == sorted(User.objects.values_list("username", flat=True))


def test_the_list_is_exported_and_that_is_logged(signed_in) -> None:
    answer = signed_in("guanli").get("/people/export.csv?role=chief")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "suozhang" in text
    assert "minjing" not in text
    assert Entry.objects.get(action="export").detail == {"filters": "role=chief"}


def test_the_list_is_exported_as_a_workbook_too(signed_in) -> None:
    import io

    from openpyxl import load_workbook

    answer = signed_in("shenji").get("/people/export.xlsx")
    rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
    for close in answer._resource_closers:
        close()
    assert "minjing" in [row[0] for row in rows]
    assert signed_in("guanli").get("/people/export.exe").status_code == 404


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "临时密码"), ("en", "Temporary password")])
def test_an_account_is_made_and_its_password_shown_once(signed_in, stage, language, word) -> None:
    client = signed_in("guanli", language)
    answer = client.post("/people/new/", {"username": "xinren", "display_name": "新人 何", "language": "zh"})
    page = answer.content.decode()
    made = User.objects.get(username="xinren")
    password = answer.context["password"]
    assert word in page
    assert password in page
    assert made.check_password(password)
    assert answer["Cache-Control"].startswith("no-store")
    assert password not in client.get(f"/people/{made.pk}/").content.decode()
    first = timezone.localdate()
    last = first + dt.timedelta(days=30)
    client.post(
        f"/people/{made.pk}/roles/",
        {"role": "officer", "organisation": stage.post.pk, "starts": first, "ends": last},
    )
    grant = Grant.objects.get(user=made)
    assert (grant.role, grant.ends) == ("officer", last)
    client.post(f"/people/{made.pk}/roles/{grant.pk}/take/")
    grant.refresh_from_db()
    assert grant.ends is not None
    assert grant.ends < last


def test_what_is_wrong_is_shown_and_what_was_written_kept(signed_in, cast) -> None:
    client = signed_in("guanli")
    answer = client.post("/people/new/", {"username": "minjing", "display_name": "重名 赵", "language": "zh"})
    assert answer.status_code == 422
    assert "重名 赵" in answer.content.decode()
    answer = client.post(f"/people/{cast['fujing'].pk}/stop/", {"reason": ""})
    assert answer.status_code == 422
    answer = client.post(f"/people/{cast['fujing'].pk}/roles/", {"role": "officer"})
    assert answer.status_code == 422


def test_an_administrator_stops_opens_resets_and_signs_out(signed_in, cast) -> None:
    client, pk = signed_in("guanli"), cast["fujing"].pk
    client.post(f"/people/{pk}/change/", {"display_name": "辅警 李二", "language": "en"})
    client.post(f"/people/{pk}/stop/", {"reason": "调离"})
    cast["fujing"].refresh_from_db()
    assert (cast["fujing"].display_name, cast["fujing"].is_active) == ("辅警 李二", False)
    client.post(f"/people/{pk}/open/")
    answer = client.post(f"/people/{pk}/password/")
    assert answer.status_code == 200
    cast["fujing"].refresh_from_db()
    assert cast["fujing"].check_password(answer.context["password"])
    for part in ("sign-out", "unlock", "second-factor"):
        assert client.post(f"/people/{pk}/{part}/").status_code == 302
    done = set(Entry.objects.filter(subject_id=str(pk)).values_list("action", flat=True))
    assert {
        "account.change",
        "account.deactivate",
        "account.reactivate",
        "account.reset_password",
        "account.end_sessions",
        "account.unlock",
    } <= done


def test_an_administrators_own_page_offers_nothing_to_do_to_oneself(signed_in, cast) -> None:
    client, pk = signed_in("guanli"), cast["guanli"].pk
    page = client.get(f"/people/{pk}/").content.decode()
    assert f"/people/{pk}/roles/" not in page
    for part in ("stop", "password", "second-factor"):
        client.post(f"/people/{pk}/{part}/", {"reason": "x"})
    cast["guanli"].refresh_from_db()
    assert cast["guanli"].is_active
    assert cast["guanli"].temporary_until is None


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_tree_of_organisations_is_walked_down_to_people(signed_in, stage, language) -> None:
    client = signed_in("guanli", language)
    top = client.get("/organisations/")
    assert stage.bureau in [one for one, _ in top.context["page"].below]
    station = client.get(f"/organisations/{stage.station.pk}/")
    assert stage.post in [one for one, _ in station.context["page"].below]
    post = client.get(f"/organisations/{stage.post.pk}/").content.decode()
    assert "民警 王" in post
    chief = signed_in("suozhang", language)
    assert [one for one, _ in chief.get("/organisations/").context["page"].below] == [stage.station]
    assert chief.get(f"/organisations/{stage.other_post.pk}/").status_code == 404


def test_pages_of_people_take_a_constant_number_of_queries(
    signed_in, stage, django_assert_max_num_queries
) -> None:
    for number in range(45):
        user = User.objects.create_user(f"many{number:02}", None, display_name="众")
        Grant.objects.create(user=user, role="auxiliary", organisation=stage.post, starts=dt.date(2026, 1, 1))
    client = signed_in("suozhang")
    for url in ("/people/", "/organisations/", f"/organisations/{stage.post.pk}/"):
        client.get(url)
        with django_assert_max_num_queries(14):
            client.get(url)
