"""The routes of version 1."""

from interfaces.api.routing import Router
from interfaces.api.v1 import records
from interfaces.api.v1.audit import AuditViewSet
from interfaces.api.v1.campaigns import CampaignViewSet
from interfaces.api.v1.lots import LotViewSet
from interfaces.api.v1.me import MeViewSet
from interfaces.api.v1.operations import OperationViewSet
from interfaces.api.v1.recalls import RecallViewSet
from interfaces.api.v1.tokens import TokenViewSet
from interfaces.api.v1.traces import TraceViewSet
from interfaces.api.v1.users import UserViewSet

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
router.register_single("me", MeViewSet)
