"""Reading ``planning.toml``: beat rules, posts, workload weights and staffing norms."""

from typing import Final, Literal

from linli.kernel.identifiers import ClauseId, ValueId
from linli.policy.catalogue import ROLES
from linli.policy.planning_rules import (
    AreaName,
    BeatRule,
    BeatRuleKind,
    PlanningRules,
    PostPer,
    PostRule,
    StaffingNorm,
    StaffPer,
    StaffScope,
    WorkloadRule,
)
from linli.policy.reading.table import Table

__all__ = ["read_planning"]

PostKindName = Literal["community_room", "centre_room", "work_station"]
POST_KINDS: Final = ("community_room", "centre_room", "work_station")
LEVELS: Final = ("community", "village", "natural_village", "block", "tract", "district", "township")

NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "one_per_unit": (),
    "units_per_beat": ("minimum", "maximum"),
    "residents_per_beat": ("target",),
    "beats_in_total": ("total",),
    "workload": ("total",),
}


def read_planning(root: Table) -> PlanningRules:
    """The rules that the planner reads; urban and rural areas must each have a beat rule."""
    rules = PlanningRules(
        beats=tuple(_beat_rule(table) for table in root.tables("beats")),
        posts=tuple(_post_rule(table) for table in root.tables("posts")),
        workload=_workload(root.table("workload")),
        staffing=tuple(_norm(table) for table in root.tables("staffing")),
    )
    for area in ("urban", "rural"):
        covering = [rule for rule in rules.beats if rule.area in (area, "any")]
        if len(covering) != 1:
            root.wrong("planning.area", "beats", len(covering), area=area)
    root.finish()
    return rules


def _value(table: Table, name: str) -> ValueId | None:
    written = table.optional_string(name)
    return None if written is None else ValueId(written)


def _beat_rule(table: Table) -> BeatRule:
    kind: BeatRuleKind = table.choice("rule", BeatRuleKind)
    rule = BeatRule(
        area=table.choice("area", AreaName),
        rule=kind,
        clause=ClauseId(table.string("clause")),
        minimum=_value(table, "minimum"),
        maximum=_value(table, "maximum"),
        target=_value(table, "target"),
        total=_value(table, "total"),
        tolerance=_value(table, "tolerance"),
        note=table.optional_text("note"),
    )
    for name in ("minimum", "maximum", "target", "total"):
        if table.has(name) is not (name in NEEDED[kind]):
            table.wrong("planning.beat_keys", name, rule=kind, keys=", ".join(NEEDED[kind]) or "–")
    table.finish()
    return rule


def _post_rule(table: Table) -> PostRule:
    rule = PostRule(
        kind=table.choice("kind", PostKindName),
        area=table.choice("area", AreaName),
        per=table.choice("per", PostPer),
        clause=ClauseId(table.string("clause")),
        beyond=_value(table, "beyond"),
        note=table.optional_text("note"),
    )
    table.finish()
    return rule


def _workload(table: Table) -> WorkloadRule:
    rule = WorkloadRule(
        residents=ValueId(table.string("residents")),
        incidents=ValueId(table.string("incidents")),
        premises=ValueId(table.string("premises")),
        clause=ClauseId(table.string("clause")),
    )
    table.finish()
    return rule


def _norm(table: Table) -> StaffingNorm:
    per: StaffPer = table.choice("per", StaffPer)
    norm = StaffingNorm(
        id=table.string("id"),
        clause=ClauseId(table.string("clause")),
        role=table.word("role", ROLES),
        per=per,
        value=ValueId(table.string("value")),
        maximum=_value(table, "maximum"),
        scope=table.choice("scope", StaffScope),
        area=table.choice("area", AreaName) if table.has("area") else "any",
        post_kinds=_words(table, "post_kinds", POST_KINDS),
        levels=_words(table, "levels", LEVELS),
        of_role=table.word("of_role", ROLES) if table.has("of_role") else None,
        firm=table.flag("firm", default=True),
        note=table.optional_text("note"),
    )
    for name, wanted in (("post_kinds", "post"), ("levels", "unit"), ("of_role", "share_of_role")):
        if table.has(name) is not (per == wanted):
            table.wrong("planning.norm_keys", name, per=per, key=name, wanted=wanted)
    table.finish()
    return norm


def _words(table: Table, name: str, words: tuple[str, ...]) -> tuple[str, ...]:
    given = table.strings(name)
    for word in given:
        if word not in words:
            table.wrong("key.choice", name, word, words=", ".join(words))
    return given
