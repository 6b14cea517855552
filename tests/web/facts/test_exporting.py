"""The platform's facts: no person in them, the same in steps as at once, and never half written."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from assessment.synthetic_facts import ENGINE_WARNINGS
from linli.assessment.facts import fact_tables
from linli.assessment.facts.checks import check_tables
from linli.assessment.indicators import compute, pack_indicators, period
from linli.cli.main import linli
from linli.io.facts import Dataset, duckdb_tables, open_dataset
from linli.io.facts.importing import import_list
from linli.policy.loading import load_pack, shipped_packs
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.feedback import GiveFeedback
from linli.web.foundation.casework.actions.working import AddNote
from linli.web.foundation.casework.models import Case, Feedback, PersonalValue, Tombstone
from linli.web.foundation.facts import FactExporter, Reading, exporters, register
from linli.web.foundation.facts import registry as held
from linli.web.foundation.facts.exporting import ExportFacts, export_facts
from linli.web.foundation.places.models import Deployment
from linli.web.ops.disputes.models import Agreement
from linli.web.ops.meetings.models import Meeting
from linli.web.ops.requests.models import Five

pytestmark = [pytest.mark.django_db, *ENGINE_WARNINGS]

Export = Callable[..., Dataset]
LATER = dt.timedelta(hours=3)


@pytest.fixture
def full(demonstration_loaded: None) -> None:
    """The demonstration: every feature has made up cases through its own actions."""


@pytest.fixture
def export(tmp_path: Path, now: dt.datetime) -> Export:
    def call(name: str = "facts", at: dt.datetime = now, *, whole: bool = False) -> Dataset:
        export_facts(tmp_path / name, at, whole=whole)
        return open_dataset(tmp_path / name)

    return call


@pytest.mark.usefixtures("full")
class TestWhole:
    def test_every_table_is_filled_and_in_order(self, export: Export) -> None:
        dataset = export()
        fed = {exporter.table for exporter in exporters()}
        assert fed == set(fact_tables()) - {"duty_hours", "visits", "patrols", "surveys"} | fed
        for table in fed - {"surveys", "addresses"}:
            assert dataset.manifest.rows(table) > 0, table
        wrong = [finding for finding in check_tables(duckdb_tables(dataset)) if finding.fatal]
        assert wrong == []
        assert dataset.manifest.rows("cases") == Case.objects.count()
        assert set(dataset.read("cases").column("synthetic").to_pylist()) == {True}

    def test_no_word_that_a_person_said_about_themselves_leaves(self, export: Export, tmp_path: Path) -> None:
        export()
        said = {value for value in PersonalValue.objects.values_list("value", flat=True) if len(value) > 1}
        said |= set(Case.objects.values_list("title", flat=True)) | set(
            Case.objects.values_list("address", flat=True)
        )
        assert said
        dataset = open_dataset(tmp_path / "facts")
        for table in dataset.manifest.tables:
            if fact_tables()[table].kind == "fact":
                told = json.dumps(dataset.read(table).to_pylist(), default=str, ensure_ascii=False)
                assert [word for word in said if word and word in told] == []

    def test_a_case_is_counted_in_the_beat_it_had_then(self, export: Export, now: dt.datetime) -> None:
        rows = {row["record_id"]: row for row in export().read("cases").to_pylist()}
        for case in Case.objects.all():
            row = rows[f"case:{case.number}"]
            assert (row["station"] or "", row["beat"] or "") == (case.station_code, case.beat_code)
            assert row["at"] == case.opened_at
            assert row["status"] == case.state

    def test_disputes_and_the_five_moments_are_those_of_their_features(self, export: Export) -> None:
        dataset = export()
        settled = sum(bool(settled) for settled in dataset.read("disputes").column("settled").to_pylist())
        cases = Case.objects.filter(case_type="dispute", merged_into=None)
        assert settled == Agreement.objects.filter(case__in=cases).values("case").distinct().count() > 0
        states = dataset.read("transitions").column("state_to").to_pylist()
        accepted = Five.objects.filter(void=False, accepted_at__isnull=False).count()
        assert states.count("five.accepted") == accepted > 0
        held = [kind for kind in dataset.read("activities").column("kind").to_pylist() if kind == "meeting"]
        assert len(held) == Meeting.objects.filter(status="held", kind="residents").count()

    def test_every_indicator_of_a_pack_can_be_worked_out(self, export: Export) -> None:
        folder = shipped_packs() / "district-practice"
        definitions = pack_indicators(folder, load_pack(folder))
        results = compute(definitions, duckdb_tables(export()), [period("2026-03"), period("2026")])
        assert results.frame["value"].notna().any()
        assert set(results.frame["indicator"]) == {one.indicator.id for one in definitions}

    def test_what_changed_and_everything_give_the_same_tables(self, export: Export, now: dt.datetime) -> None:
        first = export(at=now)
        case = Case.objects.filter(closed_at__isnull=False, case_type="request").first()
        open_case = Case.objects.filter(closed_at__isnull=True).first()
        assert case is not None
        assert open_case is not None
        Feedback.objects.filter(case=case).delete()
        perform(GiveFeedback(case_id=case.pk, solved=False, reopen=False), SYSTEM, now + LATER / 2)
        perform(AddNote(case_id=open_case.pk, text="合成备注"), SYSTEM, now + LATER / 2)
        second = export(at=now + LATER)
        whole = export("other", at=now + LATER)
        assert second.digest == whole.digest != first.digest
        again = export("other", at=now + LATER, whole=True)
        assert again.digest == whole.digest

    def test_the_second_export_reads_only_what_changed(
        self, export: Export, now: dt.datetime, tmp_path: Path
    ) -> None:
        export(at=now + LATER)
        done = export_facts(tmp_path / "facts", now + 2 * LATER)
        assert (done.whole, done.rows["cases"]) == (False, 0)
        case = Case.objects.earliest("pk")
        perform(AddNote(case_id=case.pk, text="合成备注"), SYSTEM, now + 2 * LATER)
        assert export_facts(tmp_path / "facts", now + 3 * LATER).rows["cases"] == 1

    def test_facts_of_a_deleted_case_stay_in_both_kinds_of_export(
        self, export: Export, now: dt.datetime
    ) -> None:
        export(at=now)
        case = Case.objects.filter(
            case_type="incident", closed_at__isnull=False, children=None, merged=None
        ).first()
        assert case is not None
        record = f"case:{case.number}"
        Tombstone.objects.create(
            number=case.number,
            case_type=case.case_type,
            opened_at=case.opened_at,
            closed_at=case.closed_at,
            result=case.result,
            keep_days=1,
            shredded_at=now,
        )
        for related in ("dispatches", "notices", "shares", "emergencies"):
            getattr(case, related, Case.objects.none()).all().delete()
        case.delete()
        for whole in (False, True):
            kept = export(at=now + LATER, whole=whole)
            assert record in kept.read("cases").column("record_id").to_pylist()
            assert record in kept.read("transitions").column("case_record_id").to_pylist()


def test_an_export_that_fails_half_way_changes_nothing_and_is_done_again(
    county: Deployment, export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = export().manifest

    def broken(reading: Reading) -> list[dict[str, object]]:
        raise ZeroDivisionError

    monkeypatch.setitem(held._EXPORTERS, "broken", FactExporter(name="broken", table="surveys", rows=broken))
    with pytest.raises(ZeroDivisionError):
        export()
    assert open_dataset(tmp_path / "facts").manifest == before
    monkeypatch.delitem(held._EXPORTERS, "broken")
    assert export().manifest.digest == before.digest


@pytest.mark.parametrize(
    "row", [{"record_id": "x:1", "surname": "x"}, {"record_id": "x:1", "month": "2026-03"}]
)
def test_a_row_with_a_column_that_is_not_its_own_is_a_mistake_of_the_exporter(
    row: dict[str, object],
    county: Deployment,
    export: Export,
    monkeypatch: pytest.MonkeyPatch,
    now: dt.datetime,
) -> None:
    exporter = FactExporter(name="broken", table="surveys", rows=lambda _: [{**row, "at": now}])
    monkeypatch.setitem(held._EXPORTERS, "broken", exporter)
    with pytest.raises(ValueError, match="not a column of its own"):
        export()


def test_a_row_without_a_moment_is_a_mistake_of_the_exporter(
    county: Deployment, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter = FactExporter(name="broken", table="surveys", rows=lambda _: [{"record_id": "x:1", "at": None}])
    monkeypatch.setitem(held._EXPORTERS, "broken", exporter)
    with pytest.raises(ValueError, match="moment"):
        export()
    with pytest.raises(ValueError, match="no fact table people"):
        register(FactExporter(name="x", table="people", rows=lambda _: []))


def test_a_list_of_staff_counts_instead_of_the_accounts(
    county: Deployment, export: Export, tmp_path: Path
) -> None:
    export()
    (tmp_path / "staff.csv").write_text(
        "月份,派出所,警务区,岗位,在岗人数\n2026-03,S000,B00000,民警,2\n", "utf-8"
    )
    import_list(tmp_path / "staff.csv", "staff", tmp_path / "facts", zone="Asia/Shanghai")
    before = open_dataset(tmp_path / "facts").manifest.tables["staff"]
    assert export().manifest.tables["staff"] == before


def test_imported_rows_stay_when_everything_is_read_anew(
    county: Deployment, export: Export, tmp_path: Path
) -> None:
    export()
    (tmp_path / "a.csv").write_text("日期,活动类别,件次\n2026-03-01,讲座,2\n", "utf-8")
    import_list(tmp_path / "a.csv", "activities", tmp_path / "facts", zone="Asia/Shanghai")
    assert export(whole=True).manifest.rows("activities") == 1


def test_areas_change_with_the_deployment(county: Deployment, export: Export, now: dt.datetime) -> None:
    county.status, county.valid_until = Deployment.Status.RETIRED, now.date()
    county.save()
    rows = export().read("areas").to_pylist()
    assert {row["valid_to"] for row in rows} == {now.date()}
    assert {row["kind"] for row in rows} == {"territory", "station", "beat", "post"}


def test_without_a_deployment_there_are_no_areas_and_no_staff(db: None, export: Export) -> None:
    dataset = export()
    assert dataset.manifest.rows("areas") == dataset.manifest.rows("staff") == 0
    assert dataset.manifest.rows("calendar") == 365


class TestCommand:
    def test_it_exports_says_so_and_leaves_an_entry_in_the_log(
        self, county: Deployment, tmp_path: Path
    ) -> None:
        for language, words in (("zh", "已全部导出"), ("en", "only cases that changed")):
            arguments = ["--language", language, "facts", "export", "--out", str(tmp_path / "f")]
            said = CliRunner().invoke(linli, arguments, catch_exceptions=False)
            assert said.exit_code == 0, said.output
            assert words in said.output
        assert Entry.objects.filter(action="facts.export").count() == 2

    def test_a_folder_of_others_is_refused_with_a_sentence(self, county: Deployment, tmp_path: Path) -> None:
        (tmp_path / "x.txt").write_text("x")
        said = CliRunner().invoke(linli, ["facts", "export", "--out", str(tmp_path)])
        assert said.exit_code == 2
        assert "x.txt" in said.output


def test_nobody_exports_through_the_pages(actor: Callable[[str], Actor], now: dt.datetime) -> None:
    with pytest.raises(Forbidden):
        perform(ExportFacts(folder="x", whole=True), actor("guihua"), now)
