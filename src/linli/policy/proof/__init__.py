"""Proof that a pack does what its worked cases say: every case, and every small change of the pack."""

from linli.policy.proof.cases import CaseResult, run_cases
from linli.policy.proof.mutants import Mutant, mutants_of
from linli.policy.proof.report import ENOUGH, Proof, prove

__all__ = ["ENOUGH", "CaseResult", "Mutant", "Proof", "mutants_of", "prove", "run_cases"]
