"""What traceability needs from outside, besides what it reads."""

from abc import abstractmethod
from typing import Protocol

from domain.traceability.diagram import Diagram


class Drawing(Protocol):
    """Lays a diagram out and draws it."""

    @abstractmethod
    def svg(self, diagram: Diagram) -> bytes:
        """The picture as an SVG document that stands alone; the same diagram gives the same bytes."""
