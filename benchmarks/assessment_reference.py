"""Assessment statistics against published values: PHE, FunnelPlotR, NHS, qicharts2, spdep, textbooks.

    .venv/bin/python benchmarks/assessment_reference.py

Prints one line for each kind of published value (source, what, how many, largest difference, pass), then
where a published method is wrong or weak with our answer beside it, then what could not be reproduced. Data:
../shared/data/assessment and small_area; values printed in papers and test scripts stand in these modules
with their source. A value published in three units counts three times, a limit printed on every row once;
"earlier trial" is no publication and does not count. Most test methods of others that no page uses; how
many test what pages use (``PAGES``) is printed beside. Exit code 0 when all agree and there are 1,880
values or more, 1 otherwise, 2 without the data.
"""

import sys
from collections.abc import Iterator

import assessment_reference_charts
import assessment_reference_classics
import assessment_reference_funnels
import assessment_reference_peers
import assessment_reference_rates
import assessment_reference_samples
from assessment_reference_checks import DATA, TRIAL, Check

AT_LEAST = 1880
PAGES = (
    "Wilson", "testdata_Prop", "ex_6.5_3", "ex_7.1_5", "tbl_7.4_1", "ex_7.4_1", "ex_7.5_1", "NA_test", "hai_",
    "exact 95 %", "apistrat: mean", "apiclus2",
)  # fmt: skip
"""Checks of what pages show: intervals of shares, XmR, p and u charts with runs, exact limits, surveys."""
NEEDED = ("assessment/phe", "assessment/qicharts2", "assessment/api_strat.csv", "small_area")


def main() -> int:
    """The tables on standard output."""
    absent = [name for name in NEEDED if not (DATA / name).exists()]
    if absent:
        print(
            f"Not run: {', '.join(str(DATA / name) for name in absent)} not found. The published tables are"
        )
        print("kept beside the project, in ../shared/data (see its README.md), not in it.")
        return 2
    checks = list(_checks())
    _print_checks(checks)
    _print_comparisons()
    print("\nNot reproduced")
    for line in assessment_reference_rates.NOT_REPRODUCED:
        print(f"  {line}")
    return _verdict(checks)


def _checks() -> Iterator[Check]:
    yield from assessment_reference_funnels.checks()
    yield from assessment_reference_rates.checks()
    yield from assessment_reference_charts.checks()
    yield from assessment_reference_classics.checks()
    yield from assessment_reference_samples.checks()


def _print_checks(checks: list[Check]) -> None:
    print(f"{'source':26} {'method':58} {'values':>6} {'largest difference':>18} {'allowed':>8}")
    for check in checks:
        result = "pass" if check.passed else "FAIL"
        errors = f"{check.error:18.1e} {check.tolerance:8.0e}"
        print(f"{check.source:26} {check.method:58} {check.values:6d} {errors} {result}")


def _print_comparisons() -> None:
    print("\nWhere a published method is wrong or weak")
    for row in assessment_reference_peers.comparisons():
        print(f"  {row.question}\n      published {row.published}\n      ours      {row.ours}")


def _verdict(checks: list[Check]) -> int:
    failed = [check for check in checks if not check.passed]
    counted = [check for check in checks if check.passed and check.source != TRIAL]
    values, sources = sum(check.values for check in counted), len({check.source for check in counted})
    print(
        f"\n{values:,} published values of {sources} sources reproduced; at least {AT_LEAST:,} are asked for."
    )
    shown = sum(check.values for check in counted if any(name in check.method for name in PAGES))
    print(f"{shown:,} of them test what pages use; the others, methods that ours are held against.")
    for check in failed:
        print(f"FAIL: {check.source}, {check.method}: {check.error:.2e} apart, {check.tolerance:.0e} allowed")
    return 1 if failed or values < AT_LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
