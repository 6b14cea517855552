"""The independent checker of deployments; it shares no code with the planners."""

from linli.planning.verification.verdict import Verdict
from linli.planning.verification.verify import verify

__all__ = ["Verdict", "verify"]
