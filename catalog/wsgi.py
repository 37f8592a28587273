"""The door through which a WSGI server calls the site."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from catalog.databases import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catalog.settings")

application = get_wsgi_application()
limit_statements(settings.DATABASES)

from trials.search.warming import keep_warm  # noqa: E402 - models are ready only now

keep_warm()
