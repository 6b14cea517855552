"""All files of a plan's report, written together."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from linli.assessment.chance.results import ChanceTable
from linli.kernel.texts import Language
from linli.planning.deployment import Deployment
from linli.report.document import write_document
from linli.report.geodata import write_beats_geojson, write_geopackage, write_posts_geojson
from linli.report.page import write_page
from linli.report.shapes import work_out_shapes
from linli.report.workbook import write_workbook
from linli.report.writing import staged
from linli.territory.model import Territory

__all__ = ["FILES", "Written", "write_report"]

FILES = (
    "beats.geojson",
    "posts.geojson",
    "plan.gpkg",
    "plan.xlsx",
    "plan.html",
    "plan.pdf",
    "plan.en.pdf",
)


@dataclass(frozen=True)
class Written:
    """The folder and the files that were written into it, in the order of ``FILES``."""

    directory: Path
    files: tuple[Path, ...]


def write_report(
    deployment: Deployment,
    territory: Territory,
    directory: Path,
    *,
    language: Language = "zh",
    done: Callable[[str], None] | None = None,
    chance: ChanceTable | None = None,
) -> Written:
    """Write the report of a deployment: geographic data, workbook, page and two PDFs.

    Parameters
    ----------
    directory : Path
        Made where it does not exist. Other files in it stay; the report's own are replaced, all or none.
    language : Language
        The language that plan.html opens in. plan.pdf is in Chinese and plan.en.pdf in English.
    done
        Told the name of each file when it is finished.
    chance : ChanceTable, optional
        What chance alone makes of the pack's scoring rules; shown on the page and in the workbook.
    """
    tell = done if done is not None else _nobody
    shapes = work_out_shapes(deployment, territory)
    with staged(directory) as stage:
        writers: dict[str, Callable[[Path], None]] = {
            "beats.geojson": lambda path: write_beats_geojson(deployment, shapes, path),
            "posts.geojson": lambda path: write_posts_geojson(deployment, path),
            "plan.gpkg": lambda path: write_geopackage(deployment, shapes, path),
            "plan.xlsx": lambda path: write_workbook(
                deployment, path, from_points=shapes.from_points, chance=chance
            ),
            "plan.html": lambda path: write_page(deployment, shapes, path, language=language, chance=chance),
            "plan.pdf": lambda path: write_document(deployment, shapes, path, language="zh"),
            "plan.en.pdf": lambda path: write_document(deployment, shapes, path, language="en"),
        }
        for name in FILES:
            writers[name](stage / name)
            tell(name)
    return Written(directory, tuple(directory / name for name in FILES))


def _nobody(name: str) -> None:
    """Tells no one."""
