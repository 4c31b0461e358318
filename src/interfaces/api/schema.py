"""The OpenAPI document: what every call has in common, so that views say only what is their own."""

from collections.abc import Iterator
from functools import cache
from types import new_class
from typing import Any, cast

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import is_patched_serializer, safe_ref
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_serializer
from rest_framework import serializers
from typing_extensions import override

from interfaces.api.limits import LIMIT, REMAINING, RESET, RETRY_AFTER
from interfaces.api.problems import CONTENT_TYPE
from interfaces.api.queries import PageQuerySerializer
from interfaces.api.rendering import JsonRenderer
from interfaces.api.serializers import ApiSerializer, ReadSerializer, WriteSerializer
from interfaces.api.views import SELECTION, ApiViewSet

Described = dict[str, Any]

REFUSALS = {
    400: "The request can't be understood: not JSON, a wrong type, a field or parameter that is missing or unknown.",
    401: "It isn't known who asks.",
    403: "This isn't allowed to whoever asks.",
    404: "There is nothing here.",
    406: "There is no answer in a format that you accept.",
    409: "The present state doesn't allow this; `errors` say what is left, or what blocks it.",
    411: "The request doesn't say how long it is.",
    412: "It has changed since you read it.",
    413: "The request is too large.",
    415: "The request isn't JSON.",
    422: "A value breaks a rule; `errors` name every one.",
    428: "Say which version you mean to change, with If-Match.",
    429: "Too many requests.",
    503: "The database can't be reached or can't do it now: send the request again, under the same Idempotency-Key.",
}
WAIT = {RETRY_AFTER: "The seconds to wait."}
LIMITS = {
    **WAIT,
    LIMIT: "How many requests a minute there may be with this token. Other answers tell it, too.",
    REMAINING: "How many are left.",
    RESET: "The seconds until they are counted anew.",
}
ALWAYS = (400, 401, 403, 404, 406, 429, 503)
BY_METHOD = {
    "GET": ALWAYS,
    "POST": (*ALWAYS, 409, 411, 413, 415, 422),
    "PUT": (*ALWAYS, 409, 411, 412, 413, 415, 422, 428),
    "PATCH": (*ALWAYS, 409, 411, 412, 413, 415, 422, 428),
    "DELETE": (*ALWAYS, 409, 412, 428),
}

NULL_ENUM = {"$ref": "#/components/schemas/NullEnum"}


class FactsSerializer(ApiSerializer):
    """Something that stands in the way, with the figures behind it as further members."""

    code = serializers.CharField(help_text="What is wrong, for programs.")
    detail = serializers.CharField(help_text="What is wrong, for people.")


class BlockerSerializer(FactsSerializer):
    """One thing that keeps a campaign from closing, with the figures behind it as further members."""


class FaultSerializer(FactsSerializer):
    """One thing that is wrong, with the figures behind it as further members."""

    pointer = serializers.CharField(required=False, help_text="Where in the body (RFC 6901); empty for all of it.")
    parameter = serializers.CharField(required=False, help_text="Which query parameter.")
    header = serializers.CharField(required=False, help_text="Which header.")


class ProblemSerializer(ApiSerializer):
    """A problem of RFC 9457, with everything that was found."""

    type = serializers.CharField(help_text="An identifier of the kind of problem, such as /api/problems/refused.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    errors_ = FaultSerializer(many=True)
    blockers = BlockerSerializer(many=True, required=False, help_text="Everything that keeps a campaign from closing.")


@extend_schema_serializer(many=False)
class SelectionPageSerializer(ApiSerializer):
    """A page of a list with the members of each item that were chosen."""

    items = serializers.ListField(child=serializers.DictField())
    next = serializers.CharField(allow_null=True)


PAGE = "Page"
"""How the names of pages end."""


@cache
def page_schema(item: type[ReadSerializer]) -> type[ApiSerializer]:
    """The shape of a page of these."""
    return _list_shape(
        item, PAGE, "A page of a list; `next` is the cursor of the page that follows, null at the end.", paged=True
    )


@cache
def items_schema(item: type[ReadSerializer]) -> type[ApiSerializer]:
    """The shape of several of these that belong together."""
    return _list_shape(item, "Items", "All of them, in their order.", paged=False)


def _list_shape(item: type[ReadSerializer], suffix: str, says: str, *, paged: bool) -> type[ApiSerializer]:
    members: Described = {"__doc__": says, "__module__": __name__, "items": item(many=True)}
    if paged:
        members["next"] = serializers.CharField(allow_null=True)
    name = item.__name__.removesuffix("ReadSerializer").removesuffix("Serializer") + suffix
    shape: type[ApiSerializer] = new_class(name, (ApiSerializer,), exec_body=lambda body: body.update(members))
    return extend_schema_serializer(many=False)(shape)


class ApiSchema(AutoSchema):
    """Adds to each call its parameters, headers and problems."""

    @property
    def _calls(self) -> ApiViewSet:
        view: Any = self.view
        return cast(ApiViewSet, view)

    @override
    def get_operation_id(self) -> str:
        return f"{self._calls.basename}_{self._calls.action}"

    @override
    def get_override_parameters(self) -> list[Any]:
        query = self._calls.query_of(self._calls.action)
        return [
            *([query] if query().fields else []),
            *self._path(),
            *self._request_headers(),
            *self._response_headers(),
        ]

    def _path(self) -> Iterator[OpenApiParameter]:
        if self._calls.detail:
            name = self._calls.lookup_field
            kind = OpenApiTypes.STR if name == "code" else OpenApiTypes.UUID
            yield OpenApiParameter(name, kind, OpenApiParameter.PATH)

    def _request_headers(self) -> Iterator[OpenApiParameter]:
        if self.method == "POST":
            says = "The caller's own key of 1 to 255 characters: the same request under it again has one effect."
            yield _header("Idempotency-Key", says)
        elif self.method == "GET":
            yield _header("If-None-Match", "The ETag of what you have: answered with 304 when it is still the same.")
            yield _header("Accept-Language", "The language of labels: en or fr.")
        else:
            yield _header("If-Match", "The ETag of what you mean to change.", required=True)

    def _response_headers(self) -> Iterator[OpenApiParameter]:
        paged = issubclass(self._calls.query_of(self._calls.action), PageQuerySerializer)
        if (self._calls.detail or self._calls.action == "create") and not paged:
            yield _header("ETag", "Which version this is.", response=[200, 201])
            yield _header("Location", "Where it is.", response=[201])
        if self.method == "POST":
            yield _header("Idempotency-Replayed", "`true` when this answer was given before.", response=[200, 201])

    @override
    def _get_response_bodies(self, direction: Any = "response") -> Described:
        bodies: Described = super()._get_response_bodies(direction)
        problem = {CONTENT_TYPE: {"schema": self.resolve_serializer(ProblemSerializer, "response").ref}}
        checked = (422,) if self.method in ("GET", "DELETE") and self._calls.action in self._calls.queries else ()
        if self._calls.action in self._calls.shows:
            content = bodies["200"]["content"]
            content[SELECTION] = self._selection(content[JsonRenderer.media_type])
        for status in (*BY_METHOD[self.method], *checked):
            bodies[str(status)] = {"description": REFUSALS[status], "content": problem}
        for status, headers in ((429, LIMITS), (503, WAIT)):
            bodies[str(status)]["headers"] = {
                name: {"schema": {"type": "integer"}, "description": says} for name, says in headers.items()
            }
        if self.method == "GET":
            bodies["304"] = {"description": "You have it already."}
        return bodies

    def _selection(self, whole: Described) -> Described:
        if whole["schema"]["$ref"].endswith(PAGE):
            return {"schema": self.resolve_serializer(SelectionPageSerializer, "response").ref}
        return {"schema": {"type": "object", "description": "The members that were chosen, as they are in the whole."}}

    @override
    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Described:
        shape_of: Any = super()._map_basic_serializer
        shape: Described = shape_of(serializer, direction)
        if isinstance(serializer, WriteSerializer):
            shape["additionalProperties"] = False
        elif isinstance(serializer, FactsSerializer):
            shape["additionalProperties"] = True
        if is_patched_serializer(serializer, direction):
            # What a patch leaves out stays as it is; generated clients would send the defaults.
            for member in shape["properties"].values():
                member.pop("default", None)
        return shape


def share_enumerations(result: Described, **_context: Any) -> Described:
    """A hook of drf-spectacular: parameters refer to the enumerations that shapes have names for; null is just null."""
    shapes = result.get("components", {}).get("schemas", {})  # a document without a path has none
    names = {tuple(shape["enum"]): name for name, shape in shapes.items() if "enum" in shape}
    calls = (call for calls in result["paths"].values() for call in calls.values())
    for parameter in (parameter for call in calls for parameter in call["parameters"]):
        rest = dict(parameter["schema"])
        if name := names.get(tuple(rest.pop("enum", ()))):
            del rest["type"]
            parameter["schema"] = safe_ref({"$ref": f"#/components/schemas/{name}", **rest})
    shapes.pop("NullEnum", None)
    for member in (member for shape in shapes.values() for member in shape.get("properties", {}).values()):
        if NULL_ENUM in member.get("oneOf", ()):
            member["oneOf"] = [{"type": "null"} if way == NULL_ENUM else way for way in member["oneOf"]]
    return result


def _header(name: str, says: str, *, required: bool = False, response: Any = False) -> OpenApiParameter:
    return OpenApiParameter(
        name, OpenApiTypes.STR, OpenApiParameter.HEADER, required=required, description=says, response=response
    )


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it registers what derives from it
    """Describes tokens."""

    target_class = "interfaces.api.authentication.BearerAuthentication"
    name = "token"

    @override
    def get_security_definition(self, auto_schema: AutoSchema) -> Described:
        return {"type": "http", "scheme": "bearer", "description": "`manage.py create_token USERNAME` prints one."}
