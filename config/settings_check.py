"""Whether the settings can be loaded, asked by a program before it starts others that would fail on them."""

from django.conf import settings  # noqa: TID251 - loading them is the point
from django.core.exceptions import ImproperlyConfigured

from config.console import CannotRunError


def check_settings() -> None:
    """Load the settings that DJANGO_SETTINGS_MODULE names. Raises CannotRunError where they can't be."""
    try:
        settings._setup()  # noqa: SLF001 - what the first use of a setting does
    except ImproperlyConfigured as error:
        raise CannotRunError(str(error)) from error
