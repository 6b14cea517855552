"""The equipment app."""

import datetime as dt

from django.apps import AppConfig

from linli.web.foundation.screens.navigation import Item, register_item

__all__ = ["EquipmentConfig"]


class EquipmentConfig(AppConfig):
    """Equipment (L9, L13, Q3, N15, D4): a register of devices, never of what they record."""

    name = "linli.web.ops.equipment"
    label = "equipment"

    def ready(self) -> None:
        """Put the register into the menu and its reminders among the jobs."""
        from linli.web.foundation.jobs.schedule import Periodic, register
        from linli.web.ops.equipment.facts import register_facts
        from linli.web.ops.equipment.reminding import remind

        register_item(
            Item(key="equipment:nav", url="equipment", icon="device-mobile", order=70, kind="equipment")
        )
        register(Periodic("equipment", dt.timedelta(hours=1), remind, batch=500))
        register_facts()
