"""A month of assessment at each of its stages, made from made-up facts where it is not there yet."""

import datetime as dt

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import Grant, Organisation, User
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.workbench.assessment.actions.consequences import Propose
from linli.web.workbench.assessment.actions.periods import (
    ApproveStation,
    LockVersion,
    OpenPeriod,
    OrderVersion,
)
from linli.web.workbench.assessment.computing import compute_version
from linli.web.workbench.assessment.keeping import facts_folder
from linli.web.workbench.assessment.models import Period, Version
from linli.web.workbench.assessment.selectors import stations_of
from linli.web.workbench.assessment.synthetic import write_synthetic
from web.county import NOW, county_in_force

PACK = "nanlu-2012"
MONTH = "2026-02"


def planner() -> Actor:
    return actor_of(User.objects.get(username="guihua"), NOW)


def made_period() -> Period:
    """February, open, with facts to compute it from."""
    found = Period.objects.first()
    if found is not None:
        return found
    write_synthetic(facts_folder(), county_in_force(), dt.date(2026, 2, 1))
    return perform(OpenPeriod(pack=PACK, month=MONTH), planner(), NOW)


def made_computed() -> Version:
    """Its first version."""
    period = made_period()
    found = period.versions.first()
    if found is not None:
        return found
    return compute_version(perform(OrderVersion(period_id=period.pk), planner(), NOW).pk, NOW)


def approved(version: Version) -> Version:
    """Approved for every station; for the third one the county has no chief in the cast."""
    for station in stations_of(version):
        organisation = Organisation.objects.get(code=f"station:{station}")
        grant = Grant.objects.filter(role="chief", organisation=organisation).first()
        if grant is None:
            user = User.objects.create_user(f"suo-{station}"[:60], None, display_name="所长")
            grant = Grant.objects.create(
                user=user, role="chief", organisation=organisation, starts=dt.date(2026, 1, 1)
            )
        perform(ApproveStation(version_id=version.pk, station=station), actor_of(grant.user, NOW), NOW)
    version.refresh_from_db()
    return version


def made_locked() -> Version:
    """Its first version, approved by every station and locked by the county."""
    version = made_computed()
    if version.status == Version.Status.LOCKED:
        return version
    return perform(LockVersion(version_id=approved(version).pk), planner(), NOW)


def made_proposed() -> Version:
    """Its consequences are put before those assessed."""
    version = made_locked()
    if version.proposed_at is not None:
        return version
    return perform(Propose(version_id=version.pk), planner(), NOW)
