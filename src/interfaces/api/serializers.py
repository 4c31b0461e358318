"""Serializers that read requests strictly, and others that write rows fast; never one that does both."""

from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any

import orjson
from attrs import frozen
from rest_framework import serializers
from rest_framework.fields import empty
from typing_extensions import override

from application.shared.language import Language
from interfaces.api.fields import InputField, each
from interfaces.api.flaws import MOST_FLAWS, BadInput, Flaw, against_rule, malformed
from interfaces.api.language import language
from interfaces.api.rendering import rendered

Values = dict[str, Any]


class ApiSerializer(serializers.Serializer[Any]):
    """A serializer whose field is declared with an underscore after it where Python keeps the name for itself."""

    @override
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {name.removesuffix("_"): field for name, field in super().get_fields().items()}


@frozen
class _Member:
    """How one member of an object is read."""

    key: str
    value_of: Callable[[Any], Any]
    required: bool
    nullable: bool
    default: Any


class WriteSerializer(ApiSerializer):
    """Reads an object of a request into values, finding every flaw in it."""

    @classmethod
    def values_in(cls, document: object) -> Values:
        """The values by the fields' sources, defaults for what isn't stated.

        Raises `BadInput` with a flaw for each field that is wrong, missing or unknown.
        """
        if not isinstance(document, dict):
            raise malformed("wrong_type", "An object is expected here.")
        members = _members(cls)
        values: Values = {}
        flaws: list[Flaw] = []
        for name in sorted(document.keys() - members.keys())[:MOST_FLAWS]:
            flaws.extend(malformed("unknown_field", f"There is no field {name!a} here.", name).flaws)
        for name, member in members.items():
            try:
                if name in document:
                    values[member.key] = _stated(document[name], member)
                else:
                    values[member.key] = _left_out(name, member)
            except BadInput as error:
                flaws.extend(error.below(name).flaws)
        if flaws:
            raise BadInput(*flaws)
        return values

    @classmethod
    def values_after(cls, shown: Mapping[str, Any], patch: object) -> Values:
        """The values of what is `shown` with a patch over it (RFC 7396); raises `BadInput` as `values_in` does."""
        if not isinstance(patch, dict):
            return cls.values_in(patch)
        before = orjson.loads(rendered(shown))
        return cls.values_in({name: before[name] for name in before.keys() & _members(cls).keys()} | patch)


def _stated(stated: object, member: _Member) -> Any:
    # What may be left out may be null or empty too, as a cell of a log may.
    return member.default if member.nullable and stated in (None, "") else member.value_of(stated)


def _left_out(name: str, member: _Member) -> Any:
    if member.required:
        raise malformed("required", f"The field {name} is required.")
    return member.default


@cache
def _members(serializer: type[WriteSerializer]) -> Mapping[str, _Member]:
    return {
        name: _Member(
            key=field.source or name,
            value_of=_reader_of(field),
            required=field.required,
            nullable=field.allow_null,
            default=None if field.default is empty else field.default,
        )
        for name, field in serializer().fields.items()
    }


def _reader_of(field: object) -> Callable[[Any], Any]:
    if isinstance(field, InputField):
        return field.value_of
    if isinstance(field, WriteSerializer):
        return field.values_in
    if isinstance(field, serializers.ListField) and isinstance(field.child, WriteSerializer):
        return _list_reader(field.child, field.min_length or 0, field.max_length)
    raise TypeError(f"{type(field).__name__} doesn't read requests.")


def _list_reader(child: WriteSerializer, fewest: int, most: int | None) -> Callable[[Any], list[Values]]:
    def read(stated: object) -> list[Values]:
        if not isinstance(stated, list):
            raise malformed("wrong_type", "A list is expected here.")
        if len(stated) < fewest or (most is not None and len(stated) > most):
            raise against_rule("wrong_count", f"A list of {fewest} to {most} is expected here, not of {len(stated)}.")
        return each(stated, child.values_in)

    return read


class ReadSerializer(ApiSerializer):
    """Writes a frozen row, or anything with attributes, by getters that are made once for each class.

    A field that isn't required is left out where its value is None.
    """

    @classmethod
    def writer(cls) -> Callable[[object], Values]:
        """What writes each of many, in the language of the caller."""
        return _writer(cls, language())

    @override
    def to_representation(self, instance: object) -> Values:
        return self.writer()(instance)


class ShownField(serializers.Field[Any, Any, Any, Any]):
    """A field of an answer that shows something else than the attribute itself."""

    def shown(self, value: Any, language: Language) -> Any:
        """What to show to those who read this language."""
        raise NotImplementedError

    @override
    def to_representation(self, value: Any) -> Any:
        return self.shown(value, language())


@cache
def _writer(serializer: type[Any], language: Language) -> Callable[[object], Values]:
    fields = serializer().fields
    getters = [(name, _getter(field, language)) for name, field in fields.items()]
    optional = [name for name, field in fields.items() if not field.required]

    def write(row: object) -> Values:
        values = {name: get(row) for name, get in getters}
        for name in optional:
            if values[name] is None:
                del values[name]
        return values

    return write


def _getter(field: Any, language: Language) -> Callable[[Any], Any]:
    get = _attribute(field.source)
    if isinstance(field, ShownField):
        return lambda row: field.shown(get(row), language)
    if isinstance(field, serializers.ListSerializer):
        child: Any = type(field.child)
        write = _writer(child, language)
        return lambda row: [write(item) for item in get(row)]
    if isinstance(field, ReadSerializer):
        write_one = _writer(type(field), language)
        return lambda row: None if (value := get(row)) is None else write_one(value)
    return get


def _attribute(path: str) -> Callable[[Any], Any]:
    """The attribute at a dotted path; None where one on the way is None."""
    first, _, rest = path.partition(".")
    if not rest:
        return attrgetter(path)
    outer, inner = attrgetter(first), _attribute(rest)
    return lambda row: None if (value := outer(row)) is None else inner(value)
