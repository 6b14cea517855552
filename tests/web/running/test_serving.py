"""``linli serve`` as a real process: what it prints, what it answers, how it ends."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import requests

from web.running.installation import LINLI, PATIENCE, Installation, until
from web.running.visitor import Visitor


def test_it_serves_the_platform_with_a_worker_beside_it(staffed: Installation) -> None:
    server = staffed.serve()
    until(lambda: json.loads(_get(f"{server.url}/health/ready"))["worker"])
    assert json.loads(_get(f"{server.url}/health/ready"))["status"] == "ready"
    visitor = Visitor(server.url, "minjing")
    assert visitor.read("/").status_code == 200
    metrics = _get(f"{server.url}/metrics")
    assert 'linli_request_seconds_count{method="GET",route="",answer="2xx"} 1' in metrics
    assert "linli_workers 1" in metrics
    assert 'linli_periodic_failures{name="deadlines"} 0' in metrics
    server.process.terminate()
    assert server.process.wait(timeout=20) == 0
    assert staffed.said("serve").endswith("Stopped.\n")
    assert staffed.one("SELECT COUNT(*) FROM jobs_worker") == 0


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - an address of our own
        return str(answer.read().decode())


def test_health_is_answered_whatever_the_host_name_and_metrics_only_nearby(staffed: Installation) -> None:
    server = staffed.serve(LINLI_METRICS_TOKEN="a token", LINLI_HOSTS="linli.example")  # noqa: S106
    assert requests.get(f"{server.url}/health/ready", timeout=PATIENCE).status_code == 200
    assert requests.get(f"{server.url}/accounts/login/", timeout=PATIENCE).status_code == 400
    far = {"X-Forwarded-For": "203.0.113.9"}
    assert requests.get(f"{server.url}/metrics", headers=far, timeout=PATIENCE).status_code == 403
    token = {"Authorization": "Bearer a token"}
    assert requests.get(f"{server.url}/metrics", headers=far | token, timeout=PATIENCE).status_code == 200


def test_the_demonstration_is_loaded_once_and_its_accounts_are_printed(
    whatever_the_database: None, demonstration: Installation, plan_folder: Path
) -> None:
    assert "made up: requests" in demonstration.said("loading")
    before = demonstration.one("SELECT COUNT(*) FROM casework_case")
    server = demonstration.serve("--demo", str(plan_folder))
    said = demonstration.said("serve")
    assert "made up" not in said
    assert demonstration.one("SELECT COUNT(*) FROM casework_case") == before > 0
    for text in ("Station chief", "Auditor", "Resident", "linli-demo-2026"):
        assert text in said
    page = requests.get(
        f"{server.url}/accounts/login/", headers={"Accept-Language": "zh-hans"}, timeout=PATIENCE
    )
    assert "suozhang" in page.text
    demonstration.linli("audit", "verify")


def test_the_demonstration_is_not_mixed_into_a_database_in_use(
    whatever_the_database: None, staffed: Installation, plan_folder: Path
) -> None:
    staffed.linli("platform", "user", "add", "zhang.san", "--name", "张三")
    said = staffed.linli("--language", "en", "serve", "--demo", str(plan_folder), "--load-only", code=2)
    assert "nothing made up is mixed in" in said


def test_made_up_accounts_are_never_open_to_the_network(
    whatever_the_database: None, demonstration: Installation
) -> None:
    said = demonstration.linli("--language", "en", "serve", "--host", "0.0.0.0", code=2)  # noqa: S104
    assert "this machine alone" in said
    production = {"LINLI_PRODUCTION": "1", "LINLI_SECRET_KEY": "k" * 60}
    assert "正式服务器" in demonstration.linli("serve", code=2, **production)


def test_a_taken_port_is_said(whatever_the_database: None, staffed: Installation) -> None:
    server = staffed.serve()
    port = server.url.rpartition(":")[2]
    assert "--port 0" in staffed.linli("serve", "--port", port, code=2)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"DATABASE_URL": "mysql://host/name"}, "DATABASE_URL"),
        ({"LINLI_PRODUCTION": "maybe"}, "LINLI_PRODUCTION"),
        ({"LINLI_PRODUCTION": "1"}, "LINLI_SECRET_KEY"),
        ({"LINLI_LEASE_SECONDS": "soon"}, "LINLI_LEASE_SECONDS"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}, "DATABASE_URL"),
        ({"LINLI_DATA": "/proc/nowhere"}, "LINLI_DATA"),
    ],
)
def test_a_setting_that_cannot_be_used_is_said(
    whatever_the_database: None, installation: Installation, given: dict[str, str], expected: str
) -> None:
    assert expected in installation.linli("platform", "check", code=2, **given)


def test_the_program_is_there() -> None:
    assert LINLI.exists()
