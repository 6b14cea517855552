"""The folder that ``linli assess run`` writes, read back: figures, definitions, evidence."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError

from linli.assessment.chance.results import ChanceTable
from linli.assessment.indicators import (
    COLUMNS,
    Definition,
    pack_indicators,
    period,
    read_indicators,
    wide_columns,
)
from linli.assessment.indicators.computing import window_of
from linli.assessment.indicators.periods import month_number
from linli.io.facts import Dataset, open_dataset
from linli.io.facts.results import EVIDENCE, RESULTS, RUN
from linli.kernel.errors import LinliError
from linli.kernel.texts import Text, catalogue, plain
from linli.policy.loading import find_pack, load_pack, shipped_packs
from linli.report.bulletin.content import Bulletin, Evidence, Origin
from linli.report.bulletin.demands import demands_of
from linli.report.bulletin.gathering import Told, gather, token_for

__all__ = ["Opened", "bulletin_of", "open_results"]

say = catalogue(__package__)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A folder of figures, checked against the definitions that they were worked out by."""

    folder: Path
    frame: pd.DataFrame
    definitions: Mapping[str, Definition]
    pack: str
    pack_folder: Path | None
    digest: str
    linli: str
    areas: pd.DataFrame | None
    synthetic: bool | None

    @property
    def months(self) -> tuple[str, ...]:
        """The months that there are figures for, in order."""
        tokens = self.frame["period"].astype(str)
        return tuple(sorted({token for token in tokens if len(token) == 7 and "Q" not in token}))

    def told(self, token: str) -> Told:
        """Names and residents of the areas on the last day of a period."""
        if self.areas is None:
            return Told(name=plain, residents={})
        last = period(token).last_day
        rows = self.areas[pd.to_datetime(self.areas["valid_from"]) <= pd.Timestamp(last)]
        rows = rows.sort_values("valid_from").drop_duplicates("code", keep="last")
        names = {str(row.code): _named(row) for row in rows.itertuples(index=False)}
        people = rows.dropna(subset=["residents"])
        residents = dict(zip(people["code"].astype(str), people["residents"].astype(float), strict=True))
        return Told(name=lambda code: names.get(code, plain(code)), residents=residents)

    def origins(self) -> Mapping[tuple[str, str], Origin]:
        """Where the records of each indicator's months are from; nothing for folders that do not say."""
        found: dict[tuple[str, str], Origin] = {}
        for name, definition in self.definitions.items():
            path = self.folder / EVIDENCE / f"{definition.indicator.source}.parquet"
            if path.is_file():
                found |= {(name, month): origin for month, origin in _origins(path, definition)}
        return found

    def territory(self, token: str) -> Text:
        """The name of the whole."""
        codes = self.frame.loc[self.frame["area_kind"].astype(str) == "territory", "area"].astype(str)
        named = self.told(token).name(codes.iloc[0]) if len(codes) else plain("")
        return say("territory") if named in (plain(""), plain("territory")) else named

    def evidence(self, token: str) -> Iterator[Evidence]:
        """The records that the period's figures of the whole territory count; with their beat or station."""
        for name, definition in self.definitions.items():
            own = token_for(definition.indicator.period, token)
            path = self.folder / EVIDENCE / f"{definition.indicator.source}.parquet"
            if own is not None and path.is_file():
                yield from _records(path, name, definition, own)


def open_results(
    folder: Path, *, packs: Path | None = None, indicators: Path | None = None, facts: Path | None = None
) -> Opened:
    """The figures of a folder with their definitions.

    Raises
    ------
    LinliError
        The folder is none that ``linli assess run`` wrote; the pack is another than the one that the figures
        were worked out by; the facts are others.
    """
    run = _run(folder)
    try:
        frame = pq.ParquetFile(folder / f"{RESULTS}.parquet").read().to_pandas()
    except (OSError, ValueError) as reason:
        raise LinliError(say("folder", folder=folder)) from reason
    if set(COLUMNS) - set(frame.columns):
        raise LinliError(say("folder", folder=folder))
    pack = next((one["pack"] for one in run["indicators"].values() if one["pack"]), "")
    pack_folder = find_pack(pack, packs or shipped_packs()) if pack else None
    dataset = None if facts is None else _same_facts(facts, run["facts"])
    return Opened(
        folder=folder,
        frame=frame,
        definitions=_definitions(run, pack_folder, indicators),
        pack=pack,
        pack_folder=pack_folder,
        digest=run["facts"],
        linli=run["linli"],
        areas=None if dataset is None else dataset.read("areas").to_pandas(),
        synthetic=None if dataset is None else _synthetic(dataset),
    )


def _run(folder: Path) -> dict[str, Any]:
    try:
        run = json.loads((folder / RUN).read_text(encoding="utf-8"))
        assert isinstance(run["indicators"], dict)  # noqa: S101 - turned into a refusal below
        return {"facts": str(run["facts"]), "linli": str(run["linli"]), "indicators": run["indicators"]}
    except (OSError, ValueError, KeyError, TypeError, AssertionError) as reason:
        raise LinliError(say("folder", folder=folder)) from reason


def _definitions(
    run: Mapping[str, Any], pack_folder: Path | None, file: Path | None
) -> Mapping[str, Definition]:
    pack = None if pack_folder is None else load_pack(pack_folder)
    found: dict[str, Definition] = {}
    if pack_folder is not None and pack is not None:
        found = {one.indicator.id: one for one in pack_indicators(pack_folder, pack)}
    if file is not None:
        found |= {one.indicator.id: one for one in read_indicators(file, pack=pack)}
    for name, kept in run["indicators"].items():
        if name not in found:
            raise LinliError(say("definition.none", indicator=name))
        if found[name].digest != kept["digest"]:
            raise LinliError(say("definition.other", indicator=name))
    return {name: found[name] for name in run["indicators"]}


def _same_facts(facts: Path, digest: str) -> Dataset:
    dataset = open_dataset(facts)
    if dataset.digest != digest:
        raise LinliError(say("facts.other", folder=facts))
    return dataset


def _synthetic(dataset: Dataset) -> bool:
    """Whether any record of the facts is made up."""
    for table in dataset.manifest.tables:
        for path in dataset.paths(table):
            file = pq.ParquetFile(path)
            if "synthetic" in file.schema_arrow.names:
                column = file.read(columns=["synthetic"]).column("synthetic")
                if column.to_pandas().fillna(value=False).any():
                    return True
    return False


def _named(row: Any) -> Text:
    english = row.name_en if isinstance(row.name_en, str) and row.name_en else row.name_zh
    return Text(zh=str(row.name_zh), en=str(english))


def _origins(path: Path, definition: Definition) -> Iterator[tuple[str, Origin]]:
    file, counted = pq.ParquetFile(path), wide_columns(definition)
    if "source" not in file.schema_arrow.names:
        return
    months: dict[str, set[Origin]] = {}
    for batch in file.iter_batches(columns=["month", "source", *counted]):
        frame = batch.to_pandas()
        rows = frame[frame[list(counted)].notna().any(axis=1)].drop_duplicates(["month", "source"])
        for month, source in zip(rows["month"], rows["source"], strict=True):
            origin: Origin = "import" if str(source).startswith("import:") else "platform"
            months.setdefault(str(month), set()).add(origin)
    for month, seen in months.items():
        yield month, "both" if len(seen) > 1 else seen.pop()


def _records(path: Path, name: str, definition: Definition, token: str) -> Iterator[Evidence]:
    above, below = wide_columns(definition)
    file = pq.ParquetFile(path)
    columns = [
        c for c in ("record_id", "station", "beat", "month", above, below) if c in file.schema_arrow.names
    ]
    first, last = window_of(definition, period(token))
    for batch in file.iter_batches(columns=columns):
        frame = batch.to_pandas()
        month = frame["month"].map(month_number)
        rows = frame[(month >= first) & (month <= last) & (frame[above].notna() | frame[below].notna())]
        for row in rows.sort_values("record_id").to_dict("records"):
            area = next((str(row[k]) for k in ("beat", "station") if isinstance(row.get(k), str)), "")
            yield Evidence(
                indicator=name,
                area=area,
                period=token,
                record=str(row["record_id"]),
                numerator=_known(row[above]),
                denominator=_known(row[below]),
            )


def _known(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def bulletin_of(
    opened: Opened, token: str | None, *, issued_on: dt.date, chance: Path | None = None
) -> Bulletin:
    """The bulletin of a period of a folder; of its last month where none is named.

    Raises
    ------
    LinliError
        There are no figures for the period, or the file of chance cannot be read.
    """
    months = opened.months
    chosen = token or (months[-1] if months else "")
    told = replace(opened.told(chosen), origins=opened.origins()) if chosen else None
    items = () if told is None else gather(opened.frame, opened.definitions, chosen, told)
    if not items:
        raise LinliError(say("period.none", given=chosen or "–", known=", ".join(months) or "–"))
    pack = None if opened.pack_folder is None else load_pack(opened.pack_folder)
    demands, notes = demands_of(
        opened.frame, opened.definitions, opened.pack_folder, pack, chosen, opened.told(chosen)
    )
    return Bulletin(
        territory=opened.territory(chosen),
        period=chosen,
        issued_on=issued_on,
        pack=say("own_indicators") if pack is None else pack.title,
        items=items,
        facts=opened.digest,
        linli_version=opened.linli,
        synthetic=opened.synthetic,
        demands=demands,
        chance=None if chance is None else _chance(chance),
        notes=notes,
    )


def _chance(path: Path) -> ChanceTable:
    try:
        return TypeAdapter(ChanceTable).validate_json(path.read_bytes())
    except (OSError, ValidationError) as reason:
        raise LinliError(say("chance.file", file=path)) from reason
