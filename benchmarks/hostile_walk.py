"""Hostile values through every field of every form, filter, address, header and body, on both databases.

    .venv/bin/python benchmarks/hostile_walk.py             every value in every field (an hour or more)
    .venv/bin/python benchmarks/hostile_walk.py 3           three values a field, the same each time
    .venv/bin/python benchmarks/hostile_walk.py 3 sqlite    on one database

The test `tests/web/security/test_hostile_values.py` does the same with fewer values. Prints fields x values x
databases and how many answers were server errors; exit code 1 where there was one.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEST = "tests/web/security/test_hostile_values.py"
LINE = re.compile(r"^(?:sqlite|postgresql)\s.*|^\d+ pages, .*|^E?\s+.*: 5\d\d .*", re.M)


def walk(database: str, values: int) -> int:
    """Walk on one database and print its table; what pytest ended with."""
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", TEST]
    if database == "postgresql":
        command.insert(0, str(ROOT / "scripts" / "postgresql-for-tests"))
    environment = {**os.environ, "LINLI_WALK_VALUES": str(values), "PYTHONPATH": str(ROOT / "src")}
    if database == "sqlite":
        environment.pop("DATABASE_URL", None)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    print("\n".join(dict.fromkeys(LINE.findall(done.stdout))) or done.stdout[-2000:] + done.stderr[-2000:])
    return done.returncode


def main(arguments: list[str]) -> int:
    """Walk on the databases that were named, both if none was; 1 where something failed."""
    values = int(arguments[0]) if arguments else 0
    databases = arguments[1:] or ["sqlite", "postgresql"]
    return max(walk(database, values) for database in databases) and 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
