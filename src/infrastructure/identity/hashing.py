"""How passwords are looked at: Django's own way stores one anew that is hashed otherwise now, past the history."""

from typing import Any

from django.contrib.auth import hashers


def check_password(user: Any, raw_password: str | None) -> bool:
    """Whether this is the user's password, which stays stored as it is."""
    return hashers.check_password(raw_password, user.password)


async def acheck_password(user: Any, raw_password: str | None) -> bool:
    """The same."""
    return await hashers.acheck_password(raw_password, user.password)


def is_hashed_otherwise(encoded: str) -> bool:
    """Whether passwords are hashed in another way now than this one is."""
    preferred = hashers.get_hasher()
    return hashers.identify_hasher(encoded).algorithm != preferred.algorithm or preferred.must_update(encoded)
