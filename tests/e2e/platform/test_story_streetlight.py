"""A streetlight: raised on a phone, late, escalated, fixed, turned down by code, reopened, fixed, closed."""

import re

import pytest
from playwright.sync_api import Page, expect

from linli.web.foundation.casework.actions.deadlines import run_deadlines
from linli.web.foundation.casework.models import Case, Feedback
from linli.web.intake.codes import hashed

from .conftest import LANGUAGES, Site

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAY = {
    "zh": {
        "light": "路灯照明",
        "sentence": "一句话说明",
        "details": "详细情况",
        "village": "村（社区）",
        "name": "联系人",
        "phone": "联系电话",
        "send": "提交",
        "follow": "查看进展",
        "received": "已收到",
        "late": "已超时",
        "accept": "受理",
        "report": "上报承办单位",
        "start": "开始办理",
        "resolve": "办结并答复",
        "measures": "办理措施",
        "answer": "给提出人的答复",
        "result": "办理结果",
        "fixed": "已解决",
        "closed": "已办结",
        "no": "未解决",
        "yes": "已解决",
        "reopen": "未解决，要求重新办理",
        "satisfied": "满意度",
        "words": "您的意见",
        "thanks": "谢谢您的评价。",
        "reopened": "已重新办理",
        "five": "五个及时",
        "overdue": "已超时",
        "code": "查询码",
        "find": "查询",
    },
    "en": {
        "light": "Street light",
        "sentence": "In one sentence",
        "details": "Details",
        "village": "Village",
        "name": "Name",
        "phone": "Telephone",
        "send": "Send",
        "follow": "See where it stands",
        "received": "Received",
        "late": "Late",
        "accept": "Accept",
        "report": "Report to the office in charge",
        "start": "Begin work",
        "resolve": "Resolve and answer",
        "measures": "What was done",
        "answer": "Answer",
        "result": "Result",
        "fixed": "Fixed",
        "closed": "Closed",
        "no": "Not solved",
        "yes": "Solved",
        "reopen": "Not solved: open it again",
        "satisfied": "How satisfied are you",
        "words": "Your words",
        "thanks": "Thank you.",
        "reopened": "It was opened again",
        "five": "Five in time",
        "overdue": "Overdue",
        "code": "Code",
        "find": "Look up",
    },
}


def picture(site: Site, page: Page, name: str, language: str) -> None:
    site.accessible(page)
    site.shot(page, f"streetlight-{name}-{language}")


def raise_it(site: Site, language: str) -> str:
    """On a phone, without an account; the code that came of it."""
    say, page = SAY[language], site.page(None, language, "phone")
    page.goto("/residents/")
    picture(site, page, "1-home", language)
    page.get_by_role("link", name=say["light"]).click()
    page.get_by_role("button", name=say["send"], exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    picture(site, page, "2-refused", language)
    page.get_by_label(re.compile(say["sentence"])).fill("村口路灯不亮")
    page.get_by_label(re.compile(say["details"])).fill("老槐树旁第三盏")
    page.locator("#id_place").fill(site.stage.place.code)
    page.get_by_label(re.compile(f"^{say['name']}")).fill("卫某")
    page.get_by_label(re.compile(f"^{say['phone']}")).fill("13800001234")
    picture(site, page, "3-form", language)
    page.get_by_role("button", name=say["send"], exact=True).click()
    code = page.locator("#code").inner_text().replace(" ", "")
    picture(site, page, "4-sent", language)
    page.get_by_role("link", name=say["follow"]).click()
    expect(page.locator(".state").first).to_have_text(say["received"])
    picture(site, page, "5-track", language)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    return code


def take_step(page: Page, step: str, number: str) -> None:
    page.goto(f"/cases/{number}/")
    page.locator(f"#step-{step} summary").click()
    page.locator(f"#step-{step} button[type=submit]").click()
    expect(page.locator(".alert-success")).to_be_visible()


def resolve(page: Page, say: dict[str, str], number: str, answer: str) -> None:
    page.goto(f"/cases/{number}/")
    step = page.locator("#step-resolve")
    step.locator("summary").click()
    step.get_by_label(re.compile(f"^{say['measures']}")).fill("更换灯泡")
    step.get_by_label(re.compile(f"^{say['result']}")).select_option("fixed")
    step.get_by_label(re.compile(f"^{say['answer']}")).fill(answer)
    step.locator("button[type=submit]").click()
    expect(page.locator("main .state").first).to_have_text(say["closed"])


def feed_back(page: Page, code: str, say: dict[str, str], *, solved: bool) -> None:
    page.goto("/residents/track/")
    page.get_by_label(say["code"]).fill(f"{code[:5].lower()} {code[5:]}")
    page.get_by_role("button", name=say["find"], exact=True).click()
    page.get_by_role("radio", name=say["yes" if solved else "no"], exact=True).check()
    if not solved:
        page.get_by_label(say["reopen"]).check()
    page.get_by_label(say["satisfied"]).select_option("5" if solved else "1")
    page.get_by_label(re.compile(say["words"])).fill("修好了" if solved else "第二天又灭了")
    page.get_by_role("button", name=say["send"] if say["send"] != "提交" else "提交评价", exact=True).click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_streetlight_from_the_phone_to_the_closed_case(site: Site, language: str) -> None:
    say = SAY[language]
    code = raise_it(site, language)
    site.expect_complaint("422")
    case = Case.objects.get(tracking_hash=hashed(code))
    number = case.number or ""
    assert case.channel == "public"

    site.advance(hours=54)
    assert run_deadlines(site.at) == 1
    case.refresh_from_db()
    assert case.priority == Case.Priority.HIGH
    chief = site.page("suozhang", language)
    chief.goto("/")
    expect(chief.get_by_role("link", name=re.compile(number)).first).to_be_visible()
    picture(site, chief, "6-chief-home", language)
    chief.goto("/requests/?status=late")
    expect(chief.get_by_role("link", name=number)).to_be_visible()
    picture(site, chief, "7-late-list", language)

    officer = site.page("minjing", language)
    for step in ("accept", "report", "start"):
        take_step(officer, step, number)
    resolve(officer, say, number, "第三盏已换灯泡，今晚会亮。")
    expect(officer.get_by_role("heading", name=say["five"])).to_be_visible()
    picture(site, officer, "8-answered", language)

    site.advance(days=1)
    resident = site.page(None, language, "phone")
    feed_back(resident, code, say, solved=False)
    expect(resident.get_by_text(say["reopened"])).to_be_visible()
    picture(site, resident, "9-reopened", language)
    case.refresh_from_db()
    assert (case.state, Feedback.objects.get(case=case).reopened) == ("received", True)

    officer = site.page("minjing", language)
    take_step(officer, "start", number)
    resolve(officer, say, number, "已更换镇流器，并回访两晚。")
    picture(site, officer, "10-answered-again", language)
    officer.goto("/requests/five-in-time/")
    picture(site, officer, "11-five", language)

    site.advance(days=2)
    resident = site.page(None, language, "phone")
    feed_back(resident, code, say, solved=True)
    expect(resident.get_by_text(say["thanks"])).to_be_visible()
    expect(resident.locator(".state").first).to_have_text(say["closed"])
    picture(site, resident, "12-closed", language)
    case.refresh_from_db()
    assert (case.state, case.result) == ("closed", "fixed")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_counter_takes_a_request_down_with_the_keyboard_and_prints_a_receipt(
    site: Site, language: str
) -> None:
    page = site.page("fujing", language)
    page.goto("/requests/open/")
    page.locator("#id_channel_1").check()
    page.locator("#id_category").select_option("streetlight")
    page.locator("#id_title").fill("卫生室门口路灯不亮")
    page.locator("#id_place").fill(site.stage.place.code)
    picture(site, page, "20-counter", language)
    page.keyboard.press("Alt+s")
    expect(page.locator("main code")).to_have_text(re.compile(r"^SQ\d{6}-\d{6}$"))
    picture(site, page, "21-receipt", language)
    first = Case.objects.get()
    assert (first.channel, first.title) == ("counter", "卫生室门口路灯不亮")
    page.goto("/requests/open/")
    page.locator("#id_category").select_option("streetlight")
    page.locator("#id_place").fill(site.stage.place.code)
    expect(page.locator("#near").get_by_role("link", name=first.number or "")).to_be_visible()
    picture(site, page, "22-near", language)
    page.set_viewport_size({"width": 390, "height": 844})
    picture(site, page, "23-counter-phone", language)
    page.goto("/requests/")
    picture(site, page, "24-list-phone", language)


def test_without_scripts_a_request_is_sent_and_followed_all_the_same(site: Site) -> None:
    context = site.launch().new_context(
        java_script_enabled=False, locale="zh-CN", base_url=site.url, viewport={"width": 390, "height": 844}
    )
    site.contexts.append(context)
    page = context.new_page()
    page.goto("/residents/report/request-road/")
    page.locator("#id_title").fill("路面塌陷")
    page.locator("#id_place").fill(site.stage.place.code)
    page.locator("#id_anonymous").check()
    page.get_by_role("button", name="提交").click()
    code = page.locator("#code").inner_text()
    page.goto("/residents/track/")
    page.locator("#code").fill(code)
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.locator(".state").first).to_have_text("已收到")
    site.shot(page, "streetlight-30-no-scripts")
