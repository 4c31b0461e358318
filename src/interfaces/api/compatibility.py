"""What a change to the API takes away from those who use it.

Consumers may go on as before: what they send is still taken, and what they read is still there and no wider. They have
to be ready for additions: calls, parameters and members that needn't be sent, members and statuses of answers, and
words where one of several is answered.
"""

from collections.abc import Iterator, Mapping
from math import inf
from typing import Any, Literal

from attrs import field, frozen

Json = Mapping[str, Any]
Direction = Literal["sent", "answered"]

AT_MOST = ("maximum", "maxLength", "maxItems")
AT_LEAST = ("minimum", "minLength", "minItems")
SAME = ("format", "pattern")
CHOICES = ("oneOf", "anyOf", "allOf")


def breaking_changes(before: Json, after: Json) -> list[str]:
    """What the second OpenAPI document takes away from the first, each as a sentence; none for additions."""
    return list(dict.fromkeys(_Comparison(before, after).calls()))


@frozen
class _Comparison:
    """Two documents, and which of their schemas were compared already."""

    before: Json
    after: Json
    seen: set[tuple[str, str, Direction]] = field(factory=set)

    def calls(self) -> Iterator[str]:
        for path, calls in self.before["paths"].items():
            for method, call in calls.items():
                where = f"{method.upper()} {path}"
                now = self.after["paths"].get(path, {}).get(method)
                if now is None:
                    yield f"{where} is gone."
                    continue
                yield from self._parameters(where, call, now)
                yield from self._body(where, call.get("requestBody", {}), now.get("requestBody", {}))
                yield from self._responses(where, call["responses"], now["responses"])

    def _parameters(self, where: str, before: Json, after: Json) -> Iterator[str]:
        known, now = (
            {(parameter["in"], parameter["name"]): parameter for parameter in call.get("parameters", ())}
            for call in (before, after)
        )
        for key, parameter in known.items():
            if key not in now:
                yield f"{where}: the parameter {key[1]} is gone."
            else:
                yield from self._schema(f"{where}: {key[1]}", parameter["schema"], now[key]["schema"], "sent")
        for key, parameter in now.items():
            if parameter.get("required") and not known.get(key, {}).get("required"):
                yield f"{where}: the parameter {key[1]} is required now."

    def _body(self, where: str, before: Json, after: Json) -> Iterator[str]:
        if after.get("required") and not before.get("required"):
            yield f"{where}: a body is required now."
        yield from self._content(where, before, after, "sent")

    def _responses(self, where: str, before: Json, after: Json) -> Iterator[str]:
        for status, response in before.items():
            if status not in after:
                yield f"{where}: the status {status} is gone."
                continue
            for header in response.get("headers", {}).keys() - after[status].get("headers", {}).keys():
                yield f"{where}: the header {header} of {status} is gone."
            yield from self._content(f"{where} {status}", response, after[status], "answered")

    def _content(self, where: str, before: Json, after: Json, direction: Direction) -> Iterator[str]:
        now = after.get("content", {})
        for media_type, content in before.get("content", {}).items():
            if media_type not in now:
                yield f"{where}: {media_type} is gone."
            else:
                yield from self._schema(where, content["schema"], now[media_type]["schema"], direction)

    def _schema(self, where: str, before: Json, after: Json, direction: Direction) -> Iterator[str]:
        names = before.get("$ref", ""), after.get("$ref", "")
        if any(names):
            if (*names, direction) in self.seen:
                return
            self.seen.add((*names, direction))
        before, after = _resolved(self.before, before), _resolved(self.after, after)
        yield from _values(where, before, after, direction)
        yield from self._members(where, before, after, direction)
        for choice in CHOICES:
            known, now = before.get(choice, ()), after.get(choice, ())
            if len(known) != len(now):
                yield f"{where}: there are other choices now."
            for one, other in zip(known, now, strict=False):
                yield from self._schema(where, one, other, direction)

    def _members(self, where: str, before: Json, after: Json, direction: Direction) -> Iterator[str]:
        known, now = before.get("properties", {}), after.get("properties", {})
        for name, schema in known.items():
            if name not in now:
                yield f"{where}: the member {name} is gone."
            else:
                yield from self._schema(f"{where}: {name}", schema, now[name], direction)
        required, required_now = set(before.get("required", ())), set(after.get("required", ()))
        if direction == "sent":
            yield from (f"{where}: the member {name} is required now." for name in sorted(required_now - required))
        else:
            lost = sorted(required - required_now)
            yield from (f"{where}: the member {name} may be missing now." for name in lost if name in now)
        if "items" in before and "items" in after:
            yield from self._schema(f"{where}[]", before["items"], after["items"], direction)


def _values(where: str, before: Json, after: Json, direction: Direction) -> Iterator[str]:
    """What the values themselves lose: those sent may not become fewer, those answered may not become others."""
    types, types_now = _types(before), _types(after)
    if direction == "sent" and types_now and not (types and types <= types_now):
        yield f"{where}: {_said(types)} is {_said(types_now)} now."
    if direction == "answered" and types and not (types_now and types_now <= types):
        yield f"{where}: {_said(types)} is {_said(types_now)} now."
    yield from (f"{where}: its {name} is another now." for name in SAME if before.get(name) != after.get(name))
    if direction == "sent":
        if "enum" in after and not ("enum" in before and set(before["enum"]) <= set(after["enum"])):
            yield f"{where}: fewer words are taken now."
        lower = (name for name in AT_MOST if after.get(name, inf) < before.get(name, inf))
        yield from (f"{where}: its {name} is lower now." for name in lower)
        higher = (name for name in AT_LEAST if after.get(name, -inf) > before.get(name, -inf))
        yield from (f"{where}: its {name} is higher now." for name in higher)


def _resolved(document: Json, schema: Json) -> Json:
    """The schema itself, where another is named or is all that there is in `allOf`."""
    if name := schema.get("$ref", "").rpartition("/")[2]:
        return _resolved(document, document["components"]["schemas"][name])
    if len(schema.get("allOf", ())) == 1:
        own = {key: value for key, value in schema.items() if key != "allOf"}
        return {**_resolved(document, schema["allOf"][0]), **own}
    return schema


def _types(schema: Json) -> set[str]:
    """The types that are allowed; none stands for all."""
    stated = schema.get("type", [])
    return {stated} if isinstance(stated, str) else set(stated)


def _said(types: set[str]) -> str:
    return " or ".join(sorted(types)) or "anything"
