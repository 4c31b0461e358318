"""How decisions and holds are read and written."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer

from domain.production.lot import Disposition
from interfaces.api.fields import BooleanField, ChoiceField, DateTimeField, TextField, UuidField
from interfaces.api.serializers import ReadSerializer
from interfaces.api.v1.signing import OptionallySignedReasonSerializer


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "One of several holds",
            request_only=True,
            value={"hold": "0199f0a5-8a51-7c3e-9d2b-5a0f6f6f2a11", "reason": "No glass was found in it."},
        )
    ]
)
class LiftSerializer(OptionallySignedReasonSerializer):
    """Reads why a hold is lifted, and which."""

    hold = UuidField(
        required=False, allow_null=True, help_text="The latest that stands and belongs to no recall, unless stated."
    )


class SignatureReadSerializer(ReadSerializer):
    """Writes who signed, when, and what the signature means.

    `document` is the SHA-256 of what was signed, empty where that wasn't kept yet; `proven` says whether they gave
    their password at that moment.
    """

    name = TextField()
    meaning = TextField()
    at = DateTimeField()
    document = TextField()
    proven = BooleanField()


class DecisionReadSerializer(ReadSerializer):
    """Writes a decision about a lot, with the dispositions that it led from and to."""

    id = UuidField()
    before = ChoiceField(Disposition)
    after = ChoiceField(Disposition)
    reason = TextField()
    decided_at = DateTimeField()
    decided_by = TextField()
    signature = SignatureReadSerializer(allow_null=True)


class LiftingReadSerializer(ReadSerializer):
    """Writes how a hold was lifted from a lot."""

    reason = TextField()
    lifted_at = DateTimeField()
    lifted_by = TextField()
    signature = SignatureReadSerializer(allow_null=True)


class HeldLotReadSerializer(ReadSerializer):
    """Writes a hold as it stands on a lot, or stood until it was lifted; `scope` says in words what else it holds."""

    id = UuidField(source="hold.id")
    reason = TextField(source="hold.reason")
    scope = TextField(source="hold.scope")
    placed_at = DateTimeField(source="hold.placed_at")
    placed_by = TextField(source="hold.placed_by")
    recall = UuidField(source="hold.recall", allow_null=True)
    signature = SignatureReadSerializer(source="hold.signature", allow_null=True)
    stands = BooleanField()
    lifted = LiftingReadSerializer(source="lifting", allow_null=True)
