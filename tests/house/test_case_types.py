"""A case type that is shipped with another content bears another version."""

import hashlib
import json
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TYPES = {path.name.partition(".")[0]: path for path in sorted((ROOT / "src").rglob("*.case.toml"))}
TABLE = Path(__file__).with_name("case_types.toml")
SHIPPED: dict[str, dict[str, str]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))


def digest_of(document: dict[str, object]) -> str:
    """Names what a type says, its version aside; comments and the order of keys say nothing."""
    said = {key: value for key, value in document.items() if key != "version"}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def fault(id_: str, document: dict[str, object], versions: dict[str, str]) -> str:
    """What is wrong with a shipped type's version and what to do, or nothing."""
    version, own = str(document["version"]), digest_of(document)
    newest = max((int(one) for one in versions), default=0)
    if versions.get(version) == own and int(version) == newest:
        return ""
    former = next((one for one, known in versions.items() if known == own), None)
    if former is not None:
        return (
            f"{id_} says what version {former} said: it bears that version, or version {newest} goes again."
        )
    if version in versions:
        version = str(newest + 1)
        do = f"set `version = {version}` in {id_}.case.toml and write"
    else:
        do = "write"
    return (
        f"The content of {id_}.case.toml is new: {do} `{version} = "
        f'"{own}"` under [{id_}] in {TABLE.relative_to(ROOT)}. Lines that are there stay as they are.'
    )


# Guard 18
@pytest.mark.any_database
@pytest.mark.parametrize("id_", sorted(TYPES))
def test_a_shipped_type_whose_content_changed_bears_another_version(id_: str) -> None:
    document = tomllib.loads(TYPES[id_].read_text(encoding="utf-8"))
    assert document["id"] == id_
    wrong = fault(id_, document, SHIPPED.get(id_, {}))
    assert not wrong, wrong


# Guard 18
@pytest.mark.any_database
def test_versions_that_were_shipped_are_known_without_a_gap() -> None:
    assert set(SHIPPED) == set(TYPES), "a type that goes keeps cases: see docs/guides/case-types.md"
    for id_, versions in SHIPPED.items():
        assert list(versions) == [str(number) for number in range(1, len(versions) + 1)], id_
        assert len(set(versions.values())) == len(versions), id_


# Guard 18
@pytest.mark.any_database
def test_a_change_is_told_what_to_do() -> None:
    shipped = {"id": "x", "version": 1, "states": ["new"]}
    known = {"1": digest_of(shipped)}
    assert fault("x", shipped, known) == ""
    assert digest_of({**shipped, "version": 7}) == known["1"]
    changed = {**shipped, "states": ["new", "closed"]}
    assert "set `version = 2` in x.case.toml and write `2 = " in fault("x", changed, known)
    raised = {**changed, "version": 2}
    assert fault("x", raised, known).startswith("The content of x.case.toml is new: write `2 = ")
    both = {**known, "2": digest_of(raised)}
    assert fault("x", raised, both) == ""
    assert "says what version 1 said" in fault("x", shipped, both)
