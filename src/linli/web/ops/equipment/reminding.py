"""What comes round for equipment: maintenance that is due, and places whose codes have changed."""

import datetime as dt

from django.db.models import Q

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.places.locating import current_map
from linli.web.ops.equipment.actions.base import local_day
from linli.web.ops.equipment.actions.keeping import Relocate, RemindMaintenance
from linli.web.ops.equipment.models import Device

__all__ = ["remind"]


def remind(at: dt.datetime, *, most: int = 500) -> int:
    """Remind of maintenance that is due, and bring codes of places up to date; how many devices."""
    today = local_day(at)
    due = Device.objects.filter(maintain_on__lte=today, reminded_on=None).exclude(
        status=Device.Status.RETIRED
    )
    first = list(due.order_by("maintain_on", "pk").values_list("pk", flat=True)[:most])
    for pk in first:
        perform(RemindMaintenance(device_id=pk), SYSTEM, at)
    moved = _elsewhere(most - len(first))
    for pk in moved:
        perform(Relocate(device_id=pk), SYSTEM, at)
    return len(first) + len(moved)


def _elsewhere(most: int) -> list[int]:
    current = current_map()
    if current is None:
        return []
    old = Device.objects.filter(~Q(version_id=current.version) | Q(version_id=None))
    return list(old.order_by("pk").values_list("pk", flat=True)[:most])
