"""The rules of quality, kept by PostgreSQL whoever writes to it: facts don't change, and lots count their holds."""

from django.db import migrations

from infrastructure.persistence.shared.reading import LOOKUPS

# As with what is on hand, the functions run as their owner, so that the application needs no right to write the count,
# and their plans go by indexes, whatever the tables held when they were made. The lots are locked in the order of their
# ids, however the facts came, so that holds of many lots and recordings on many lots never wait in a circle.
HOLDS = f"""
CREATE FUNCTION count_holds() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp {LOOKUPS} AS $$
BEGIN
    PERFORM FROM lot WHERE id IN (SELECT lot_id FROM placed) ORDER BY id FOR NO KEY UPDATE;
    UPDATE lot SET holds = holds + counted.placed, version = version + 1, updated_at = now()
    FROM (SELECT lot_id, count(*) AS placed FROM placed GROUP BY lot_id) AS counted
    WHERE lot.id = counted.lot_id;
    RETURN NULL;
END $$;

REVOKE EXECUTE ON FUNCTION count_holds() FROM PUBLIC;

CREATE TRIGGER lots_count_their_holds AFTER INSERT ON held_lot
    REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION count_holds();

CREATE FUNCTION count_lifted_holds() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp {LOOKUPS} AS $$
BEGIN
    PERFORM FROM lot WHERE id IN (SELECT lot_id FROM lifted JOIN held_lot ON held_lot.id = lifted.held_lot_id)
    ORDER BY id FOR NO KEY UPDATE;
    UPDATE lot SET holds = holds - counted.lifted, version = version + 1, updated_at = now()
    FROM (
        SELECT lot_id, count(*) AS lifted FROM lifted JOIN held_lot ON held_lot.id = lifted.held_lot_id GROUP BY lot_id
    ) AS counted
    WHERE lot.id = counted.lot_id;
    RETURN NULL;
END $$;

REVOKE EXECUTE ON FUNCTION count_lifted_holds() FROM PUBLIC;

CREATE TRIGGER lots_count_their_lifted_holds AFTER INSERT ON lifted_hold
    REFERENCING NEW TABLE AS lifted FOR EACH STATEMENT EXECUTE FUNCTION count_lifted_holds();
"""  # noqa: S608 - our own text

# The holds that stand on a lot stand on each of its sub-lots as it is made; from then on each has its own. The lot is
# locked, so that a hold that comes meanwhile finds the sub-lot made before it, or is found here.
SUB_LOTS = f"""
CREATE FUNCTION inherit_holds() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp {LOOKUPS} AS $$
BEGIN
    PERFORM FROM lot WHERE id = NEW.parent_id FOR NO KEY UPDATE;
    INSERT INTO held_lot (hold_id, lot_id)
    SELECT hold_id, NEW.id FROM held_lot
    WHERE lot_id = NEW.parent_id AND NOT EXISTS (SELECT FROM lifted_hold WHERE held_lot_id = held_lot.id)
    ORDER BY id;
    RETURN NULL;
END $$;

REVOKE EXECUTE ON FUNCTION inherit_holds() FROM PUBLIC;

CREATE TRIGGER sub_lots_inherit_holds AFTER INSERT ON lot
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION inherit_holds();
"""  # noqa: S608 - our own text

NO_SUB_LOTS = """
DROP TRIGGER sub_lots_inherit_holds ON lot;
DROP FUNCTION inherit_holds();
"""

NO_HOLDS = """
DROP TRIGGER lots_count_their_lifted_holds ON lifted_hold;
DROP FUNCTION count_lifted_holds();
DROP TRIGGER lots_count_their_holds ON held_lot;
DROP FUNCTION count_holds();
"""

FACTS = """
CREATE TRIGGER decisions_are_facts BEFORE UPDATE OR DELETE OR TRUNCATE ON decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER holds_are_facts BEFORE UPDATE OR DELETE OR TRUNCATE ON hold
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER held_lots_are_facts BEFORE UPDATE OR DELETE OR TRUNCATE ON held_lot
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER lifted_holds_are_facts BEFORE UPDATE OR DELETE OR TRUNCATE ON lifted_hold
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

NO_FACTS = """
DROP TRIGGER lifted_holds_are_facts ON lifted_hold;
DROP TRIGGER held_lots_are_facts ON held_lot;
DROP TRIGGER holds_are_facts ON hold;
DROP TRIGGER decisions_are_facts ON decision;
"""


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_initial"), ("production", "0002_rules"), ("shared", "0002_append_only")]
    operations = [
        migrations.RunSQL(HOLDS, NO_HOLDS),
        migrations.RunSQL(SUB_LOTS, NO_SUB_LOTS),
        migrations.RunSQL(FACTS, NO_FACTS),
    ]
