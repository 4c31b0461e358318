"""What the history keeps of a value: JSON that says the same, always written in one way."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import singledispatch
from typing import Any
from uuid import UUID

from attrs import fields, has

from domain.shared.canonical import Json, moment
from domain.shared.exact import canonical


@singledispatch
def kept(value: Any) -> Json:
    """The value as JSON: an object by its attributes, sets in order, others as text; `TypeError` where none fits."""
    if has(type(value)):
        return kept_attributes(value)
    raise TypeError(f"The history has no way to keep a {type(value).__name__}.")


def kept_attributes(record: Any) -> dict[str, Json]:
    """What stands in the attributes of a record."""
    return {attribute.name: kept(getattr(record, attribute.name)) for attribute in fields(type(record))}


def differences(before: Any, after: Any) -> tuple[dict[str, Json], dict[str, Json]]:
    """What the attributes that differ were, and what they are; versions count changes and are none."""
    old, new = kept_attributes(before), kept_attributes(after)
    changed = [name for name in old if old[name] != new[name] and name != "version"]
    return {name: old[name] for name in changed}, {name: new[name] for name in changed}


@kept.register(type(None))
@kept.register(int)
@kept.register(str)
def _itself(value: Json) -> Json:
    return value


@kept.register
def _code(value: Enum) -> Json:
    return kept(value.value)


@kept.register
def _number(value: Decimal) -> Json:
    return canonical(value)


@kept.register
def _moment(value: datetime) -> Json:
    return moment(value)


@kept.register
def _day(value: date) -> Json:
    return value.isoformat()


@kept.register
def _id(value: UUID) -> Json:
    return str(value)


@kept.register(tuple)
@kept.register(list)
def _items(value: Any) -> Json:
    return [kept(item) for item in value]


@kept.register
def _set(value: frozenset) -> Json:  # type: ignore[type-arg]  # of whatever is kept
    return sorted((kept(item) for item in value), key=str)


@kept.register
def _members(value: Mapping) -> Json:  # type: ignore[type-arg]  # of whatever is kept
    return {str(name): kept(item) for name, item in value.items()}
