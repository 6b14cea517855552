"""A folder that ``linli plan`` wrote becomes the deployment in force, each step recorded."""

import datetime as dt
from pathlib import Path
from typing import Final

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.together import together
from linli.web.foundation.places.actions import Decide, Propose, PutInForce
from linli.web.foundation.places.importing import outlines_of
from linli.web.foundation.places.models import Deployment

__all__ = ["take_in"]

say = catalogue("linli.web.foundation.places")

DEPLOYMENT_FILE: Final = "deployment.json"
OUTLINES_FILE: Final = "beats.geojson"


def take_in(
    folder: Path, actor: Actor, at: dt.datetime, *, reason: str = "", on: dt.date | None = None
) -> Deployment:
    """Put the plan of a folder in force, all or nothing; one that is in force already stays as it is.

    For setting up by the command line: on screen nobody approves what they proposed themselves.

    Raises
    ------
    LinliError
        The folder holds no plan.
    """
    file, drawn = folder / DEPLOYMENT_FILE, folder / OUTLINES_FILE
    if not file.is_file():
        raise LinliError(say("no_plan", folder=folder))
    outlines = outlines_of(drawn.read_text(encoding="utf-8")) if drawn.is_file() else {}
    status = Deployment.Status
    with together():
        version = perform(Propose(file.read_text(encoding="utf-8"), outlines, reason), actor, at)
        if version.status == status.IN_FORCE:
            return version
        if version.status == status.PROPOSED:
            perform(Decide(version.pk, approve=True, note=reason), actor, at)
        start = on or local_day(at)
        return perform(PutInForce(version.pk, start), actor, at)
