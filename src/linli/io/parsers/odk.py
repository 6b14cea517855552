"""ODK Validate, which pyxform brings along and Java runs, asked about an XForm."""

import importlib.util
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

__all__ = ["WrongForm", "is_validated"]

SECONDS: Final = 60
HEAP: Final = "-Xmx256m"


class WrongForm(Exception):
    """The form is not as it should be; the message is the program's."""


def is_validated(xform: str) -> bool:
    """Whether it was looked at: ``False`` where there is no Java, or no answer in time.

    Raises
    ------
    WrongForm
        It was found to be wrong.
    """
    java, jar = shutil.which("java"), _jar()
    if java is None or jar is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xml"
        path.write_text(xform, encoding="utf-8")
        command = [java, HEAP, "-Djava.awt.headless=true", "-jar", str(jar), str(path)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        except (subprocess.TimeoutExpired, OSError):
            return False
    if done.returncode > 0:
        raise WrongForm(done.stderr.decode("utf-8", "replace"))
    return done.returncode == 0


def _jar() -> Path | None:
    """Where the program is, without loading pyxform, which takes a second."""
    found = importlib.util.find_spec("pyxform")
    if found is None or found.origin is None:
        return None
    jar = Path(found.origin).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
    return jar if jar.exists() else None
