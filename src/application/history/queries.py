"""Reading the history: what was done, by whom, when and why."""

from abc import abstractmethod
from collections.abc import Generator
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from attrs import frozen

from application.shared.paging import Page, PageRequest
from domain.access.rights import Sight
from domain.history.entry import Told


class SubjectKind(StrEnum):
    """What entries are about."""

    PRODUCT = "product"
    SITE = "site"
    LINE = "line"
    PARTNER = "partner"
    OPERATOR = "operator"
    CAMPAIGN = "campaign"
    OPERATION = "operation"
    LOT = "lot"
    HOLD = "hold"
    RECALL = "recall"
    USER = "user"


class Action(StrEnum):
    """What is done to subjects."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    RECORDED = "recorded"
    CORRECTED = "corrected"
    REVERSED = "reversed"
    PLANNED = "planned"
    OPENED = "opened"
    CLOSED = "closed"
    REOPENED = "reopened"
    CANCELLED = "cancelled"
    RELEASED = "released"
    REJECTED = "rejected"
    PLACED = "placed"
    LIFTED = "lifted"
    EXTENDED = "extended"
    LOGGED = "logged"
    HOLDS_LIFTED = "holds_lifted"
    SIGNED = "signed"
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    PASSWORD_SET = "password_set"  # nosec B105  # noqa: S105 - a word for what was done, no password
    PASSWORD_REHASHED = "password_rehashed"  # nosec B105  # noqa: S105 - a word for what was done, no password
    TOKEN_ISSUED = "token_issued"  # nosec B105  # noqa: S105 - a word for what was done, no token
    TOKEN_REVOKED = "token_revoked"  # nosec B105  # noqa: S105 - a word for what was done, no token


@frozen
class EntryRow:
    """An entry as it is read: its place in its chain, its hash, and what it tells."""

    number: int
    sha256: str
    told: Told


@frozen
class HistoryFilters:
    """Which entries; None is any.

    `campaign` is of its chain; `site` of the site's own chain and of those of its campaigns. `subject` is a kind, with
    the id or the code of one subject, or with None for all of the kind. `lot` is whatever concerns the lot: decisions
    about it, holds on it, operations that moved it, recalls that it is in. `until` is excluded.
    """

    campaign: str | None = None
    site: str | None = None
    actor: str | None = None
    action: str | None = None
    subject: tuple[str, UUID | str | None] | None = None
    lot: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


class HistoryReader(Protocol):
    """Reads entries, the latest first.

    In sight are those of the chains of a site and of its campaigns; what belongs to no site takes the sight of all.
    """

    @abstractmethod
    def page(self, filters: HistoryFilters, request: PageRequest, sight: Sight) -> Page[EntryRow]:
        """Entries in sight that match, one page."""

    @abstractmethod
    def all(self, filters: HistoryFilters, sight: Sight) -> Generator[EntryRow, None, None]:
        """Every entry in sight that matches, of one moment, without keeping any."""

    @abstractmethod
    def of_lot(self, lot: UUID, request: PageRequest, sight: Sight) -> Page[EntryRow]:
        """Entries that concern the lot, wherever they are, one page; `NotFound` where the lot is out of sight."""

    @abstractmethod
    def of_campaign(self, campaign: str, request: PageRequest, sight: Sight) -> Page[EntryRow]:
        """Entries of the campaign, one page; `NotFound` where it is out of sight."""
