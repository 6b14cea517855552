"""The stipend rules of the installed packs, those of the plan in force first."""

from functools import cache
from pathlib import Path

from linli.assessment.stipends.model import StipendRule, Stipends
from linli.assessment.stipends.reading import FILE, load_stipends
from linli.kernel.errors import LinliError
from linli.policy.loading import find_pack, load_pack, pack_folders, shipped_packs
from linli.web.foundation.once import once
from linli.web.foundation.places.models import Deployment

__all__ = ["every_rule", "rule_of", "stipends_of"]


def stipends_of(name: str) -> Stipends | None:
    """A pack's rules; ``None`` where there is no such pack, or its file is not in order."""
    try:
        return _read(find_pack(name, shipped_packs()))
    except LinliError:
        return None


@cache
def _read(folder: Path) -> Stipends:
    return load_stipends(folder, load_pack(folder))


def every_rule() -> list[tuple[Stipends, StipendRule]]:
    """Every rule that a budget line can be opened for: a county may take up a clause of another plan."""
    first = once("pack in force", _pack_in_force)
    names = [folder.name for folder in pack_folders(shipped_packs()) if (folder / FILE).is_file()]
    found = (stipends_of(name) for name in sorted(names, key=lambda name: (name != first, name)))
    return [(one, rule) for one in found if one is not None for rule in one.rules]


def rule_of(id_: str) -> tuple[Stipends, StipendRule] | None:
    """A rule by its id, which begins with its clause and so is nobody else's."""
    return next((pair for pair in every_rule() if pair[1].id == id_), None)


def _pack_in_force() -> str | None:
    status = Deployment.Status.IN_FORCE
    return Deployment.objects.filter(status=status).values_list("pack", flat=True).first()
