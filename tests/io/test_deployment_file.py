"""The deployment's file: same plan, same bytes; read strictly; its schema published."""

import dataclasses
import datetime as dt
import json
import types
import typing
from enum import Enum
from pathlib import Path
from typing import Any, Literal, Union

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.io.deployment import (
    OTHER_DIGITS,
    canonical,
    deployment_schema,
    deployment_text,
    parse_deployment,
    read_deployment,
    schema_text,
    write_deployment,
)
from linli.kernel.errors import InputRefused
from linli.planning.deployment import FORMAT, Deployment

EMPTY_LISTS = (
    *("stations", "places", "beats", "posts", "staffing"),
    *("hiring", "checks", "assumptions", "searches"),
)
SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "deployment.schema.json"


def strategy_for(hint: Any) -> st.SearchStrategy[Any]:
    """Values of any type that a deployment is made of."""
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return st.builds(hint, **{name: strategy_for(inner) for name, inner in hints.items()})  # type: ignore[arg-type]
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return st.lists(strategy_for(inner[0]), max_size=2).map(tuple)
    if origin in (Union, types.UnionType):
        return st.one_of(st.none() if one is types.NoneType else strategy_for(one) for one in inner)
    if origin is Literal:
        return st.sampled_from(inner)
    return leaf_strategy(getattr(hint, "__supertype__", hint))


def leaf_strategy(base: Any) -> st.SearchStrategy[Any]:
    if isinstance(base, type) and issubclass(base, Enum):
        return st.sampled_from(base)
    return {
        str: st.text(max_size=5),
        float: st.floats(-1e9, 1e9),
        int: st.integers(-(10**12), 10**12),
        bool: st.booleans(),
        dt.date: st.dates(),
    }[base]


deployments = strategy_for(Deployment).map(lambda one: dataclasses.replace(one, format=FORMAT))
few = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def empty() -> dict[str, Any]:
    """The smallest valid file, as a dictionary to break."""
    return {
        "format": FORMAT,
        "linli_version": "0",
        "territory": {
            "id": "t",
            "name": {"zh": "甲", "en": "A"},
            "digest": "",
            "synthetic": [],
            "sources": [],
            "travel_method": "great_circle",
            "travel_note": {"zh": "甲", "en": "A"},
            "adjacency_method": "gabriel",
        },
        "pack": {"id": "p", "title": {"zh": "甲", "en": "A"}, "digest": "", "on": "2017-10-31"},
        "seed": 1,
        "weights": {"residents": 1, "incidents": 0, "premises": 0},
        "mean_minutes": 1.5,
        "mean_distance": 1.0,
        **{name: [] for name in EMPTY_LISTS},
    }


@given(deployments)
@few
def test_a_written_deployment_reads_back_as_itself_but_for_rounding(deployment: Deployment) -> None:
    again = parse_deployment(deployment_text(deployment))
    assert deployment_text(again) == deployment_text(deployment)
    assert canonical(again) == again
    assert again.mean_minutes == pytest.approx(deployment.mean_minutes, abs=1e-3)


@given(deployments)
@few
def test_every_written_deployment_obeys_the_published_schema(deployment: Deployment) -> None:
    jsonschema.Draft202012Validator(deployment_schema()).validate(json.loads(deployment_text(deployment)))


def test_keys_are_sorted_and_the_file_ends_with_a_newline(empty: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "deployment.json"
    write_deployment(path, parse_deployment(json.dumps(empty)))
    text = path.read_text(encoding="utf-8")
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert text.endswith("}\n")
    assert [file.name for file in tmp_path.iterdir()] == ["deployment.json"]
    assert deployment_text(read_deployment(path)) == text


def test_minus_zero_and_zero_are_the_same_bytes(empty: dict[str, Any]) -> None:
    plus, minus = ({**empty, "mean_minutes": zero} for zero in (0.0, -0.0))
    assert deployment_text(parse_deployment(json.dumps(plus))) == deployment_text(
        parse_deployment(json.dumps(minus))
    )


def test_a_number_that_is_not_finite_is_never_written(empty: dict[str, Any]) -> None:
    deployment = dataclasses.replace(parse_deployment(json.dumps(empty)), mean_minutes=float("nan"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not JSON compliant"):
        deployment_text(deployment)


@pytest.mark.parametrize(
    ("change", "code", "key"),
    [
        ({"seed": "1"}, "deployment.wrong_type", "seed"),
        ({"seed": 1.5}, "deployment.wrong_type", "seed"),
        ({"seed": True}, "deployment.wrong_type", "seed"),
        ({"extra": 1}, "deployment.unknown_key", "extra"),
        ({"beats": [{"id": 3}]}, "deployment.wrong_type", "beats[0].id"),
        ({"weights": {"residents": 1, "incidents": 0}}, "deployment.missing", "weights.premises"),
        ({"format": "linli-deployment/9"}, "deployment.format", "format"),
        ({"pack": {"id": "p", "digest": "", "on": "2017-13-01"}}, "deployment.wrong_type", "pack.on"),
        ({"mean_minutes": None}, "deployment.wrong_type", "mean_minutes"),
    ],
)
def test_a_broken_file_is_refused_with_the_key_path(
    empty: dict[str, Any], change: dict[str, Any], code: str, key: str
) -> None:
    with pytest.raises(InputRefused) as refusal:
        parse_deployment(json.dumps({**empty, **change}))
    assert (code, key) in [(finding.code, finding.where.key) for finding in refusal.value.findings]
    assert all(finding.sentence("zh") and finding.sentence("en") for finding in refusal.value.findings)


def test_a_missing_key_is_refused_by_name(empty: dict[str, Any]) -> None:
    with pytest.raises(InputRefused) as refusal:
        parse_deployment(json.dumps({key: value for key, value in empty.items() if key != "seed"}))
    (finding,) = refusal.value.findings
    assert (finding.code, finding.where.key, finding.given) == ("deployment.missing", "seed", None)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a":1,"a":2}', '{"format": NaN}', "[" * 100_000, '"x"'])
def test_what_is_not_a_deployment_at_all_is_refused(text: str) -> None:
    with pytest.raises(InputRefused):
        parse_deployment(text)


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.json").write_bytes(b"\xff\xfe\xe9")
    for name in ("nothing.json", "latin.json"):
        with pytest.raises(InputRefused, match=name):
            read_deployment(tmp_path / name)


def test_the_published_schema_is_the_code_s_own() -> None:
    """Write it again with ``linli deployment schema > docs/reference/deployment.schema.json``."""
    assert SCHEMA.read_text(encoding="utf-8") == schema_text()


def test_the_schema_describes_its_records() -> None:
    definitions = deployment_schema()["$defs"]
    assert all("description" in definition for name, definition in definitions.items() if name != "_")
    assert definitions["Deployment"]["properties"]["format"] == {
        "const": FORMAT,
        "title": "Format",
        "type": "string",
    }
    assert OTHER_DIGITS == 6
