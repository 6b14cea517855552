"""``linli plan`` and its neighbours as a user runs them: files, summaries, refusals, the same bytes."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from linli.cli.main import COMMANDS, linli
from linli.cli.output import MANIFEST
from linli.cli.serving import plan_server
from linli.io.deployment import parse_deployment, read_deployment, schema_text
from linli.kernel.errors import LinliError

ROOT = Path(__file__).parents[2]
LUXI = ("plan", str(ROOT / "examples" / "luxi"), "--pack", "luxi-2013", "--on", "2013-12-31")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(linli, list(arguments))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """One real plan of Luxi, with its report."""
    out = tmp_path_factory.mktemp("plans") / "luxi"
    return out, run(*LUXI, "--out", str(out))


class Staying(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *given: object, **named: object) -> None:
        return None


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_plan_is_written_with_its_report_and_summed_up(written: tuple[Path, Result]) -> None:
    out, result = written
    assert result.exit_code == 0, result.output
    names = set(files(out))
    assert {"deployment.json", "plan.html", "plan.pdf", "plan.xlsx", "beats.geojson", "plan.gpkg"} <= names
    assert {path.name for path in out.parent.iterdir()} == {"luxi"}
    for word in ("警务区", "缺口", "条款核对", "已写入", "deployment.json"):
        assert word in result.output


def test_the_checker_passes_what_was_written(written: tuple[Path, Result]) -> None:
    file = str(written[0] / "deployment.json")
    result = run(
        "deployment", "check", file, "--territory", str(ROOT / "examples" / "luxi"), "--pack", "luxi-2013"
    )
    assert result.exit_code == 0, result.output
    assert "✗" not in result.output
    assert "方案成立" in result.output
    english = run("--language", "en", "deployment", "check", file)
    assert "the deployment stands" in english.output


def test_a_second_run_under_another_hash_seed_writes_the_same_bytes(
    written: tuple[Path, Result], tmp_path: Path
) -> None:
    again = tmp_path / "luxi"
    environment = {**os.environ, "PYTHONHASHSEED": "4242"}
    command = [sys.executable, "-c", "from linli.cli.main import main; main()", *LUXI, "--out", str(again)]
    subprocess.run(command, check=True, env=environment, capture_output=True)
    first, second = files(written[0]), files(again)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_a_former_output_is_replaced_and_a_folder_of_someone_else_is_not(
    written: tuple[Path, Result], tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.docx").write_text("years of work")
    refused = run(*LUXI, "--out", str(mine))
    assert refused.exit_code == 2
    assert "thesis.docx" in refused.output
    assert files(mine) == {"thesis.docx": b"years of work"}
    copy = tmp_path / "copy"
    shutil.copytree(written[0], copy)
    (copy / "note.txt").write_text("added by hand")
    assert "note.txt" in run(*LUXI, "--out", str(copy)).output
    (tmp_path / "file").write_text("")
    assert run(*LUXI, "--out", str(tmp_path / "file")).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--pack", "luxi-2031"), "luxi-2013"),
        (("--on", "31.12.2013"), "31.12.2013"),
        (("--on", "1999-01-01"), "--on"),
        (("--compare", "nothing.json"), "nothing.json"),
    ],
)
def test_a_wrong_argument_is_refused_with_exit_code_2_and_nothing_is_written(
    tmp_path: Path, arguments: tuple[str, str], sentence: str
) -> None:
    out = tmp_path / "out"
    given = dict(zip(LUXI[2::2], LUXI[3::2], strict=True)) | dict([arguments])
    result = run(*LUXI[:2], *(part for pair in given.items() for part in pair), "--out", str(out))
    assert result.exit_code == 2
    assert sentence in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_broken_territory_is_refused_with_exit_code_2_and_nothing_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(ROOT / "examples" / "luxi", folder)
    (folder / "places.csv").write_text("code,name\n1,甲\n1,乙\n")
    result = run("plan", str(folder), *LUXI[2:], "--out", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert "places.csv" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["broken"]


def test_a_report_that_fails_leaves_the_former_output_untouched(
    written: tuple[Path, Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import linli.cli.plan as command

    out = tmp_path / "out"
    shutil.copytree(written[0], out)
    before = files(out)

    def fail(*given: object, **named: object) -> None:
        raise LinliError(
            parse_deployment((out / "deployment.json").read_text(encoding="utf-8")).territory.name
        )

    monkeypatch.setattr(command, "write_report", fail)
    result = run(*LUXI, "--time-limit", "1", "--out", str(out))
    assert result.exit_code == 2
    assert files(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_time_limit_that_strikes_is_said_aloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import linli.cli.plan as command

    monkeypatch.setattr(command, "write_report", lambda *given, **named: None)
    result = run("--language", "en", *LUXI, "--time-limit", "0.000001", "--out", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    assert "stopped by the time limit" in result.output
    plan = read_deployment(tmp_path / "out" / "deployment.json")
    assert [search.ended for search in plan.searches if search.part == "beats"] == ["limit"]


def test_two_deployments_are_compared_on_screen_and_on_disk(
    written: tuple[Path, Result], tmp_path: Path
) -> None:
    file = written[0] / "deployment.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content["seed"] = 99
    other = tmp_path / "other.json"
    other.write_text(json.dumps(content), encoding="utf-8")
    result = run(
        "--language", "en", "deployment", "compare", str(file), str(other), "--out", str(tmp_path / "both")
    )
    assert result.exit_code == 0, result.output
    assert "0 place(s) change beat" in result.output
    assert (tmp_path / "both" / MANIFEST).is_file()
    assert (tmp_path / "both" / "compare.html").is_file()
    with plan_server(tmp_path / "both", 0) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with pytest.raises(urllib.error.HTTPError) as redirect:
            urllib.request.build_opener(Staying).open(address)
        thread.join()
        assert redirect.value.headers["Location"] == "/compare.html"
        redirect.value.close()


def test_a_broken_deployment_fails_the_check_with_exit_code_2(
    written: tuple[Path, Result], tmp_path: Path
) -> None:
    content = json.loads((written[0] / "deployment.json").read_text(encoding="utf-8"))
    content["beats"][0]["residents"] += 1
    content["beats"][1]["posts"] = []
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(content), encoding="utf-8")
    result = run("deployment", "check", str(broken))
    assert result.exit_code == 2
    assert result.output.count("✗") >= 2
    content["places"][0]["station"] = "nowhere"
    broken.write_text(json.dumps(content), encoding="utf-8")
    result = run("deployment", "check", str(broken), "--pack", "luxi-2013")
    assert result.exit_code == 2
    assert "–" in result.output, "checks that could not be made are named"


def test_the_schema_is_printed_as_it_is_published() -> None:
    assert run("deployment", "schema").output == schema_text()


def test_a_written_plan_is_served_on_this_machine_only(written: tuple[Path, Result], tmp_path: Path) -> None:
    with plan_server(written[0], 0) as server:
        address, port = server.server_address[:2]
        assert address == "127.0.0.1"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
                assert answer.url.endswith("/plan.html")
                assert answer.read() == (written[0] / "plan.html").read_bytes()
            with pytest.raises(LinliError, match=str(port)):
                plan_server(written[0], int(port))
        finally:
            server.shutdown()
            thread.join()
    with pytest.raises(LinliError, match=re.escape(str(tmp_path))):
        plan_server(tmp_path, 0)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_list_of_commands_says_what_each_command_says_of_itself(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    spoken = "".join(result.output.split())
    assert "".join(COMMANDS[name].help.split()) in spoken


def test_an_unknown_command_is_refused() -> None:
    assert run("plann").exit_code == 2
    assert run("--help").exit_code == 0
