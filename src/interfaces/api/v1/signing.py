"""Reasons and signatures, which several calls take."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework.request import Request

from application.shared.actor import Actor
from application.shared.signing import Signing
from interfaces.api.fields import TextField
from interfaces.api.serializers import Values, WriteSerializer
from interfaces.shared.signing import check_password


class SignatureSerializer(WriteSerializer):
    """Reads a signature: what it means, in words. Who signs and when comes from the server."""

    meaning = TextField(help_text="What the signature means, such as: I checked the cellar book.")
    password = TextField(
        required=False, allow_null=True, help_text="Proves who signs at that moment, where the site asks for it."
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "What it means, and the password where a site asks for it",
            request_only=True,
            value={"signature": {"meaning": "I open this recall."}},
        )
    ]
)
class SignatureAloneSerializer(WriteSerializer):
    """Reads a signature and nothing else."""

    signature = SignatureSerializer()


class ReasonSerializer(WriteSerializer):
    """Reads why something is done."""

    reason = TextField()


@extend_schema_serializer(
    examples=[OpenApiExample("Why", request_only=True, value={"reason": "The order was withdrawn."})]
)
class OptionalReasonSerializer(WriteSerializer):
    """Reads why something is done, if anybody says."""

    reason = TextField(default="")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Why, signed",
            request_only=True,
            value={
                "reason": "A delivery note was missing.",
                "signature": {"meaning": "I have checked it and approve it."},
            },
        )
    ]
)
class SignedReasonSerializer(ReasonSerializer):
    """Reads why something is done, and a signature."""

    signature = SignatureSerializer()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Why, signed where that is asked for",
            request_only=True,
            value={"reason": "The analysis of 3 March.", "signature": {"meaning": "I have checked it and approve it."}},
        )
    ]
)
class OptionallySignedReasonSerializer(ReasonSerializer):
    """Reads why something is done, and perhaps a signature."""

    signature = SignatureSerializer(required=False, allow_null=True)


def signing_of(signature: Values | None, request: Request, actor: Actor) -> Signing | None:
    """How the caller signs; None without a signature. Raises WrongPassword for a password that isn't the actor's."""
    return None if signature is None else signing_with(signature, request, actor)


def signing_with(signature: Values, request: Request, actor: Actor) -> Signing:
    """How the caller signs with this signature. Raises WrongPassword for a password that isn't the actor's."""
    if signature["password"] is not None:
        check_password(request, actor, signature["password"])
    return Signing(signature["meaning"], proven=signature["password"] is not None)
