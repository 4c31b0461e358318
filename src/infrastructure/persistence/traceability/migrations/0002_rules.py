"""The genealogy follows from the movements of standing operations, and from nothing else; what is recalled, stays so."""

from django.db import migrations

from infrastructure.persistence.shared.reading import LOOKUPS

# Each row is looked up for itself: a join would be planned by what was counted of the tables, which may be wrong.
# Nothing goes into a return, but what comes back to a lot may have been shipped as any part of it: so a return links
# every lot of the same whole that its partner was sent before, and the whole itself, with the one that it goes to.
PASSAGES = """
WITH moved AS (
    SELECT operation.kind, operation.sequence, operation.partner_id, taken.direction, lot.id, lot.number, lot.parent_id
    FROM taken
    CROSS JOIN LATERAL (
        SELECT kind, sequence, partner_id FROM operation
        WHERE id = taken.operation_id
            AND kind IN ('production', 'split', 'merge', 'rework', 'transfer', 'return') OFFSET 0
    ) AS operation
    CROSS JOIN LATERAL (SELECT id, number, parent_id FROM lot WHERE id = taken.lot_id OFFSET 0) AS lot
)
SELECT CASE direction WHEN 'in' THEN number ELSE -sequence END, CASE direction WHEN 'in' THEN -sequence ELSE number END
FROM moved WHERE kind <> 'return'
UNION
SELECT passage.source, passage.target
FROM moved
CROSS JOIN LATERAL (
    SELECT id, number FROM lot AS whole WHERE whole.id = moved.parent_id
    UNION ALL
    SELECT id, number FROM lot AS part
    WHERE part.parent_id = coalesce(moved.parent_id, moved.id) AND part.id <> moved.id
) AS kin
CROSS JOIN LATERAL (
    VALUES (kin.number, -moved.sequence), (-moved.sequence, moved.number)
) AS passage (source, target)
WHERE moved.kind = 'return' AND (
    kin.id = moved.parent_id OR EXISTS (
        SELECT FROM movement AS sent
        CROSS JOIN LATERAL (
            SELECT FROM operation AS shipment
            WHERE shipment.id = sent.operation_id AND shipment.kind = 'shipment'
                AND shipment.partner_id = moved.partner_id AND shipment.sequence < moved.sequence OFFSET 0
        ) AS shipment
        WHERE sent.lot_id = kin.id AND sent.role = 'shipped'
    )
)
"""

REVERSED = """
SELECT array_agg(-original.sequence)
FROM (SELECT DISTINCT operation_id FROM taken) AS taken
CROSS JOIN LATERAL (
    SELECT reverses_id FROM operation WHERE id = taken.operation_id AND kind = 'reversal' OFFSET 0
) AS reversal
CROSS JOIN LATERAL (SELECT sequence FROM operation WHERE id = reversal.reverses_id OFFSET 0) AS original
"""

FORWARDS = f"""
CREATE FUNCTION link_lots() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp {LOOKUPS} AS $$
DECLARE undone bigint[];
BEGIN
    INSERT INTO passage (source, target) {PASSAGES};
    undone := ({REVERSED});
    -- What was reversed links nothing any more.
    IF undone IS NOT NULL THEN
        DELETE FROM passage WHERE source = ANY (undone) OR target = ANY (undone);
    END IF;
    RETURN NULL;
END $$;

REVOKE EXECUTE ON FUNCTION link_lots() FROM PUBLIC;

CREATE TRIGGER movements_link_lots AFTER INSERT ON movement
    REFERENCING NEW TABLE AS taken FOR EACH STATEMENT EXECUTE FUNCTION link_lots();
"""  # noqa: S608 - our own text

FACTS = f"""
ALTER TABLE recall
    ADD CONSTRAINT recall_suspects_are_an_object CHECK (jsonb_typeof(suspects) = 'object' AND suspects <> '{{}}');
ALTER TABLE recall_report
    ADD CONSTRAINT recall_report_hash_is_that_of_its_document
        CHECK (sha256 = encode(sha256(convert_to(document, 'UTF8')), 'hex'));

CREATE TRIGGER recalled_lots_are_facts BEFORE DELETE OR TRUNCATE ON recalled_lot
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER recall_reports_are_facts BEFORE UPDATE OR DELETE OR TRUNCATE ON recall_report
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER recall_entries_are_facts BEFORE UPDATE OR DELETE OR TRUNCATE ON recall_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_closed_recall() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp {LOOKUPS} AS $$
BEGIN
    IF EXISTS (SELECT FROM taken JOIN recall ON recall.id = taken.recall_id WHERE recall.state <> 'open') THEN
        RAISE EXCEPTION 'the recall is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'recall_is_open';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER lots_join_open_recalls AFTER INSERT ON recalled_lot
    REFERENCING NEW TABLE AS taken FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_recall();
CREATE TRIGGER lots_are_of_open_recalls AFTER UPDATE ON recalled_lot
    REFERENCING NEW TABLE AS taken FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_recall();
CREATE TRIGGER entries_are_of_open_recalls AFTER INSERT ON recall_entry
    REFERENCING NEW TABLE AS taken FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_recall();

CREATE FUNCTION refuse_change_of_closed_recall() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'recall % is closed', OLD.code
        USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_recall_stays_closed';
END $$;

CREATE TRIGGER closed_recalls_stay_closed BEFORE UPDATE ON recall
    FOR EACH ROW WHEN (OLD.state = 'closed') EXECUTE FUNCTION refuse_change_of_closed_recall();

CREATE FUNCTION refuse_change_of_recalled_lot() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'lot % stays in the recall as it joined', OLD.lot_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'recalled_lot_comes_nearer_alone';
END $$;

CREATE TRIGGER recalled_lots_come_nearer_alone BEFORE UPDATE ON recalled_lot FOR EACH ROW WHEN (
    NEW.depth >= OLD.depth
    OR (NEW.id, NEW.recall_id, NEW.lot_id, NEW.joined_at) <> (OLD.id, OLD.recall_id, OLD.lot_id, OLD.joined_at)
) EXECUTE FUNCTION refuse_change_of_recalled_lot();

CREATE FUNCTION refuse_closed_without_report() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp {LOOKUPS} AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM recall_report WHERE recall_id = NEW.id AND closed_at = NEW.closed_at) THEN
        RAISE EXCEPTION 'recall % is closed without its report', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recall_is_closed_with_its_report';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER recalls_close_with_their_report AFTER INSERT OR UPDATE ON recall
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'closed')
    EXECUTE FUNCTION refuse_closed_without_report();

CREATE FUNCTION refuse_report_without_closing() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp {LOOKUPS} AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM recall WHERE id = NEW.recall_id AND state = 'closed') THEN
        RAISE EXCEPTION 'the recall of this report is open'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'report_is_of_a_closed_recall';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER reports_are_of_closed_recalls AFTER INSERT ON recall_report
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_report_without_closing();
"""  # noqa: S608 - our own text

NO_FACTS = """
DROP TRIGGER reports_are_of_closed_recalls ON recall_report;
DROP FUNCTION refuse_report_without_closing();
DROP TRIGGER recalls_close_with_their_report ON recall;
DROP FUNCTION refuse_closed_without_report();
DROP TRIGGER recalled_lots_come_nearer_alone ON recalled_lot;
DROP FUNCTION refuse_change_of_recalled_lot();
DROP TRIGGER closed_recalls_stay_closed ON recall;
DROP FUNCTION refuse_change_of_closed_recall();
DROP TRIGGER entries_are_of_open_recalls ON recall_entry;
DROP TRIGGER lots_are_of_open_recalls ON recalled_lot;
DROP TRIGGER lots_join_open_recalls ON recalled_lot;
DROP FUNCTION refuse_closed_recall();
DROP TRIGGER recall_entries_are_facts ON recall_entry;
DROP TRIGGER recall_reports_are_facts ON recall_report;
DROP TRIGGER recalled_lots_are_facts ON recalled_lot;
ALTER TABLE recall_report DROP CONSTRAINT recall_report_hash_is_that_of_its_document;
ALTER TABLE recall DROP CONSTRAINT recall_suspects_are_an_object;
"""

BACKWARDS = """
DROP TRIGGER movements_link_lots ON movement;
DROP FUNCTION link_lots();
DELETE FROM passage;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("traceability", "0001_initial"),
        ("production", "0002_rules"),
        ("shared", "0002_append_only"),
    ]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS), migrations.RunSQL(FACTS, NO_FACTS)]
