"""States in the reader's language."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from drf_spectacular.utils import extend_schema_field
from typing_extensions import override

from application.shared.language import Language
from domain.production.campaign import CampaignState
from domain.production.lot import Disposition
from domain.traceability.recall import RecallState
from interfaces.api.serializers import ShownField

LABELS: Mapping[type[StrEnum], Mapping[str, Mapping[Language, str]]] = {
    CampaignState: {
        CampaignState.PLANNED: {Language.ENGLISH: "Planned", Language.FRENCH: "Planifiée"},
        CampaignState.OPEN: {Language.ENGLISH: "Open", Language.FRENCH: "En cours"},
        CampaignState.CLOSED: {Language.ENGLISH: "Closed", Language.FRENCH: "Terminée"},
        CampaignState.CANCELLED: {Language.ENGLISH: "Cancelled", Language.FRENCH: "Annulée"},
    },
    Disposition: {
        Disposition.PENDING: {Language.ENGLISH: "Pending", Language.FRENCH: "En attente"},
        Disposition.RELEASED: {Language.ENGLISH: "Released", Language.FRENCH: "Libéré"},
        Disposition.ON_HOLD: {Language.ENGLISH: "On hold", Language.FRENCH: "Bloqué"},
        Disposition.REJECTED: {Language.ENGLISH: "Rejected", Language.FRENCH: "Rejeté"},
    },
    RecallState: {
        RecallState.OPEN: {Language.ENGLISH: "Open", Language.FRENCH: "En cours"},
        RecallState.CLOSED: {Language.ENGLISH: "Closed", Language.FRENCH: "Clos"},
    },
}


@extend_schema_field({"type": "string", "example": "Terminée"})
class LabelField(ShownField):
    """One of these states as people call it, in the language of `Accept-Language`."""

    def __init__(self, states: type[StrEnum], **options: Any) -> None:
        self.labels = LABELS[states]
        super().__init__(**options)

    @override
    def shown(self, value: str, language: Language) -> str:
        return self.labels[value][language]
