"""Every finding is explained in the reference, raised by the code, and shown by a case of the corpus."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from linli.io.territory.reference import findings_page
from linli.kernel.texts import catalogue

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "territory-findings.md"
SOURCE = ROOT / "src" / "linli" / "io" / "territory"
CODES = {
    key.removesuffix(".expected")
    for key in catalogue("linli.io.territory").templates
    if key.endswith(".expected")
}

MAKING = {
    # Of lists of which a territory is made (tests/cli/test_territory_new.py).
    "code_of_list",
    "codes_left",
    "codes_local",
    "codes_local_all",
    "codes_matched",
    "founded_assumed",
    "licence_unstated",
    "list_missing",
    "name_of_title",
    "personal_left_out",
    "place_listed_twice",
    "township_filled",
    "township_missing",
}
NOT_IN_CORPUS = {
    *MAKING,
    # Notes, which refuse nothing, and what has a test of its own.
    "area_assumed",
    "cell_long",
    "columns_unread",
    "count_spelt",
    "crs_of_file",
    "day_serial",
    "degrees_spelt",
    "encoding_gb18030",
    "file_unread",
    "head_found",
    "head_repeated",
    "land_unit",
    "level_digits",
    "levels_from_codes",
    "northing_first",
    "outside_boundary",
    "parent_none",
    "position_missing",
    "remarks_dropped",
    "separator",
    "shapefile_encoding",
    "sheets_unread",
    "stations_assumed",
    "sum_differs",
    "text_in_workbook",
    "totals_dropped",
    "zone_number",
    "file_busy",
    "file_encrypted",
    "file_entities",
    "file_far",
    "file_hard",
    "file_too_large",
    "folder_missing",
    "manifest_not_list",
    "manifest_not_table",
    "manifest_not_text",
    "place_missing",
    "post_kind_missing",
    "role_missing",
}


def test_the_reference_is_up_to_date() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "linli.io.territory.reference"], capture_output=True, check=True
    ).stdout.decode("utf-8")
    assert made == findings_page()
    assert PAGE.read_text(encoding="utf-8") == made, (
        "run: python -m linli.io.territory.reference > docs/reference/territory-findings.md"
    )


def test_every_code_is_raised_and_every_raised_code_is_explained() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.glob("*.py"))
    from_tree = {
        "code_twice",
        "parent_unknown",
        "parent_missing",
        "parent_cycle",
        "level_order",
        "code_prefix",
    }
    for code in CODES - from_tree:
        assert f'"{code}"' in text, code
    raised = re.findall(r'(?:wrong|note)\(\s*"([a-z_0-9]+)"', text)
    assert set(raised) <= CODES


def test_every_mistake_is_shown_by_a_broken_territory() -> None:
    corpus = tomllib.loads(
        (Path(__file__).parent / "broken" / "territories.toml").read_text(encoding="utf-8")
    )
    shown = {case["code"].removeprefix("territory.") for case in corpus["case"]}
    assert CODES - shown == NOT_IN_CORPUS
