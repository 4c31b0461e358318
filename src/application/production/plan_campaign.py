"""Planning a campaign, and changing the plan while it is one."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from attrs import evolve, field, frozen

from application.production.ports import Campaigns, ReferenceBook
from application.production.who_may_run import check_campaign
from application.shared.actor import Actor
from application.shared.errors import StaleWrite
from application.shared.ids import Ids
from application.shared.permissions import require
from application.shared.unit_of_work import UnitOfWork
from domain.access.rights import Right
from domain.production.campaign import Band, Campaign
from domain.production.events import CampaignPlanned
from domain.production.references import Codes
from domain.shared.errors import Fault, raise_any
from domain.shared.identity import address_fault, text_fault
from domain.shared.quantity import Quantity


@frozen
class CampaignPlan:
    """What somebody states about a campaign, by the plant's codes. Without a name, its code is its name."""

    code: str
    site: str
    product: str
    name: str = ""
    line: str | None = None
    planned_from: date | None = None
    planned_to: date | None = None
    target: Quantity | None = None
    band: Band = field(factory=Band)


@frozen
class PlanCampaign:
    """Plan this campaign."""

    plan: CampaignPlan
    actor: Actor
    at: datetime


@frozen
class ReviseCampaign:
    """Set these attributes of a plan, if the campaign still has the version that the caller saw."""

    code: str
    changes: Mapping[str, Any]
    version: int
    actor: Actor
    at: datetime


@frozen
class PlanCampaignHandler:
    """Plans campaigns."""

    unit_of_work: UnitOfWork
    campaigns: Campaigns
    references: ReferenceBook
    ids: Ids

    def __call__(self, command: PlanCampaign) -> Campaign:
        """The campaign, planned. `Forbidden`, `Invalid` for an impossible plan, `Refused` for a code in use."""
        require(command.actor, Right.PLAN, command.plan.site, path=("site",))
        with self.unit_of_work as work:
            campaign = planned(command.plan, self.references, self.ids)
            self.campaigns.add([campaign])
            work.commit(CampaignPlanned(campaign), by=command.actor, at=command.at)
        return campaign


@frozen
class ReviseCampaignHandler:
    """Changes plans."""

    unit_of_work: UnitOfWork
    campaigns: Campaigns
    references: ReferenceBook
    ids: Ids

    def __call__(self, command: ReviseCampaign) -> Campaign:
        """The campaign as planned now. `NotFound`, `Forbidden`, `StaleWrite`, `Invalid`; `Refused` once it is open."""
        with self.unit_of_work as work:
            before = self.campaigns.for_update(command.code)
            check_campaign(command.actor, Right.PLAN, before)
            if before.version != command.version:
                raise StaleWrite("campaign")
            before.check_plan_may_change()
            plan = evolve(_plan_of(before), **command.changes)
            require(command.actor, Right.PLAN, plan.site, path=("site",))
            after = evolve(planned(plan, self.references, self.ids), id=before.id, version=before.version + 1)
            self.campaigns.save(after)
            work.commit(CampaignPlanned(after, before), by=command.actor, at=command.at)
        return after


def planned(plan: CampaignPlan, references: ReferenceBook, ids: Ids) -> Campaign:
    """A new campaign after the plan; `Invalid` with everything that is wrong with it."""
    lines = frozenset({(plan.site, plan.line)}) if plan.line else frozenset()
    found = references.look_up(Codes(products=frozenset({plan.product}), sites=frozenset({plan.site}), lines=lines))
    faults = [address_fault(plan.code, "code"), text_fault(plan.name, "name")]
    if plan.site not in found.sites:
        faults.append(Fault("unknown_code", f"No site has the code {plan.site!r}.", ("site",)))
    if plan.product not in found.products:
        faults.append(Fault("unknown_code", f"No product has the code {plan.product!r}.", ("product",)))
    if lines - found.lines.keys():
        faults.append(Fault("unknown_code", f"Site {plan.site} has no line {plan.line!r}.", ("line",)))
    raise_any(fault for fault in faults if fault)
    return Campaign(
        id=ids.new(),
        code=plan.code,
        name=plan.name or plan.code,
        site=plan.site,
        product=found.products[plan.product],
        line=plan.line,
        planned_from=plan.planned_from,
        planned_to=plan.planned_to,
        target=plan.target,
        band=plan.band,
    )


def _plan_of(campaign: Campaign) -> CampaignPlan:
    return CampaignPlan(
        code=campaign.code,
        site=campaign.site,
        product=campaign.product.code,
        name=campaign.name,
        line=campaign.line,
        planned_from=campaign.planned_from,
        planned_to=campaign.planned_to,
        target=campaign.target,
        band=campaign.band,
    )
