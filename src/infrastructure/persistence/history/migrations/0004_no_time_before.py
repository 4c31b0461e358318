"""The time never runs back within a chain: an entry takes at least the time of the one before it."""

from django.db import migrations

from infrastructure.persistence.shared.reading import LOOKUPS

# What `0002_rules` says of it holds. The time of the entry before is known once the head is locked. Of a document that
# says an earlier one, the members are put together anew, each as it was written, with that time and with what the clock
# had said: as `domain.history.entry.not_before` does it.
ENTER = """
CREATE OR REPLACE FUNCTION enter_history(chains text[], documents text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp {lookups} AS $$
DECLARE
    named text; entered text; head history_chain; first bigint; hashes text[]; own_documents text[];
    latest text COLLATE "C"; given_at text COLLATE "C";
BEGIN
    FOR named IN SELECT DISTINCT chain FROM unnest(chains) AS chain ORDER BY chain LOOP
        SELECT * INTO head FROM history_chain WHERE name = named FOR UPDATE;
        IF NOT FOUND THEN
            INSERT INTO history_chain (name, number, sha256) VALUES (named, 0, repeat('0', 64)) ON CONFLICT DO NOTHING;
            SELECT * INTO head FROM history_chain WHERE name = named FOR UPDATE;
        END IF;
        SELECT at INTO latest FROM history_entry WHERE chain_id = head.id AND number = head.number;
        first := head.number;
        hashes := '{{}}';
        own_documents := '{{}}';
        FOR entered IN
            SELECT document FROM unnest(chains, documents) WITH ORDINALITY AS given (chain, document, place)
            WHERE chain = named ORDER BY place
        LOOP
            given_at := entered::json ->> 'at';
            IF given_at < latest THEN
                SELECT '{{' || string_agg(to_json(key)::text || ':' || value::text, ',' ORDER BY key COLLATE "C") || '}}'
                INTO entered
                FROM (
                    SELECT key, value FROM json_each(entered::json) WHERE key <> 'at'
                    UNION ALL VALUES ('at', to_json(latest)), ('clock', to_json(given_at))
                ) AS member (key, value);
            ELSE
                latest := given_at;
            END IF;
            head.number := head.number + 1;
            head.sha256 := encode(
                sha256(convert_to(concat_ws(E'\\n', head.sha256, named, head.number, entered), 'UTF8')), 'hex'
            );
            hashes := hashes || head.sha256;
            own_documents := own_documents || entered;
        END LOOP;
        INSERT INTO history_entry (
            chain_id, number, document, sha256, at, actor, subject_kind, subject_id, action, subject_code
        )
        SELECT head.id, first + own.number, own.document, hashes[own.number], said.*
        FROM unnest(own_documents) WITH ORDINALITY AS own (document, number)
        CROSS JOIN LATERAL (
            SELECT said ->> 'at', said ->> 'actor', said #>> '{{subject,kind}}', said #>> '{{subject,id}}',
                   said ->> 'action', said #>> '{{subject,code}}'
            FROM (SELECT own.document::jsonb OFFSET 0) AS parsed (said)
        ) AS said
        ORDER BY own.number;
        UPDATE history_chain SET number = head.number, sha256 = head.sha256 WHERE id = head.id;
    END LOOP;
END $$;
"""

ENTER_BEFORE = """
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
            chain_id, number, document, sha256, at, actor, subject_kind, subject_id, action, subject_code
        )
        SELECT head.id, first + own.number, own.document, hashes[own.number], said.*
        FROM (
            SELECT document, row_number() OVER (ORDER BY place) AS number
            FROM unnest(chains, documents) WITH ORDINALITY AS given (chain, document, place) WHERE chain = named
        ) AS own
        CROSS JOIN LATERAL (
            SELECT said ->> 'at', said ->> 'actor',
                   said #>> '{{subject,kind}}', said #>> '{{subject,id}}', said ->> 'action', said #>> '{{subject,code}}'
            FROM (SELECT own.document::jsonb OFFSET 0) AS parsed (said)
        ) AS said
        ORDER BY own.number;
        UPDATE history_chain SET number = head.number, sha256 = head.sha256 WHERE id = head.id;
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("history", "0003_subject_code")]
    operations = [migrations.RunSQL(ENTER.format(lookups=LOOKUPS), ENTER_BEFORE.format(lookups=LOOKUPS))]
