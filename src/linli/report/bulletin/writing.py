"""All files of a bulletin, written together: all of them whole, or none changed."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from linli.kernel.texts import Language
from linli.report.bulletin.annex import write_annex
from linli.report.bulletin.content import Bulletin, Evidence
from linli.report.bulletin.document import set_pdf
from linli.report.bulletin.page import render_bulletin
from linli.report.bulletin.word import write_word
from linli.report.writing import staged

__all__ = ["FILES", "names_of", "write_bulletin"]

FILES: Final = ("bulletin.html", "bulletin.pdf", "bulletin.docx", "bulletin-evidence.xlsx")
"""The files of a bulletin; figures from made-up records carry ``.synthetic`` before their ending."""


def names_of(bulletin: Bulletin) -> tuple[str, ...]:
    """The names of a bulletin's files."""
    if not bulletin.synthetic:
        return FILES
    return tuple(f"{stem}.synthetic.{end}" for stem, _, end in (name.rpartition(".") for name in FILES))


def write_bulletin(
    bulletin: Bulletin,
    directory: Path,
    *,
    language: Language = "zh",
    evidence: Iterable[Evidence] = (),
    done: Callable[[str], None] | None = None,
) -> tuple[Path, ...]:
    """Write the page, the PDF, the Word document and the annex in one language.

    Parameters
    ----------
    directory : Path
        Made where it does not exist; other files in it stay.
    evidence : iterable of Evidence
        The records behind the figures, taken one by one.
    done
        Told the name of each file when it is finished.
    """
    names = names_of(bulletin)
    with staged(directory) as stage:
        html = render_bulletin(bulletin, language=language)
        page, paper, word, annex = (stage / name for name in names)
        page.write_text(html, encoding="utf-8", newline="\n")
        _tell(done, page)
        paper.write_bytes(set_pdf(html))
        _tell(done, paper)
        write_word(bulletin, word, language=language)
        _tell(done, word)
        write_annex(bulletin, annex, evidence=evidence, language=language)
        _tell(done, annex)
    return tuple(directory / name for name in names)


def _tell(done: Callable[[str], None] | None, path: Path) -> None:
    if done is not None:
        done(path.name)
