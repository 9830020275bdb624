"""The web server's door."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.project.settings")
application = get_wsgi_application()
# Pages are loaded before the server forks: a fault in one stops the start instead of showing to the first visitor.
assert get_resolver().url_patterns
