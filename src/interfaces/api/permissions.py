"""Who may call what: the policies of the core, asked before a request is read."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from typing_extensions import override

from application.shared.permissions import require_somewhere


class HasRight(BasePermission):
    """Turns away whoever has the right that the call takes at no site at all; where they have it, use cases ask."""

    @override
    def has_permission(self, request: Request, view: Any) -> bool:
        """True; raises `Forbidden`, which says what is missing."""
        require_somewhere(view.actor, view.right)
        return True
