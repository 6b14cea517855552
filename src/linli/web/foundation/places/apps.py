"""The places app."""

import datetime as dt

from django.apps import AppConfig

__all__ = ["PlacesConfig"]


class PlacesConfig(AppConfig):
    """The territory and its deployments."""

    name = "linli.web.foundation.places"
    label = "places"

    def ready(self) -> None:
        """Menu, and the day on which an approved version begins."""
        from linli.web.foundation.jobs.schedule import Periodic, register
        from linli.web.foundation.places.scheduling import run_schedule
        from linli.web.foundation.screens.navigation import Item, register_item

        register_item(Item(key="places:nav", url="deployments", icon="map-2", order=80, kind="deployment"))
        register_item(
            Item(
                key="places:nav.addresses", url="address_register", icon="home-2", order=81, kind="deployment"
            )
        )
        register(Periodic("deployments", dt.timedelta(minutes=10), run_schedule))
