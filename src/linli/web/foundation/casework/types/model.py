"""What a case type declares: states, transitions, clocks, fields, results, routing, answers.

A case type is one TOML file (docs/guides/case-types.md). Everything here is plain data without Django.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from linli.kernel.texts import Text

__all__ = [
    "Answer",
    "Category",
    "Duplicates",
    "Escalation",
    "FieldSpec",
    "Personal",
    "ResultType",
    "Route",
    "RouteWhen",
    "State",
    "Transition",
    "TypeSpec",
]

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Hours = Annotated[float, Field(gt=0, le=24 * 366)]
Calendar = Literal["working", "calendar"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Category(_Strict):
    """What a case of the type is about."""

    id: Slug
    name: Text
    due_hours: Hours | None = None
    """Time for the whole case, where it differs from the type's."""
    priority: Literal["normal", "high", "urgent"] = "normal"
    public: bool = False
    """Residents may choose it."""
    listed: bool = True
    """Where residents may choose it: everybody may see category, village, state and dates of such a case."""


class Personal(_Strict):
    """Why a personal field is asked for, on what legal basis, and how long it is kept after closing."""

    purpose: Text
    legal_basis: Text
    keep_days: Annotated[int, Field(gt=0, le=3650)]


class FieldSpec(_Strict):
    """One field of the form that a case or a transition is filled in with."""

    id: Slug
    name: Text
    kind: Literal["text", "long_text", "choice", "integer", "decimal", "date", "datetime", "yes_no", "phone"]
    help: Text | None = None
    required: bool = False
    on_opening: bool = True
    """Asked for when the case is opened; else only by the transitions that require it."""
    choices: tuple[tuple[Slug, Text], ...] = ()
    personal: Personal | None = None
    public: bool = False
    """Asked of residents on the public form too."""


class State(_Strict):
    """One state that a case can be in."""

    id: Slug
    name: Text
    kind: Literal["open", "waiting", "closed"] = "open"
    due_hours: Hours | None = None
    calendar: Calendar | None = None
    pauses: bool = False
    """The clock of the case stands still; its deadline moves by as long as the state lasts."""
    public_name: Text | None = None
    """What the person who raised it is shown."""


class Transition(_Strict):
    """An allowed step from some states to another, and who may take it."""

    id: Slug
    name: Text
    source: tuple[Slug, ...]
    target: Slug
    roles: tuple[Slug, ...]
    """Roles that may take it, where they may work on the case; ``reporter`` is whoever raised it."""
    requires: tuple[Slug, ...] = ()
    """Fields that must be filled in."""
    asks: tuple[Slug, ...] = ()
    """Fields that may be filled in."""
    results: tuple[Slug, ...] = ()
    """Results to choose from, where the step closes the case."""
    note: Literal["no", "optional", "required"] = "optional"
    answers: bool = False
    """The step carries an answer to the person who raised the case."""
    by_share: tuple[Slug, ...] = ()
    """Of its roles, those that may close or answer with it even where the case is only shared with them."""
    clause: str = ""


class ResultType(_Strict):
    """How a case can end, and how long it is kept after that."""

    id: Slug
    name: Text
    keep_days: Annotated[int, Field(gt=0, le=36500)]
    solved: bool = True


class Escalation(_Strict):
    """What happens when a clock has run out for some time."""

    clock: Literal["state", "case"]
    after_hours: Annotated[float, Field(ge=0)] = 0
    notify: tuple[Slug, ...]
    priority: Literal["high", "urgent"] | None = None
    to: Literal["station", "bureau"] | None = None
    """Hand the case up to this level."""


class RouteWhen(_Strict):
    """Conditions of a routing rule; all that are given must hold."""

    category: tuple[Slug, ...] = ()
    station: tuple[str, ...] = ()
    beat: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    hours: Annotated[str, StringConstraints(pattern=r"^\d\d:\d\d-\d\d:\d\d$")] | None = None
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = ()

    def holds(self, *, category: str, station: str, beat: str, place: str, local: dt.datetime) -> bool:
        """Whether a case opened at a local time in some place is meant."""
        pairs = (
            (self.category, category),
            (self.station, station),
            (self.beat, beat),
            (self.place, place),
            (self.weekdays, local.isoweekday()),
        )
        return all(not wanted or given in wanted for wanted, given in pairs) and self._in_hours(local)

    def _in_hours(self, local: dt.datetime) -> bool:
        if self.hours is None:
            return True
        start, end = (dt.time.fromisoformat(part) for part in self.hours.split("-"))
        clock = local.time()
        return start <= clock < end if start < end else clock >= start or clock < end


class Route(_Strict):
    """One routing rule; the first that holds decides."""

    when: RouteWhen = RouteWhen()
    to: Annotated[str, StringConstraints(pattern=r"^(post|station|bureau|org:.+)$")]
    """The post of the beat, the station, the bureau, or an organisation by its code."""
    priority: Literal["normal", "high", "urgent"] | None = None


class Answer(_Strict):
    """A template for an answer, with ``{number}``, ``{title}``, ``{state}``, ``{due}``, ``{office}``."""

    id: Slug
    name: Text
    text: Text


class Duplicates(_Strict):
    """How near two cases must be to be suggested as one."""

    metres: Annotated[float, Field(gt=0, le=5000)]
    hours: Annotated[float, Field(gt=0, le=24 * 90)]


class TypeSpec(_Strict):
    """A case type."""

    id: Slug
    version: Annotated[int, Field(ge=1)]
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    name: Text
    plural: Text
    clauses: tuple[str, ...]
    confidentiality: Literal["normal", "internal", "sensitive"] = "normal"
    calendar: Calendar = "working"
    due_hours: Hours | None = None
    feedback: bool = False
    reopen_days: Annotated[int, Field(ge=0, le=365)] = 0
    public: bool = False
    """Residents and units can raise it, anonymously too."""
    positioned: bool = True
    """It happens at a place: the form asks where."""
    shared_by_rule: bool = True
    """A standing rule between stations may share it from the start; else only case by case."""
    duplicates: Duplicates | None = None
    categories: tuple[Category, ...]
    fields: tuple[FieldSpec, ...] = ()
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    results: tuple[ResultType, ...]
    escalations: tuple[Escalation, ...] = ()
    routes: tuple[Route, ...] = ()
    answers: tuple[Answer, ...] = ()

    @cached_property
    def state_by_id(self) -> Mapping[str, State]:
        """States by id."""
        return {state.id: state for state in self.states}

    @cached_property
    def field_by_id(self) -> Mapping[str, FieldSpec]:
        """Fields by id."""
        return {one.id: one for one in self.fields}

    @cached_property
    def transition_by_id(self) -> Mapping[str, Transition]:
        """Transitions by id."""
        return {one.id: one for one in self.transitions}

    @cached_property
    def category_by_id(self) -> Mapping[str, Category]:
        """Categories by id."""
        return {one.id: one for one in self.categories}

    @cached_property
    def result_by_id(self) -> Mapping[str, ResultType]:
        """Results by id."""
        return {one.id: one for one in self.results}

    @cached_property
    def digest(self) -> str:
        """Names what the type says: two versions that say the same have the same."""
        said = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def covers(self, former: "TypeSpec") -> bool:
        """Whether a case of a former version finds everything in this one that it may have used."""
        states = {state.id: state.kind for state in self.states}
        fields = {one.id: one.kind for one in self.fields}
        return (
            all(states.get(state.id) == state.kind for state in former.states)
            and all(fields.get(one.id) == one.kind for one in former.fields)
            and set(former.category_by_id) <= set(self.category_by_id)
            and set(former.result_by_id) <= set(self.result_by_id)
        )

    @property
    def initial(self) -> State:
        """The state that a case begins in: the first one."""
        return self.states[0]

    def from_state(self, state: str) -> tuple[Transition, ...]:
        """The steps that lead out of a state."""
        return tuple(one for one in self.transitions if state in one.source)
