"""Loads the demonstration: a plan's folder, the cast, addresses, then each app's own part.

Loading it again adds only what is not there: each app's part goes in whole, once. The same seed and
moment make the same data.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from django.apps import apps
from django.conf import settings
from django.db import transaction

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue
from linli.web.demonstration.addresses import make_addresses, post_addresses
from linli.web.demonstration.cast import CAST, make_cast, stage_of
from linli.web.demonstration.models import Filled
from linli.web.demonstration.scene import PASSWORD, Scene
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import User
from linli.web.foundation.actions.numbers import numbers_from
from linli.web.foundation.places.models import Deployment
from linli.web.foundation.places.taking_in import take_in

__all__ = ["PASSWORD", "Scene", "demo_accounts", "is_loaded", "load", "parts"]

say = catalogue("linli.web.demonstration")

SEED: Final = 1
_CAST_PART: Final = "cast"


def parts() -> Iterator[str]:
    """The modules that fill a part of the demonstration, in the order of the installed apps."""
    for app in apps.get_app_configs():
        name = f"{app.name}.demonstration"
        if app.name.startswith("linli.web.") and find_spec(name) is not None:
            yield name


def is_loaded() -> bool:
    """Whether the database holds the demonstration."""
    return Filled.objects.filter(app=_CAST_PART).exists()


def load(
    folder: Path | None, at: dt.datetime, *, seed: int = SEED, tell: Callable[[str], None] | None = None
) -> None:
    """Load whatever of the demonstration is not there yet.

    Parameters
    ----------
    folder
        A folder that ``linli plan`` wrote; may be left out where a deployment is in force.
    tell
        Told the name of each part that was filled.

    Raises
    ------
    LinliError
        The server is a production server, the database holds accounts of its own, or there is no plan.
    """
    _refuse_real()
    version = _deployment(folder, at)
    stage = stage_of(version)
    with transaction.atomic():
        if not is_loaded():
            since = local_day(at) - dt.timedelta(days=60)
            make_cast(stage, since, password=PASSWORD)
            make_addresses(version, stage, random.Random(f"{seed}:addresses"))  # noqa: S311
            Filled.objects.create(app=_CAST_PART, at=at)
    cast = {user.username: user for user in demo_accounts()}
    near = post_addresses(version, stage.post)
    for name in parts():
        rng = random.Random(f"{seed}:{name}")  # noqa: S311 - made-up data, the same for the same seed
        scene = Scene(version=version, stage=stage, cast=cast, rng=rng, now=at, addresses=near)
        # Apart from the scene's, so that what is made up does not hang on how many numbers were drawn.
        numbers = random.Random(f"{seed}:{name}:numbers")  # noqa: S311 - as above
        with numbers_from(numbers):
            filled = _fill(name, scene)
        if filled and tell is not None:
            tell(name)


def _fill(name: str, scene: Scene) -> bool:
    with transaction.atomic():
        if Filled.objects.filter(app=name).exists():
            return False
        import_module(name).fill(scene)
        Filled.objects.create(app=name, at=scene.now)
    return True


def _refuse_real() -> None:
    if settings.PRODUCTION:
        raise LinliError(say("in_production"))
    others = User.objects.exclude(username__in=[member.username for member in CAST])
    if others.exists() and not is_loaded():
        raise LinliError(say("real_accounts", count=others.count()))


def _deployment(folder: Path | None, at: dt.datetime) -> Deployment:
    in_force = Deployment.objects.filter(status=Deployment.Status.IN_FORCE).first()
    if in_force is not None and (folder is None or is_loaded()):
        return in_force
    if folder is None:
        raise LinliError(say("no_plan"))
    return take_in(folder, SYSTEM, at, reason=say("reason").zh)


def demo_accounts() -> list[User]:
    """The accounts of the cast that are there, in the cast's order."""
    order = {member.username: number for number, member in enumerate(CAST)}
    return sorted(User.objects.filter(username__in=order), key=lambda user: order[user.username])
