"""What has to be there before Lignage is served: tables, static files, the sample plant, a token to try it with."""

import os
from collections.abc import Mapping

import django
from django.core.management import call_command
from django.db import connection

from config.child import manage
from config.console import say
from config.database_check import check_before_migrating, identity_of
from config.state import kept, usable_state_folder
from config.variables import read

SAMPLE = "samples/cidery"


def prepare(environment: Mapping[str, str]) -> str:
    """Bring the tables and the static files up to date, as their owner; answer with a token for development.

    The first start loads the sample plant, and one that was interrupted is taken up again. Commands run in the given
    environment, as the application.
    """
    os.environ["DATABASE_AS_OWNER"] = "true"
    django.setup()
    check_before_migrating(connection)
    identity = identity_of(connection)
    first_start = usable_state_folder() / f"first-start-{identity}"
    if not connection.introspection.table_names():
        first_start.touch()
        say("First start: preparing the database.")
    call_command("migrate", verbosity=0, interactive=False)  # it prints the warning of the check
    call_command("collectstatic", verbosity=0, interactive=False)
    connection.close()
    if first_start.exists():
        load_sample(environment)
        first_start.unlink()
    return kept(f"token-{identity}", lambda: new_token(environment))


def load_sample(environment: Mapping[str, str]) -> None:
    """Import the log of the sample plant, unless SAMPLE=0 leaves it out."""
    if read("SAMPLE") != "0":
        say(f"Loading the sample plant ({SAMPLE}); SAMPLE=0 would leave it out.")
        say(manage("import_log", SAMPLE, environment=environment))


def new_token(environment: Mapping[str, str]) -> str:
    """Make a token for the user `developer`, who may do everything."""
    return manage("create_token", "developer", "--role", "administrator", environment=environment)
