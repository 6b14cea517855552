"""What Linli is made of states its licences."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
BY_HAND = tomllib.loads((ROOT / "requirements" / "licences.toml").read_text(encoding="utf-8"))


def test_every_component_states_a_licence_or_was_read() -> None:
    lock = (ROOT / "requirements" / "run.lock").read_text(encoding="utf-8")
    wanted = {name.lower() for name in re.findall(r"^([A-Za-z0-9_.\-]+)==", lock, re.M)}
    silent = []
    for one in distributions():
        name = one.metadata["Name"].lower().replace("_", "-")
        stated = one.metadata.get("License-Expression") or one.metadata.get("License")
        classified = any(c.startswith("License ::") for c in one.metadata.get_all("Classifier") or [])
        if name in wanted and not stated and not classified and name not in BY_HAND:
            silent.append(name)
    assert silent == []


def test_the_table_names_who_states_none(tmp_path: Path) -> None:
    file = tmp_path / "x.cdx.json"
    parts = [{"name": "known", "version": "1", "licenses": [{"license": {"id": "MIT"}}]}, {"name": "silent"}]
    file.write_text(json.dumps({"components": parts}), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "licences", file], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.splitlines()) == (1, ["known,1,MIT", "silent,,none stated"])
    assert "silent" in done.stderr
