"""What a map can be coloured by, in classes that the page, the PDF and the legend share.

Colours are ColorBrewer's PuOr, Blues and OrRd in five classes (C. Brewer, colorbrewer2.org, Apache-2.0):
told apart by readers who do not see red or green, and, for the sequential two, on grey paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from linli.kernel.texts import Catalogue, Text, catalogue
from linli.planning.deployment import Beat, Deployment
from linli.planning.yardstick import load_ratio, reading_of, rule_of, with_measure
from linli.report.figures import TOLERANCE, largest_gap, needs_by_beat

__all__ = ["LayerClass", "MapLayer", "map_layers", "telling"]

DIVERGING = ("#5e3c99", "#b2abd2", "#eef1f4", "#fdb863", "#e66101")
BLUES = ("#e3eef9", "#b3d3ea", "#6baed6", "#2f7fbc", "#08519c")
REDS = ("#eef1f4", "#fdd49e", "#fc8d59", "#d7301f", "#7f0000")
NOTHING = "#c5cbd3"
FAR = 0.20
"""Share of the target beyond which a workload counts as far from it."""

MINUTE_STEPS = (
    (1, 2, 3, 4),
    (2, 4, 6, 8),
    (3, 6, 9, 12),
    (5, 10, 15, 20),
    (10, 20, 30, 40),
    (15, 30, 45, 60),
    (30, 60, 90, 120),
)
GAP_STEPS = ((0, 1, 2, 4), (0, 2, 5, 10), (0, 5, 10, 20), (0, 10, 25, 50), (0, 25, 100, 250))


@dataclass(frozen=True)
class LayerClass:
    """One class: its colour and what it stands for."""

    colour: str
    label: Text


@dataclass(frozen=True, kw_only=True)
class MapLayer:
    """One way to colour beats; ``index`` gives each beat's class, in the order of the deployment."""

    id: str
    title: Text
    classes: tuple[LayerClass, ...]
    index: tuple[int, ...]

    def colour(self, beat: int) -> str:
        """The colour of one beat."""
        return self.classes[self.index[beat]].colour


def map_layers(deployment: Deployment) -> tuple[MapLayer, ...]:
    """Workload against target, travel time, staff gap and the verdict of the clause's rule."""
    return _load(deployment), _minutes(deployment), _gaps(deployment), _rule(deployment)


def telling(layers: Sequence[MapLayer]) -> tuple[MapLayer, ...]:
    """The layers that hold a value for any beat; all of them where none does."""
    found = tuple(layer for layer in layers if any(i < len(layer.classes) - 1 for i in layer.index))
    return found or tuple(layers)


def _load(deployment: Deployment) -> MapLayer:
    say = catalogue(__package__)
    words = ("far_below", "below", "within", "above", "far_above", "no_target")
    colours = (*DIVERGING, NOTHING)

    def place(beat: Beat) -> int:
        ratio = load_ratio(beat)
        if ratio is None:
            return 5
        near = _near(beat, deployment) + 1e-9
        far = max(near, FAR)
        return int(np.searchsorted((1 - far, 1 - near, 1 + near, 1 + far), ratio))

    return MapLayer(
        id="load",
        title=say("layer.load"),
        classes=tuple(LayerClass(c, say(f"layer.load.{w}")) for c, w in zip(colours, words, strict=True)),
        index=tuple(place(beat) for beat in deployment.beats),
    )


def _near(beat: Beat, deployment: Deployment) -> float:
    """How far from its target a load still looks close: as far as a rule about loads lets it go."""
    rule = rule_of(beat, deployment.beat_rules)
    tolerance = None if rule is None else with_measure(rule).tolerance
    return TOLERANCE if tolerance is None else tolerance


def _rule(deployment: Deployment) -> MapLayer:
    say = catalogue(__package__)
    sides = [reading_of(beat, deployment).side for beat in deployment.beats]
    words = ("below", "inside", "above", "unknown")
    colours = (DIVERGING[0], DIVERGING[2], DIVERGING[4], NOTHING)
    return MapLayer(
        id="rule",
        title=say("layer.rule"),
        classes=tuple(LayerClass(c, say(f"layer.rule.{w}")) for c, w in zip(colours, words, strict=True)),
        index=tuple(3 if side is None else side + 1 for side in sides),
    )


def _minutes(deployment: Deployment) -> MapLayer:
    return _sequential(
        "minutes", [b.mean_minutes for b in deployment.beats], MINUTE_STEPS, BLUES, "unit.minutes"
    )


def _gaps(deployment: Deployment) -> MapLayer:
    needs = needs_by_beat(deployment)
    gaps = [largest_gap(needs.get(b.id, ())) for b in deployment.beats]
    return _sequential("gap", gaps, GAP_STEPS, REDS, "unit.person", whole=True)


def _sequential(
    key: str,
    values: Sequence[float | int | None],
    steps: Sequence[Sequence[int]],
    colours: Sequence[str],
    unit: str,
    *,
    whole: bool = False,
) -> MapLayer:
    """Five classes with round breaks that fit the values: the last break is near their largest tenth."""
    say = catalogue(__package__)
    known = [v for v in values if v is not None]
    high = float(np.quantile(known, 0.9)) if known else 0.0
    breaks = next((s for s in steps if s[-1] >= high), steps[-1])
    labels = [
        _whole(say, -1, breaks[0], unit) if whole else say("layer.up_to", most=breaks[0], unit=say(unit))
    ]
    labels += [
        _whole(say, a, b, unit) if whole else say("layer.between", least=a, most=b, unit=say(unit))
        for a, b in pairwise(breaks)
    ]
    labels.append(say("layer.above", least=breaks[-1], unit=say(unit)))
    classes = [LayerClass(c, label) for c, label in zip(colours, labels, strict=True)]
    classes.append(LayerClass(NOTHING, say("layer.no_value")))
    return MapLayer(
        id=key,
        title=say(f"layer.{key}"),
        classes=tuple(classes),
        index=tuple(len(breaks) + 1 if v is None else int(np.searchsorted(breaks, v)) for v in values),
    )


def _whole(say: Catalogue, above: int, most: int, unit: str) -> Text:
    """The label of a class of whole numbers: ``above`` is the last number of the class before it."""
    if above + 1 >= most:
        return say("layer.exactly", number=most, unit=say(unit))
    return say("layer.whole", least=above + 1, most=most, unit=say(unit))
