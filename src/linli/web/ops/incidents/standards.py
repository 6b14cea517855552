"""What recommendations reckon with: speeds, handicaps, what categories need (``dispatching.toml``)."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from linli.kernel.measures import KilometresPerHour, Minutes, Ratio

__all__ = ["Handicap", "Kind", "Need", "Standards", "Travel", "standards"]

Kind = Literal["patrol_car", "foot_patrol", "post_team"]
Late = Annotated[Minutes, Field(ge=0, le=240)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Travel(_Strict):
    """Great-circle distance × ``detour`` at the speed of the unit's kind."""

    detour: Annotated[Ratio, Field(ge=1, le=5)]
    speed: Mapping[Kind, Annotated[KilometresPerHour, Field(gt=0, le=200)]]


class Handicap(_Strict):
    """Minutes that a unit counts as later, so that one's own come first where it is close."""

    other_beat: Late
    other_station: Late
    unsuited: Late


class Shift(_Strict):
    """How soon a shift's end is worth a word."""

    warn_minutes: Late


class Need(_Strict):
    """Kinds of unit suited to a category, best first, and how many people it takes."""

    kinds: tuple[Kind, ...]
    people: Annotated[int, Field(ge=1, le=50)]


class Standards(_Strict):
    """The whole of the file."""

    travel: Travel
    handicap: Handicap
    shift: Shift
    need: Mapping[str, Need]

    def need_of(self, category: str) -> Need:
        """What a category needs; the default for one that the file does not name."""
        return self.need.get(category, self.need["default"])


@cache
def standards() -> Standards:
    """The standards of this installation, read once."""
    source = resources.files(__package__).joinpath("dispatching.toml").read_text(encoding="utf-8")
    return Standards.model_validate(tomllib.loads(source))
