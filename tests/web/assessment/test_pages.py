"""What each page shows to whom, in both languages; the records behind a figure; the files."""

import csv
import io

import pytest
from django.utils.http import urlencode

from linli.web.foundation.audit.models import Entry
from linli.web.workbench.assessment.models import Figure
from web.assessment.files import close_files

pytestmark = pytest.mark.django_db


MONTH = "2026-02"


def of_figure(one: Figure, page: str = "figure") -> str:
    query = urlencode({"indicator": one.indicator, "area": one.area, "period": one.token})
    return f"/assessment/versions/{one.version_id}/{page}/?{query}"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_for_those_who_have_a_part_in_it(proposed, signed_in, stage, language) -> None:
    own = proposed.figures.get(
        indicator="N19.key_cases", area=stage.station.station_code, area_kind="station", token=MONTH
    )
    base = f"/assessment/versions/{proposed.pk}"
    pages = ["/", "/assessment/", f"{base}/", f"{base}/compare/", f"{base}/clauses/", f"{base}/chance/"]
    pages += ["/assessment/consequences/", f"{base}/place/?area={own.area}", of_figure(own)]
    pages += [
        f"{base}/compare/?indicator=N19.key_cases&kind=beat",
        "/assessment/consequences/?status=proposed",
    ]
    for username in ("guihua", "suozhang", "shenji", "minjing"):
        client = signed_in(username, language)
        for url in pages:
            answer = client.get(url)
            # An officer reaches beats, not the whole station.
            expected = 404 if username == "minjing" and "area=" in url else 200
            assert answer.status_code == expected, (username, url)
    assert signed_in("fujing", language).get("/assessment/").status_code == 403
    assert signed_in("fujing", language).get(f"{base}/").status_code == 404


def test_a_version_lists_stations_and_beats_are_a_page_further(proposed, signed_in) -> None:
    base = f"/assessment/versions/{proposed.pk}/"
    beat = proposed.areas.filter(kind="beat").exclude(parent="").first()
    county = signed_in("guihua")
    shown = county.get(base).content.decode()
    assert f'{base}place/?area={beat.parent}"' in shown
    assert f'{base}place/?area={beat.code}"' not in shown
    assert (
        f'{base}place/?area={beat.code}"' in county.get(f"{base}place/?area={beat.parent}").content.decode()
    )


def test_an_officer_finds_the_own_beat_on_the_version(proposed, signed_in, stage) -> None:
    shown = signed_in("minjing").get(f"/assessment/versions/{proposed.pk}/").content.decode()
    assert f'place/?area={stage.post.codes[0]}"' in shown


def test_another_stations_figures_are_none_of_ones_business(proposed, signed_in, stage) -> None:
    other = proposed.figures.filter(area=stage.other_station.station_code, area_kind="station").first()
    client = signed_in("suozhang")
    for page in ("figure", "records"):
        assert client.get(of_figure(other, page)).status_code == 404
    assert client.get(f"/assessment/versions/{proposed.pk}/place/?area={other.area}").status_code == 404


def test_before_the_lock_others_stand_in_the_league_without_a_name(computed, signed_in, stage) -> None:
    url = f"/assessment/versions/{computed.pk}/compare/?indicator=N19.key_cases&kind=station"
    names = {area.code: area.name for area in computed.areas.filter(kind="station")}
    own, other = names[stage.station.station_code], names[stage.other_station.station_code]
    page = signed_in("suozhang").get(url).content.decode()
    assert own in page
    assert other not in page
    assert "其他单位" in page
    assert other in signed_in("guihua").get(url).content.decode()


def test_records_are_listed_for_ones_own_area_and_the_reading_is_logged(proposed, signed_in, stage) -> None:
    own = proposed.figures.get(
        indicator="N19.key_cases", area=stage.station.station_code, area_kind="station", token=MONTH
    )
    page = signed_in("suozhang").get(of_figure(own, "records")).content.decode()
    assert page.count("data-record=") == own.records > 0
    assert Entry.objects.filter(action="assessment.read_records").count() == 1
    assert signed_in("linsuozhang").get(of_figure(own, "records")).status_code == 404
    assert Entry.objects.filter(action="assessment.read_records").count() == 1


# Guard 4
def test_the_records_of_the_whole_are_shown_to_whoever_answers_for_it(computed, signed_in) -> None:
    whole = computed.figures.filter(indicator="N19.key_cases", area_kind="territory", token=MONTH).get()
    for username in ("minjing", "suozhang"):
        client = signed_in(username)
        shown = client.get(of_figure(whole, "figure"))
        assert shown.status_code == 200
        assert "/records/" not in shown.content.decode()
        assert client.get(of_figure(whole, "records")).status_code == 404
    assert not Entry.objects.filter(action="assessment.read_records").exists()
    county = signed_in("guihua")
    assert "/records/" in county.get(of_figure(whole, "figure")).content.decode()
    assert county.get(of_figure(whole, "records")).status_code == 200


def test_a_station_that_looks_like_others_is_told_so(computed, signed_in) -> None:
    page = signed_in("guihua").get(
        f"/assessment/versions/{computed.pk}/compare/?indicator=N19.key_cases&kind=station"
    )
    assert "差异不显著，不宜排名" in page.content.decode()


def test_the_figures_leave_as_a_file_and_that_is_logged(computed, signed_in, stage) -> None:
    answer = signed_in("suozhang").get(f"/assessment/versions/{computed.pk}/export.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    stations = {row[4] for row in rows[1:] if row[3] == "派出所"}
    assert stations == {stage.station.station_code}
    workbook = signed_in("guihua").get(f"/assessment/versions/{computed.pk}/export.xlsx")
    assert b"".join(workbook.streaming_content)[:2] == b"PK"
    close_files(workbook)
    assert signed_in("minjing").get(f"/assessment/versions/{computed.pk}/export.csv").status_code == 403
    assert Entry.objects.filter(action="export").count() == 2


def test_a_month_runs_on_the_pages_from_opening_to_the_lock(period, signed_in, approve, now) -> None:
    from linli.web.workbench.assessment.computing import compute_version
    from linli.web.workbench.assessment.models import Version

    county = signed_in("guihua")
    assert county.post("/assessment/new/", {"pack": "x", "month": ""}).status_code == 422
    given = {"pack": "hengshan-2020", "month": "2026-01", "objection_days": "10"}
    assert county.post("/assessment/new/", {**given, "month": "2027-01"}).status_code == 422
    assert county.post("/assessment/new/", given).status_code == 302
    assert county.post(f"/assessment/periods/{period.pk}/compute/").status_code == 302
    version = Version.objects.get(period=period)
    assert "正在计算" in county.get(f"/assessment/versions/{version.pk}/").content.decode()
    compute_version(version.pk, now)
    base = f"/assessment/versions/{version.pk}"
    station = version.areas.filter(kind="station").first().code
    county.post(f"{base}/approve/", {"station": station})
    assert version.approvals.count() == 0
    county.post(f"{base}/lock/")
    approve(version)
    county.post(f"{base}/lock/")
    assert county.post(f"{base}/propose/").url == "/assessment/consequences/"
    assert county.post(f"/assessment/periods/{period.pk}/compute/", {"reason": ""}).status_code == 422
    assert (
        county.post(f"/assessment/periods/{period.pk}/compute/", {"reason": "补录漏登案件"}).status_code
        == 302
    )
    assert [v.status for v in period.versions.all()] == ["waiting", "locked"]
    assert signed_in("suozhang").post(f"/assessment/periods/{period.pk}/compute/").status_code == 403
    assert signed_in("suozhang").get("/assessment/new/").status_code == 403
