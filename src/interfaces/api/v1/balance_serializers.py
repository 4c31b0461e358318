"""What balances look like. They come as documents; these serializers describe them."""

from rest_framework import serializers

from domain.production.campaign import CampaignState
from domain.production.valuation import CostBasis
from interfaces.api.fields import (
    BooleanField,
    ChoiceField,
    CodeField,
    CountField,
    CurrencyField,
    DateTimeField,
    DecimalField,
    TextField,
    UnitField,
)
from interfaces.api.serializers import ReadSerializer
from interfaces.api.v1.campaign_serializers import CampaignReadSerializer


class ByKeyField(serializers.DictField):
    """Decimals by product, by reason, by role or by disposition."""

    child = DecimalField()


class ResidualSerializer(ReadSerializer):
    """What is unaccounted on a line: what is missing and what is too much, apart."""

    loss = DecimalField()
    gain = DecimalField()


class CarryOverSerializer(ReadSerializer):
    """Bulk that was taken over, and bulk that is left, in kilograms."""

    inputs = ByKeyField()
    input_total = DecimalField()
    outputs = ByKeyField()
    output_total = DecimalField()


class PackagingSerializer(ReadSerializer):
    """A packaging product in its own unit: `used` is what was issued less what is named."""

    unit = UnitField()
    issued = DecimalField()
    lost = DecimalField()
    sampled = DecimalField()
    adjusted = DecimalField()
    used = DecimalField()


class YieldSerializer(ReadSerializer):
    """Net output of the campaign's product, against its target and against all inputs by mass."""

    product = CodeField()
    quantity = DecimalField()
    unit = UnitField()
    target = DecimalField(allow_null=True)
    target_unit = UnitField(allow_null=True)
    percent_of_target = DecimalField(allow_null=True)
    percent_of_inputs = DecimalField(allow_null=True)


class ProductCostSerializer(ReadSerializer):
    """What the inputs of one product cost, and how far that can be trusted."""

    amount = DecimalField()
    currency = CurrencyField(allow_null=True)
    basis = ChoiceField(CostBasis)


class CostSerializer(ReadSerializer):
    """What the inputs cost; incomplete when an input's cost isn't known or currencies differ."""

    by_product = serializers.DictField(child=ProductCostSerializer())
    total = DecimalField()
    currency = CurrencyField(allow_null=True)
    basis = ChoiceField(CostBasis)
    complete = serializers.BooleanField()
    without_cost = serializers.ListField(child=CodeField())


class MassBalanceSerializer(ReadSerializer):
    """A balance in kilograms: inputs = outputs + losses + samples + adjustments + unaccounted, to the last decimal."""

    mass_unit = UnitField()
    inputs = ByKeyField(help_text="Lots that end lower, by product.")
    input_total = DecimalField()
    outputs = ByKeyField(help_text="Lots that end higher, by product.")
    output_total = DecimalField()
    outputs_by_role = ByKeyField()
    outputs_by_disposition = ByKeyField()
    carry_over = CarryOverSerializer()
    losses = ByKeyField(help_text="By reason.")
    loss_shares = serializers.DictField(child=DecimalField(allow_null=True), help_text="Percent of the inputs.")
    loss_total = DecimalField()
    samples = DecimalField()
    adjustments = DecimalField(help_text="Counts; positive when stock went down.")
    unaccounted = DecimalField()
    unaccounted_by_line = serializers.DictField(child=ResidualSerializer())
    accountability_percent = DecimalField(allow_null=True)
    accountability_strict_percent = DecimalField(allow_null=True)
    packaging = serializers.DictField(child=PackagingSerializer())
    yield_ = YieldSerializer(allow_null=True)
    cost = CostSerializer()
    not_reconcilable = serializers.ListField(child=CodeField(), help_text="Products without a mass.")


class StoredSignatureSerializer(ReadSerializer):
    """Who signed, what it means and when; `document` is the SHA-256 of the balance as it is without the signature."""

    name = TextField()
    meaning = TextField()
    at = DateTimeField()
    document = TextField(required=False)
    proven = BooleanField(required=False)


class BalanceReadSerializer(MassBalanceSerializer):
    """A campaign's balance. Once stored it has a version and never changes.

    `sha256` is that of the canonical JSON (RFC 8785) of all the other members.
    """

    campaign = CodeField()
    site = CodeField()
    product = CodeField()
    version = CountField(1, 2**31 - 1, allow_null=True)
    status = ChoiceField(CampaignState)
    closed_at = DateTimeField(allow_null=True)
    closed_by = TextField(allow_null=True)
    accountability_min = DecimalField()
    accountability_max = DecimalField()
    explanation = TextField()
    signature = StoredSignatureSerializer(allow_null=True)
    sha256 = TextField(allow_null=True)


class ClosureReadSerializer(CampaignReadSerializer):
    """A campaign as it was closed, with the balance that it was closed with."""

    balance = BalanceReadSerializer()
