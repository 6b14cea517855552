"""What a norm sees a place as: plans speak of villages and communities, data of other countries does not."""

from linli.territory.model import Area, Level

__all__ = ["counts_as"]


def counts_as(level: Level, area: Area) -> Level:
    """The level that a norm sees: a tract or district stands where a village or community would."""
    if level in (Level.VILLAGE, Level.COMMUNITY):
        return level
    return Level.COMMUNITY if area is Area.URBAN else Level.VILLAGE
