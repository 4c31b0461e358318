#!/usr/bin/env python
"""Lignage's commands. Without DATABASE_URL they use the embedded database, and start it where it isn't running."""

import os
import signal
import sys

from django.core.management import execute_from_command_line
from django.db import Error

from config.console import ending_in_order
from config.database import database
from config.database_check import reason_of


def main() -> None:
    """Run the command that the command line names; `migrate` as the owner of the tables."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    if sys.argv[1:2] == ["migrate"]:
        os.environ["DATABASE_AS_OWNER"] = "true"
    os.environ.setdefault("DATABASE_POOL", "false")
    with ending_in_order(signal.SIGTERM, signal.SIGHUP), database():
        try:
            execute_from_command_line(sys.argv)
        except Error as error:
            if reason := reason_of(error):
                raise reason from error
            raise


if __name__ == "__main__":
    main()
