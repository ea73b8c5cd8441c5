# SPDX-License-Identifier: Apache-2.0
"""The web application as the web server loads it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from comity.jobs.services import queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.server.settings")
application = get_wsgi_application()
# Every address and every task is loaded now: a fault in one stops the start, not the first
# officer's request.
addresses = get_resolver().url_patterns
tasks = queue().tasks
