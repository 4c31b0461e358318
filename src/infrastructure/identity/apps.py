"""Users and what they may show to get in."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Installs the user model."""

    name = "infrastructure.identity"
    label = "identity"
