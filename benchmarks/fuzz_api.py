"""The API under made-up requests for some minutes: schemathesis against a running platform, no 5xx allowed.

    .venv/bin/python benchmarks/fuzz_api.py            10 minutes
    .venv/bin/python benchmarks/fuzz_api.py 60         seconds
    .venv/bin/python benchmarks/fuzz_api.py 60 postgresql   on a PostgreSQL of its own

The platform runs as `linli serve` on a database of its own (DATABASE_URL if given, else SQLite) with the
synthetic demonstration of out/demo (`make demo` writes it). Beside what schemathesis makes up, texts and
moments are drawn from hostile ones: NUL, half characters, year 1, year 9999. Requests go to this machine
alone. Exit code 1 where a server error, an answer that the schema does not allow, or a way around the token
was found.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
CHECKS = ",".join(
    (
        "not_a_server_error",
        "response_schema_conformance",
        "status_code_conformance",
        "content_type_conformance",
        "ignored_auth",
    )
)

HOOKS = """
import schemathesis
from hypothesis import strategies as st

MOMENTS = ["0001-01-01T00:00:00Z", "0026-03-10T00:00:00+08:00", "9999-12-31T23:59:59-12:00", "0001-01-01"]
CURSORS = ["-62135596800.0_1", "253402300799.0_99999999999999999999", "1e400", "9" * 5000]
TEXTS = ["a\\x00b", "\\x00", "\\uffff", "\\u202e\\u200b", "\\x07\\x0b"]
HOSTILE = st.sampled_from([*MOMENTS, *CURSORS, *TEXTS, "\\ud800"])
ADDRESSED = st.sampled_from([*MOMENTS, *CURSORS, *TEXTS])

def spoilt(draw, body, values):
    if not isinstance(body, dict) or not body:
        return body
    name = draw(st.sampled_from(sorted(body)))
    return {**body, name: draw(values)}

@schemathesis.hook
def flatmap_body(context, body):
    @st.composite
    def either(draw):
        return spoilt(draw, body, HOSTILE) if draw(st.integers(0, 2)) == 0 else body
    return either()

@schemathesis.hook
def flatmap_query(context, query):
    @st.composite
    def either(draw):
        return spoilt(draw, query, ADDRESSED) if draw(st.integers(0, 2)) == 0 else query
    return either()
"""

MAKING = """
import django; django.setup()
from linli.web.foundation import clock
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.exchange.tokens import MakeToken
actor = actor_of(User.objects.get(username="suozhang"), clock.now())
print("TOKEN", perform(MakeToken(title="fuzz", days=2, may_write=True), actor, clock.now())[1])
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def answering(port: int) -> None:
    """Wait until the platform answers."""
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("the platform does not answer")


def main(seconds: int) -> int:
    """Run the platform and schemathesis beside it; 1 where something was found."""
    demo = ROOT / "out" / "demo"
    if not (demo / "deployment.json").is_file():
        raise SystemExit("out/demo is not there: run DEMO_SERVE=0 make demo first")
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            # Made-up requests come faster than any person's.
            "LINLI_ACCOUNT_REQUESTS": "1000000",
            "LINLI_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "linli.web.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }
        port = free_port()
        serve = [str(BIN / "linli"), "serve", "--demo", str(demo), "--port", str(port)]
        with subprocess.Popen(serve, env=environment, stdout=subprocess.DEVNULL) as server:
            answering(port)
            made = subprocess.run(
                [sys.executable, "-c", MAKING],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            found = re.search(r"TOKEN (\S+)", made.stdout)
            if found is None:
                raise SystemExit(made.stderr)
            code = fuzz(port, found[1], seconds, Path(folder))
            server.terminate()
        return code


def fuzz(port: int, token: str, seconds: int, folder: Path) -> int:
    """Schemathesis until the time is over."""
    command = [
        str(BIN / "schemathesis"), "run", f"http://127.0.0.1:{port}/api/v1/openapi.json",
        "--url", f"http://127.0.0.1:{port}", "-H", f"Authorization: Bearer {token}", "--checks", CHECKS,
        "--max-time", str(seconds), "--phases", "examples,coverage,fuzzing,stateful", "--continue-on-failure",
        "--generation-database", "none", "--no-color", "--warnings", "off", "--max-examples", "100000",
    ]  # fmt: skip
    (folder / "hostile_hooks.py").write_text(HOOKS, encoding="utf-8")
    hooked = {**os.environ, "SCHEMATHESIS_HOOKS": "hostile_hooks", "PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, env=hooked, check=False).returncode


if __name__ == "__main__":
    if sys.argv[2:] == ["postgresql"]:
        own = [str(ROOT / "scripts" / "postgresql-for-tests"), sys.executable, *sys.argv[:2]]
        sys.exit(subprocess.run(own, check=False).returncode)
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 600))
