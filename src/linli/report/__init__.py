"""Documents for people: a plan as a page, a workbook, two PDFs and geographic data."""

from linli.report.comparison import COMPARISON_FILES, write_comparison
from linli.report.document import write_document
from linli.report.geodata import write_beats_geojson, write_geopackage, write_posts_geojson
from linli.report.page import write_page
from linli.report.shapes import Shapes, work_out_shapes
from linli.report.workbook import write_workbook
from linli.report.writer import FILES, Written, write_report

__all__ = [
    "COMPARISON_FILES",
    "FILES",
    "Shapes",
    "Written",
    "work_out_shapes",
    "write_beats_geojson",
    "write_comparison",
    "write_document",
    "write_geopackage",
    "write_page",
    "write_posts_geojson",
    "write_report",
    "write_workbook",
]
