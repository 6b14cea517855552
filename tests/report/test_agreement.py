"""The page, the PDF, the workbook and the command line give the same figures for the same plan."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from linli.cli.summary import print_summary
from linli.kernel.measures import Minutes
from linli.report.document import write_document
from linli.report.page import render_page
from linli.report.payload import page_payload
from linli.report.shapes import work_out_shapes
from linli.report.tables import Tables
from linli.report.workbook import write_workbook
from report.synthetic import synthetic_plan

MEAN, LONGEST, TO_POST = "21.7", "63.4", "42.9"
LABELS = {"到警务区中心平均": MEAN, "到警务区中心最远": LONGEST, "到最近警务室（站）最远": TO_POST}


@pytest.fixture(scope="module")
def plan():
    deployment, territory = synthetic_plan()
    first, *others = (replace(b, longest_minutes=Minutes(9.0)) for b in deployment.beats)
    near, *rest = (replace(p, minutes_to_post=Minutes(5.0)) for p in deployment.places)
    made = replace(
        deployment,
        mean_minutes=Minutes(float(MEAN)),
        beats=(replace(first, longest_minutes=Minutes(float(LONGEST))), *others),
        places=(replace(near, minutes_to_post=Minutes(float(TO_POST))), *rest),
    )
    many = replace(made.checks[0], not_met=57)
    made = replace(made, checks=(many, *made.checks[1:]))
    return made, work_out_shapes(made, territory)


def test_the_page_names_what_each_travel_time_is_measured_to(plan) -> None:
    page = render_page(*plan)
    for label, value in LABELS.items():
        cell = re.search(rf">{re.escape(label)}</span>.*?<dd><a[^>]*>([\d.]+)</a>", page)
        assert cell is not None
        assert cell[1] == value


def test_the_pdf_gives_the_same_travel_times(plan, tmp_path: Path) -> None:
    write_document(*plan, tmp_path / "plan.pdf")
    text = re.sub(r"\s", "", PdfReader(tmp_path / "plan.pdf").pages[0].extract_text())
    for label, value in LABELS.items():
        assert f"{label}{value}分钟" in text
    assert f"到所在警务区中心平均{MEAN}分钟" in text


def test_the_workbook_gives_the_same_travel_times(plan, tmp_path: Path) -> None:
    deployment, shapes = plan
    write_workbook(deployment, tmp_path / "plan.xlsx", from_points=shapes.from_points)
    sheet = load_workbook(tmp_path / "plan.xlsx").worksheets[0]
    found = {str(row[0].value).split(" ")[0]: row[1].value for row in sheet.iter_rows()}
    assert {label: f"{found[label]:.1f}" for label in LABELS} == LABELS


def test_the_command_line_gives_the_same_travel_times(plan, capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(plan[0], "zh")
    text = re.sub(r"[\s│]", "", capsys.readouterr().out)
    assert f"到警务区中心平均{MEAN}分钟，最远{LONGEST}分钟" in text
    assert f"到最近警务室（站）最远{TO_POST}分钟" in text


def test_published_figures_are_counted_apart_from_the_plans_own_outcomes(plan) -> None:
    deployment, shapes = plan
    found = page_payload(deployment, shapes, language="zh")
    assert {s["id"]: s["count"] for s in found["figures"]} == {"differs": 1, "worked_out": 1}
    assert not {"differs", "reproduced", "worked_out"} & {s["id"] for s in found["statuses"]}
    assert sum(s["count"] for s in found["statuses"]) == 6
    page = render_page(deployment, shapes)
    heading = page.index('id="figures"')
    assert page.index('id="clause-X-1"') < heading < page.index('id="figure-X-1"')
    assert heading < page.index('id="clause-X-7"')
    assert "复算值 0.430，公布值 0.450" in page


def test_the_pdf_and_the_workbook_list_published_figures_apart(plan, tmp_path: Path) -> None:
    deployment, shapes = plan
    tables = Tables(deployment)
    assert [row[0] for row in tables.figures.rows] == ["X-1", "X-7"]
    assert len(tables.checks.rows) == 6
    write_document(deployment, shapes, tmp_path / "plan.pdf", language="en")
    text = " ".join(page.extract_text() for page in PdfReader(tmp_path / "plan.pdf").pages)
    assert "Published figures worked out again" in text
    assert "1 Figure differs" in re.sub(r"\s+", " ", text)


def test_a_cut_list_of_failing_rows_says_how_many_there_are(plan) -> None:
    shown = len(plan[0].checks[0].failing)
    assert f"（前 {shown} 个，共 57 个）" in render_page(*plan)
    cell = Tables(plan[0]).checks.rows[0][[c.key for c in Tables(plan[0]).checks.columns].index("failing")]
    assert cell.count("合成第1警务区") == 1
    assert f"（前 {shown} 个，共 57 个 · the first {shown} of 57）" in cell
