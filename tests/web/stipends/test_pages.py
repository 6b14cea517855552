"""Pages of stipends in both languages, from the budget to the paid lot and its sheet."""

import io
import random

import openpyxl
import pytest

from linli.web.demonstration.addresses import make_addresses, post_addresses
from linli.web.demonstration.scene import Scene
from linli.web.foundation.actions.action import perform
from linli.web.ops.stipends.actions.deciding import ApproveLot
from linli.web.ops.stipends.models import Budget, Line, Lot

LANGUAGES = ["zh-hans", "en"]


@pytest.fixture
def query(line, stage):
    """What the page is asked with."""
    area = f"{stage.place.station_code}/{stage.place.beat_code}"
    return {"line": line.pk, "area": area, "starts": "2026-02-01", "ends": "2026-03-10"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lot_goes_its_way_on_the_pages(language, query, settled, signed_in) -> None:
    settled(1)
    settled(2)
    officer = signed_in("minjing", language)
    page = officer.get("/stipends/propose/", query)
    assert page.status_code == 200
    assert "MJ-0001" in page.content.decode()
    sent = officer.post("/stipends/propose/", {**query, "record": ["case:MJ-0001"], "submission": "a1"})
    lot = Lot.objects.get()
    assert sent["Location"] == f"/stipends/{lot.pk}/"
    again = officer.post("/stipends/propose/", {**query, "record": ["case:MJ-0001"], "submission": "a1"})
    assert again["Location"] == f"/stipends/{lot.pk}/"
    twice = officer.post("/stipends/propose/", {**query, "record": ["case:MJ-0001"], "submission": "a2"})
    assert twice.status_code == 409
    assert lot.number in twice.content.decode()
    assert lot.number in officer.get("/stipends/propose/", query).content.decode()
    chief = signed_in("suozhang", language)
    assert chief.post(f"/stipends/{lot.pk}/refuse/", {"note": ""}).status_code == 422
    assert chief.post(f"/stipends/{lot.pk}/approve/", {"note": ""}).status_code == 302
    assert chief.post(f"/stipends/{lot.pk}/approve/", {"note": ""}).status_code == 302
    planner = signed_in("guihua", language)
    assert planner.post(f"/stipends/{lot.pk}/pay/", {"voucher": "C-1"}).status_code == 302
    lot.refresh_from_db()
    assert lot.status == "paid"
    page = officer.get(f"/stipends/{lot.pk}/")
    assert "¥64.16" in page.content.decode()
    payment = lot.payments.get()
    assert officer.post(f"/stipends/{lot.pk}/reverse/", {"payment": [payment.pk]}).status_code == 422
    back = officer.post(f"/stipends/{lot.pk}/reverse/", {"payment": [payment.pk], "reason": "重复"})
    assert back.status_code == 302
    assert "−¥64.16" in officer.get(back["Location"]).content.decode()
    assert officer.post(f"/stipends/{lot.pk}/reverse/", {"payment": [1], "reason": "x"}).status_code == 302
    assert officer.post(f"/stipends/{lot.pk}/dance/", {}).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_and_sheets(language, proposed, settled, signed_in) -> None:
    lot = proposed(settled(1))
    chief = signed_in("suozhang", language)
    assert (
        lot.number in chief.get("/stipends/", {"status": "proposed", "rule": "Q6.settled"}).content.decode()
    )
    assert lot.number not in chief.get("/stipends/?status=paid&after=1_1").content.decode()
    sheet = chief.get(f"/stipends/{lot.pk}/export.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(sheet.streaming_content)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[1][0] == lot.number
    assert rows[1][-1] == 64.16
    text = b"".join(chief.get("/stipends/export.csv").streaming_content).decode()
    assert lot.number in text
    assert chief.get("/stipends/export.pdf").status_code == 404
    assert chief.get(f"/stipends/{lot.pk}/export.pdf").status_code == 404
    assert "¥64.16" in signed_in("tiaojie", language).get("/stipends/mine/").content.decode()
    assert signed_in("jumin", language).get("/stipends/mine/").status_code == 200
    assert signed_in("linsuo", language).get(f"/stipends/{lot.pk}/").status_code == 404
    assert signed_in("tiaojie", language).get("/stipends/").status_code == 403
    assert signed_in("shenji", language).get(f"/stipends/{lot.pk}/").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_budgets_are_made_and_changed_on_their_page(language, signed_in, county) -> None:
    planner = signed_in("guihua", language)
    assert planner.get("/stipends/budgets/").status_code == 200
    assert planner.get("/stipends/budgets/new/").status_code == 200
    given = {"year": "2026", "source": "units", "cap": "１"}
    assert planner.post("/stipends/budgets/new/", {**given, "cap": "x"}).status_code == 422
    assert planner.post("/stipends/budgets/new/", {**given, "cap": "5,000"}).status_code == 302
    assert planner.post("/stipends/budgets/new/", {**given, "cap": "5000"}).status_code == 422
    budget = Budget.objects.get()
    assert budget.cap_cents == 500_000
    new_line = f"/stipends/budgets/{budget.pk}/lines/new/"
    assert planner.get(new_line).status_code == 200
    for amount, status in (("", 422), ("x", 422), ("64.16", 302)):
        sent = planner.post(new_line, {"rule": "Q6.settled", "cap": "100", "amount": amount})
        assert sent.status_code == status
    line = Line.objects.get()
    assert planner.get(f"/stipends/lines/{line.pk}/cap/").status_code == 200
    assert planner.post(f"/stipends/lines/{line.pk}/cap/", {"cap": "200"}).status_code == 302
    assert planner.get(f"/stipends/budgets/{budget.pk}/cap/").status_code == 200
    change = {"cap": "6000", "note": "追加"}
    assert planner.post(f"/stipends/budgets/{budget.pk}/cap/", change).status_code == 302
    assert "¥6,000.00" in planner.get("/stipends/budgets/").content.decode()
    for path in ("budgets/999/cap/", "budgets/999/lines/new/", "lines/999/cap/"):
        assert planner.get(f"/stipends/{path}").status_code == 404
    assert signed_in("suozhang", language).get("/stipends/budgets/new/").status_code == 403
    assert signed_in("tiaojie", language).get("/stipends/budgets/").status_code == 403


def test_a_page_without_budget_lines_or_with_wrong_days_says_so(signed_in, county, query) -> None:
    officer = signed_in("minjing")
    assert officer.get("/stipends/propose/", {**query, "line": "999"}).status_code == 422
    wrong = officer.get("/stipends/propose/", {**query, "ends": "2026-01-01"})
    assert "不能早于" in wrong.content.decode()
    assert officer.get("/stipends/propose/").status_code == 200
    assert signed_in("tiaojie").get("/stipends/propose/").status_code == 403
    own = officer.post("/stipends/propose/", query)
    assert own.status_code == 422


def test_somebody_who_had_a_hand_in_it_is_told_why_they_cannot_go_on(
    proposing, settled, actor, now, signed_in
):
    lot = perform(proposing(settled(1)), actor("suozhang"), now)
    assert "三个人" in signed_in("suozhang").get(f"/stipends/{lot.pk}/").content.decode()
    perform(ApproveLot(lot_id=lot.pk), actor("guihua"), now)
    page = signed_in("guihua").get(f"/stipends/{lot.pk}/").content.decode()
    assert "三个人" in page
    assert 'name="voucher"' not in page


def test_the_demonstration_has_a_paid_lot_and_one_that_waits(county, stage, cast, now, settled) -> None:
    from linli.web.ops.stipends.demonstration import fill

    make_addresses(county, stage, random.Random(1))  # noqa: S311 - made-up data
    near = post_addresses(county, stage.post)
    rng = random.Random(1)  # noqa: S311 - made-up data
    scene = Scene(version=county, stage=stage, cast=cast, rng=rng, now=now, addresses=near)
    settled(1)
    fill(scene)
    assert sorted(Lot.objects.values_list("status", flat=True)) == ["paid", "proposed"]
    assert not Lot.objects.filter(paid_by=None, status="paid").exists()
