"""How the history is read."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from drf_spectacular.utils import extend_schema_field
from typing_extensions import override

from application.history.queries import Action, EntryRow, SubjectKind
from application.history.sentences import sentence_of
from application.shared.language import Language
from domain.history.entry import Told
from domain.shared.canonical import Json, moment
from domain.shared.signature import Signature
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
    text_in,
)
from interfaces.api.flaws import BadInput
from interfaces.api.language import language
from interfaces.api.queries import PageQuerySerializer
from interfaces.api.serializers import ReadSerializer, ShownField

LONGEST = 2**63 - 1


class SubjectField(InputField):
    """Subjects in a query: all of a kind, or one of them by its id or its code."""

    schema = described(
        type="string", pattern=f"^({'|'.join(SubjectKind)})(:.+)?$", example="product:CIDER75", maxLength=200
    )

    @override
    def value_of(self, stated: object) -> tuple[SubjectKind, UUID | str | None]:
        kind, colon, named = text_in(stated).partition(":")
        known = SubjectKind(ChoiceField(SubjectKind).value_of(kind))
        return known, _named(named) if colon else None


def _named(text: str) -> UUID | str:
    try:
        return UuidField().value_of(text)
    except BadInput:
        return TextField().value_of(text)


class AuditQuerySerializer(PageQuerySerializer):
    """Reads which entries are wanted; `since` and `until` (excluded) are of when they were made."""

    campaign = CodeField(required=False)
    site = CodeField(required=False, help_text="What was done there, in campaigns too.")
    actor = TextField(required=False, help_text="Who did it.")
    action = ChoiceField(Action, required=False)
    subject = SubjectField(required=False, help_text="A kind, or one of a kind: its id or its code after a colon.")
    lot = UuidField(required=False, help_text="Decisions, holds, operations and recalls that concern it.")
    since = DateTimeField(required=False)
    until = DateTimeField(required=False)


class SubjectReadSerializer(ReadSerializer):
    """Writes what was changed: its kind, its id, and the code that people call it by, or nothing."""

    kind = ChoiceField(SubjectKind)
    id = TextField()
    code = TextField()


@extend_schema_field({"type": ["object", "null"], "additionalProperties": True})
class KeptField(ShownField):
    """Values that changed, as they were kept; null where there was nothing, or isn't any more."""

    @override
    def shown(self, value: Any, language: Language) -> Any:
        return value


@extend_schema_field({"type": "string", "format": "date-time", "example": "2026-03-02T12:05:00.000000Z"})
class MomentField(ShownField):
    """A moment as it was kept, to the microsecond: with it the document that was hashed can be made again."""

    @override
    def shown(self, value: datetime | None, language: Language) -> str | None:
        return None if value is None else moment(value)


class AuditSignatureReadSerializer(ReadSerializer):
    """Writes who signed, what the signature means and when, and the SHA-256 of what was signed, where it was kept."""

    name = TextField()
    meaning = TextField()
    at = MomentField()
    document = TextField(required=False)
    proven = BooleanField(required=False)


@extend_schema_field(AuditSignatureReadSerializer(allow_null=True))
class AuditSignatureField(ShownField):
    """A signature as it was kept, so that the document that was hashed can be made again."""

    @override
    def shown(self, value: Signature | None, language: Language) -> Json:
        return None if value is None else value.stated(moment(value.at))


@extend_schema_field(
    {"type": "string", "example": "On 2 March 2026 at 12:05 UTC, ana released lot CIDER L-7 at A: tasted good."}
)
class SentenceField(ShownField):
    """The entry as a sentence, in the language of `Accept-Language`."""

    @override
    def shown(self, value: Told, language: Language) -> str:
        return sentence_of(value, language)


class AuditEntryReadSerializer(ReadSerializer):
    """Writes an entry of the history.

    Without `chain`, `number`, `sha256` and `sentence` it is the document that was hashed, as canonical JSON (RFC 8785),
    after three lines: the hash of the entry before it in its chain (64 zeros for the first), the chain, the number.
    """

    chain = TextField(source="told.change.chain")
    number = CountField(1, LONGEST, help_text="Its place in the chain, from 1 without gaps.")
    at = MomentField(source="told.at", help_text="By the server's clock; never before that of the entry before.")
    clock = MomentField(
        source="told.clock", required=False, help_text="What the clock said, where it was behind the entry before."
    )
    actor = TextField(source="told.whence.actor")
    on_behalf_of = TextField(source="told.whence.on_behalf_of")
    channel = TextField(source="told.whence.channel")
    request = TextField(source="told.whence.request")
    subject = SubjectReadSerializer(source="told.change.subject")
    action = ChoiceField(Action, source="told.change.action")
    before = KeptField(source="told.change.before")
    after = KeptField(source="told.change.after")
    reason = TextField(source="told.change.reason")
    signature = AuditSignatureField(source="told.change.signature")
    sha256 = TextField()
    sentence = SentenceField(source="told")


COLUMNS = (
    *("chain", "number", "at", "actor", "on_behalf_of", "channel", "request"),
    *("subject_kind", "subject_id", "subject_code", "action", "before", "after", "reason"),
    *("signature_name", "signature_meaning", "signature_at", "signature_document", "sha256", "sentence"),
    *("signature_proven", "clock"),
)
"""What an entry has in a table, new columns last; `before`, `after` and `signature_proven` are JSON, or nothing."""


def cells_of(row: EntryRow) -> tuple[str | int, ...]:
    """The entry by these columns."""
    change, whence, signature = row.told.change, row.told.whence, row.told.change.signature
    return (
        *(change.chain, row.number, moment(row.told.at)),
        *(whence.actor, whence.on_behalf_of, whence.channel, whence.request),
        *(change.subject.kind, change.subject.id, change.subject.code, change.action),
        *("" if values is None else orjson.dumps(values).decode() for values in (change.before, change.after)),
        change.reason,
        *(("", "", "", "") if signature is None else _signed(signature)),
        *(row.sha256, sentence_of(row.told, language())),
        "" if signature is None or not signature.document else orjson.dumps(signature.proven).decode(),
        "" if row.told.clock is None else moment(row.told.clock),
    )


def _signed(signature: Signature) -> tuple[str, str, str, str]:
    return (signature.name, signature.meaning, moment(signature.at), signature.document)
