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
from linli.report.shapes import work_out_shapes
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
