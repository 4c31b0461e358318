"""Reading the catalog."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Generic

from application.catalog.ports import Key, R
from application.shared.paging import Page, PageRequest
from domain.access.rights import Sight


class RecordReader(ABC, Generic[R]):
    """Reads one kind of record, in the order of its code."""

    @abstractmethod
    def get(self, key: Key, sight: Sight) -> R:
        """The record; `NotFound`, also where it is of a site out of sight."""

    @abstractmethod
    def page(self, filters: Mapping[str, str], request: PageRequest, sight: Sight) -> Page[R]:
        """Records in sight whose attributes equal the filters, one page of them, in a fixed number of queries."""
