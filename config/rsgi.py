"""What the web server serves: the WSGI application, behind a door at which no thread waits for a client."""

from django.conf import settings  # noqa: TID251 - here settings become values

from config.wsgi import application
from interfaces.server.door import Door
from interfaces.shared.bodies import largest_body

door = Door(application, threads=settings.SERVER_THREADS, largest_body=largest_body)
