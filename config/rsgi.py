"""The RSGI application that the web server serves: the WSGI application behind the door."""

from django.conf import settings  # noqa: TID251 - here settings become values

from config.wsgi import application
from interfaces.server.door import Door

door = Door(application, threads=settings.SERVER_THREADS)
