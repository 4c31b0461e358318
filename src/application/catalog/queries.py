"""Reading the catalog."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from typing import Generic

from application.catalog.ports import Key, R
from application.shared.paging import Page, PageRequest
from domain.access.rights import Sight


class RecordOrder(StrEnum):
    """What records are ordered by; names by their first hundred characters, those of one name by their codes."""

    CODE = "code"
    NAME = "name"


class LineOrder(StrEnum):
    """What lines are ordered by; those of one site by their codes, those of one name by their sites and codes."""

    SITE = "site"
    NAME = "name"


class RecordReader(ABC, Generic[R]):
    """Reads one kind of record, in the order of its code unless asked for another."""

    @abstractmethod
    def get(self, key: Key, sight: Sight) -> R:
        """The record; `NotFound`, also where it is of a site out of sight."""

    @abstractmethod
    def page(self, filters: Mapping[str, str], request: PageRequest, sight: Sight) -> Page[R]:
        """Records in sight whose attributes equal the filters, one page of them, in a fixed number of queries."""
