"""The jobs app."""

import datetime as dt

from django.apps import AppConfig

__all__ = ["JobsConfig"]


class JobsConfig(AppConfig):
    """Leases, schedules, the worker."""

    name = "linli.web.foundation.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Put what comes round for every case on the schedule; features add their own."""
        from linli.web.foundation.casework.actions.deadlines import run_deadlines, run_retention
        from linli.web.foundation.jobs.housekeeping import run_housekeeping
        from linli.web.foundation.jobs.schedule import Periodic, register

        register(Periodic("deadlines", dt.timedelta(seconds=30), run_deadlines, batch=500))
        register(Periodic("retention", dt.timedelta(hours=1), run_retention, batch=500, destroys=True))
        register(Periodic("housekeeping", dt.timedelta(days=1), run_housekeeping, destroys=True))
