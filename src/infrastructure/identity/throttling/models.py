"""The table of attempts."""

from django.db import models
from typing_extensions import override


class TriedPassword(models.Model):
    """When a key has all its attempts again, or is forgotten.

    `who` is a SHA-256: what is typed as a name may be a password.
    """

    who = models.BinaryField(max_length=32, primary_key=True)
    empty_at = models.DateTimeField(db_index=True)

    @override
    def __str__(self) -> str:
        return f"{bytes(self.who).hex()} {self.empty_at:%Y-%m-%d %H:%M:%S}"
