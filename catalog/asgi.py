"""The door through which an ASGI server calls the site."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from catalog.databases import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catalog.settings")

application = get_asgi_application()
limit_statements(settings.DATABASES)
