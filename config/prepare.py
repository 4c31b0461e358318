"""What has to be there before Lignage is served: tables, static files, the sample plant, a token to try it with."""

import os
from collections.abc import Mapping

import django
from django.core.management import call_command
from django.db import Error, connection

from config.child import manage
from config.console import CannotRunError, say
from config.state import kept, usable_state_folder

SAMPLE = "samples/cidery"


def prepare(environment: Mapping[str, str]) -> str:
    """Bring the tables and the static files up to date, as their owner; answer with a token for development.

    The first start loads the sample plant, and one that was interrupted is taken up again. Commands run in the given
    environment, as the application.
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
        load_sample(environment)
        first_start.unlink()
    return kept(f"token-{identity}", lambda: new_token(environment))


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


def load_sample(environment: Mapping[str, str]) -> None:
    """Import the log of the sample plant, unless SAMPLE=0 leaves it out."""
    if os.environ.get("SAMPLE") != "0":
        say(f"Loading the sample plant ({SAMPLE}); SAMPLE=0 would leave it out.")
        say(manage("import_log", SAMPLE, environment=environment))


def new_token(environment: Mapping[str, str]) -> str:
    """Make a token for the user `developer`, who may do everything."""
    return manage("create_token", "developer", "--role", "administrator", environment=environment)
