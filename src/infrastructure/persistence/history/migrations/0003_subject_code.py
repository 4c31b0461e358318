"""Entries are found by the code of their subject too, without looking into documents."""

from django.db import migrations, models
from django.db.models import Q

from infrastructure.persistence.shared.reading import LOOKUPS

# What `0002_rules` says of it holds.
ENTER = """
CREATE OR REPLACE FUNCTION enter_history(chains text[], documents text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp {lookups} AS $$
DECLARE named text; entered text; head history_chain; first bigint; hashes text[];
BEGIN
    FOR named IN SELECT DISTINCT chain FROM unnest(chains) AS chain ORDER BY chain LOOP
        SELECT * INTO head FROM history_chain WHERE name = named FOR UPDATE;
        IF NOT FOUND THEN
            INSERT INTO history_chain (name, number, sha256) VALUES (named, 0, repeat('0', 64)) ON CONFLICT DO NOTHING;
            SELECT * INTO head FROM history_chain WHERE name = named FOR UPDATE;
        END IF;
        first := head.number;
        hashes := '{{}}';
        FOR entered IN
            SELECT document FROM unnest(chains, documents) WITH ORDINALITY AS given (chain, document, place)
            WHERE chain = named ORDER BY place
        LOOP
            head.number := head.number + 1;
            head.sha256 := encode(
                sha256(convert_to(concat_ws(E'\\n', head.sha256, named, head.number, entered), 'UTF8')), 'hex'
            );
            hashes := hashes || head.sha256;
        END LOOP;
        INSERT INTO history_entry (
            chain_id, number, document, sha256, at, actor, subject_kind, subject_id, action{columns}
        )
        SELECT head.id, first + own.number, own.document, hashes[own.number], said.*
        FROM (
            SELECT document, row_number() OVER (ORDER BY place) AS number
            FROM unnest(chains, documents) WITH ORDINALITY AS given (chain, document, place) WHERE chain = named
        ) AS own
        CROSS JOIN LATERAL (
            SELECT said ->> 'at', said ->> 'actor',
                   said #>> '{{subject,kind}}', said #>> '{{subject,id}}', said ->> 'action'{values}
            FROM (SELECT own.document::jsonb OFFSET 0) AS parsed (said)
        ) AS said
        ORDER BY own.number;
        UPDATE history_chain SET number = head.number, sha256 = head.sha256 WHERE id = head.id;
    END LOOP;
END $$;
"""

WITH_CODE = ENTER.format(lookups=LOOKUPS, columns=", subject_code", values=", said #>> '{subject,code}'")
WITHOUT = ENTER.format(lookups=LOOKUPS, columns="", values="")

# Written as the type of the column is set anew: no trigger asks, and the table is written once and leaves nothing dead.
# A document that isn't JSON any more is for `verify_audit` to tell of.
CODES_OF_OLD_ENTRIES = """
ALTER TABLE history_entry ALTER COLUMN subject_code TYPE text USING CASE
    WHEN pg_input_is_valid(document, 'jsonb') THEN coalesce(document::jsonb #>> '{subject,code}', '') ELSE '' END
"""


class Migration(migrations.Migration):
    dependencies = [("history", "0002_rules")]
    operations = [
        migrations.AddField("Entry", "subject_code", models.TextField(db_default="")),
        migrations.RunSQL(CODES_OF_OLD_ENTRIES, migrations.RunSQL.noop),
        migrations.AddIndex(
            "Entry",
            models.Index(
                fields=["subject_kind", "subject_code", "at", "id"],
                name="history_entry_code",
                condition=~Q(subject_code=""),
            ),
        ),
        migrations.RunSQL(WITH_CODE, WITHOUT),
    ]
