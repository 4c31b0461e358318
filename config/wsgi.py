"""What a WSGI server serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")

application = get_wsgi_application()

from interfaces.api.documents import document_of  # noqa: E402 - it needs the application loaded
from interfaces.api.urls import VERSIONS  # noqa: E402 - as above

for version in VERSIONS:
    document_of(version)

# What is loaded by now lives as long as the process, so nobody needs to look through it for circles again: with it,
# looking through the rows of a large answer took as long as reading them.
gc.collect()
gc.freeze()
