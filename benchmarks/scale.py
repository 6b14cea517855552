"""Scale: `linli plan` with its whole report on synthetic territories, against 5 minutes and 4 GB.

    .venv/bin/python benchmarks/scale.py                  100,000 places
    .venv/bin/python benchmarks/scale.py 1000 10000       other sizes

Every size is made up from a fixed seed, planned in a process of its own and checked again by
`linli deployment check`. Exit code 1 where a limit is broken or the check finds a fault.
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

LINLI = str(Path(sys.executable).parent / "linli")
PACK = ("--pack", "hengshan-2020", "--on", "2020-10-31")
MOST_SECONDS = 300.0
MOST_GIGABYTES = 4.0


@dataclass(frozen=True)
class Run:
    """What one command took: seconds by the clock and of the processor, and its peak memory."""

    code: int
    clock: float
    processor: float
    gigabytes: float


def run(*command: str) -> Run:
    """Run a command and measure it; its own output is thrown away."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    clock = time.monotonic() - begun
    code = os.waitstatus_to_exitcode(status)
    return Run(code, clock, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024**2)


def measure(places: int, folder: Path) -> bool:
    """Plan one synthetic territory and print its line; true where all limits hold."""
    territory, out = folder / f"synthetic-{places}", folder / f"plan-{places}"
    subprocess.run(
        [LINLI, "territory", "synthesise", str(territory), "--places", str(places)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    planned = run(LINLI, "plan", str(territory), *PACK, "--out", str(out))
    checked = run(LINLI, "deployment", "check", str(out / "deployment.json"))
    written = sum(file.stat().st_size for file in out.iterdir()) / 1024**2
    print(
        f"{places:>9,}  {planned.clock:>8.1f}  {planned.processor:>11.1f}  {planned.gigabytes:>9.2f}"
        f"  {written:>11.1f}  {'stands' if checked.code == 0 else 'FAULTS'}"
    )
    within = planned.clock <= MOST_SECONDS and planned.gigabytes <= MOST_GIGABYTES
    return planned.code == 0 and checked.code == 0 and within


def main(sizes: list[int]) -> int:
    """Print the table; 1 where a limit is broken."""
    print("   places   clock s  processor s  memory GB  written MiB  check")
    with tempfile.TemporaryDirectory() as folder:
        kept = [measure(places, Path(folder)) for places in sizes]
    print(f"    limit  {MOST_SECONDS:>8.1f}               {MOST_GIGABYTES:>9.2f}")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or [100_000]))
