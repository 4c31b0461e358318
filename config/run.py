"""What `make run` does: a plant on this machine, from nothing to an address for the browser."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping

import django
from django.core.management import call_command
from django.db import Error, connection

from config.child import child, manage
from config.database import database
from config.ending import CannotRunError, ToldToEndError, ending_in_order
from config.state import kept, usable_state_folder

HOST = "127.0.0.1"
#: Seconds that the web server has until it answers.
PATIENCE = 60
SAMPLE = "samples/cidery"
WELCOME = """
Lignage is ready: {address}/api/v1/docs

Token (for development only): {token}

  curl -H "Authorization: Bearer {token}" {address}/api/v1/campaigns/
  curl -H "Authorization: Bearer {token}" "{address}/api/v1/lots/?on_hand=positive&limit=5"

Ctrl-C ends it.
"""


def main() -> None:
    """Run until told to end."""
    with ending_in_order(signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        try:
            run()
        except ToldToEndError:
            say("Lignage has ended.")


def run() -> None:
    """Prepare the database and the pages, then serve them.

    Raises CannotRunError.
    """
    port = free_port()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    # Children take leases of their own on the embedded database, so they don't inherit what database() sets.
    environment = os.environ | {"PORT": str(port)}
    usable_state_folder()
    with database():
        identity = prepare(environment)
        token = kept(f"token-{identity}", lambda: new_token(environment))
        with child("-m", "config.serve", environment=environment) as server:
            wait_until_ready(server, port)
            say(WELCOME.format(address=f"http://{HOST}:{port}", token=token))
            code = server.wait()
    raise CannotRunError(f"The web server ended by itself, with exit code {code}.")


def free_port() -> int:
    """Read PORT, 8000 by default, and make sure that nobody listens there."""
    given = os.environ.get("PORT") or "8000"
    if not (given.isdecimal() and 0 < int(given) < 2**16):
        raise CannotRunError(f"PORT has to be a number from 1 to 65535, not {given!r}.")
    try:
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, int(given)))
    except OSError as error:
        raise CannotRunError(
            f"Port {given} can't be used: {error.strerror}. Try another: make run PORT=8001"
        ) from error
    return int(given)


def prepare(environment: Mapping[str, str]) -> str:
    """Bring the tables and the static files up to date, and load the sample plant at the first start.

    An interrupted first start is taken up again. Answers what tells this database from every other.
    """
    os.environ["DATABASE_AS_OWNER"] = "true"
    django.setup()
    identity, empty = look_at_database()
    first_start = usable_state_folder() / f"first-start-{identity}"
    if empty:
        first_start.touch()
        say("First start: preparing the database.")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    connection.close()
    if first_start.exists():
        if os.environ.get("SAMPLE") != "0":
            say(f"Loading the sample plant ({SAMPLE}); SAMPLE=0 would leave it out.")
            say(manage("import_log", SAMPLE, environment=environment))
        first_start.unlink()
    return identity


def look_at_database() -> tuple[str, bool]:
    """Tell which database this is, among all of all servers, and whether it has never been migrated.

    Raises CannotRunError.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("""
                SELECT system_identifier || '-' || oid, to_regclass('django_migrations') IS NULL
                FROM pg_control_system(), pg_database WHERE datname = current_database()
            """)
            identity, empty = cursor.fetchone()
    except Error as error:
        raise CannotRunError(f"The database doesn't answer: {str(error).strip()}") from error
    return identity, empty


def new_token(environment: Mapping[str, str]) -> str:
    """Make a token for the user `developer`, who may do everything."""
    return manage("create_token", "developer", "--role", "administrator", environment=environment)


def wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    """Return as soon as the web server says that it is ready.

    Raises CannotRunError when it ends, or takes too long.
    """
    give_up = time.monotonic() + PATIENCE
    while not answers(port):
        if server.poll() is not None or time.monotonic() > give_up:
            raise CannotRunError("The web server doesn't start.")
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Ask the web server whether it is ready."""
    asking = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    try:
        asking.request("GET", "/health/ready")
        return asking.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        asking.close()


def say(text: str) -> None:
    """Tell whoever started the program, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
