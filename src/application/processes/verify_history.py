"""Looking whether the history is whole, and whether what it tells of is still as it tells."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing

from attrs import frozen

from application.history.checkpoints import Published
from application.history.ports import (
    Chains,
    Count,
    Difference,
    Facts,
    KeptDocument,
    Retold,
    Schemas,
    Unchecked,
    Unentered,
    Unlike,
    WrongLinks,
    WrongLot,
)
from application.history.retelling import differing, told_state
from application.history.schema import DATABASE, schema_findings
from domain.history.chain import Entry, Finding, Head, findings
from domain.history.entry import PLANT, site_chain
from domain.history.times import Times
from domain.shared.exact import canonical

Tell = Callable[[Finding], None]


@frozen
class Verified:
    """How much was looked at, how many findings that gave, and where the chains end.

    `notes` say what somebody who reads the history should know, and isn't wrong.
    """

    heads: tuple[Head, ...]
    entries: int
    operations: int
    documents: int
    findings: int
    notes: tuple[Finding, ...] = ()


@frozen
class VerifyHistoryHandler:
    """Follows every chain from its beginning to its head, and compares with the entries what they tell of."""

    chains: Chains
    facts: Facts
    schemas: Schemas

    def __call__(self, published: Published, tell: Tell) -> Verified:
        """Look at everything, and tell of each finding as it comes up; of the rest only heads are kept.

        `published` has what was made known of the chains before.
        """
        look = _Look(tell)
        heads = tuple(self._chains(look, published))
        with closing(self.facts.unentered()) as unentered:
            look.found(finding for site in unentered for finding in unentered_findings(site))
        with closing(self.facts.documents()) as documents:
            look.found(finding for document in documents for finding in look.at_document(document))
        with closing(self.facts.wrong_lots()) as lots:
            look.found(map(lot_finding, lots))
        with closing(self.facts.unlike()) as unlike:
            look.found(map(unlike_finding, unlike))
        with closing(self.facts.retold()) as records:
            look.found(records_findings(records))
        look.found(links_findings(self.facts.wrong_links()))
        look.noted(unchecked_notes(self.facts.unchecked()))
        self._schema(look)
        return Verified(heads, look.entries, self.facts.operations(), look.documents, look.findings, tuple(look.notes))

    def _schema(self, look: "_Look") -> None:
        schema = self.schemas.found()
        look.found(schema_findings(self.schemas.migrated(), schema))
        if schema.rights is None:
            look.noted([_RIGHTS_SAY_NOTHING])

    def _chains(self, look: "_Look", published: Published) -> Iterator[Head]:
        gone = set(published)
        with closing(self.chains.read()) as read:
            for head, entries in read:
                gone.discard(head.chain)
                times = Times(head.chain)
                look.found(findings(head, times.along(look.at_entries(entries)), published.get(head.chain)))
                look.noted(times.notes())
                yield head
        for chain in sorted(gone):
            look.found(findings(Head(chain), (), published[chain]))


class _Look:
    """Counts what is looked at, and hands on what is found."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self.entries = self.documents = self.findings = 0
        self.notes: list[Finding] = []

    def at_entries(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        for entry in entries:
            self.entries += 1
            yield entry

    def at_document(self, document: KeptDocument) -> Iterator[Finding]:
        self.documents += 1
        return document_findings(document)

    def found(self, findings: Iterator[Finding]) -> None:
        for finding in findings:
            self.findings += 1
            self._tell(finding)

    def noted(self, notes: Iterable[Finding]) -> None:
        self.notes += notes


_RIGHTS_SAY_NOTHING = Finding(
    DATABASE,
    0,
    "rights_not_compared",
    "The application's own role owns the tables: triggers and rights don't bind it, and its rights aren't compared.",
)


def unentered_findings(site: Unentered) -> Iterator[Finding]:
    """What was put into the ledger without the history."""
    chain = site_chain(site.site)
    if site.operations:
        detail = f"{site.operations} operations of this site are in no entry."
        yield Finding(chain, 0, "operations_not_entered", detail)
    if site.movements:
        detail = f"{site.movements} movements of this site belong to no operation."
        yield Finding(chain, 0, "movements_without_operation", detail)


def document_findings(document: KeptDocument) -> Iterator[Finding]:
    """What is wrong with a balance or a report that something was closed with."""
    if document.of_text is None:
        yield Finding(document.chain, document.number, "document_gone", f"{document.name} is entered, and it is gone.")
    elif document.of_text != document.beside:
        detail = f"{document.name} isn't what was hashed."
        yield Finding(document.chain, document.number, "document_altered", detail)
    elif document.number == 0:
        yield Finding(document.chain, 0, "document_not_entered", f"{document.name} is in no entry.")
    elif document.of_text != document.entered:
        detail = f"{document.name} isn't that of its entry."
        yield Finding(document.chain, document.number, "document_altered", detail)


def lot_finding(lot: WrongLot) -> Finding:
    """A lot that doesn't say what follows from its facts."""
    chain, follows = site_chain(lot.site), canonical(lot.follows)
    if lot.says is None:
        return Finding(chain, 0, "lot_gone", f"Lot {lot.name} is gone, and {follows} of it are left by its movements.")
    detail = _SAYS[lot.what].format(lot=lot.name, says=canonical(lot.says), follows=follows)
    return Finding(chain, 0, f"wrong_{lot.what}", detail)


_SAYS = {
    Count.ON_HAND: "Lot {lot} has {says} on hand, and {follows} by its movements.",
    Count.VALUE: "Lot {lot} is worth {says}, and {follows} by its movements.",
    Count.HOLDS: "Lot {lot} counts {says} holds, and {follows} stand on it.",
}


def unlike_finding(unlike: Unlike) -> Finding:
    """What isn't as the history tells."""
    detail = f"{unlike.name}: {_DIFFERS[unlike.difference]}"
    return Finding(unlike.chain, unlike.number, f"{unlike.kind}_{unlike.difference}", detail)


_DIFFERS = {
    Difference.GONE: "entered, and gone, or otherwise now.",
    Difference.ALTERED: "not as it was entered.",
    Difference.NOT_ENTERED: "in no entry, or not as it is now.",
}


def records_findings(records: Iterable[Retold]) -> Iterator[Finding]:
    """What is wrong with records; those that were stored without the history are only counted, however many."""
    alone: Counter[str] = Counter()
    for record in records:
        if record.entries:
            yield from record_findings(record)
        else:
            alone[record.kind] += 1
    for kind, number in alone.items():
        yield Finding(PLANT, 0, "records_not_entered", f"{number} of the records called {kind} are in no entry.")


def record_findings(record: Retold) -> Iterator[Finding]:
    """What is wrong with a record of the catalog, a campaign or a recall, by all that was entered of it."""
    told = told_state(entry for _, entry in record.entries)
    number, last = record.entries[-1]
    chain = last.change.chain
    name = f"{record.kind.capitalize()} {record.name}"
    if record.stored is None:
        if told is not None:
            yield Finding(chain, number, f"{record.kind}_gone", f"{name} is entered, and it is gone.")
    elif told is None:
        detail = f"{name} is there, and isn't by what was entered."
        yield Finding(chain, number, f"{record.kind}_not_entered", detail)
    elif not record.stored:
        yield Finding(chain, number, f"{record.kind}_altered", f"{name} can't be read any more.")
    elif names := ", ".join(differing(told, record.stored)):
        yield Finding(chain, number, f"{record.kind}_altered", f"{name} isn't as it was entered: {names}.")


def unchecked_notes(unchecked: Unchecked) -> Iterator[Finding]:
    """What isn't compared with its entry, because that is of before entries had what it takes."""
    since = "before the history kept a hash of them, and aren't compared with it"
    if unchecked.passwords:
        detail = f"{unchecked.passwords} passwords were set {since} until they are set again."
        yield Finding(PLANT, 0, "passwords_not_compared", detail)
    if unchecked.tokens:
        detail = f"{unchecked.tokens} access tokens that let in were issued {since} until they are replaced."
        yield Finding(PLANT, 0, "tokens_not_compared", detail)
    if unchecked.accounts:
        detail = f"{unchecked.accounts} accounts of OpenID Connect were linked {since}."
        yield Finding(PLANT, 0, "accounts_not_compared", detail)


def links_findings(links: WrongLinks) -> Iterator[Finding]:
    """What is wrong with the genealogy."""
    if links.missing:
        yield Finding(PLANT, 0, "links_missing", f"{links.missing} links of the genealogy are missing.")
    if links.astray:
        yield Finding(PLANT, 0, "links_astray", f"{links.astray} links of the genealogy follow from no movement.")
