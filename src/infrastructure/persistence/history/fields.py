"""Columns that can't differ from the document of an entry."""

from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Cast


class Member(Func):
    """A member of the document, as text."""

    function = "jsonb_extract_path_text"
    output_field = models.TextField()

    def __init__(self, *path: str) -> None:
        """The member at this path."""
        super().__init__(Cast(F("document"), models.JSONField()), *map(Value, path))


def said(*path: str) -> models.GeneratedField:
    """A column with that member."""
    return models.GeneratedField(expression=Member(*path), output_field=models.TextField(), db_persist=True)
