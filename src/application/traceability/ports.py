"""What traceability needs from outside, beside reading."""

from abc import abstractmethod
from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from attrs import frozen

from application.shared.language import Language
from application.traceability.recall_queries import CustomerInRecall, RecallReport, StoredReport
from domain.production.lot import LotKey
from domain.traceability.diagram import Diagram
from domain.traceability.recall import LogEntry, Recall


@frozen
class Touched:
    """A recall whose lots went into operations that were recorded just now: into what, when and by whom."""

    recall: Recall
    at: datetime
    by: str
    into: frozenset[UUID]


@frozen
class RecallSites:
    """The sites that have suspect lots of a recall, and those that have lots of it at all."""

    suspects: frozenset[str]
    lots: frozenset[str]


class Recalls(Protocol):
    """Keeps recalls with the lots that are part of them."""

    @abstractmethod
    def add(self, recall: Recall, suspects: Collection[UUID]) -> None:
        """Store a new recall that begins with these lots; `Refused` for a code that is taken."""

    @abstractmethod
    def grow(self, recall: UUID, at: datetime, operations: Collection[UUID] | None = None) -> tuple[UUID, ...]:
        """Make everything part of the recall that its lots went into, by these operations alone or by all there are.

        Answers with the lots that weren't part of it. Each has as its depth the least number of operations from a
        suspect; where one that was part of it can be reached by fewer now, it gets those. They are all locked until the
        transaction ends, and whoever was recording in them is waited for, so that nothing that is made of them is
        missed: what is recorded later finds the recall.
        """

    @abstractmethod
    def touched_by(self, operations: Collection[UUID]) -> tuple[Touched, ...]:
        """Open recalls some of whose lots went into these operations; they stay open until the transaction ends."""

    @abstractmethod
    def taken(self, operations: Collection[UUID], lots: Collection[UUID]) -> tuple[LotKey, ...]:
        """Those of the lots that these operations took for what no lot on hold is taken for."""

    @abstractmethod
    def supplied(self, recall: UUID, partner: str) -> bool:
        """Whether this partner was ever sent a lot of the recall; `Invalid` for a partner that isn't there."""

    @abstractmethod
    def sites_of(self, recall: UUID) -> RecallSites:
        """Where the recall's lots are; nowhere, for a recall that isn't there."""

    @abstractmethod
    def keep_still(self, recall: UUID) -> None:
        """Let nobody record anything in the recall's lots until the transaction ends."""

    @abstractmethod
    def for_update(self, recall: UUID) -> Recall:
        """The recall, locked: nobody else changes it meanwhile. `NotFound`."""

    @abstractmethod
    def save(self, recall: Recall) -> None:
        """Store a change."""

    @abstractmethod
    def store_report(self, report: StoredReport) -> None:
        """Keep the report that the recall is closed with for good."""

    @abstractmethod
    def write_down(self, entry: LogEntry) -> None:
        """Add to the log for good."""


class Drawing(Protocol):
    """Lays a diagram out and draws it."""

    @abstractmethod
    def svg(self, diagram: Diagram) -> bytes:
        """The picture as an SVG document that stands alone; the same diagram gives the same bytes."""


class RecallPrinter(Protocol):
    """Prints recalls, as files; the same report gives the same file.

    `sha256` is that of the report's document (`recall_document`). Any text is printed as it stands, and none is obeyed.
    """

    @abstractmethod
    def report_pdf(
        self, report: RecallReport, sha256: str, picture: bytes | None, language: Language = Language.ENGLISH
    ) -> bytes:
        """The report for people, with the picture of the genealogy (SVG) where there is one, and its data attached.

        Long lists are summed up, which the report says; the workbook has them whole.
        """

    @abstractmethod
    def report_xlsx(self, report: RecallReport, sha256: str, language: Language = Language.ENGLISH) -> bytes:
        """The report as a workbook: every lot and every line."""

    @abstractmethod
    def letter_pdf(
        self, report: RecallReport, customer: CustomerInRecall, language: Language = Language.ENGLISH
    ) -> bytes:
        """The letter to one customer of the report: what to do about which goods, with a form to send back."""
