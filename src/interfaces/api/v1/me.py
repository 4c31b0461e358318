"""Who the caller is."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from interfaces.api.v1.access_serializers import MeReadSerializer
from interfaces.api.views import ApiViewSet, single


class MeViewSet(ApiViewSet):
    """Whoever asks, even without any role."""

    what = "user"
    permission_classes = (IsAuthenticated,)

    @extend_schema(operation_id="me_retrieve", responses={200: MeReadSerializer})
    def retrieve(self, _request: Request) -> Response:
        """The caller's name, roles, and what the token that they show is good for at most; null is for all."""
        return single(MeReadSerializer(self.actor).data)
