"""What a session is checked against: the user's password, as Django has it, and the epoch in which it began."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser


def get_session_auth_hash(user: Any) -> str:
    """The hash that a session keeps."""
    return _in_epoch(user, AbstractBaseUser.get_session_auth_hash(user))


def get_session_auth_fallback_hash(user: Any) -> Iterator[str]:
    """The hashes by earlier secret keys, which count too."""
    return (_in_epoch(user, each) for each in AbstractBaseUser.get_session_auth_fallback_hash(user))


def _in_epoch(user: Any, of_password: str) -> str:
    return f"{of_password} {user.session_epoch}"
