"""What `make run` does: a plant on this machine, from nothing to an address for the browser."""

import http.client
import os
import signal
import socket
import subprocess  # nosec B404 # it starts programs of our own, without a shell
import time
from collections.abc import Mapping
from typing import NoReturn

from config.child import child
from config.console import CannotRunError, ToldToEndError, ending_in_order, say
from config.database import database
from config.greeting import greeting, manage_command
from config.state import usable_state_folder
from config.supervision import Pause, kept_running
from config.variables import read

HOST = "127.0.0.1"
#: Seconds that the web server has until it answers.
PATIENCE = 60


def main() -> None:
    """Run until told to end."""
    with ending_in_order(signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        try:
            run()
        except ToldToEndError:
            say("Lignage has ended.")


def run() -> None:
    """Prepare the database and the pages, then serve them until told to end.

    Raises CannotRunError.
    """
    port = free_port()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    # Children take leases of their own on the embedded database, so they don't inherit what database() sets.
    environment = os.environ | {"PORT": str(port)}
    usable_state_folder()
    from config.prepare import prepare  # noqa: PLC0415 - it loads Django, and a Ctrl-C is heeded before that

    with database() as embedded:
        token = prepare(environment)
        with kept_running(embedded):
            serve(environment, port, greeting(f"http://{HOST}:{port}", token, manage_command(environment)))


def serve(environment: Mapping[str, str], port: int, welcome: str) -> NoReturn:
    """Serve, and start the web server again whenever it ends.

    Raises CannotRunError where it doesn't start the first time.
    """
    pause = Pause()
    while True:
        with child("-m", "config.serve", environment=environment) as server:
            if welcome:
                wait_until_ready(server, port)
                say(welcome)
                welcome = ""
            code = server.wait()
        seconds = pause.next()
        say(f"The web server ended with exit code {code}; it is started again in {seconds} s.")
        time.sleep(seconds)


def free_port() -> int:
    """Read PORT, 8000 by default, and make sure that nobody listens there."""
    given: int = read("PORT")
    try:
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, given))
    except OSError as error:
        raise CannotRunError(
            f"Port {given} can't be used: {error.strerror}. Try another: make run PORT=8001"
        ) from error
    return given


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


if __name__ == "__main__":
    main()
