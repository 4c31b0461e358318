"""Users, roles and tokens as they are read and written."""

from collections.abc import Iterable

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from typing_extensions import override

from application.shared.language import Language
from domain.access.rights import Grant, Right, Role
from interfaces.api.fields import (
    BooleanField,
    ChoiceField,
    CodeField,
    CountField,
    DateTimeField,
    InputField,
    TextField,
    UuidField,
    described,
    each,
)
from interfaces.api.flaws import malformed
from interfaces.api.queries import PageQuerySerializer
from interfaces.api.serializers import ReadSerializer, ShownField, Values, WriteSerializer

EVERYWHERE = "Where; null at every site there is and will be."
RIGHTS = described(type="array", items={"type": "string", "enum": list(Right)})
RIGHTS_OR_NONE = {**RIGHTS, "type": ["array", "null"]}


class RoleReadSerializer(ReadSerializer):
    """Writes a role that a user has."""

    role = ChoiceField(Role)
    site = CodeField(allow_null=True, help_text=EVERYWHERE)


class RoleWriteSerializer(WriteSerializer):
    """Reads a role to give."""

    role = ChoiceField(Role)
    site = CodeField(required=False, allow_null=True, help_text=EVERYWHERE)


@extend_schema_field(RoleReadSerializer(many=True))
class RolesField(ShownField):
    """Roles, always in the same order: those at every site first."""

    @override
    def shown(self, value: Iterable[Grant], language: Language) -> list[Values]:
        grants = sorted(value, key=lambda grant: (grant.site or "", grant.role))
        return [{"role": grant.role, "site": grant.site} for grant in grants]


@extend_schema_field(RIGHTS_OR_NONE)
class RightsField(ShownField):
    """Rights, always in the same order; null is all of them."""

    @override
    def shown(self, value: frozenset[Right] | None, language: Language) -> list[Right] | None:
        return None if value is None else [right for right in Right if right in value]


class ScopesField(InputField):
    """Rights, as what a token is good for."""

    schema = RIGHTS

    @override
    def value_of(self, stated: object) -> frozenset[Right]:
        if not isinstance(stated, list):
            raise malformed("wrong_type", "A list is expected here.")
        return frozenset(map(Right, each(stated, ChoiceField(Right).value_of)))


class UserReadSerializer(ReadSerializer):
    """Writes a user, with the roles that the caller may give and take."""

    username = CodeField()
    name = TextField()
    active = BooleanField(help_text="Whether they may sign in, and their tokens are good.")
    roles = RolesField(source="grants")
    version = CountField(1, 2**31 - 1)


@extend_schema_serializer(
    examples=[OpenApiExample("Somebody who has left", request_only=True, value={"active": False, "roles": []})]
)
class UserChangeSerializer(WriteSerializer):
    """Reads what is to change about a user; `roles` are all that they shall have where the caller may give any."""

    name = TextField(required=False)
    active = BooleanField(required=False)
    roles = serializers.ListField(child=RoleWriteSerializer(), required=False, max_length=1000)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Quality at one site",
            request_only=True,
            value={"username": "odile", "name": "Odile Martin", "roles": [{"role": "quality", "site": "PLANT-1"}]},
        )
    ]
)
class UserWriteSerializer(WriteSerializer):
    """Reads a new user, who can't sign in until they have a password or a token."""

    username = CodeField()
    name = TextField(default="")
    roles = serializers.ListField(child=RoleWriteSerializer(), required=False, max_length=1000)


class TokenQuerySerializer(PageQuerySerializer):
    """Reads whose tokens are wanted."""

    user = CodeField(required=False, help_text="A user name; the caller's own, unless stated.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "For a program that records",
            request_only=True,
            value={
                "name": "Scale at the press",
                "scopes": ["read", "record"],
                "expires_at": "2027-03-01T00:00:00+01:00",
            },
        )
    ]
)
class TokenWriteSerializer(WriteSerializer):
    """Reads what a new token is to be."""

    name = TextField(help_text="What its user knows it by.")
    user = CodeField(required=False, allow_null=True, help_text="Whose it is; the caller's own, unless stated.")
    scopes = ScopesField(
        required=False, allow_null=True, help_text="What it is good for, of what its user may do; null for all of it."
    )
    expires_at = DateTimeField(required=False, allow_null=True, help_text="Null for never.")


class TokenReadSerializer(ReadSerializer):
    """Writes what is known of a token, which isn't the token itself."""

    id = UuidField()
    user = CodeField()
    name = TextField()
    scopes = RightsField()
    issued_at = DateTimeField()
    expires_at = DateTimeField(allow_null=True)
    revoked_at = DateTimeField(allow_null=True)
    last_used_at = DateTimeField(allow_null=True, help_text="To the minute.")


class IssuedTokenReadSerializer(TokenReadSerializer):
    """Writes a new token with what lets in."""

    token = TextField(allow_null=True, help_text="Shown this once: null where the same request comes again.")


class MeReadSerializer(ReadSerializer):
    """Writes who the caller is, and what the token that they show is good for at most."""

    username = CodeField(source="name")
    roles = RolesField(source="grants")
    scopes = RightsField()


def grants_in(roles: Iterable[Values]) -> frozenset[Grant]:
    """The roles that are stated."""
    return frozenset(Grant(role["role"], role["site"]) for role in roles)
