"""What a recall begins with, as people say it."""

from collections.abc import Mapping

from application.shared.language import Language
from domain.traceability.origin import (
    CampaignOrigin,
    DocumentOrigin,
    LineOrigin,
    LotsOrigin,
    Origin,
    SupplierLotOrigin,
)

SENTENCES: Mapping[str, Mapping[Language, str]] = {
    "lot": {Language.ENGLISH: "one lot, chosen by hand", Language.FRENCH: "un lot, choisi à la main"},
    "lots": {Language.ENGLISH: "{count} lots, chosen by hand", Language.FRENCH: "{count} lots, choisis à la main"},
    "supplier": {
        Language.ENGLISH: "what {supplier} delivered under lot {supplier_lot}",
        Language.FRENCH: "ce que {supplier} a livré sous le lot {supplier_lot}",
    },
    "campaign": {
        Language.ENGLISH: "what campaign {campaign} made",
        Language.FRENCH: "ce que la campagne {campaign} a fait",
    },
    "document": {
        Language.ENGLISH: "what moved with document {document}",
        Language.FRENCH: "ce qui a circulé avec le document {document}",
    },
    "partner": {
        Language.ENGLISH: "what moved with document {document} of {partner}",
        Language.FRENCH: "ce qui a circulé avec le document {document} de {partner}",
    },
    "line": {
        Language.ENGLISH: "what line {line} of {site} made from {since} until {until}",
        Language.FRENCH: "ce que la ligne {line} de {site} a fait de {since} à {until}",
    },
}


def in_words(origin: Origin, language: Language = Language.ENGLISH) -> str:
    """What the origin is, in a phrase of this language."""

    def say(key: str, **facts: object) -> str:
        return SENTENCES[key][language].format(**facts)

    match origin:
        case LotsOrigin(lots):
            return say("lot") if len(lots) == 1 else say("lots", count=len(lots))
        case SupplierLotOrigin(supplier, supplier_lot):
            return say("supplier", supplier=supplier, supplier_lot=supplier_lot)
        case CampaignOrigin(campaign):
            return say("campaign", campaign=campaign)
        case DocumentOrigin(document, None):
            return say("document", document=document)
        case DocumentOrigin(document, partner):
            return say("partner", document=document, partner=partner)
        case LineOrigin(site, line, since, until):
            return say("line", site=site, line=line, since=since.isoformat(), until=until.isoformat())
