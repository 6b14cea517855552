"""Fifty scores drawn from what the screen shows, followed to their records, worked out by another path."""

import csv
import io
import random
import re

import pyarrow.parquet as pq
import pytest
from django.utils.http import urlencode

from linli.io.facts import open_dataset
from linli.web.foundation.actions.action import perform
from linli.web.workbench.assessment.actions.periods import OpenPeriod, OrderVersion
from linli.web.workbench.assessment.computing import compute_version
from linli.web.workbench.assessment.keeping import facts_folder
from web.assessment.by_hand import Facts, recomputed

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]

FOLLOWED = 50
RECORD = re.compile(r'<tr data-record="([^"]+)">')
NEXT = re.compile(r'<a class="btn" rel="next" href="([^"]+)">')
KINDS = {"territory": "territory", "station": "station", "beat": "beat"}


def exported() -> Facts:
    """The exported rows, each with the id by which evidence names it."""
    dataset, tables = open_dataset(facts_folder()), {}
    for table in dataset.manifest.tables:
        rows = [row for path in dataset.paths(table) for row in pq.ParquetFile(path).read().to_pylist()]
        if table == "staff":
            for row in rows:
                key = [row["month"], row["station"] or "-", row["beat"] or "-", row["role"]]
                row["record_id"] = ":".join(["staff", *key])
        tables[table] = rows
    return Facts(tables)


def records_on_screen(client, url: str) -> list[str]:
    """The ids of all records that a figure's page lists, page after page."""
    found: list[str] = []
    while url:
        page = client.get(url).content.decode()
        found += RECORD.findall(page)
        following = NEXT.search(page)
        url = following[1].replace("&amp;", "&") if following else ""
    return found


@pytest.mark.parametrize("pack", ["nanlu-2012", "hengshan-2020"])
def test_fifty_random_scores_lead_to_their_records_and_come_out_the_same_by_hand(
    pack, period, actor, signed_in, now, monkeypatch
) -> None:
    # Small pages, so that following a list over several of them is tried too.
    monkeypatch.setattr("linli.web.workbench.assessment.views.figures.MOST_RECORDS", 200)
    if pack != period.pack:
        period = perform(OpenPeriod(pack=pack, month=period.month), actor("guihua"), now)
    version = compute_version(perform(OrderVersion(period_id=period.pk), actor("guihua"), now).pk, now)
    client = signed_in("guihua", "en")
    sheet = client.get(f"/assessment/versions/{version.pk}/export.csv")
    shown = list(csv.DictReader(io.StringIO(b"".join(sheet.streaming_content).decode("utf-8-sig"))))
    known = [row for row in shown if row["Value"] != ""]
    facts = exported()
    by_id = {table: {row.get("record_id"): row for row in rows} for table, rows in facts.tables.items()}
    chosen = random.Random(4).sample(known, FOLLOWED)  # noqa: S311 - which ones matters to nobody
    assert len({row["Indicator"] for row in chosen}) >= 8
    for row in chosen:
        told = version.told["indicators"][row["Indicator"]]
        kind, area, token = row["Kind of area"], row["Area"], row["Period"]
        query = urlencode({"indicator": row["Indicator"], "area": area, "period": token})
        ids = records_on_screen(client, f"/assessment/versions/{version.pk}/records/?{query}")
        assert len(ids) == len(set(ids)) == int(row["Records"]), row
        of_area = {one["record_id"] for one in facts.rows(told, KINDS[kind], area, token)}
        assert set(ids) <= of_area, row
        records = [by_id[told["source"]][one] for one in ids]
        exposure = facts.exposure(told, kind, area, token) if told["exposure"] else None
        months = len(facts.months(token, told["since"]))
        from_records = recomputed(told, records, exposure, months)
        # Nothing that ought to count was left out: all rows of the area and time give the same.
        whole = facts.rows(told, kind, area, token)
        assert recomputed(told, whole, exposure, months) == pytest.approx(
            float(row["Value"]), rel=1e-9, abs=1e-9
        ), row
        if from_records is None:
            # Nothing was recorded, and the indicator says that this counts as nought.
            assert (told["missing"], float(row["Value"])) == ("zero", 0.0)
            continue
        assert from_records == pytest.approx(float(row["Value"]), rel=1e-9, abs=1e-9), row
