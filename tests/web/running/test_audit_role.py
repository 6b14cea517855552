"""On PostgreSQL the platform works as a role that cannot alter the log: the statements of the guide, run."""

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from web.running.archives import WORK
from web.running.installation import LINLI, Installation, until

ROOT = Path(__file__).parents[3]
GUIDES = ("running.md", "running.zh.md")
OWN = (
    "SELECT format('ALTER TABLE %%I OWNER TO %%I', tablename, %s::text) "
    "FROM pg_tables WHERE schemaname = 'public'"
)
FORBIDDEN = (
    "UPDATE audit_entry SET actor_name = 'x'",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "DROP TABLE audit_entry",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "DELETE FROM audit_lane",
    "TRUNCATE audit_lane",
    "CREATE RULE gone AS ON INSERT TO audit_entry DO INSTEAD NOTHING",
)


def statements(guide: str) -> list[str]:
    text = (ROOT / "docs" / "guides" / guide).read_text(encoding="utf-8")
    (block,) = re.findall(r"```sql\n-- audit role\n(.*?)```", text, re.S)
    return [line for line in block.splitlines() if line.strip()]


# Guard 14
@pytest.mark.any_database
def test_both_guides_have_the_same_statements() -> None:
    assert statements(GUIDES[0]) == statements(GUIDES[1])
    assert len(statements(GUIDES[0])) == 10


def as_role(url: str, role: str) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:secret@{place}"))


def checked(place: Installation) -> str:
    """What the check says, whatever it finds; statistics of a vacuum come a moment after it."""
    environment = place.environment
    command = [LINLI, "--language", "en", "platform", "check"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout


# Guard 14
def test_the_role_that_works_can_add_to_the_log_and_not_alter_it(county_at_work: Installation) -> None:
    if county_at_work.is_sqlite:
        pytest.skip("SQLite has no roles")
    works, owns = f"works_{os.getpid()}", f"owns_{os.getpid()}"
    with psycopg.connect(county_at_work.url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {works} LOGIN PASSWORD 'secret'")  # type: ignore[arg-type]
        for (sql,) in connection.execute(OWN, [works]).fetchall():
            connection.execute(sql)
        for sql in statements("running.md"):
            named = sql.replace("linli_owner", owns)
            connection.execute(re.sub(r"\blinli\b", works, named))  # type: ignore[arg-type]
        connection.execute(f"ALTER ROLE {owns} PASSWORD 'secret'")  # type: ignore[arg-type]
    place = Installation(county_at_work.folder, as_role(county_at_work.url, works))
    before = place.one("SELECT COUNT(*) FROM audit_entry")
    for sql in FORBIDDEN:
        with psycopg.connect(place.url) as connection:
            refused = "permission denied|must be owner"
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match=refused):
                connection.execute(sql)  # type: ignore[arg-type]
    place.python(WORK)
    assert place.one("SELECT COUNT(*) FROM audit_entry") > before
    assert "is whole" in place.linli("--language", "en", "audit", "verify")
    # What was deleted is freed by the owner alone: the check says so until it was.
    assert "has not left" in place.linli("--language", "en", "platform", "check", code=2)
    assert "owns no table" in place.linli("--language", "en", "platform", "scrub", code=2)
    owner = Installation(county_at_work.folder, as_role(county_at_work.url, owns))
    assert "Freed" in owner.linli("--language", "en", "platform", "scrub")
    until(lambda: "has not left" not in checked(place))
    with psycopg.connect(county_at_work.url, autocommit=True) as connection:
        connection.execute(f"DROP OWNED BY {works}, {owns} CASCADE")  # type: ignore[arg-type]
        connection.execute(f"DROP ROLE {works}, {owns}")  # type: ignore[arg-type]
