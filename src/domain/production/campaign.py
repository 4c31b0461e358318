"""A campaign: a planned run of lots of one product family, closed with an exact balance."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from attrs import evolve, field, frozen

from domain.catalog.product import Product
from domain.shared.errors import Fault, Invalid, Refused
from domain.shared.exact import canonical, parse_decimal
from domain.shared.quantity import Quantity


class CampaignState(StrEnum):
    """Where a campaign is in its life."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


def _percent(written: object) -> Decimal:
    number = parse_decimal(written)
    if not 0 <= number <= 1000:
        raise Invalid(Fault("out_of_range", "A percentage of the band is between 0 and 1000."))
    return number


@frozen
class Band:
    """The accountability, in percent, within which a campaign closes without an explanation.

    95 to 100 unless set, after the British Meat Processors Association's pork standard, module 7.2.
    """

    minimum: Decimal = field(default=Decimal(95), converter=_percent)
    maximum: Decimal = field(default=Decimal(100), converter=_percent)

    def __attrs_post_init__(self) -> None:
        if self.minimum > self.maximum:
            raise Invalid(Fault("wrong_order", "The band's minimum is above its maximum.", ("accountability_min",)))

    def __contains__(self, accountability: Decimal | None) -> bool:
        return accountability is not None and self.minimum <= accountability <= self.maximum

    def __str__(self) -> str:
        return f"{canonical(self.minimum)} to {canonical(self.maximum)} %"


@frozen
class Campaign:
    """A campaign at one site with its main line, planned dates, target and accountability band.

    It never owns its lots: what it needs of them comes as totals. `version` counts changes to the record, `closings`
    the balances stored so far.
    """

    id: UUID
    code: str
    name: str
    site: str
    product: Product
    line: str | None = None
    planned_from: date | None = None
    planned_to: date | None = None
    target: Quantity | None = None
    band: Band = field(factory=Band)
    state: CampaignState = CampaignState.PLANNED
    closings: int = 0
    version: int = 1

    def __attrs_post_init__(self) -> None:
        if self.planned_from and self.planned_to and self.planned_to < self.planned_from:
            raise Invalid(Fault("wrong_order", "A campaign isn't planned to end before it starts.", ("planned_to",)))
        if self.target is None:
            return
        if self.target.amount <= 0:
            raise Invalid(Fault("not_positive", "A target is above zero.", ("target",)))
        if self.target.unit.dimension is not self.product.unit.dimension:
            detail = (
                f"{self.product.code} is counted in {self.product.unit.code}, the target in {self.target.unit.code}."
            )
            raise Invalid(Fault("unit_mismatch", detail, ("unit",)))

    def opened(self) -> "Campaign":
        """The campaign, open for recording."""
        return self._moved("opened", CampaignState.OPEN)

    def cancelled(self, *, has_operations: bool) -> "Campaign":
        """The campaign, given up; refused once something stands recorded in it."""
        if has_operations:
            detail = f"Operations are recorded in campaign {self.code}: reverse them before you cancel it."
            raise Refused(Fault("has_operations", detail, refusal=True))
        return self._moved("cancelled", CampaignState.CANCELLED)

    def closed(self) -> "Campaign":
        """The campaign, frozen with one more stored balance."""
        return evolve(self._moved("closed", CampaignState.CLOSED), closings=self.closings + 1)

    def reopened(self) -> "Campaign":
        """The campaign, open again beside the balances that it was closed with."""
        return self._moved("reopened", CampaignState.OPEN)

    def check_plan_may_change(self) -> None:
        """A plan changes only while it is one."""
        if self.state is not CampaignState.PLANNED:
            raise Refused(self._not_possible("changed"))

    def _moved(self, action: str, state: CampaignState) -> "Campaign":
        if self.state not in _FROM[action]:
            raise Refused(self._not_possible(action))
        return evolve(self, state=state)

    def _not_possible(self, action: str) -> Fault:
        detail = f"Campaign {self.code} is {self.state}, so it can't be {action}."
        return Fault("wrong_state", detail, facts={"campaign": self.code, "state": self.state}, refusal=True)


_FROM: Mapping[str, frozenset[CampaignState]] = {
    "opened": frozenset({CampaignState.PLANNED}),
    "cancelled": frozenset({CampaignState.PLANNED, CampaignState.OPEN}),
    "closed": frozenset({CampaignState.OPEN}),
    "reopened": frozenset({CampaignState.CLOSED}),
}


def recording_fault(campaign: Campaign) -> Fault | None:
    """Why nothing can be recorded in this campaign, reversals included, or None when it is open."""
    if campaign.state is CampaignState.OPEN:
        return None
    detail = f"Campaign {campaign.code} is {campaign.state}; operations are recorded in an open campaign only."
    facts = {"campaign": campaign.code, "state": campaign.state}
    return Fault("campaign_not_open", detail, ("campaign",), facts, refusal=True)
