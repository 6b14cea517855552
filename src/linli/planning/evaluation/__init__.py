"""A pack's clauses evaluated on a deployment; it knows none of the planners."""

from linli.planning.evaluation.clauses import clause_checks
from linli.planning.evaluation.columns import Columns
from linli.planning.evaluation.levels import counts_as

__all__ = ["Columns", "clause_checks", "counts_as"]
