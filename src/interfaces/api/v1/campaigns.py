"""Campaigns, from plan to signed balance."""

from typing import ClassVar

from dependency_injector.wiring import Provide, inject
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from application.history.queries import HistoryReader
from application.production.balances import Balances, stored_document
from application.production.cancel_campaign import CancelCampaign, CancelCampaignHandler
from application.production.close_campaign import CloseCampaign, CloseCampaignHandler
from application.production.open_campaign import OpenCampaign, OpenCampaignHandler
from application.production.plan_campaign import (
    CampaignPlan,
    PlanCampaign,
    PlanCampaignHandler,
    ReviseCampaign,
    ReviseCampaignHandler,
)
from application.production.queries import CampaignReader, ListedCampaign
from application.production.reopen_campaign import ReopenCampaign, ReopenCampaignHandler
from domain.access.rights import Right
from domain.production.campaign import Campaign
from interfaces.api.etags import version_meant, version_tag
from interfaces.api.flaws import against_rule
from interfaces.api.idempotency import once
from interfaces.api.queries import PageQuerySerializer, filters_of
from interfaces.api.schema import page_schema
from interfaces.api.serializers import Values, WriteSerializer
from interfaces.api.v1.audit_serializers import AuditEntryReadSerializer
from interfaces.api.v1.balance_serializers import BalanceReadSerializer, ClosureReadSerializer
from interfaces.api.v1.campaign_serializers import (
    CampaignQuerySerializer,
    CampaignReadSerializer,
    CampaignWriteSerializer,
    CloseSerializer,
)
from interfaces.api.v1.signing import OptionalReasonSerializer, SignedReasonSerializer, signing_of
from interfaces.api.views import ApiViewSet, listed, single


class CampaignViewSet(ApiViewSet):
    """Campaigns: planned, open, closed with a balance, or cancelled."""

    what = "campaign"
    queries: ClassVar = {"list": CampaignQuerySerializer, "history": PageQuerySerializer}
    shows: ClassVar = {
        **dict.fromkeys(("list", "retrieve"), CampaignReadSerializer),
        **dict.fromkeys(("balance", "balances"), BalanceReadSerializer),
        "history": AuditEntryReadSerializer,
    }
    rights: ClassVar = {
        "create": Right.PLAN,
        "partial_update": Right.PLAN,
        "open": Right.PLAN,
        "close": Right.CLOSE,
        "reopen": Right.CLOSE,
        "cancel": Right.PLAN,
    }
    lookup_field = "code"

    @extend_schema(responses={200: page_schema(CampaignReadSerializer)})
    @inject
    def list(self, _request: Request, campaigns: CampaignReader = Provide["production.campaign_reader"]) -> Response:
        """Campaigns, in the order of their codes unless asked for another, a page of them."""
        page = self.page(campaigns.page, filters_of(self.parameters))
        return listed(page, CampaignReadSerializer)

    @extend_schema(responses={200: CampaignReadSerializer})
    @inject
    def retrieve(
        self, _request: Request, code: str, campaigns: CampaignReader = Provide["production.campaign_reader"]
    ) -> Response:
        """One campaign."""
        return shown(campaigns.get(self.code(code), self.actor.sight))

    @extend_schema(request=CampaignWriteSerializer, responses={201: CampaignReadSerializer})
    @inject
    @once
    def create(
        self, request: Request, plan_campaign: PlanCampaignHandler = Provide["production.plan_campaign"]
    ) -> Response:
        """Plan a campaign."""
        plan = CampaignPlan(**CampaignWriteSerializer.attributes(CampaignWriteSerializer.values_in(request.data)))
        campaign = plan_campaign(PlanCampaign(plan, self.actor, self.now()))
        return shown(campaign, status=201, Location=self.address("campaign-detail", code=campaign.code))

    @extend_schema(request=CampaignWriteSerializer, responses={200: CampaignReadSerializer})
    @inject
    def partial_update(
        self,
        request: Request,
        code: str,
        campaigns: CampaignReader = Provide["production.campaign_reader"],
        revise_campaign: ReviseCampaignHandler = Provide["production.revise_campaign"],
    ) -> Response:
        """Change a plan, while it is one."""
        version = version_meant(request, self.what)
        before = _document(campaigns.get(self.code(code), self.actor.sight))
        changes = changes_of(code, CampaignWriteSerializer.values_after(before, request.data))
        return shown(revise_campaign(ReviseCampaign(code, changes, version, self.actor, self.now())))

    @extend_schema(request=None, responses={200: CampaignReadSerializer})
    @action(detail=True, methods=["post"])
    @inject
    @once
    def open(
        self,
        request: Request,
        code: str,
        open_campaign: OpenCampaignHandler = Provide["production.open_campaign"],
    ) -> Response:
        """Open a planned campaign for recording."""
        WriteSerializer.values_in(request.data)
        return shown(open_campaign(OpenCampaign(self.code(code), self.actor, self.now())))

    @extend_schema(request=CloseSerializer, responses={200: ClosureReadSerializer})
    @action(detail=True, methods=["post"])
    @inject
    @once
    def close(
        self,
        request: Request,
        code: str,
        close_campaign: CloseCampaignHandler = Provide["production.close_campaign"],
    ) -> Response:
        """Close an open campaign with its balance (clôturer).

        Outside its accountability band that takes an explanation and a signature. Everything that blocks it is
        answered at once, as `blockers`.
        """
        stated = CloseSerializer.values_in(request.data)
        signing = signing_of(stated["signature"], request, self.actor)
        closure = close_campaign(CloseCampaign(self.code(code), stated["explanation"], signing, self.actor, self.now()))
        return shown(closure.campaign, more={"balance": stored_document(closure.balance)})

    @extend_schema(request=SignedReasonSerializer, responses={200: CampaignReadSerializer})
    @action(detail=True, methods=["post"])
    @inject
    @once
    def reopen(
        self,
        request: Request,
        code: str,
        reopen_campaign: ReopenCampaignHandler = Provide["production.reopen_campaign"],
    ) -> Response:
        """Open a closed campaign again, for a reason and under a signature; its balances stay as they are."""
        stated = SignedReasonSerializer.values_in(request.data)
        signing = signing_of(stated["signature"], request, self.actor)
        return shown(
            reopen_campaign(ReopenCampaign(self.code(code), stated["reason"], signing, self.actor, self.now()))
        )

    @extend_schema(request=OptionalReasonSerializer, responses={200: CampaignReadSerializer})
    @action(detail=True, methods=["post"])
    @inject
    @once
    def cancel(
        self,
        request: Request,
        code: str,
        cancel_campaign: CancelCampaignHandler = Provide["production.cancel_campaign"],
    ) -> Response:
        """Give a campaign up in which nothing stands recorded."""
        stated = OptionalReasonSerializer.values_in(request.data)
        return shown(cancel_campaign(CancelCampaign(self.code(code), stated["reason"], self.actor, self.now())))

    @extend_schema(responses={200: BalanceReadSerializer})
    @action(detail=True)
    @inject
    def balance(self, _request: Request, code: str, balances: Balances = Provide["production.balances"]) -> Response:
        """The balance: as it is now, or as it was stored once the campaign is closed."""
        return single(balances.of_campaign(self.code(code), self.actor.sight))

    @extend_schema(responses={200: page_schema(BalanceReadSerializer)})
    @action(detail=True)
    @inject
    def balances(self, _request: Request, code: str, balances: Balances = Provide["production.balances"]) -> Response:
        """Every stored balance, oldest first."""
        return single({"items": balances.versions(self.code(code), self.actor.sight), "next": None})

    @extend_schema(responses={200: page_schema(AuditEntryReadSerializer)})
    @action(detail=True)
    @inject
    def history(self, _request: Request, code: str, history: HistoryReader = Provide["history.reader"]) -> Response:
        """What was done in a campaign and to it, each as a sentence too, the latest first, a page of it."""
        page = self.page(history.of_campaign, self.code(code))
        return listed(page, AuditEntryReadSerializer)


def shown(campaign: Campaign, status: int = 200, more: Values | None = None, **headers: str) -> Response:
    """The answer with a campaign."""
    document = {**_document(campaign), **(more or {})}
    return single(document, version_tag(campaign.version), status, **headers)


def _document(campaign: Campaign) -> Values:
    return CampaignReadSerializer.writer()(ListedCampaign.of(campaign))


def changes_of(code: str, values: Values) -> Values:
    """The attributes of the plan of the campaign with this code; its code isn't one that changes."""
    if values["code"] != code:
        raise against_rule("frozen", "The code of a campaign doesn't change.", "code")
    return CampaignWriteSerializer.attributes(values)
