"""The composition: a territory, a pack, a day and a seed become a deployment."""

from linli.planning.composition.compose import compose
from linli.planning.composition.today import KEEPING

__all__ = ["KEEPING", "compose"]
