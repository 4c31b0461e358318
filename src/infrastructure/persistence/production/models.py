"""Tables of production. The rules that tie them together are in the migrations, as constraints and triggers."""

from datetime import date

from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce

from infrastructure.persistence.catalog.models import BEGINNING, Line, Operator, Partner, Product, Site
from infrastructure.persistence.production.querysets import CampaignManager, LotManager, OperationManager
from infrastructure.persistence.shared.fields import ExactDecimalField
from infrastructure.persistence.shared.models import TimeStampedModel

LAST_DAY = date.max


def day_or_last(column: str) -> Coalesce:
    """The day in the column, the last of all where there is none: what lists are ordered by, with an index on it."""
    return Coalesce(column, Value(LAST_DAY, output_field=models.DateField()))


class Campaign(TimeStampedModel):
    """See `domain.production.campaign`."""

    id = models.UUIDField(primary_key=True, editable=False)
    code = models.TextField()
    name = models.TextField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="campaigns")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="campaigns")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="campaigns", null=True, blank=True)
    planned_from = models.DateField(null=True, blank=True)
    planned_to = models.DateField(null=True, blank=True)
    target = ExactDecimalField(null=True, blank=True)
    target_unit = models.TextField(blank=True, default="")
    accountability_min = ExactDecimalField()
    accountability_max = ExactDecimalField()
    state = models.TextField()
    closings = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = CampaignManager()

    class Meta:
        db_table = "campaign"
        indexes = [
            models.Index(BEGINNING, "code", name="campaign_by_name"),
            models.Index(day_or_last("planned_from"), "code", name="campaign_by_planned_from"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="campaign_code_is_unique"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "open", "closed", "cancelled"]), name="campaign_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(accountability_min__lte=F("accountability_max")), name="campaign_band_is_in_order"
            ),
            models.CheckConstraint(condition=Q(planned_from__lte=F("planned_to")), name="campaign_dates_are_in_order"),
            models.CheckConstraint(condition=Q(target__gt=0), name="campaign_target_is_positive"),
        ]

    def __str__(self) -> str:
        return self.code


class Operation(models.Model):
    """See `domain.production.operation`. `sequence` is the order in which the ledger took it."""

    append_only = True

    id = models.UUIDField(primary_key=True, editable=False)
    sequence = models.BigIntegerField(
        unique=True, editable=False, db_default=models.Func(models.Value("operation_sequence"), function="nextval")
    )
    kind = models.TextField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="operations")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="operations")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="operations", null=True, blank=True)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="operations", null=True, blank=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="operations", null=True, blank=True)
    document = models.TextField(blank=True, default="")
    number = models.TextField(null=True, blank=True)  # noqa: DJ001 - unique where there is one
    reason = models.TextField(blank=True, default="")
    override = models.TextField(blank=True, db_default="")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, related_name="reversal", null=True, blank=True)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, related_name="corrections", null=True, blank=True)
    fingerprint = models.CharField(max_length=64)

    objects = OperationManager()

    class Meta:
        db_table = "operation"
        indexes = [
            models.Index(fields=["site", "occurred_at"], name="operation_by_site_and_time"),
            models.Index(fields=["occurred_at"], name="operation_by_time"),
            # Texts as long as these have no place in a tree; they are only ever compared for being the same.
            HashIndex(fields=["document"], name="operation_has_document", condition=~Q(document="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="operation_number_is_unique_in_its_site"),
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False) | (~Q(kind="reversal") & Q(reverses__isnull=True)),
                name="operation_reverses_if_a_reversal",
            ),
            models.CheckConstraint(
                condition=Q(campaign=None) | ~Q(kind__in=["receipt", "shipment", "return", "transfer"]),
                name="operation_kind_may_have_a_campaign",
            ),
            models.CheckConstraint(
                condition=Q(override="") | Q(kind__in=["production", "split", "merge", "transfer"]),
                name="operation_kind_may_override",
            ),
            models.CheckConstraint(
                condition=Q(partner__isnull=False) | ~Q(kind__in=["shipment", "return"]),
                name="operation_kind_names_a_partner",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "receipt", "production", "split", "merge", "rework", "transfer",
                        "loss", "sample", "shipment", "return", "count", "reversal",
                    ]
                ),
                name="operation_kind_is_known",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number or str(self.id)


class Lot(TimeStampedModel):
    """See `domain.production.lot`.

    Triggers keep what follows from facts: `on_hand` and `value` from the movements, `holds` from what is held. They
    also keep a sub-lot to the identity of its parent, and put the parent's holds on a new one.
    `number` is the lot in short, for tables that have little else than lots.
    """

    application_may_update = (
        "decided",
        "currency",
        "cost_basis",
        "made_by",
        "made_on",
        "best_before",
        "supplier_lot",
        "campaign",
        "version",
        "updated_at",
    )

    id = models.UUIDField(primary_key=True, editable=False)
    number = models.BigIntegerField(
        unique=True, editable=False, db_default=models.Func(models.Value("lot_number"), function="nextval")
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="lots", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="lots", db_index=False)
    code = models.TextField()
    sub_lot = models.TextField(blank=True, db_default="")
    decided = models.TextField()
    holds = models.PositiveIntegerField(db_default=0)
    disposition = models.GeneratedField(
        expression=Case(
            When(decided="rejected", then=F("decided")),
            When(holds__gt=0, then=Value("on_hold", output_field=models.TextField())),
            default=F("decided"),
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    on_hand = ExactDecimalField(default=0)
    value = ExactDecimalField(default=0)
    currency = models.TextField(blank=True, default="")
    cost_basis = models.TextField()
    made_by = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="lots_made", null=True, blank=True)
    made_on = models.DateField(null=True, blank=True)
    best_before = models.DateField(null=True, blank=True)
    supplier_lot = models.TextField(blank=True, default="")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="lots", null=True, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="sub_lots", null=True, blank=True)
    version = models.PositiveBigIntegerField(default=1)

    objects = LotManager()

    class Meta:
        db_table = "lot"
        indexes = [
            models.Index(fields=["product"], name="lot_pending", condition=Q(decided="pending")),
            models.Index(fields=["code"], name="lot_by_code"),
            models.Index(day_or_last("best_before"), "id", name="lot_by_best_before"),
            HashIndex(fields=["supplier_lot"], name="lot_has_supplier_lot", condition=~Q(supplier_lot="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["product", "site", "code", "sub_lot"], name="lot_code_is_unique"),
            models.CheckConstraint(
                condition=Q(parent=None, sub_lot="") | (Q(parent__isnull=False) & ~Q(sub_lot="")),
                name="lot_is_whole_or_part_of_one",
            ),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="lot_on_hand_is_not_negative"),
            models.CheckConstraint(
                condition=Q(decided__in=["pending", "released", "rejected"]), name="lot_decision_is_known"
            ),
            models.CheckConstraint(
                condition=Q(cost_basis__in=["actual", "standard", "unknown"]), name="lot_cost_basis_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Movement(models.Model):
    """See `domain.production.operation`. Location, container (SSCC), counted quantity and step wait for their use."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="movements", db_index=False)
    position = models.PositiveIntegerField()
    direction = models.TextField()
    role = models.TextField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="movements", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="movements")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="movements", null=True, blank=True)
    quantity = ExactDecimalField()
    kilograms = ExactDecimalField(null=True, blank=True)
    cost = ExactDecimalField(default=0)
    currency = models.TextField(blank=True, default="")
    cost_basis = models.TextField()
    reason = models.TextField(blank=True, default="")
    location = models.TextField(blank=True, db_default="")
    container = models.TextField(blank=True, db_default="")
    counted_quantity = ExactDecimalField(null=True, blank=True)
    step = models.TextField(blank=True, db_default="")

    class Meta:
        db_table = "movement"
        indexes = [
            models.Index(fields=["lot"], name="movement_handed_over", condition=Q(role__in=["shipped", "returned"])),
        ]
        constraints = [
            models.UniqueConstraint(fields=["operation", "position"], name="movement_position_is_unique"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="movement_quantity_is_positive"),
            models.CheckConstraint(condition=Q(direction__in=["in", "out"]), name="movement_direction_is_known"),
            models.CheckConstraint(
                condition=Q(lot__isnull=False) | Q(role="loss"), name="movement_without_a_lot_is_a_loss"
            ),
            models.CheckConstraint(
                condition=Q(cost_basis__in=["actual", "standard", "unknown"]), name="movement_cost_basis_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    role__in=[
                        "main", "co_product", "by_product", "input", "loss",
                        "sample", "shipped", "returned", "transferred", "adjustment",
                    ]
                ),
                name="movement_role_is_known",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.operation_id} {self.position}"


class CampaignBalance(models.Model):
    """See `domain.production.closing.StoredBalance`. The document is kept as the very text that was hashed."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="balances", db_index=False)
    version = models.PositiveIntegerField()
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    closed_at = models.DateTimeField()

    class Meta:
        db_table = "campaign_balance"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "version"], name="campaign_balance_version_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.version}"
