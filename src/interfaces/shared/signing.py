"""Proving at the moment of signing who signs."""

from django.http import HttpRequest

from application.shared.actor import Actor
from application.shared.errors import WrongPassword
from interfaces.shared.passwords import is_password_of


def check_password(request: HttpRequest, actor: Actor, password: str) -> None:
    """Raises `WrongPassword` unless the password is the actor's, `TooManyAttempts` where it isn't even looked at."""
    if not is_password_of(request, actor.name, password):
        raise WrongPassword
