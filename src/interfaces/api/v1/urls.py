"""The routes of version 1."""

from django.urls import URLPattern, URLResolver, path

from interfaces.api.documents import DocsView, OpenApiView
from interfaces.api.v1 import records
from interfaces.api.v1.audit import AuditViewSet
from interfaces.api.v1.campaigns import CampaignViewSet
from interfaces.api.v1.lots import LotViewSet
from interfaces.api.v1.me import MeViewSet
from interfaces.api.v1.operations import OperationViewSet
from interfaces.api.v1.recalls import RecallViewSet
from interfaces.api.v1.routing import Router
from interfaces.api.v1.tokens import TokenViewSet
from interfaces.api.v1.traces import TraceViewSet
from interfaces.api.v1.users import UserViewSet

app_name = "v1"

router = Router()
router.register("products", records.ProductViewSet, "product")
router.register("sites", records.SiteViewSet, "site")
router.register("lines", records.LineViewSet, "line")
router.register("partners", records.PartnerViewSet, "partner")
router.register("operators", records.OperatorViewSet, "operator")
router.register("campaigns", CampaignViewSet, "campaign")
router.register("operations", OperationViewSet, "operation")
router.register("lots", LotViewSet, "lot")
router.register("traces", TraceViewSet, "trace")
router.register("recalls", RecallViewSet, "recall")
router.register("audit", AuditViewSet, "audit")
router.register("users", UserViewSet, "user")
router.register("tokens", TokenViewSet, "token")

urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", OpenApiView.as_view(), name="openapi"),
    path("docs", DocsView.as_view(url_name="v1:openapi"), name="docs"),
    path("me/", MeViewSet.as_view({"get": "retrieve"}), name="me"),
    *router.urls,
]
