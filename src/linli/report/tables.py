"""The report's tables, once: the workbook, the page and the PDF show the same rows and columns.

A column says what its numbers rest on (``basis``): ``clause`` for the clause of its row, or the id of
a paragraph of the method section, so that each format can link every number.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeVar

from linli.kernel.texts import Text, catalogue, plain
from linli.planning.deployment import Beat, ClauseCheck, Deployment, PlaceSummary, Post, StaffNeed
from linli.planning.yardstick import Reading, load_ratio, reading_of, target_load
from linli.report.figures import (
    RoleNeed,
    beat_of_place,
    judged_checks,
    largest_gap,
    needs_by_beat,
    published_figures,
    role_needs,
    word,
)
from linli.report.wording import formula_words, reading_words, unit_words

__all__ = ["Cell", "Column", "Kind", "Table", "Tables", "column", "table_of"]

Kind = Literal["text", "word", "sentence", "int", "real", "date", "clause"]
Cell = str | int | float | dt.date | Text | None

Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its header with the unit, how wide it is in Chinese characters, what it rests on."""

    key: str
    header: Text
    kind: Kind
    width: int
    basis: str | None = None
    digits: int = 0


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table, rows in the order of the deployment."""

    id: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


Spec = tuple[Column, Callable[[Row], Cell]]


def column(
    key: str, kind: Kind, width: int, basis: str | None = None, digits: int = 0, *, header: str | None = None
) -> Column:
    """A column whose header is the text ``column.<key>`` of this room's messages, or of ``header``."""
    title = catalogue(__package__)(f"column.{header or key}")
    return Column(key=key, header=title, kind=kind, width=width, basis=basis, digits=digits)


def table_of(name: str, rows: Sequence[Row], spec: Sequence[Spec[Row]]) -> Table:
    """A table of rows, each cell read by its column's function; its title is ``sheet.<name>``."""
    return Table(
        id=name,
        title=catalogue(__package__)(f"sheet.{name}"),
        columns=tuple(made for made, _ in spec),
        rows=tuple(tuple(read(row) for _, read in spec) for row in rows),
    )


@dataclass(frozen=True)
class Tables:
    """All tables of one deployment, each made when it is asked for."""

    deployment: Deployment

    @cached_property
    def _stations(self) -> Mapping[str, str]:
        return {s.id: s.name for s in self.deployment.stations}

    @cached_property
    def _beats(self) -> Mapping[str, Beat]:
        return {b.id: b for b in self.deployment.beats}

    @cached_property
    def _posts(self) -> Mapping[str, Post]:
        return {p.id: p for p in self.deployment.posts}

    @cached_property
    def _place_names(self) -> Mapping[str, str]:
        return {p.code: p.name for p in self.deployment.places}

    @cached_property
    def _residents(self) -> Mapping[str, int | None]:
        return {p.code: p.residents for p in self.deployment.places}

    @cached_property
    def _place_stations(self) -> Mapping[str, str]:
        return {p.code: self._stations.get(p.station, p.station) for p in self.deployment.places}

    @cached_property
    def stations(self) -> Table:
        """One row a station's area."""
        beats: dict[str, int] = {}
        for beat in self.deployment.beats:
            beats[beat.station] = beats.get(beat.station, 0) + 1
        posts: dict[str, int] = {}
        station_of = {p.code: p.station for p in self.deployment.places}
        for post in self.deployment.posts:
            station = station_of.get(post.place, "")
            posts[station] = posts.get(station, 0) + 1
        return table_of(
            "stations",
            self.deployment.stations,
            [
                (column("id", "text", 7), lambda s: s.id),
                (column("name", "text", 12), lambda s: s.name),
                (
                    column("assumed", "word", 10),
                    lambda s: word("value", "assumed" if s.assumed else "given"),
                ),
                (column("places", "int", 7, "method-residents"), lambda s: s.places),
                (column("residents", "int", 8, "method-residents"), lambda s: s.residents),
                (column("beats", "int", 7, "method-search"), lambda s: beats.get(s.id, 0)),
                (column("posts", "int", 7, "method-search"), lambda s: posts.get(s.id, 0)),
            ],
        )

    @cached_property
    def beats(self) -> Table:
        """One row a beat."""
        needs = needs_by_beat(self.deployment)
        names = self._place_names
        readings = {beat.id: reading_of(beat, self.deployment) for beat in self.deployment.beats}
        return table_of(
            "beats",
            self.deployment.beats,
            [
                (column("id", "text", 8), lambda b: b.id),
                (column("name", "word", 20), lambda b: b.name),
                (column("station", "text", 8), lambda b: self._stations.get(b.station, b.station)),
                (column("area", "word", 4), lambda b: None if b.area is None else word("area", b.area)),
                (column("places", "int", 5, "clause"), lambda b: len(b.places)),
                (column("place_names", "text", 24), lambda b: "、".join(names[c] for c in b.places)),
                (column("residents", "int", 6, "method-residents"), lambda b: b.residents),
                (column("households", "int", 6, "method-residents"), lambda b: b.households),
                (column("incidents", "int", 6, "method-residents"), lambda b: b.incidents),
                (column("premises", "int", 6, "method-residents"), lambda b: b.premises),
                (column("workload", "real", 7, "method-workload"), lambda b: b.workload),
                (column("target", "real", 7, "clause"), target_load),
                (column("load_percent", "real", 6, "method-balance"), _load_percent),
                (column("mean_minutes", "real", 6, "method-travel", 1), lambda b: b.mean_minutes),
                (column("longest_minutes", "real", 6, "method-travel", 1), lambda b: b.longest_minutes),
                (column("posts", "int", 6, "clause"), lambda b: len(b.posts)),
                (column("gap", "int", 6, "method-staffing"), lambda b: largest_gap(needs.get(b.id, ()))),
                (column("clause", "clause", 6), lambda b: b.clause),
                (column("by_rule", "word", 14, "method-rule"), lambda b: reading_words(readings[b.id])),
                (column("within_rule", "word", 5), lambda b: _inside(readings[b.id])),
                (column("pieces", "int", 4, "method-neighbours"), lambda b: b.parts),
                (column("remark", "word", 12), lambda b: _remark(b, readings[b.id])),
            ],
        )

    @cached_property
    def posts(self) -> Table:
        """One row a police room or work station."""
        return table_of(
            "posts",
            self.deployment.posts,
            [
                (column("id", "text", 8), lambda p: p.id),
                (column("name", "word", 20), lambda p: p.name),
                (column("kind", "word", 8), lambda p: word("post", p.kind)),
                (column("existing", "word", 5), lambda p: word("existing", "yes" if p.existing else "no")),
                (column("place", "text", 10), lambda p: self._place_names.get(p.place, p.place)),
                (column("station", "text", 10), lambda p: self._place_stations.get(p.place)),
                (column("beats", "int", 6, "clause"), lambda p: len(p.beats)),
                (column("serves", "int", 6, "clause"), lambda p: len(p.serves)),
                (column("serves_residents", "int", 7, "method-residents"), self._served),
                (column("longitude", "real", 7, "method-residents", 5), lambda p: p.longitude),
                (column("latitude", "real", 7, "method-residents", 5), lambda p: p.latitude),
                (column("clause", "clause", 6), lambda p: p.clause),
            ],
        )

    @cached_property
    def roles(self) -> Table:
        """What each clause asks for of each role, summed over the plan."""
        return table_of("roles", role_needs(self.deployment), _role_spec())

    @cached_property
    def hiring(self) -> Table:
        """What must be in place by which date."""
        return table_of(
            "hiring",
            sorted(self.deployment.hiring, key=lambda h: (h.by, h.clause, h.role)),
            [
                (column("by", "date", 7), lambda h: h.by),
                (column("clause", "clause", 6), lambda h: h.clause),
                (column("role", "word", 10), lambda h: word("role", h.role)),
                (column("required", "int", 7, "clause"), lambda h: h.required),
                (column("have", "int", 7, "method-staffing"), lambda h: h.have),
                (column("to_add", "int", 7, "clause"), lambda h: h.to_add),
            ],
        )

    @cached_property
    def needs(self) -> Table:
        """Every need of every clause, one row each."""
        return table_of(
            "needs",
            self.deployment.staffing,
            [
                (column("clause", "clause", 6), lambda n: n.clause),
                (column("role", "word", 10), lambda n: word("role", n.role)),
                (column("scope", "word", 7), lambda n: word("scope", n.scope)),
                (column("scope_name", "text", 14), self._scope_name),
                (column("required", "int", 6, "clause"), lambda n: n.required),
                (column("exact", "real", 6, "clause", 2), lambda n: n.required_exact),
                (column("have", "int", 6, "method-staffing"), lambda n: n.have),
                (column("gap", "int", 6, "clause"), lambda n: n.gap),
                (column("formula", "sentence", 30), lambda n: n.formula),
            ],
        )

    @cached_property
    def checks(self) -> Table:
        """Every check of the plan with its outcome and how that was worked out."""
        return table_of(
            "checks",
            judged_checks(self.deployment),
            [
                (column("clause", "clause", 5), lambda c: c.clause),
                (column("kind", "word", 7), lambda c: word("kind", c.kind)),
                (column("title", "sentence", 26), lambda c: c.title),
                (column("status", "word", 7), lambda c: word("status", c.status)),
                (column("scope", "word", 6), lambda c: word("scope", c.scope)),
                (column("rows", "int", 5, "clause"), lambda c: c.rows),
                (column("met", "int", 5, "clause"), lambda c: c.met),
                (column("not_met", "int", 5, "clause"), lambda c: c.not_met),
                (column("unknown", "int", 5, "clause"), lambda c: c.unknown),
                (column("measured", "real", 6, "clause", 4), lambda c: c.value),
                (column("threshold", "real", 6, "clause", 4), lambda c: c.threshold),
                (column("unit", "word", 7), lambda c: unit_words(c.unit)),
                (column("formula", "sentence", 22), formula_words),
                (column("failing", "text", 36), self._failing_cell),
                (column("note", "sentence", 22), lambda c: c.note),
            ],
        )

    @cached_property
    def figures(self) -> Table:
        """Published figures worked out again, which judge their source and not the plan."""
        return table_of(
            "figures",
            published_figures(self.deployment),
            [
                (column("clause", "clause", 5), lambda c: c.clause),
                (column("figure", "sentence", 30), lambda c: c.title),
                (column("status", "word", 9), lambda c: word("status", c.status)),
                (column("stated", "real", 8, "clause", 4), lambda c: c.threshold),
                (column("computed", "real", 8, "clause", 4), lambda c: c.value),
                (column("unit", "word", 9), lambda c: unit_words(c.unit)),
                (column("formula", "sentence", 26), formula_words),
                (column("note", "sentence", 30), lambda c: c.note),
            ],
        )

    @cached_property
    def inputs(self) -> Table:
        """The inputs of every clause check, with where each comes from."""
        rows = [(check.clause, given) for check in self.deployment.checks for given in check.inputs]
        return table_of(
            "inputs",
            rows,
            [
                (column("clause", "clause", 6), lambda r: r[0]),
                (column("input", "word", 20), lambda r: r[1].title),
                (column("value", "real", 9, "clause", 4), lambda r: r[1].value),
                (column("unit", "word", 9), lambda r: unit_words(r[1].unit)),
                (column("source", "sentence", 40), lambda r: r[1].source),
            ],
        )

    @cached_property
    def assumptions(self) -> Table:
        """What the plan takes for granted."""
        return table_of(
            "assumptions",
            self.deployment.assumptions,
            [
                (column("topic", "text", 12), lambda a: a.topic),
                (column("text", "sentence", 70), lambda a: a.text),
                (column("clause", "clause", 6), lambda a: a.clause),
            ],
        )

    @cached_property
    def places(self) -> Table:
        """Every place with its beat."""
        beat = beat_of_place(self.deployment)
        return table_of(
            "places",
            self.deployment.places,
            [
                (column("code", "text", 9), lambda p: p.code),
                (column("name", "text", 10), lambda p: p.name),
                (column("area", "word", 4), lambda p: None if p.area is None else word("area", p.area)),
                (column("station", "text", 9), lambda p: self._stations.get(p.station, p.station)),
                (column("beat", "text", 8), lambda p: beat.get(p.code)),
                (column("residents", "int", 7, "method-residents"), lambda p: p.residents),
                (column("households", "int", 7, "method-residents"), lambda p: p.households),
                (column("incidents", "int", 7, "method-residents"), lambda p: p.incidents),
                (column("premises", "int", 7, "method-residents"), lambda p: p.premises),
                (column("workload", "real", 8, "method-workload"), lambda p: p.workload),
                *(_today_spec() if self.deployment.keeping else ()),
                (column("minutes", "real", 8, "method-travel", 1), lambda p: p.minutes_to_post),
            ],
        )

    def scope_name(self, scope_id: str) -> str:
        """What a reader calls a beat, post, place or station with this id."""
        if scope_id == self.deployment.territory.id:
            return self.deployment.territory.name.zh
        if scope_id in self._beats:
            return self._beats[scope_id].name.zh
        if scope_id in self._posts:
            return self._posts[scope_id].name.zh
        return self._place_names.get(scope_id) or self._stations.get(scope_id) or scope_id

    def failing_names(self, check: ClauseCheck) -> Text | None:
        """The rows that fail by name, and how many there are where not all are named."""
        if not check.failing:
            return None
        names = "、".join(map(self.scope_name, check.failing))
        shown, total = len(check.failing), check.not_met
        if total <= shown:
            return plain(names)
        return catalogue(__package__)("failing.first", names=names, shown=shown, total=total)

    def _failing_cell(self, check: ClauseCheck) -> str | None:
        """Names are written once, since they are the same in both languages."""
        names = "、".join(map(self.scope_name, check.failing))
        if check.not_met <= len(check.failing):
            return names or None
        return (
            names
            + "……"
            + catalogue(__package__)("failing.count", shown=len(check.failing), total=check.not_met).zh
        )

    def _scope_name(self, need: StaffNeed) -> str:
        if need.scope == "territory":
            return self.deployment.territory.name.zh
        return self.scope_name(need.scope_id)

    def _served(self, post: Post) -> int | None:
        known = [r for code in post.serves if (r := self._residents.get(code)) is not None]
        return sum(known) if known else None


def _role_spec() -> list[Spec[RoleNeed]]:
    return [
        (column("clause", "clause", 6), lambda r: r.clause),
        (column("role", "word", 12), lambda r: word("role", r.role)),
        (column("scope", "word", 9), lambda r: word("scope", r.scope)),
        (column("rows", "int", 7, "clause"), lambda r: r.rows),
        (column("required", "int", 8, "clause"), lambda r: r.required),
        (column("have", "int", 8, "method-staffing"), lambda r: r.have),
        (column("gap", "int", 8, "clause"), lambda r: r.gap),
    ]


def _today_spec() -> list[Spec[PlaceSummary]]:
    """Where today's beats stand, which a place has and why it leaves it."""
    return [
        (column("today", "text", 9), lambda p: p.today),
        (column("why_left", "word", 16), lambda p: None if p.left is None else word("left", p.left)),
    ]


def _load_percent(beat: Beat) -> float | None:
    ratio = load_ratio(beat)
    return None if ratio is None else ratio * 100.0


def _inside(reading: Reading) -> Text | None:
    return None if reading.inside is None else word("inside", "yes" if reading.inside else "no")


def _remark(beat: Beat, reading: Reading) -> Text | None:
    say = catalogue(__package__)
    found = []
    if beat.heavier_than_target:
        found.append(say("remark.heavier"))
    if beat.worth_beats > 1:
        found.append(say("remark.worth", count=beat.worth_beats))
    if reading.inside is False:
        found.append(say("remark.outside_rule"))
    if beat.parts > 1:
        found.append(say("remark.parts", parts=beat.parts))
    if not found:
        return None
    separator = say("remark.separator")
    return Text(zh=separator.zh.join(t.zh for t in found), en=separator.en.join(t.en for t in found))
