"""Whether the counts of each clause check add up and its status follows from them."""

from collections.abc import Iterator

from linli.kernel.texts import Text, catalogue
from linli.planning.deployment import ClauseCheck
from linli.planning.verification.register import Register

__all__ = ["outcomes"]

say = catalogue("linli.planning.verification")

NOT_EVALUATED = ("waiting", "declined", "not_applicable", "reproduced", "differs", "worked_out")


def outcomes(known: Register) -> Iterator[Text]:
    """Rows met, not met and unknown make up the rows checked, and the status is the worst of them."""
    for check in known.deployment.checks:
        counted = check.met + check.not_met + check.unknown
        if counted > check.rows or min(check.met, check.not_met, check.unknown) < 0:
            yield say("outcomes.rows", clause=check.clause, rows=check.rows, counted=counted)
        if check.status not in _possible(check):
            yield say("outcomes.status", clause=check.clause, status=say(f"status.{check.status}"))
        if len(check.failing) > check.not_met:
            yield say(
                "outcomes.failing", clause=check.clause, failing=len(check.failing), not_met=check.not_met
            )


def _possible(check: ClauseCheck) -> tuple[str, ...]:
    if check.not_met:
        return ("not_met", "not_yet_due")
    if check.unknown:
        return ("unknown", *NOT_EVALUATED)
    return ("met", *NOT_EVALUATED) if check.met else (*NOT_EVALUATED, "unknown", "not_yet_due")
