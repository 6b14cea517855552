"""Reads case types from files; anything that does not fit is refused with the file and the key."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from linli.kernel.errors import Finding, InputRefused, Where
from linli.kernel.texts import Text, catalogue, plain
from linli.web.foundation.accounts.roles import roles
from linli.web.foundation.casework.types.model import TypeSpec

__all__ = ["read_type", "read_types"]

say = catalogue("linli.web.foundation.casework")

REPORTER = "reporter"


def read_types(folders: Iterable[Path]) -> dict[str, TypeSpec]:
    """Every ``*.case.toml`` below some folders, by id.

    Raises
    ------
    InputRefused
        A file is no case type, or two have the same id or prefix.
    """
    found: dict[str, TypeSpec] = {}
    prefixes: dict[str, str] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.case.toml")):
            spec = read_type(path)
            if spec.id in found or spec.prefix in prefixes:
                raise _refused(path, [_finding(path, "id", spec.id, say("type.twice"), say("type.rename"))])
            found[spec.id] = spec
            prefixes[spec.prefix] = spec.id
    return found


def read_type(path: Path) -> TypeSpec:
    """One case type.

    Raises
    ------
    InputRefused
        With every mistake that was found in the file.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as reason:
        raise _refused(
            path, [_finding(path, None, str(reason), say("type.expected_toml"), say("type.mend"))]
        ) from None
    try:
        spec = TypeSpec.model_validate(document)
    except ValidationError as mistakes:
        raise _refused(path, [_of_pydantic(path, mistake) for mistake in mistakes.errors()]) from None
    findings = list(_disagreements(path, spec))
    if findings:
        raise _refused(path, findings)
    return spec


def _of_pydantic(path: Path, mistake: Any) -> Finding:
    key = ".".join(str(part) for part in mistake["loc"])
    given = None if mistake["type"] == "missing" else str(mistake["input"])
    return _finding(path, key, given, plain(mistake["msg"]), say("type.mend"))


def _disagreements(path: Path, spec: TypeSpec) -> Iterator[Finding]:
    yield from _twice(path, spec)
    states, fields, results = set(spec.state_by_id), set(spec.field_by_id), set(spec.result_by_id)
    known_roles = set(roles()) | {REPORTER}
    closed = {state.id for state in spec.states if state.kind == "closed"}
    for step in spec.transitions:
        key = f"transitions.{step.id}"
        yield from _unknown(path, f"{key}.source", step.source, states)
        yield from _unknown(path, f"{key}.target", [step.target], states)
        yield from _unknown(path, f"{key}.requires", [*step.requires, *step.asks], fields)
        yield from _unknown(path, f"{key}.results", step.results, results)
        yield from _unknown(path, f"{key}.roles", step.roles, known_roles)
        yield from _unknown(path, f"{key}.by_share", step.by_share, set(step.roles))
        if step.target in closed and not step.results:
            yield _finding(path, f"{key}.results", None, say("type.closing_result"), say("type.mend"))
    yield from _unknown(path, "routes.when.category", _routed(spec), set(spec.category_by_id))
    for rule in spec.escalations:
        yield from _unknown(path, "escalations.notify", rule.notify, known_roles)
    for missing in sorted(states - _reachable(spec)):
        yield _finding(path, f"states.{missing}", missing, say("type.reachable"), say("type.mend"))
    for stuck in sorted(s.id for s in spec.states if s.kind != "closed" and not spec.from_state(s.id)):
        yield _finding(path, f"states.{stuck}", stuck, say("type.stuck"), say("type.mend"))


def _routed(spec: TypeSpec) -> list[str]:
    return [category for rule in spec.routes for category in rule.when.category]


def _reachable(spec: TypeSpec) -> set[str]:
    found, todo = {spec.initial.id}, [spec.initial.id]
    while todo:
        for step in spec.from_state(todo.pop()):
            if step.target not in found:
                found.add(step.target)
                todo.append(step.target)
    return found


def _twice(path: Path, spec: TypeSpec) -> Iterator[Finding]:
    lists: dict[str, Iterable[Any]] = {
        "states": spec.states,
        "transitions": spec.transitions,
        "fields": spec.fields,
        "categories": spec.categories,
        "results": spec.results,
        "answers": spec.answers,
    }
    for key, items in lists.items():
        for id_, count in Counter(item.id for item in items).items():
            if count > 1:
                yield _finding(path, f"{key}.{id_}", id_, say("type.once"), say("type.rename"))


def _unknown(path: Path, key: str, given: Iterable[str], known: set[str]) -> Iterator[Finding]:
    for one in given:
        if one not in known:
            expected = say("type.one_of", known="、".join(sorted(known)))
            yield _finding(path, key, one, expected, say("type.mend"))


def _finding(path: Path, key: str | None, given: str | None, expected: Text, remedy: Text) -> Finding:
    return Finding("case_type", Where(path.name, key=key), given, expected, remedy)


def _refused(path: Path, findings: list[Finding]) -> InputRefused:
    return InputRefused(say("type.refused", file=path.name, count=len(findings)), tuple(findings))
