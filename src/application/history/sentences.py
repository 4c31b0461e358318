"""What an entry tells, as a sentence that people read. Times are in UTC."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from attrs import frozen

from application.shared.language import Language
from domain.history.entry import Change, Told
from domain.shared.signature import Signature

Phrase = Mapping[Language, str]


def _said(english: str, french: str) -> Phrase:
    return {Language.ENGLISH: english, Language.FRENCH: french}


FRAME = _said(
    "On {day} {month} {at.year} at {at:%H:%M} UTC, {actor} {did}",
    "Le {day} {month} {at.year} à {at:%H\u00a0h\u00a0%M} UTC, {actor} {did}",
)
FOR_ANOTHER = _said("{actor}, on behalf of {other},", "{actor}, pour le compte de {other},")
BECAUSE = _said(": {reason}", "\u00a0: {reason}")
SIGNED = _said("Signed by {name}: “{meaning}”", "Signé par {name}\u00a0: «\u00a0{meaning}\u00a0»")
IN_CAMPAIGN = _said(" in campaign {code}", " dans la campagne {code}")
FROM_TO = _said("{name} from {old} to {new}", "{name} de {old} à {new}")
AT, NOTHING, AND, AGAIN = (
    _said(" at ", " à "),
    _said("nothing", "rien"),
    _said(" and ", " et "),
    _said(" again", " de nouveau"),
)
NAMED = _said(" “{name}”", " «\u00a0{name}\u00a0»")
YES_NO = {True: _said("yes", "oui"), False: _said("no", "non")}
STILL_HELD = _said("; other holds still stand on {lots}", "\u00a0; d'autres blocages subsistent sur {lots}")
RECALL = {False: _said("recall", "le rappel"), True: _said("mock recall", "l'exercice de rappel")}

MONTHS = (
    _said("January", "janvier"),
    _said("February", "février"),
    _said("March", "mars"),
    _said("April", "avril"),
    _said("May", "mai"),
    _said("June", "juin"),
    _said("July", "juillet"),
    _said("August", "août"),
    _said("September", "septembre"),
    _said("October", "octobre"),
    _said("November", "novembre"),
    _said("December", "décembre"),
)

OPERATIONS: Mapping[str, tuple[str, str, str]] = {
    "receipt": ("receipt", "la réception", "une réception"),
    "production": ("production", "la production", "une production"),
    "split": ("split", "la division", "une division"),
    "merge": ("merge", "le regroupement", "un regroupement"),
    "rework": ("rework", "le retravail", "un retravail"),
    "transfer": ("transfer", "le transfert", "un transfert"),
    "loss": ("loss", "la perte", "une perte"),
    "sample": ("sample", "le prélèvement", "un prélèvement"),
    "shipment": ("shipment", "l'expédition", "une expédition"),
    "return": ("return", "le retour", "un retour"),
    "count": ("count", "l'inventaire", "un inventaire"),
}
"""Each kind that is recorded: in English, and in French with its articles."""

STEPS: Mapping[str, Phrase] = {
    "notified": _said(
        "noted in recall {it.code} that {it.partner} was notified",
        "a noté au rappel {it.code} que {it.partner} a été informé",
    ),
    "acknowledged": _said(
        "noted in recall {it.code} that {it.partner} has acknowledged",
        "a noté au rappel {it.code} que {it.partner} a accusé réception",
    ),
    "returned": _said(
        "noted in recall {it.code} that {it.partner} returned goods",
        "a noté au rappel {it.code} que {it.partner} a renvoyé de la marchandise",
    ),
    "destroyed": _said(
        "noted in recall {it.code} that {it.partner} destroyed {it.kilograms} kg",
        "a noté au rappel {it.code} que {it.partner} a détruit {it.kilograms} kg",
    ),
    "note": _said("made a note in recall {it.code}", "a pris une note au rappel {it.code}"),
}
"""What may be written into the log of a recall."""

RECORDS = {
    "product": _said("product {it.code}", "le produit {it.code}"),
    "site": _said("site {it.code}", "le site {it.code}"),
    "line": _said("line {it.code}", "la ligne {it.code}"),
    "partner": _said("partner {it.code}", "le partenaire {it.code}"),
    "operator": _said("operator {it.code}", "l'opérateur {it.code}"),
}
"""What the catalog has."""

ON_RECORDS = {
    "added": _said("added {record}", "a ajouté {record}"),
    "changed": _said("changed {record}{{it.changes}}", "a modifié {record}{{it.changes}}"),
    "removed": _said("removed {record}", "a supprimé {record}"),
}

PHRASES: Mapping[tuple[str, str], Phrase] = {
    **{
        (kind, action): {language: done[language].format(record=record[language]) for language in Language}
        for kind, record in RECORDS.items()
        for action, done in ON_RECORDS.items()
    },
    ("operation", "recorded"): _said(
        "recorded {it.operation} at {it.site}{it.in_campaign}",
        "a enregistré {it.operation} à {it.site}{it.in_campaign}",
    ),
    ("operation", "corrected"): _said(
        "recorded {it.operation} at {it.site}{it.in_campaign} in place of operation {it.original}",
        "a enregistré {it.operation} à {it.site}{it.in_campaign} à la place de l'opération {it.original}",
    ),
    ("operation", "reversed"): _said(
        "reversed operation {it.original} at {it.site}{it.in_campaign}",
        "a contre-passé l'opération {it.original} à {it.site}{it.in_campaign}",
    ),
    ("campaign", "planned"): _said("planned campaign {it.code}", "a planifié la campagne {it.code}"),
    ("campaign", "changed"): _said(
        "changed the plan of campaign {it.code}{it.changes}", "a modifié le plan de la campagne {it.code}{it.changes}"
    ),
    ("campaign", "opened"): _said("opened campaign {it.code}", "a ouvert la campagne {it.code}"),
    ("campaign", "closed"): _said(
        "closed campaign {it.code} with version {it.after[version]} of its balance",
        "a clôturé la campagne {it.code} avec la version {it.after[version]} de son bilan",
    ),
    ("campaign", "reopened"): _said("reopened campaign {it.code}", "a rouvert la campagne {it.code}"),
    ("campaign", "cancelled"): _said("cancelled campaign {it.code}", "a annulé la campagne {it.code}"),
    ("lot", "released"): _said("released lot {it.lot}", "a libéré le lot {it.lot}"),
    ("lot", "rejected"): _said("rejected lot {it.lot}", "a rejeté le lot {it.lot}"),
    ("hold", "placed"): _said("put {it.lots} on hold ({it.after[scope]})", "a bloqué {it.lots} ({it.after[scope]})"),
    ("hold", "lifted"): _said("lifted a hold from lot {it.held_lot}", "a levé un blocage du lot {it.held_lot}"),
    ("recall", "opened"): _said("opened {it.recall} {it.code}", "a ouvert {it.recall} {it.code}"),
    ("recall", "signed"): _said("signed the opening of recall {it.code}", "a signé l'ouverture du rappel {it.code}"),
    ("recall", "extended"): _said("added {it.joined} to recall {it.code}", "a ajouté {it.joined} au rappel {it.code}"),
    ("recall", "logged"): _said("{it.step}", "{it.step}"),
    ("recall", "closed"): _said("closed recall {it.code}", "a clos le rappel {it.code}"),
    ("recall", "holds_lifted"): _said(
        "lifted the holds of recall {it.code} from {it.lots}{it.still_held}",
        "a levé les blocages du rappel {it.code} sur {it.lots}{it.still_held}",
    ),
    ("user", "added"): _said("added user {it.code}", "a ajouté l'utilisateur {it.code}"),
    ("user", "changed"): _said("changed user {it.code}{it.changes}", "a modifié l'utilisateur {it.code}{it.changes}"),
    ("user", "granted"): _said(
        "gave user {it.code} the role {it.after[role]}{it.where}",
        "a donné à l'utilisateur {it.code} le rôle {it.after[role]}{it.where}",
    ),
    ("user", "withdrawn"): _said(
        "took the role {it.before[role]}{it.where} from user {it.code}",
        "a retiré à l'utilisateur {it.code} le rôle {it.before[role]}{it.where}",
    ),
    ("user", "password_set"): _said(
        "set the password of user {it.code}", "a défini le mot de passe de l'utilisateur {it.code}"
    ),
    ("user", "password_rehashed"): _said(
        "had the password of user {it.code} stored by a newer hash",
        "a fait enregistrer le mot de passe de l'utilisateur {it.code} sous un hachage plus récent",
    ),
    ("user", "token_issued"): _said(
        "issued an access token{it.token} to user {it.code}",
        "a délivré un jeton d'accès{it.token} à l'utilisateur {it.code}",
    ),
    ("user", "token_revoked"): _said(
        "revoked the access token{it.token} of user {it.code}",
        "a révoqué le jeton d'accès{it.token} de l'utilisateur {it.code}",
    ),
}
"""What may be done to a subject of a kind, told of whoever did it."""


def sentence_of(told: Told, language: Language) -> str:
    """What was done, by whom, when and why, and how it was signed."""
    change, at = told.change, told.at.astimezone(UTC)
    words = _Words(change, language)
    did = PHRASES[change.subject.kind, change.action][language].format(it=words)
    if reason := change.reason or words.note:
        did += BECAUSE[language].format(reason=reason)
    actor = told.whence.actor
    if told.whence.on_behalf_of:
        actor = FOR_ANOTHER[language].format(actor=actor, other=told.whence.on_behalf_of)
    month = MONTHS[at.month - 1][language]
    sentence = FRAME[language].format(day=_day(at, language), month=month, at=at, actor=actor, did=did)
    return " ".join([_ended(sentence), *_signed(change.signature, language)])


def _signed(signature: Signature | None, language: Language) -> Iterable[str]:
    if signature:
        yield SIGNED[language].format(name=signature.name, meaning=_ended(signature.meaning))


def _day(at: datetime, language: Language) -> str:
    return "1er" if language is Language.FRENCH and at.day == 1 else str(at.day)


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


@frozen
class _Words:
    """What phrases say of a change, in one language; each looks only at what its own phrases have."""

    change: Change
    language: Language

    @property
    def before(self) -> Mapping[str, Any]:
        return self.change.before or {}

    @property
    def after(self) -> Mapping[str, Any]:
        return self.change.after or {}

    @property
    def code(self) -> str:
        """What the subject is called, or else its id."""
        return self.change.subject.code or self.change.subject.id

    @property
    def lot(self) -> str:
        return self._key(self.change.subject.code)

    @property
    def held_lot(self) -> str:
        return self._key(self.before["key"])

    def _key(self, key: str) -> str:
        """A lot by its key, which ends with its site."""
        named, _, site = key.rpartition(" at ")
        return f"{named}{AT[self.language]}{site}"

    @property
    def operation(self) -> str:
        english, known, some = OPERATIONS[self.after["kind"]]
        number = self.change.subject.code
        if self.language is Language.ENGLISH:
            return f"{english} {number}" if number else f"a {english}"
        return f"{known} {number}" if number else some

    @property
    def original(self) -> str:
        return str(self.after["reverses"] or self.after["corrects"])

    @property
    def site(self) -> str:
        return str(self.after["site"])

    @property
    def in_campaign(self) -> str:
        kind, _, code = self.change.chain.partition("/")
        return IN_CAMPAIGN[self.language].format(code=code) if kind == "campaign" else ""

    @property
    def where(self) -> str:
        """The site of a role; nothing where it is one everywhere, which entries of before roles had sites leave out."""
        site = (self.after or self.before).get("site")
        return f"{AT[self.language]}{site}" if site else ""

    @property
    def token(self) -> str:
        """The name of a token, which entries of before tokens had names leave out."""
        name = (self.after or self.before).get("name")
        return NAMED[self.language].format(name=name) if name else ""

    @property
    def lots(self) -> str:
        return _lots(self.after["lots"])

    @property
    def still_held(self) -> str:
        number = self.after["still_held"]
        return STILL_HELD[self.language].format(lots=_lots(number)) if number else ""

    @property
    def joined(self) -> str:
        new, again = self.after["lots"], self.after["again"]
        parts = [_lots(new)] if new else []
        parts += [_lots(again) + AGAIN[self.language]] if again else []
        return AND[self.language].join(parts)

    @property
    def recall(self) -> str:
        return RECALL[self.after["mock"]][self.language]

    @property
    def step(self) -> str:
        return STEPS[self.after["step"]][self.language].format(it=self)

    @property
    def partner(self) -> str:
        return str(self.after["partner"])

    @property
    def kilograms(self) -> str:
        written = str(self.after["kilograms"])
        return written.replace(".", ",") if self.language is Language.FRENCH else written

    @property
    def note(self) -> str:
        """What was written into the log of a recall."""
        return str(self.after.get("text", "")) if self.change.action == "logged" else ""

    @property
    def changes(self) -> str:
        """Which attributes differ, by their own names."""
        told = [
            FROM_TO[self.language].format(name=name, old=self._value(old), new=self._value(self.after[name]))
            for name, old in self.before.items()
        ]
        return f" ({'; '.join(told)})" if told else ""

    def _value(self, value: Any) -> str:
        if value is None or value in ("", [], {}):
            return NOTHING[self.language]
        if isinstance(value, bool):
            return YES_NO[value][self.language]
        if isinstance(value, Mapping):
            return str(value["code"]) if "code" in value else " ".join(map(self._value, value.values()))
        return ", ".join(map(self._value, value)) if isinstance(value, list) else str(value)


def _lots(number: int) -> str:
    return f"{number} lot" if number == 1 else f"{number} lots"
