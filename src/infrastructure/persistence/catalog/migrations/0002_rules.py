"""Digits of masses and costs: more than fits is refused, where numeric(p, s) would round it."""

from django.db import migrations

FORWARDS = """
ALTER TABLE product
    ADD CONSTRAINT product_mass_fits CHECK (scale(trim_scale(kg_per_unit)) <= 9 AND kg_per_unit < 1e9),
    ADD CONSTRAINT product_cost_fits
        CHECK (scale(trim_scale(standard_cost)) <= 6 AND standard_cost >= 0 AND standard_cost < 1e12),
    ADD CONSTRAINT product_cost_has_a_currency CHECK ((standard_cost IS NULL) = (currency = ''));
"""

BACKWARDS = """
ALTER TABLE product
    DROP CONSTRAINT product_mass_fits,
    DROP CONSTRAINT product_cost_fits,
    DROP CONSTRAINT product_cost_has_a_currency;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
