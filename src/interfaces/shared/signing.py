"""Proving at the moment of signing who signs."""

from django.contrib.auth import authenticate
from django.http import HttpRequest

from application.shared.actor import Actor
from application.shared.errors import WrongPassword


def check_password(request: HttpRequest, actor: Actor, password: str) -> None:
    """Raises WrongPassword unless the password is the actor's."""
    if authenticate(request, username=actor.name, password=password) is None:
        raise WrongPassword
