"""The application that brings the management commands."""

from django.apps import AppConfig


class CliConfig(AppConfig):
    """Commands of `manage.py`."""

    name = "interfaces.cli"
    label = "cli"
