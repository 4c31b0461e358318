"""The kinds of value that requests carry: each reads one strictly, and says how it looks in the OpenAPI document.

`value_of` takes what stands in the document and answers the value for the domain, or raises `BadInput`: malformed for
a wrong JSON type, else against a rule.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID

from drf_spectacular.drainage import set_override
from drf_spectacular.plumbing import list_hash
from rest_framework import serializers
from typing_extensions import override

from application.shared.paging import Sort
from domain.shared.dates import day_fault, moment_fault
from domain.shared.errors import DomainError, Fault
from domain.shared.exact import ZERO, canonical, parse_decimal
from domain.shared.identity import CODE_LENGTH, TEXT_LENGTH, code_fault, text_fault
from domain.shared.money import Money
from domain.shared.quantity import UNITS, Unit
from interfaces.api.flaws import MOST_FLAWS, BadInput, Flaw, against_rule, flaws_in, malformed
from interfaces.api.parsing import Number

Value = TypeVar("Value")
Schema = Mapping[str, Any]

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


def described(**keywords: Any) -> Schema:
    """A JSON schema."""
    return MappingProxyType(keywords)


class InputField(serializers.Field[Any, Any, Any, Any]):
    """A field that reads its value by itself; `schema` describes it."""

    schema: Schema

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        schema = dict(self.schema)
        if self.allow_null and "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
        set_override(self, "field", schema)

    def value_of(self, stated: object) -> Any:
        """The value that is stated, which isn't null."""
        raise NotImplementedError

    @override
    def to_internal_value(self, data: object) -> Any:
        return self.value_of(data)

    @override
    def to_representation(self, value: Any) -> Any:
        return value


def text_in(stated: object) -> str:
    """A JSON string; a number isn't one."""
    if type(stated) is not str:
        raise malformed("wrong_type", f"A string is expected here, not {_json_type(stated)}.")
    return stated


def _json_type(stated: object) -> str:
    if stated is None:
        return "null"
    names = {bool: "a boolean", Number: "a number", str: "a string", list: "a list", dict: "an object"}
    return names[type(stated)]


def _sound(fault: Fault | None) -> None:
    if fault:
        raise against_rule(fault.code, fault.detail)


class TextField(InputField):
    """Free text."""

    schema = described(type="string", maxLength=TEXT_LENGTH)

    @override
    def value_of(self, stated: object) -> str:
        text = text_in(stated)
        _sound(text_fault(text))
        return text


class CodeField(InputField):
    """A code of the plant's own."""

    schema = described(type="string", minLength=1, maxLength=CODE_LENGTH)

    @override
    def value_of(self, stated: object) -> str:
        code = text_in(stated)
        _sound(code_fault(code))
        return code


class MadeField(InputField):
    """Text that the domain makes something of, or refuses."""

    schema = described(type="string")

    def make(self, text: str) -> Any:
        """What the text stands for; raises the domain's `Invalid`."""
        raise NotImplementedError

    @override
    def value_of(self, stated: object) -> Any:
        text = text_in(stated)
        try:
            return self.make(text)
        except DomainError as error:
            raise flaws_in(error) from None


class UnitField(MadeField):
    """A unit of measure."""

    schema = described(type="string", enum=list(UNITS))

    @override
    def make(self, text: str) -> Unit:
        return Unit.of(text)


class CurrencyField(MadeField):
    """A currency."""

    schema = described(type="string", pattern="^[A-Z]{3}$", example="EUR")

    @override
    def make(self, text: str) -> str:
        return Money(ZERO, text).currency


class DecimalField(InputField):
    """An exact decimal: a string, or a JSON number that is taken as it is written; `check` is its limits."""

    schema = described(type="string", format="decimal", pattern=r"^-?[0-9]+(\.[0-9]+)?$", example="1250.5")

    def __init__(self, check: Callable[[Decimal], Decimal] = parse_decimal, **options: Any) -> None:
        self.check = check
        super().__init__(**options)

    @override
    def value_of(self, stated: object) -> Decimal:
        if not isinstance(stated, str):
            raise malformed("wrong_type", f'A decimal is expected here, such as "12.5", not {_json_type(stated)}.')
        try:
            return self.check(parse_decimal(str(stated)))
        except DomainError as error:
            raise flaws_in(error) from None

    @override
    def to_representation(self, value: Any) -> str:
        return canonical(value)


class DateField(InputField):
    """A day."""

    schema = described(type="string", format="date", example="2026-03-01")

    @override
    def value_of(self, stated: object) -> date:
        text = text_in(stated)
        try:
            day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None:
            raise against_rule("bad_date", "A day of the calendar is expected, such as 2026-03-01.")
        _sound(day_fault(day))
        return day


class DateTimeField(InputField):
    """A moment, with its offset from UTC."""

    schema = described(type="string", format="date-time", example="2026-03-01T06:30:00+01:00")

    @override
    def value_of(self, stated: object) -> datetime:
        text = text_in(stated)
        try:
            moment = datetime.fromisoformat(text) if _TIME.fullmatch(text) else None
        except ValueError:
            moment = None
        if moment is None:
            detail = "A time is expected, such as 2026-03-01T06:00:00+01:00 (in an address, + is written %2B)."
            raise against_rule("bad_time", detail)
        _sound(moment_fault(moment))
        return moment


class UuidField(InputField):
    """An id."""

    schema = described(type="string", format="uuid", example="0199f0a5-8a51-7c3e-9d2b-5a0f6f6f2a11")

    @override
    def value_of(self, stated: object) -> UUID:
        text = text_in(stated)
        if not _UUID.fullmatch(text):
            raise against_rule("bad_uuid", "A UUID is expected, such as 0199f0a5-8a51-7c3e-9d2b-5a0f6f6f2a11.")
        return UUID(text)


class ChoiceField(InputField):
    """One of a few words."""

    def __init__(self, words: type[StrEnum], **options: Any) -> None:
        self.words = words
        named = list_hash([(word.value, word.name) for word in words])
        self.schema = described(type="string", enum=[str(word) for word in words], **{"x-spec-enum-id": named})
        super().__init__(**options)

    @override
    def value_of(self, stated: object) -> StrEnum:
        text = text_in(stated)
        try:
            return self.words(text)
        except ValueError:
            raise against_rule("unknown_value", f"One of these is expected: {', '.join(self.words)}.") from None


class BooleanField(InputField):
    """Yes or no."""

    schema = described(type="boolean")

    @override
    def value_of(self, stated: object) -> bool:
        if not isinstance(stated, bool):
            raise malformed("wrong_type", f"true or false is expected here, not {_json_type(stated)}.")
        return stated


class CountField(InputField):
    """A whole number in a query; anything else is no request (400)."""

    def __init__(self, lowest: int, highest: int, **options: Any) -> None:
        self.range = range(lowest, highest + 1)
        self.schema = described(type="integer", minimum=lowest, maximum=highest)
        super().__init__(**options)

    @override
    def value_of(self, stated: object) -> int:
        text = text_in(stated)
        if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) in self.range):
            detail = f"A whole number from {self.range.start} to {self.range.stop - 1} is expected."
            raise malformed("out_of_range", detail)
        return int(text)


class YesNoField(InputField):
    """Yes or no in a query; anything else is no request (400)."""

    schema = described(type="boolean")

    @override
    def value_of(self, stated: object) -> bool:
        text = text_in(stated)
        if text not in ("true", "false"):
            raise malformed("wrong_type", "true or false is expected.")
        return text == "true"


class CursorField(InputField):
    """A cursor, which means nothing here; it may be longer than any text."""

    schema = described(type="string")

    @override
    def value_of(self, stated: object) -> str:
        return text_in(stated)


class SortField(InputField):
    """In which order a list is wanted; any other is no request (400)."""

    def __init__(self, orders: type[StrEnum], **options: Any) -> None:
        self.sorts = {f"{'-' * backwards}{by}": Sort(by, backwards) for by in orders for backwards in (False, True)}
        self.schema = described(type="string", enum=list(self.sorts))
        super().__init__(required=False, help_text="The order of the items; backwards with `-`.", **options)

    @override
    def value_of(self, stated: object) -> Sort:
        name = text_in(stated)
        if name not in self.sorts:
            raise malformed("unknown_sort", f"There is no order {name!a} here; there are: {', '.join(self.sorts)}.")
        return self.sorts[name]


class MembersField(InputField):
    """Members of an answer in a query, with commas between them; any other is no request (400)."""

    def __init__(self, members: Collection[str], **options: Any) -> None:
        self.members = members
        self.schema = described(type="string", example=",".join(list(members)[:2]))
        says = f"The members that are wanted, with commas between them, of: {', '.join(members)}. All, unless stated."
        super().__init__(required=False, help_text=says, **options)

    @override
    def value_of(self, stated: object) -> frozenset[str]:
        names = text_in(stated).split(",")
        unknown = [name for name in names if name not in self.members]
        if unknown:
            known = ", ".join(self.members)
            raise malformed("unknown_member", f"There is no member {unknown[0]!a} here; there are: {known}.")
        return frozenset(names)


class UuidsField(InputField):
    """Ids in a query, with commas between them."""

    schema = described(type="string", pattern=r"^[0-9a-fA-F-]{36}(,[0-9a-fA-F-]{36}){0,99}$")

    @override
    def value_of(self, stated: object) -> frozenset[UUID]:
        ids = text_in(stated).split(",")
        if len(ids) > 100:
            raise malformed("too_many", "At most 100 ids are expected here.")
        return frozenset(map(UuidField().value_of, ids))


class UuidListField(InputField):
    """Ids in a body."""

    schema = described(type="array", items=dict(UuidField.schema), minItems=1, maxItems=1000)

    @override
    def value_of(self, stated: object) -> frozenset[UUID]:
        if not isinstance(stated, list):
            raise malformed("wrong_type", f"A list is expected here, not {_json_type(stated)}.")
        if not 1 <= len(stated) <= 1000:
            raise against_rule("wrong_count", f"A list of 1 to 1000 is expected here, not of {len(stated)}.")
        return frozenset(each(stated, UuidField().value_of))


class TextsField(InputField):
    """A list of texts."""

    schema = described(type="array", items=dict(TextField.schema), maxItems=100)

    @override
    def value_of(self, stated: object) -> tuple[str, ...]:
        if not isinstance(stated, list):
            raise malformed("wrong_type", f"A list is expected here, not {_json_type(stated)}.")
        if len(stated) > 100:
            raise against_rule("too_long", "A list of texts has at most 100 of them.")
        return tuple(each(stated, TextField().value_of))


def each(stated: list[Any], value_of: Callable[[Any], Value]) -> list[Value]:
    """The value of each; `BadInput` with what is wrong with any, by position, up to the most that is listed."""
    values: list[Value] = []
    flaws: list[Flaw] = []
    for position, item in enumerate(stated):
        try:
            values.append(value_of(item))
        except BadInput as error:
            flaws.extend(error.below(position).flaws)
            if len(flaws) >= MOST_FLAWS:
                break
    if flaws:
        raise BadInput(*flaws)
    return values
