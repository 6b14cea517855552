"""The result of checking a pack: failing cases, unnoticed mutants, arguments that do not hold."""

from dataclasses import dataclass
from typing import Final

from linli.kernel.measures import Percent
from linli.policy.model import Equivalent, Pack
from linli.policy.proof.cases import CaseResult, run_cases
from linli.policy.proof.mutants import mutants_of

__all__ = ["ENOUGH", "Proof", "prove"]

ENOUGH: Final = Percent(95.0)
"""Share of mutants that the worked cases of a pack must notice."""


@dataclass(frozen=True)
class Proof:
    """What ``linli pack check`` found.

    ``argued`` are mutants that the pack says mean the same as the original and that indeed no case
    notices; they are left out of the share and always listed. ``stale`` are arguments about mutants
    that do not exist or that a case does notice.
    """

    cases: tuple[CaseResult, ...]
    mutants: int
    noticed: int
    unnoticed: tuple[str, ...]
    argued: tuple[Equivalent, ...]
    stale: tuple[str, ...]

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """Cases that came out otherwise than expected."""
        return tuple(result for result in self.cases if not result.holds)

    @property
    def share(self) -> Percent:
        """Mutants noticed among those not argued to be equivalent; 100 where there are none."""
        counted = self.noticed + len(self.unnoticed)
        return Percent(100.0 if counted == 0 else 100.0 * self.noticed / counted)

    @property
    def passes(self) -> bool:
        """Whether all cases hold, arguments stand and enough mutants are noticed."""
        return not self.failed and not self.stale and self.share >= ENOUGH


def prove(pack: Pack) -> Proof:
    """Run every worked case of a pack, then every mutant against the cases."""
    cases = run_cases(pack)
    mutants = {mutant.id: mutant for mutant in mutants_of(pack)}
    noticed = {name for name, mutant in mutants.items() if mutant.noticed()}
    arguments = {argument.mutant: argument for argument in pack.equivalents}
    argued = tuple(a for name, a in arguments.items() if name in mutants and name not in noticed)
    stale = tuple(name for name in arguments if name not in mutants or name in noticed)
    unnoticed = tuple(name for name in mutants if name not in noticed and name not in arguments)
    return Proof(cases, len(mutants), len(noticed), unnoticed, argued, stale)
