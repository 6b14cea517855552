"""The application that gunicorn and waitress serve."""

import os

from django.core.wsgi import get_wsgi_application

__all__ = ["application"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.web.settings")
application = get_wsgi_application()
