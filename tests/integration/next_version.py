"""Routes with a version 2 in which sites differ, and machines are new: what such a version would look like."""

from typing import ClassVar

from django.urls import include, path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from interfaces.api.fields import CodeField, TextField
from interfaces.api.routing import successor
from interfaces.api.serializers import ReadSerializer
from interfaces.api.urls import VERSIONS, patterns
from interfaces.api.v1.records import SiteViewSet, described
from interfaces.api.views import ApiViewSet, single


class LabelledSiteReadSerializer(ReadSerializer):
    """Writes a site, whose name is its label here."""

    code = CodeField()
    label_ = TextField(source="name")


@described
class LabelledSiteViewSet(SiteViewSet):
    """Sites with labels."""

    read = LabelledSiteReadSerializer


class MachineViewSet(ApiViewSet):
    """Machines, of which there is one."""

    what = "machine"
    lookup_field = "code"
    shows: ClassVar = {"retrieve": LabelledSiteReadSerializer}

    @extend_schema(responses={200: LabelledSiteReadSerializer})
    def retrieve(self, _request: Request, code: str) -> Response:
        """One machine."""
        return single({"code": self.code(code), "label": self.address("machine-detail", code=code)})


second = successor(VERSIONS["v1"], {"sites": LabelledSiteViewSet, "machines": MachineViewSet})

urlpatterns = [path("api/", include(patterns({"v1": VERSIONS["v1"], "v2": second})))]
