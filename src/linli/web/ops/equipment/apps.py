"""The equipment app."""

from django.apps import AppConfig

__all__ = ["EquipmentConfig"]


class EquipmentConfig(AppConfig):
    """Equipment (L9, L13, Q3, N15): place, purpose, keeper, status, maintenance. No image, plate or face."""

    name = "linli.web.ops.equipment"
    label = "equipment"
