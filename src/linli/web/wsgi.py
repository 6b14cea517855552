"""The application that gunicorn and waitress serve."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from linli.web.starting import nothing_collected

__all__ = ["application"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.web.settings")
with nothing_collected():
    application = get_wsgi_application()
    # The addresses bring in every page: loaded here, no visitor waits for them.
    get_resolver().url_patterns  # noqa: B018


def _hold() -> None:
    """Say that a web process runs; a restore that was killed is carried to its end first."""
    from linli.web.foundation.operations.backup.restoring import settle
    from linli.web.foundation.operations.running import hold

    hold("web", first=settle)


_hold()


def _refuse_demonstration() -> None:
    # Imported now: it needs Django to be set up.
    from django.conf import settings
    from django.db import connections

    from linli.web.demonstration.guard import refuse_demonstration

    refuse_demonstration()
    if settings.PRODUCTION:
        # A server that forks afterwards must not share a connection with its children.
        connections.close_all()


_refuse_demonstration()
