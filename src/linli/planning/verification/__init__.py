"""The independent checker of deployments; it shares no code with the planners."""

from linli.planning.verification.against_pack import verify_against_pack
from linli.planning.verification.against_territory import verify_against_territory
from linli.planning.verification.verdict import Verdict
from linli.planning.verification.verify import verify

__all__ = ["Verdict", "verify", "verify_against_pack", "verify_against_territory"]
