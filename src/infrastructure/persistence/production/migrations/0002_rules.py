"""The rules of the ledger, kept by PostgreSQL whoever writes to it.

Quantities fit or are refused. What is on hand follows from the movements and from nothing else. Facts don't change.
Nothing is recorded in a campaign that isn't open. Sums that must hold are checked when the transaction commits.
"""

from django.db import migrations

from infrastructure.persistence.shared.reading import LOOKUPS

DIGITS = """
ALTER TABLE movement
    ADD CONSTRAINT movement_quantity_fits CHECK (scale(trim_scale(quantity)) <= 6 AND quantity < 1e12),
    ADD CONSTRAINT movement_cost_is_a_number CHECK (cost > '-Infinity' AND cost < 'Infinity');
ALTER TABLE lot
    ADD CONSTRAINT lot_on_hand_fits CHECK (scale(trim_scale(on_hand)) <= 6 AND on_hand < 1e12);
ALTER TABLE campaign
    ADD CONSTRAINT campaign_target_fits CHECK (scale(trim_scale(target)) <= 6 AND target < 1e12),
    ADD CONSTRAINT campaign_target_has_a_unit CHECK ((target IS NULL) = (target_unit = '')),
    ADD CONSTRAINT campaign_band_fits CHECK (accountability_min >= 0 AND accountability_max <= 1000);
ALTER TABLE campaign_balance
    ADD CONSTRAINT campaign_balance_hash_is_that_of_its_document
        CHECK (sha256 = encode(sha256(convert_to(document, 'UTF8')), 'hex'));
"""

NO_DIGITS = """
ALTER TABLE movement DROP CONSTRAINT movement_quantity_fits, DROP CONSTRAINT movement_cost_is_a_number;
ALTER TABLE lot DROP CONSTRAINT lot_on_hand_fits;
ALTER TABLE campaign
    DROP CONSTRAINT campaign_target_fits,
    DROP CONSTRAINT campaign_target_has_a_unit,
    DROP CONSTRAINT campaign_band_fits;
ALTER TABLE campaign_balance DROP CONSTRAINT campaign_balance_hash_is_that_of_its_document;
"""

# The function runs as its owner, so that the application needs no right to write what is on hand; nobody else may hang
# it on a table of his own. The rows of one transaction have its xmin: that of an operation is the xmin of its movements,
# or they were added later, past the checks of `operations_add_up`. A product's foreign
# key is checked at once, which locks the product before the function looks at its mass: a change of mass waits for this
# transaction and then finds the movement, or came first and is seen here.
ON_HAND = """
ALTER TABLE movement ALTER CONSTRAINT movement_product_id_be2796a3_fk_product_id NOT DEFERRABLE;

CREATE FUNCTION take_movements() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp {lookups} AS $$
DECLARE wrong_mass boolean; wrong_lot boolean; change record; stands text; unreleased boolean := false;
BEGIN
    SELECT bool_or(taken.kilograms IS DISTINCT FROM taken.quantity * product.kg_per_unit),
           bool_or(
               taken.lot_id IS NOT NULL
               AND (lot.site_id, lot.product_id) IS DISTINCT FROM (taken.site_id, taken.product_id)
           )
    INTO wrong_mass, wrong_lot
    FROM taken JOIN product ON product.id = taken.product_id LEFT JOIN lot ON lot.id = taken.lot_id;
    IF wrong_mass THEN
        RAISE EXCEPTION 'a movement has another mass than its product gives it'
            USING ERRCODE = 'serialization_failure', CONSTRAINT = 'movement_mass_is_that_of_its_product';
    ELSIF wrong_lot THEN
        RAISE EXCEPTION 'a movement names another site or product than its lot'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_is_of_its_lot';
    ELSIF EXISTS (
        SELECT FROM (SELECT DISTINCT operation_id FROM taken) AS named
        LEFT JOIN operation ON operation.id = named.operation_id
            AND operation.xmin = (SELECT xmin FROM movement WHERE id = (SELECT max(id) FROM taken))
        WHERE operation.id IS NULL
    ) THEN
        RAISE EXCEPTION 'a movement is added to an operation that was recorded before'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_comes_with_its_operation';
    END IF;
    -- One lookup for each lot: no plan of a join is good both for two movements and for ten thousand.
    FOR change IN
        SELECT lot_id, sum(quantity) AS quantity, jsonb_object_agg(currency, cost) AS costs
        FROM (
            SELECT lot_id, currency, sum(CASE direction WHEN 'out' THEN quantity ELSE -quantity END) AS quantity,
                   sum(CASE direction WHEN 'out' THEN cost ELSE -cost END) AS cost
            FROM taken WHERE lot_id IS NOT NULL
            GROUP BY lot_id, currency
        ) AS by_currency
        GROUP BY lot_id ORDER BY lot_id
    LOOP
        UPDATE lot
        SET on_hand = on_hand + change.quantity,
            value = value + coalesce((change.costs ->> currency)::numeric, 0),
            version = version + 1
        WHERE id = change.lot_id
        RETURNING disposition INTO stands;
        unreleased := unreleased OR stands <> 'released';
    END LOOP;
    -- Now the lots are locked, and nobody holds or rejects one meanwhile.
    IF unreleased AND EXISTS (
        SELECT FROM taken
        JOIN operation ON operation.id = taken.operation_id
        JOIN lot ON lot.id = taken.lot_id
        WHERE taken.direction = 'in' AND (
            (operation.kind = 'shipment' AND lot.disposition <> 'released')
            OR (
                operation.kind IN ('production', 'split', 'merge', 'transfer') AND operation.override = ''
                AND lot.disposition IN ('on_hold', 'rejected')
                -- Sub-lots may be set apart from it, where nothing else comes out.
                AND (operation.kind <> 'split' OR NOT (
                    SELECT coalesce(bool_and(part.parent_id IS NOT DISTINCT FROM lot.id), false)
                    FROM movement AS other JOIN lot AS part ON part.id = other.lot_id
                    WHERE other.operation_id = operation.id AND other.direction = 'out'
                ))
            )
        )
        -- A correction may take again, to do the same, what is taken back with it; an override and what was set apart
        -- were let through for that alone.
        AND NOT EXISTS (
            SELECT FROM operation AS original
            JOIN operation AS reversal ON reversal.reverses_id = original.id AND reversal.xmin = operation.xmin
            WHERE original.id = operation.corrects_id AND original.kind = operation.kind AND original.override = ''
              AND (original.kind <> 'shipment' OR original.partner_id = operation.partner_id)
              AND NOT EXISTS (
                  SELECT FROM movement AS other JOIN lot AS part ON part.id = other.lot_id
                  WHERE other.operation_id = original.id AND other.direction = 'out' AND part.parent_id IS NOT NULL
              )
              AND (
                  SELECT sum(quantity) FROM movement
                  WHERE operation_id = operation.id AND lot_id = lot.id AND direction = 'in'
              ) <= (
                  SELECT sum(quantity) FROM movement
                  WHERE operation_id = original.id AND lot_id = lot.id AND direction = 'in'
              )
        )
    ) THEN
        RAISE EXCEPTION 'an operation uses or ships what quality has stopped'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'operation_uses_what_may_be_used';
    END IF;
    RETURN NULL;
END $$;

REVOKE EXECUTE ON FUNCTION take_movements() FROM PUBLIC;

CREATE TRIGGER movements_change_what_is_on_hand AFTER INSERT ON movement
    REFERENCING NEW TABLE AS taken FOR EACH STATEMENT EXECUTE FUNCTION take_movements();

CREATE FUNCTION refuse_on_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is on hand follows from the movements'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'lot_on_hand_follows_from_movements';
END $$;

CREATE TRIGGER a_new_lot_is_empty BEFORE INSERT ON lot
    FOR EACH ROW WHEN (NEW.on_hand <> 0 OR NEW.value <> 0) EXECUTE FUNCTION refuse_on_hand();

CREATE TRIGGER on_hand_is_not_written BEFORE UPDATE OF on_hand, value ON lot
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_on_hand();

CREATE FUNCTION refuse_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'how many holds stand on a lot follows from what is held'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'lot_holds_follow_from_what_is_held';
END $$;

CREATE TRIGGER a_new_lot_is_free BEFORE INSERT ON lot
    FOR EACH ROW WHEN (NEW.holds <> 0) EXECUTE FUNCTION refuse_holds();

CREATE TRIGGER holds_are_not_written BEFORE UPDATE OF holds ON lot
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_holds();
"""

NO_ON_HAND = """
DROP TRIGGER holds_are_not_written ON lot;
DROP TRIGGER a_new_lot_is_free ON lot;
DROP FUNCTION refuse_holds();
ALTER TABLE movement ALTER CONSTRAINT movement_product_id_be2796a3_fk_product_id DEFERRABLE INITIALLY DEFERRED;
DROP TRIGGER on_hand_is_not_written ON lot;
DROP TRIGGER a_new_lot_is_empty ON lot;
DROP FUNCTION refuse_on_hand();
DROP TRIGGER movements_change_what_is_on_hand ON movement;
DROP FUNCTION take_movements();
"""

FACTS = """
CREATE TRIGGER operations_are_facts BEFORE UPDATE OR DELETE OR TRUNCATE ON operation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER movements_are_facts BEFORE UPDATE OR DELETE OR TRUNCATE ON movement
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER balances_are_facts BEFORE UPDATE OR DELETE OR TRUNCATE ON campaign_balance
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

NO_FACTS = """
DROP TRIGGER balances_are_facts ON campaign_balance;
DROP TRIGGER movements_are_facts ON movement;
DROP TRIGGER operations_are_facts ON operation;
"""

CAMPAIGNS = """
CREATE FUNCTION refuse_unless_campaign_is_open() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp {lookups} AS $$
DECLARE closed text;
BEGIN
    SELECT min(code) FILTER (WHERE state <> 'open') INTO closed
    FROM (
        SELECT code, state FROM campaign WHERE id IN (SELECT campaign_id FROM taken) ORDER BY id FOR SHARE
    ) AS locked;
    IF closed IS NOT NULL THEN
        RAISE EXCEPTION 'campaign % is not open', closed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'operation_campaign_is_open';
    END IF;
    RETURN NULL;
END $$;

REVOKE EXECUTE ON FUNCTION refuse_unless_campaign_is_open() FROM PUBLIC;

CREATE TRIGGER operations_are_of_open_campaigns AFTER INSERT ON operation
    REFERENCING NEW TABLE AS taken FOR EACH STATEMENT EXECUTE FUNCTION refuse_unless_campaign_is_open();

CREATE FUNCTION refuse_closed_without_balance() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM campaign_balance WHERE campaign_id = NEW.id AND version = NEW.closings) THEN
        RAISE EXCEPTION 'campaign % is closed without its balance', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_is_closed_with_its_balance';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER campaigns_close_with_their_balance AFTER INSERT OR UPDATE ON campaign
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'closed')
    EXECUTE FUNCTION refuse_closed_without_balance();

CREATE FUNCTION refuse_balance_without_closing() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM campaign WHERE id = NEW.campaign_id AND state = 'closed' AND closings = NEW.version
    ) THEN
        RAISE EXCEPTION 'no campaign is closed with version % of this balance', NEW.version
            USING ERRCODE = 'check_violation', CONSTRAINT = 'balance_is_that_of_a_closing';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER balances_are_of_closings AFTER INSERT ON campaign_balance
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_balance_without_closing();

CREATE FUNCTION refuse_change_of_measure() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM product WHERE id = NEW.id FOR UPDATE; -- waits for those who move it now
    IF EXISTS (SELECT FROM movement WHERE product_id = NEW.id) THEN
        RAISE EXCEPTION 'product % has movements', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'product_measure_is_frozen';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER products_in_use_keep_their_measure BEFORE UPDATE OF unit, kg_per_unit ON product
    FOR EACH ROW WHEN (NEW.unit <> OLD.unit OR NEW.kg_per_unit IS DISTINCT FROM OLD.kg_per_unit)
    EXECUTE FUNCTION refuse_change_of_measure();
"""

NO_CAMPAIGNS = """
DROP TRIGGER products_in_use_keep_their_measure ON product;
DROP FUNCTION refuse_change_of_measure();
DROP TRIGGER balances_are_of_closings ON campaign_balance;
DROP FUNCTION refuse_balance_without_closing();
DROP TRIGGER campaigns_close_with_their_balance ON campaign;
DROP FUNCTION refuse_closed_without_balance();
DROP TRIGGER operations_are_of_open_campaigns ON operation;
DROP FUNCTION refuse_unless_campaign_is_open();
"""

SUMS = """
CREATE FUNCTION check_operation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp {lookups} AS $$
DECLARE broken text;
BEGIN
    IF NOT EXISTS (SELECT FROM movement WHERE operation_id = NEW.id) THEN
        broken := 'operation_has_movements';
    END IF;
    IF NEW.kind = 'transfer' THEN
        PERFORM FROM movement WHERE operation_id = NEW.id GROUP BY product_id
        HAVING sum(CASE direction WHEN 'out' THEN quantity ELSE -quantity END) <> 0;
        IF FOUND THEN
            broken := 'transfer_puts_down_what_it_takes_up';
        END IF;
    END IF;
    IF NEW.kind = 'reversal' THEN
        PERFORM FROM operation
        WHERE id = NEW.reverses_id AND kind <> 'reversal' AND site_id = NEW.site_id
          AND (campaign_id, line_id, partner_id)
              IS NOT DISTINCT FROM (NEW.campaign_id, NEW.line_id, NEW.partner_id);
        IF NOT FOUND THEN
            broken := 'reversal_mirrors_its_operation';
        END IF;
        PERFORM FROM movement WHERE operation_id IN (NEW.id, NEW.reverses_id)
        GROUP BY site_id, product_id, lot_id, role
        HAVING sum(CASE direction WHEN 'out' THEN quantity ELSE -quantity END) <> 0;
        IF FOUND THEN
            broken := 'reversal_mirrors_its_operation';
        END IF;
    END IF;
    IF NEW.partner_id IS NOT NULL AND NEW.kind IN ('return', 'reversal') THEN
        -- From the operation's lots to their movements, never from all that the partner ever did.
        -- What was shipped of a lot may come back to any of its sub-lots.
        PERFORM FROM (
            SELECT DISTINCT coalesce(lot.parent_id, lot.id) AS whole_id
            FROM movement JOIN lot ON lot.id = movement.lot_id WHERE movement.operation_id = NEW.id OFFSET 0
        ) AS own
        CROSS JOIN LATERAL (
            SELECT sum(CASE movement.direction WHEN 'in' THEN quantity ELSE -quantity END) AS held
            FROM (
                SELECT own.whole_id AS id UNION ALL SELECT lot.id FROM lot WHERE lot.parent_id = own.whole_id
            ) AS part
            JOIN movement ON movement.lot_id = part.id AND movement.role IN ('shipped', 'returned')
            WHERE (SELECT partner_id FROM operation WHERE id = movement.operation_id) = NEW.partner_id
        ) AS holding
        WHERE holding.held < 0;
        IF FOUND THEN
            broken := 'partner_returns_what_it_got';
        END IF;
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'operation % breaks %', NEW.id, broken USING ERRCODE = 'check_violation', CONSTRAINT = broken;
    END IF;
    RETURN NULL;
END $$;

REVOKE EXECUTE ON FUNCTION check_operation() FROM PUBLIC;

CREATE CONSTRAINT TRIGGER operations_add_up AFTER INSERT ON operation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_operation();
"""

NO_SUMS = """
DROP TRIGGER operations_add_up ON operation;
DROP FUNCTION check_operation();
"""


SUB_LOTS = """
CREATE FUNCTION refuse_another_identity() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM lot WHERE id = NEW.parent_id AND (
            parent_id IS NOT NULL OR (site_id, product_id, code) IS DISTINCT FROM (NEW.site_id, NEW.product_id, NEW.code)
        )
    ) THEN
        RAISE EXCEPTION 'sub-lot % of lot % is no part of what it is said to be', NEW.sub_lot, NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sub_lot_is_part_of_its_lot';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER sub_lots_are_parts_of_their_lots AFTER INSERT ON lot
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION refuse_another_identity();
"""

NO_SUB_LOTS = """
DROP TRIGGER sub_lots_are_parts_of_their_lots ON lot;
DROP FUNCTION refuse_another_identity();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("production", "0001_initial"),
        ("catalog", "0002_rules"),
        ("shared", "0002_append_only"),
    ]
    operations = [
        migrations.RunSQL(DIGITS, NO_DIGITS),
        migrations.RunSQL(ON_HAND.format(lookups=LOOKUPS), NO_ON_HAND),
        migrations.RunSQL(FACTS, NO_FACTS),
        migrations.RunSQL(CAMPAIGNS.format(lookups=LOOKUPS), NO_CAMPAIGNS),
        migrations.RunSQL(SUMS.format(lookups=LOOKUPS), NO_SUMS),
        migrations.RunSQL(SUB_LOTS, NO_SUB_LOTS),
    ]
