"""What a process writes is for its own account alone, whatever umask it was started with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database

WRITE = """
import contextlib, os
os.umask(0o022)
with contextlib.suppress(Exception):  # an empty database serves nothing
    import {module}
import django
django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
connection.cursor().execute("CREATE TABLE one (id integer)")
default_storage.save("cases/1/a.txt", ContentFile(b"x"))
print(sorted(os.listdir(os.environ["LINLI_DATA"])))
"""


# Guard 14
@pytest.mark.parametrize("module", ["linli.web.settings", "linli.web.wsgi"])
def test_database_journal_and_files_are_readable_by_nobody_else(module: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    named = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
    done = subprocess.run(
        [sys.executable, "-c", WRITE.format(module=module)],
        env={
            **named,
            "LINLI_DATA": str(data),
            "DATABASE_URL": f"sqlite:///{data}/linli.db",
            "DJANGO_SETTINGS_MODULE": "linli.web.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "linli.db" in done.stdout
    made = [data, *data.rglob("*")]
    assert len(made) > 5
    assert [str(one) for one in made if one.stat().st_mode & 0o077] == []
