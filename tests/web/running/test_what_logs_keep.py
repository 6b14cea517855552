"""The guide's nginx and our own log lines keep no query, no code, no key and no referrer."""

import logging
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from linli.web.settings.logs import LineFormatter, masked

pytestmark = pytest.mark.any_database
GUIDES = Path(__file__).parents[3] / "docs" / "guides"
SECRET = {
    "/residents/track/ABCD-EFGH-JKLM/": "/residents/track/***",
    "/residents/sent/ABCD-EFGH-JKLM/": "/residents/sent/***",
    "/calendar/s3cr3tk3y.ics": "/calendar/***",
    "/open311/v2/tokens/ABCDEFGHJKLM.json": "/open311/v2/tokens/***",
    "/open311/v2/requests/ABCDEFGHJKLM.xml": "/open311/v2/requests/***",
}
PLAIN = ("/residents/track/", "/cases/SQ260310-00001/", "/open311/v2/requests.json", "/")


def _config(guide: str) -> str:
    found = re.search(r"```nginx\n(.*?)```", (GUIDES / guide).read_text(encoding="utf-8"), re.S)
    assert found is not None
    return found[1]


# Guard 11
def test_both_guides_have_the_same_nginx() -> None:
    assert _config("running.md") == _config("running.zh.md")


# Guard 11
def test_the_log_of_the_guide_names_nothing_that_holds_a_query_a_referrer_or_a_cookie() -> None:
    config = _config("running.md")
    logged = re.search(r"log_format linli '([^']*)'", config)
    assert logged is not None
    assert not re.search(
        r"\$(request|request_uri|args|query_string|http_\w+|cookie_\w+|arg_\w+|uri)\b", logged[1]
    )
    assert re.search(r"^access_log \S+ linli;", config, re.M)
    assert re.search(r"^error_log \S+ crit;", config, re.M)
    mask = re.search(r'"~(\^.*)" "\$\{linli_start\}\*\*\*";', config)
    assert mask is not None
    pattern = re.compile(mask[1].replace("(?<", "(?P<"))
    for path, shown in SECRET.items():
        found = pattern.match(path)
        assert found is not None, path
        assert f"{found['linli_start']}***" == shown
    for path in PLAIN:
        assert pattern.match(path) is None, path


# Guard 11
@pytest.mark.parametrize("path", sorted(SECRET))
def test_our_own_log_lines_mask_the_same_paths(path: str) -> None:
    assert masked(f"Not Found: {path}") == f"Not Found: {SECRET[path]}"
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Not Found: %s", (path,), None)
    assert path not in LineFormatter().format(record)


# Guard 11
@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx here")
def test_a_real_nginx_of_the_guide_keeps_no_secret(tmp_path: Path, unused_port: int) -> None:
    port, log = unused_port, tmp_path / "access.log"
    config = _config("running.md")
    config = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", config, flags=re.S)
    config = re.sub(r"^\s+ssl_\w+ .*;$", "", config, flags=re.M)
    config = config.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    config = config.replace("/var/log/nginx/linli.log", str(log)).replace(
        "/var/log/nginx/linli-error.log", str(tmp_path / "error.log")
    )
    config = config.replace("http://127.0.0.1:8000", "http://127.0.0.1:9")
    temporary = "".join(
        f"{name}_temp_path {tmp_path / name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"daemon off; pid {tmp_path / 'pid'};\nevents {{}}\nhttp {{\n{temporary}{config}}}\n"
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    command = ["nginx", "-e", str(tmp_path / "start.log"), "-c", str(tmp_path / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with subprocess.Popen(command) as server:
        try:
            for path in SECRET:
                _asked(f"http://127.0.0.1:{port}{path}?q=13800000000")
            _asked(f"http://127.0.0.1:{port}/%72esidents/track/ABCD-EFGH-JKLM/?q=13800000000")
        finally:
            server.terminate()
    kept = "".join(file.read_text("utf-8") for file in tmp_path.glob("*.log"))
    assert kept.count("***") == len(SECRET) + 1
    for secret in ("13800000000", "ABCD", "s3cr3tk3y", "from-where"):
        assert secret not in kept


def _asked(url: str) -> None:
    """Ask once the server is there; nothing stands behind it, so it answers 502."""
    asking = urllib.request.Request(url, headers={"Referer": "http://from-where/"})  # noqa: S310
    end = time.monotonic() + 20
    while True:
        try:
            urllib.request.urlopen(asking).close()  # noqa: S310 - this machine's own server
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
