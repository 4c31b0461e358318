"""What version 2 has that version 1 hasn't. It is opened by the first resource that truly differs."""

from collections.abc import Mapping

from interfaces.api.views import ApiViewSet

RESOURCES: Mapping[str, type[ApiViewSet]] = {}
"""The resources that differ, by their paths, such as `lots`; all others are those of version 1."""
