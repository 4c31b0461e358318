"""Field types."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DecimalField
from typing_extensions import override


class ExactDecimalField(DecimalField):  # type: ignore[type-arg]  # generic to the type checker alone
    """A decimal that PostgreSQL keeps digit for digit.

    `numeric(18, 6)` would round a seventh decimal without a word; plain `numeric` keeps it, and a CHECK constraint of
    the table refuses it.
    """

    def __init__(self, **options: Any) -> None:
        options["max_digits"], options["decimal_places"] = 80, 40
        super().__init__(**options)

    @override
    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        del options["max_digits"], options["decimal_places"]
        return name, path, args, options

    @override
    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "numeric"
