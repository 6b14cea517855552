"""A pack's ``scoring.toml`` from its folder: read strictly, refused with every reason at once."""

import hashlib
from pathlib import Path

from linli.assessment.rules.bans import check_bans
from linli.assessment.rules.findings import ScoringFindings, say
from linli.assessment.rules.model import Scoring
from linli.assessment.rules.reading import FILE, read_scoring
from linli.kernel.errors import InputRefused
from linli.policy.model import Pack
from linli.policy.reading.table import read_toml

__all__ = ["load_scoring"]


def load_scoring(folder: Path, pack: Pack) -> Scoring:
    """The scoring rules in a pack's folder; none where it has no ``scoring.toml``.

    Parameters
    ----------
    folder : Path
        The folder that ``pack`` was loaded from.

    Raises
    ------
    InputRefused
        The file is not sound; every reason is in ``findings``.
    """
    path = folder / FILE
    if not path.is_file():
        return Scoring(pack=pack.id, rules=(), digest="")
    findings = ScoringFindings()
    content = read_toml(path, findings)
    rules = () if content is None else read_scoring(content, pack, findings)
    check_bans(rules, pack, findings)
    if findings.found:
        text = say("refused", pack=pack.id, count=len(findings.found))
        raise InputRefused(text, tuple(findings.found))
    return Scoring(pack=pack.id, rules=rules, digest=hashlib.sha256(path.read_bytes()).hexdigest())
