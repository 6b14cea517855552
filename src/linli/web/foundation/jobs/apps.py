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
        from linli.web.foundation.casework.actions.cleaning import BATCH, run_cleaning
        from linli.web.foundation.casework.actions.deadlines import run_deadlines, run_retention
        from linli.web.foundation.casework.actions.releasing import run_releases
        from linli.web.foundation.jobs.files import MOST, delete_with_rows, finish_deletions, run_sweep
        from linli.web.foundation.jobs.housekeeping import run_housekeeping
        from linli.web.foundation.jobs.schedule import Periodic, register
        from linli.web.foundation.jobs.scrubbing import run_scrubbing

        register(Periodic("deadlines", dt.timedelta(seconds=30), run_deadlines, batch=500))
        # A clock that has leapt years ahead ends every role that has a last day.
        register(Periodic("releases", dt.timedelta(minutes=10), run_releases, destroys=True))
        register(Periodic("attachments", dt.timedelta(seconds=15), run_cleaning, batch=BATCH))
        register(Periodic("retention", dt.timedelta(hours=1), run_retention, batch=500, destroys=True))
        register(Periodic("housekeeping", dt.timedelta(days=1), run_housekeeping, destroys=True))
        register(Periodic("file_deletions", dt.timedelta(minutes=5), finish_deletions, batch=MOST))
        register(Periodic("file_sweep", dt.timedelta(days=1), run_sweep, destroys=True, hour=3))
        register(Periodic("scrubbing", dt.timedelta(days=1), run_scrubbing, hour=4))
        delete_with_rows()
