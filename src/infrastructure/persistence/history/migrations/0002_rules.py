"""The history is written by one function, which only adds at the ends of chains."""

from django.db import migrations

from infrastructure.persistence.shared.reading import LOOKUPS

# It runs as its owner, so that the application needs no right to write the tables: it can add, and do nothing else.
# Heads are locked in the order of the chains' names, and as late as possible: whoever has one keeps the others waiting
# until the transaction ends. The hash is that of `domain.history.chain`.
FORWARDS = f"""
CREATE FUNCTION enter_history(chains text[], documents text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp {LOOKUPS} AS $$
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
        INSERT INTO history_entry (chain_id, number, document, sha256, at, actor, subject_kind, subject_id, action)
        SELECT head.id, first + own.number, own.document, hashes[own.number], said.*
        FROM (
            SELECT document, row_number() OVER (ORDER BY place) AS number
            FROM unnest(chains, documents) WITH ORDINALITY AS given (chain, document, place) WHERE chain = named
        ) AS own
        CROSS JOIN LATERAL (
            SELECT said ->> 'at', said ->> 'actor', said #>> '{{subject,kind}}', said #>> '{{subject,id}}', said ->> 'action'
            FROM (SELECT own.document::jsonb OFFSET 0) AS parsed (said)
        ) AS said
        ORDER BY own.number;
        UPDATE history_chain SET number = head.number, sha256 = head.sha256 WHERE id = head.id;
    END LOOP;
END $$;

REVOKE EXECUTE ON FUNCTION enter_history(text[], text[]) FROM PUBLIC;

CREATE TRIGGER entries_are_facts BEFORE UPDATE OR DELETE OR TRUNCATE ON history_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""  # noqa: S608 - our own text

BACKWARDS = """
DROP TRIGGER entries_are_facts ON history_entry;
DROP FUNCTION enter_history(text[], text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial"), ("shared", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
