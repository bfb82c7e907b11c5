"""The WSGI application that granian serves."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wasl.app.settings")

from django.core.wsgi import get_wsgi_application

from wasl.app import warm

application = get_wsgi_application()
warm.begin()
