"""The tables of identity."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person, or a program, that signs in."""
