"""Packs from folders: read strictly, checked whole, refused with every reason at once."""

import hashlib
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path
from typing import Final, TypeVar

import linli
from linli.kernel.errors import Finding, InputRefused, LinliError, Where
from linli.kernel.identifiers import ClauseId, PackId
from linli.kernel.texts import catalogue
from linli.policy.model import Clause, Equivalent, Pack, ValueCase, WorkedCase
from linli.policy.reading.cases import read_cases
from linli.policy.reading.clauses import read_clauses, read_declined
from linli.policy.reading.figures import read_figures
from linli.policy.reading.head import FORMAT, Head, read_equivalents, read_head
from linli.policy.reading.meaning import check_meaning, with_waits
from linli.policy.reading.planning import read_planning
from linli.policy.reading.table import Findings, Table, close_name, read_toml
from linli.policy.reading.values import read_values

__all__ = ["BESIDE", "FORMAT", "find_pack", "load_pack", "pack_folders", "shipped_packs"]

REQUIRED: Final = ("pack.toml", "values.toml", "clauses.toml", "planning.toml")
OPTIONAL: Final = ("declined.toml", "figures.toml", "equivalent.toml")
BESIDE: Final = ("indicators.toml", "scoring.toml", "stipends.toml")
"""Files of a pack that ``linli.assessment`` and the platform read; they are no part of the pack's digest."""

Read = TypeVar("Read")


def load_pack(folder: Path) -> Pack:
    """The pack in a folder.

    Raises
    ------
    InputRefused
        The folder is not a whole and consistent pack; every reason is in ``findings``.
    """
    findings = Findings()
    pack = _read(folder, findings)
    if pack is not None and not findings.found:
        check_meaning(pack, findings)
    if findings.found or pack is None:
        raise _refusal(folder, findings)
    return with_waits(pack)


def shipped_packs() -> Path:
    """The folder of the packs that come with Linli: beside the sources, or inside the installed package."""
    installed = Path(str(resources.files(linli))) / "_packs"
    return installed if installed.is_dir() else Path(linli.__file__).resolve().parents[2] / "packs"


def pack_folders(packs: Path) -> tuple[Path, ...]:
    """The packs inside a folder of packs, by name."""
    if not packs.is_dir():
        return ()
    return tuple(sorted(path.parent for path in packs.glob("*/pack.toml")))


def find_pack(name: str, packs: Path) -> Path:
    """The folder of a pack that a user named by its id or by its folder.

    Raises
    ------
    LinliError
        There is no such pack; the sentence lists those there are.
    """
    given = Path(name)
    if (given / "pack.toml").is_file():
        return given
    folders = {path.name: path for path in pack_folders(packs)}
    if name in folders:
        return folders[name]
    close = close_name(name, list(folders))
    known = ", ".join(folders) or "–"
    kind = "pack.not_found" if close is None else "pack.not_found_close"
    raise LinliError(catalogue("linli.policy")(kind, name=name, known=known, packs=packs, close=close))


def _read(folder: Path, findings: Findings) -> Pack | None:
    files = _files(folder, findings)
    contents = {name: read_toml(path, findings) for name, path in files.items()}
    if findings.found:
        return None
    tables = {name: Table(name, "", content or {}, findings) for name, content in contents.items()}
    head = read_head(tables["pack.toml"])
    if head.id != folder.resolve().name:
        tables["pack.toml"].wrong("pack.id", "id", head.id, folder=folder.resolve().name)
    worked, values = _cases(tables)
    return _assembled(head, tables, worked, values, _digest(files))


def _assembled(
    head: Head,
    tables: Mapping[str, Table],
    worked: tuple[WorkedCase, ...],
    values: tuple[ValueCase, ...],
    digest: str,
) -> Pack:
    clauses = read_clauses(tables["clauses.toml"], head.start)
    declined: dict[ClauseId, Clause] = {}
    if "declined.toml" in tables:
        declined = read_declined(tables["declined.toml"], head.start)
    for both in clauses.keys() & declined.keys():
        tables["declined.toml"].wrong("clause.twice", str(both), both)
    no_equivalents: tuple[Equivalent, ...] = ()
    return Pack(
        id=PackId(head.id),
        title=head.title,
        issuer=head.issuer,
        covers=head.covers,
        issued=head.issued,
        start=head.start,
        start_note=head.start_note,
        source=head.source,
        values=read_values(tables["values.toml"]),
        clauses={**clauses, **declined},
        figures=_optional(tables, "figures.toml", read_figures, ()),
        cases=worked,
        value_cases=values,
        planning=read_planning(tables["planning.toml"]),
        equivalents=_optional(tables, "equivalent.toml", read_equivalents, no_equivalents),
        digest=digest,
        files=tuple(tables),
    )


def _optional(tables: Mapping[str, Table], name: str, read: Callable[[Table], Read], absent: Read) -> Read:
    return read(tables[name]) if name in tables else absent


def _cases(tables: Mapping[str, Table]) -> tuple[tuple[WorkedCase, ...], tuple[ValueCase, ...]]:
    worked: list[WorkedCase] = []
    values: list[ValueCase] = []
    for name, table in tables.items():
        if name.startswith("cases/"):
            some_worked, some_values = read_cases(table)
            worked += some_worked
            values += some_values
    return tuple(worked), tuple(values)


def _files(folder: Path, findings: Findings) -> dict[str, Path]:
    """The pack's files by name relative to the folder; anything else is refused."""
    if not folder.is_dir():
        findings.add("file.folder", Where(str(folder)), None)
        return {}
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    files: dict[str, Path] = {}
    for path in found:
        name = path.relative_to(folder).as_posix()
        is_case = path.parent == folder / "cases" and path.suffix == ".toml"
        if name in REQUIRED or name in OPTIONAL or is_case:
            files[name] = path
        elif name not in BESIDE:
            findings.add("file.unknown", Where(name), name, files=", ".join((*REQUIRED, *OPTIONAL, *BESIDE)))
    for name in REQUIRED:
        if name not in files:
            findings.add("file.missing", Where(name), None)
    return files


def _digest(files: Mapping[str, Path]) -> str:
    digest = hashlib.sha256()
    for name, path in files.items():
        digest.update(name.encode() + b"\x00" + path.read_bytes() + b"\x00")
    return digest.hexdigest()


def _refusal(folder: Path, findings: Findings) -> InputRefused:
    found: tuple[Finding, ...] = tuple(findings.found)
    text = catalogue("linli.policy")("pack.refused", pack=folder.name, count=len(found))
    return InputRefused(text, found)
