"""Signatures to the columns of `SignedModel` and back."""

from typing import Any

from domain.shared.signature import Signature
from infrastructure.persistence.shared.models import SignedModel


def signature_of(row: SignedModel) -> Signature | None:
    """The signature of a row, if there is one."""
    if row.signed_at is None:
        return None
    return Signature(row.signed_by, row.signature_meaning, row.signed_at, row.signed_document, row.signature_proven)


def signature_columns(signature: Signature | None) -> dict[str, Any]:
    """The columns of `SignedModel`."""
    return {
        "signed_by": signature.name if signature else "",
        "signature_meaning": signature.meaning if signature else "",
        "signed_at": signature.at if signature else None,
        "signed_document": signature.document if signature else "",
        "signature_proven": signature.proven if signature else False,
    }
