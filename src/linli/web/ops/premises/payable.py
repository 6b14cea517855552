"""Courtyards that had no watch and set one up, as what N20 rewards: by two surveys, once a courtyard."""

import datetime as dt
from collections.abc import Iterator

from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.payables import Payable, register_payables
from linli.web.ops.premises.kinds import COURTYARD
from linli.web.ops.premises.models import CourtyardSurvey

__all__ = ["newly_guarded", "register_payable"]


def register_payable() -> None:
    """Called by the app's ``ready``."""
    register_payables("guarded_courtyard", newly_guarded)


def newly_guarded(start: dt.date, end: dt.date) -> Iterator[Payable]:
    """Courtyards first found staffed from a day to a day, after a survey that found nobody there.

    Owed to the committee of the place, which sets the watch up; to the post of the beat where there is none.
    """
    rows = CourtyardSurvey.objects.filter(premises__kind=COURTYARD, surveyed_on__lte=end)
    columns = ("premises__code", "premises__station_code", "premises__beat_code", "premises__place_code")
    found = rows.order_by("premises_id", "surveyed_on", "pk").values("surveyed_on", "staffed", *columns)
    offices = _offices()
    seen: dict[str, bool] = {}
    for row in found:
        code = row["premises__code"]
        if code in seen and not seen[code] and row["staffed"] and row["surveyed_on"] >= start:
            place, beat = row["premises__place_code"], row["premises__beat_code"]
            yield Payable(
                record=f"courtyard:{code}",
                on=row["surveyed_on"],
                station=row["premises__station_code"],
                beat=beat,
                organisation_id=offices.get(place) or offices.get(beat),
            )
        # Once staffed, a later lapse and return is no new watch.
        seen[code] = seen.get(code, False) or row["staffed"]


def _offices() -> dict[str, int]:
    """The committee of each place and the post of each beat."""
    found = Organisation.objects.filter(kind__in=("committee", "post"), active=True).order_by("-pk")
    return {code: one.pk for one in found for code in one.codes}
