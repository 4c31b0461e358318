"""What has to be there before Lignage is served: tables, static files, the sample plant, a token to try it with."""

import os
import sys
from collections.abc import Mapping

import django
from django.core.management import call_command
from django.db import connection

from config.child import manage
from config.console import say
from config.database_check import check_before_migrating, identity_of
from config.development_token import DevelopmentToken, development_token, revoke_former_token
from config.state import usable_state_folder
from config.variables import read

SAMPLE = "samples/cidery"


def prepare(environment: Mapping[str, str]) -> DevelopmentToken | None:
    """Bring the tables and the static files up to date, as their owner.

    Answer a token for development where the output is a terminal; elsewhere a log would keep it.

    The first start loads the sample plant, and one that was interrupted is taken up again. Commands run in the given
    environment, as the application.
    """
    os.environ["DATABASE_AS_OWNER"] = "true"
    django.setup()
    check_before_migrating(connection)
    identity = identity_of(connection)
    first_start = usable_state_folder() / f"first-start-{identity}"
    if "django_migrations" not in connection.introspection.table_names():
        first_start.touch()
        say("First start: preparing the database.")
    call_command("migrate", verbosity=0, interactive=False)  # it prints the warning of the check
    call_command("collectstatic", verbosity=0, interactive=False)
    connection.close()
    if first_start.exists():
        load_sample(environment)
        first_start.unlink()
    revoke_former_token(identity, environment)
    return development_token(identity, environment) if sys.stdout.isatty() else None


def load_sample(environment: Mapping[str, str]) -> None:
    """Import the log of the sample plant, unless SAMPLE=0 leaves it out."""
    if read("SAMPLE") != "0":
        say(f"Loading the sample plant ({SAMPLE}); SAMPLE=0 would leave it out.")
        say(manage("import_log", SAMPLE, environment=environment))
