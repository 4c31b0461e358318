"""The RSGI application that the web server serves: the WSGI application behind the door."""

import sys

from django.conf import settings  # noqa: TID251 - here settings become values

from config.database_check import log_faults
from config.wsgi import application
from interfaces.server.door import Door

if not settings.DEBUG:  # `make run` has said it already
    log_faults()

# The event loop hands requests on and waits for its turn each time: as Python has it, for 5 ms while threads work.
sys.setswitchinterval(0.001)

door = Door(application, threads=settings.SERVER_THREADS)
