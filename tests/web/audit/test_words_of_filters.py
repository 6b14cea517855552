"""Words typed into a filter are not kept in the log for ever; codes and days are."""

from typing import Any

import pytest

from linli.web.foundation.audit.asked import told_filters
from linli.web.foundation.audit.models import Entry
from web.security.addresses import addresses
from web.security.test_addresses import _ask, _quiet

TYPED = "13800001234 张三 离婚"


# Guard 14
@pytest.mark.any_database
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("kind=request&from=2026-03-01&station=620503001", "kind=request&from=2026-03-01&station=620503001"),
        ("q=13800001234+%E5%BC%A0%E4%B8%89", "q_letters=14"),
        ("q=theft&kind=incident", "q_letters=5&kind=incident"),
        ("station=%E5%BC%A0%E4%B8%89", "station_letters=2"),
        ("kind=13800001234", "kind_letters=11"),
        ("kind=a13800001234", "kind_letters=12"),
        ("%E5%BC%A0%E4%B8%89=1&page=2", "page=2"),
        ("units q=%E5%BC%A0+x&page=2", "units q_letters=3&page=2"),
        ("five 2026-03", "five 2026-03"),
        ("figures 2026-03-01 2026-03-31", "figures 2026-03-01 2026-03-31"),
        ("张三", ""),
        ("", ""),
    ],
)
def test_filters_are_told_without_words(given, told) -> None:
    assert told_filters(given) == told


# Guard 4
@pytest.mark.parametrize("username", ["suozhang", "guihua", "guanli", "shenji"])
def test_no_export_keeps_words_that_were_typed_and_what_was_not_there_is_no_export(
    username, signed_in, cast
) -> None:
    client, wrong, kept = _quiet(signed_in(username)), [], 0
    for one in addresses():
        if "export" not in one.route and "<slug:form>" not in one.route:
            continue
        for name in ("q", "station", "kind", "who", "zzz"):
            before = Entry.objects.count()
            answer = _ask(client, "get", one.path(number=""), {name: TYPED})
            rows = list(Entry.objects.order_by("-pk")[: Entry.objects.count() - before])
            kept += any(row.action == "export" for row in rows)
            if any(part in str(row.detail) for row in rows for part in (*TYPED.split(), "%E5%BC%A0")):
                wrong.append(f"{one.route} {name}: {rows[0].detail}")
            if answer.status_code == 404 and any(row.action == "export" for row in rows):
                wrong.append(f"{one.route} {name}: 404 and an entry of an export")
    assert not wrong, "\n".join(wrong)
    assert kept or username == "guanli"


def test_the_audit_s_own_search_still_finds_an_export_that_was_narrowed_by_words(actor, now) -> None:
    from linli.web.foundation.actions.action import perform
    from linli.web.foundation.casework.actions.exporting import LogExport

    given: dict[str, Any] = {"what": "cases", "filters": "kind=request&q=%E5%BC%A0"}
    perform(LogExport(**given), actor("suozhang"), now)
    assert Entry.objects.get(action="export").detail == {"filters": "kind=request&q_letters=1"}
