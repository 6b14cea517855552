"""The platform's benchmark: `.venv/bin/python benchmarks/platform.py [cases]`; see `platform_pages.py`.

A script's folder comes first where Python looks for modules, so that every benchmark beside this file
would find it in place of the standard library's ``platform``. Imported by that name, it gives them the
standard one.
"""

import importlib.util
import sys
import sysconfig
from pathlib import Path


def _standard() -> None:
    source = Path(sysconfig.get_path("stdlib")) / "platform.py"
    spec = importlib.util.spec_from_file_location("platform", source)
    if spec is None or spec.loader is None:
        raise ImportError(f"no standard module at {source}")
    module = importlib.util.module_from_spec(spec)
    sys.modules["platform"] = module
    spec.loader.exec_module(module)


if __name__ != "__main__":
    _standard()
else:
    _standard()
    from platform_pages import main

    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
