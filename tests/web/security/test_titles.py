"""What stands beside a case, and what came up earlier, shows no title of a case that somebody may not see."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.sharing import EndShare, ShareCase
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.selectors import notices_of

DAY = dt.timedelta(days=1)
TITLE, SEEN, HIDDEN = "桥头路灯不亮", "东侧灯杆倾斜", "住户反映家庭情况"


def _opened(title: str, actor: Any, stage: Any, now: dt.datetime, *, parent: Case | None = None) -> Case:
    opening = OpenCase(
        kind="request",
        category="streetlight",
        title=title,
        place=stage.place.code,
        parent_id=parent and parent.pk,
    )
    return perform(opening, actor("minjing"), now)


def _share(case: Case, actor: Any, stage: Any, now: dt.datetime, **more: Any) -> None:
    with_ = stage.other_post.pk
    perform(ShareCase(case_id=case.pk, organisation_id=with_, reason="同办", **more), actor("minjing"), now)


def _page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


# Guard 4
def test_a_sub_case_that_somebody_may_not_see_is_not_on_its_parents_page(
    actor, stage, now, signed_in
) -> None:
    parent = _opened(TITLE, actor, stage, now)
    seen = _opened(SEEN, actor, stage, now, parent=parent)
    hidden = _opened(HIDDEN, actor, stage, now, parent=parent)
    for case in (parent, seen):
        _share(case, actor, stage, now)
    own = _page(signed_in("minjing"), f"/cases/{parent.number}/")
    assert SEEN in own
    assert HIDDEN in own
    page = _page(signed_in("linsuo"), f"/cases/{parent.number}/")
    assert TITLE in page
    assert SEEN in page
    assert HIDDEN not in page
    assert f"/cases/{hidden.number}/" not in page


# Guard 4
@pytest.mark.parametrize("beside", ["parent", "merged_into", "merged"])
def test_a_case_that_somebody_may_not_see_is_not_named_beside_another(
    beside: str, actor, stage, now, signed_in
) -> None:
    case, other = _opened(TITLE, actor, stage, now), _opened(HIDDEN, actor, stage, now)
    _share(case, actor, stage, now)
    if beside == "merged":
        Case.objects.filter(pk=other.pk).update(merged_into=case)
    else:
        Case.objects.filter(pk=case.pk).update(**{beside: other})
    link = f"/cases/{other.number}/"
    assert link in _page(signed_in("minjing"), f"/cases/{case.number}/")
    page = _page(signed_in("linsuo"), f"/cases/{case.number}/")
    assert link not in page
    assert HIDDEN not in page


# Guard 4
def test_a_notice_goes_when_the_share_that_it_told_of_is_ended(actor, stage, now, signed_in) -> None:
    case = _opened(TITLE, actor, stage, now)
    _share(case, actor, stage, now)
    client = signed_in("linsuo")
    for path in ("/", "/notices/"):
        assert f"/cases/{case.number}/" in _page(client, path)
    assert TITLE in _page(client, "/notices/")
    perform(EndShare(case_id=case.pk, organisation_id=stage.other_post.pk), actor("minjing"), now)
    for path in ("/", "/notices/"):
        page = _page(client, path)
        assert TITLE not in page
        assert case.number not in page


# Guard 4
def test_a_notice_goes_when_the_time_of_its_share_is_over(actor, stage, now) -> None:
    case = _opened(TITLE, actor, stage, now)
    _share(case, actor, stage, now, kind="consent", consent="书面同意", until=now + 7 * DAY)
    told = {days: list(notices_of(actor("linsuo"), now + days * DAY)) for days in (0, 6, 7, 8)}
    assert {days: [one.case_id for one in found] for days, found in told.items()} == {
        0: [case.pk],
        6: [case.pk],
        7: [],
        8: [],
    }
    assert not notices_of(actor("linsuo"), now + 7 * DAY, unread=True).exists()
