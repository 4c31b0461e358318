from django.db import migrations, models

SIGNED_ONCE = """
ALTER TABLE recall ADD CONSTRAINT recall_opening_signature_is_an_object
    CHECK (jsonb_typeof(opening_signature) = 'object' AND opening_signature ?& ARRAY['name', 'meaning', 'at']);

CREATE FUNCTION refuse_change_of_signed_opening() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the opening of recall % is signed, or needs a signature', OLD.code
        USING ERRCODE = 'check_violation', CONSTRAINT = 'recall_opening_is_signed_once';
END $$;

CREATE TRIGGER recall_openings_are_signed_once BEFORE UPDATE ON recall FOR EACH ROW
    WHEN (
        (OLD.opening_signature IS NOT NULL AND NEW.opening_signature IS DISTINCT FROM OLD.opening_signature)
        OR (NEW.signature_due IS DISTINCT FROM OLD.signature_due AND NEW.opening_signature IS NULL)
    )
    EXECUTE FUNCTION refuse_change_of_signed_opening();
"""

SIGNED_AT_WILL = """
DROP TRIGGER recall_openings_are_signed_once ON recall;
DROP FUNCTION refuse_change_of_signed_opening();
ALTER TABLE recall DROP CONSTRAINT recall_opening_signature_is_an_object;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("traceability", "0003_signatures"),
    ]

    operations = [
        migrations.AddField(
            model_name="recall",
            name="opening_signature",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="recall",
            name="signature_due",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("signature_due", False),
                    models.Q(("opening_signature__isnull", True), ("state", "open")),
                    _connector="OR",
                ),
                name="recall_is_signed_before_it_is_closed",
            ),
        ),
        migrations.RunSQL(SIGNED_ONCE, SIGNED_AT_WILL),
    ]
