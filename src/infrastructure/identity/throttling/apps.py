"""How often passwords were tried, in the database that all processes share."""

from django.apps import AppConfig


class ThrottlingConfig(AppConfig):
    """Installs the table of attempts."""

    name = "infrastructure.identity.throttling"
    label = "throttling"
