"""Reading the catalog."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Generic

from application.catalog.ports import Key, R
from application.shared.paging import Page, PageRequest


class RecordReader(ABC, Generic[R]):
    """Reads one kind of record, in the order of its code."""

    @abstractmethod
    def get(self, key: Key) -> R:
        """The record; `NotFound`."""

    @abstractmethod
    def page(self, filters: Mapping[str, str], request: PageRequest) -> Page[R]:
        """Records whose attributes equal the filters, one page of them, in a fixed number of queries."""
