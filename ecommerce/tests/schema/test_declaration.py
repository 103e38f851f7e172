"""The real databases hold what is declared, and the comparison misses nothing."""

import pytest
from django.db import connections, transaction

from .declarations import PARTS, declared
from .snapshots import differences, found, take

pytestmark = pytest.mark.committed(databases=list(PARTS))

# What somebody might do to a database, and what the comparison must say of it.
PLANTED = {
    "a lost index": (
        "orders",
        "DROP INDEX idx_orders_status",
        [
            "missing: index idx_orders_status, "
            "declared as: CREATE INDEX idx_orders_status ON orders USING btree (status)"
        ],
    ),
    "an index on more rows": (
        "catalog",
        "DROP INDEX idx_products_active; CREATE INDEX idx_products_active ON products (is_active)",
        [
            "different: index idx_products_active, "
            "declared as: CREATE INDEX idx_products_active ON products USING btree (is_active) WHERE is_active, "
            "found as: CREATE INDEX idx_products_active ON products USING btree (is_active)"
        ],
    ),
    "an index of another kind": (
        "catalog",
        "DROP INDEX idx_products_search; CREATE INDEX idx_products_search ON products USING gist (search_vector)",
        [
            "different: index idx_products_search, "
            "declared as: CREATE INDEX idx_products_search ON products USING gin (search_vector), "
            "found as: CREATE INDEX idx_products_search ON products USING gist (search_vector)"
        ],
    ),
    "an index that lost its expression": (
        "accounts",
        "DROP INDEX users_email_lower_key; CREATE UNIQUE INDEX users_email_lower_key ON users (email)",
        [
            "different: index users_email_lower_key, "
            "declared as: CREATE UNIQUE INDEX users_email_lower_key ON users USING btree (lower(email::text)), "
            "found as: CREATE UNIQUE INDEX users_email_lower_key ON users USING btree (email)"
        ],
    ),
    "a changed default": (
        "orders",
        "ALTER TABLE orders ALTER currency SET DEFAULT 'EUR'",
        [
            "different: column orders.currency, "
            "declared as: character varying(3) NOT NULL DEFAULT 'USD'::character varying, "
            "found as: character varying(3) NOT NULL DEFAULT 'EUR'::character varying"
        ],
    ),
    "a lost default": (
        "accounts",
        "ALTER TABLE sessions ALTER id DROP DEFAULT",
        [
            "different: column sessions.id, "
            "declared as: uuid NOT NULL DEFAULT gen_random_uuid(), found as: uuid NOT NULL"
        ],
    ),
    "a lost NOT NULL": (
        "catalog",
        "ALTER TABLE product_variants ALTER product_id DROP NOT NULL",
        ["different: column product_variants.product_id, declared as: uuid NOT NULL, found as: uuid"],
    ),
    "a changed type": (
        "payments",
        "ALTER TABLE payment_ledger ALTER amount TYPE numeric(19, 2)",
        [
            "different: column payment_ledger.amount, "
            "declared as: numeric(19,4) NOT NULL, found as: numeric(19,2) NOT NULL"
        ],
    ),
    "a lost column": (
        "notifications",
        "ALTER TABLE messages DROP sending_at",
        ["missing: column messages.sending_at, declared as: timestamp with time zone"],
    ),
    "an undeclared column": (
        "notifications",
        "ALTER TABLE messages ADD priority smallint",
        ["extra: column messages.priority, found as: smallint"],
    ),
    "an undeclared table": (
        "payments",
        "CREATE TABLE users (id uuid PRIMARY KEY)",
        [
            "extra: column users.id, found as: uuid NOT NULL",
            "extra: constraint users.users_pkey, found as: PRIMARY KEY (id)",
            "extra: table users, found as: ",
        ],
    ),
    "an undeclared view": (
        "payments",
        "CREATE VIEW nobody AS SELECT NULL::uuid AS user_id",
        ["extra: view nobody, found as: user_id uuid: SELECT NULL::uuid AS user_id;"],
    ),
    "a lost check": (
        "orders",
        "ALTER TABLE orders DROP CONSTRAINT order_total_is_the_sum_of_its_parts",
        [
            "missing: constraint orders.order_total_is_the_sum_of_its_parts, "
            "declared as: CHECK (total_price = (subtotal_price + total_tax + shipping_price - total_discounts))"
        ],
    ),
    "a check that old rows need not pass": (
        "catalog",
        "ALTER TABLE product_reviews DROP CONSTRAINT product_reviews_rating_check,"
        " ADD CONSTRAINT product_reviews_rating_check CHECK (rating >= 1 AND rating <= 5) NOT VALID",
        [
            "different: constraint product_reviews.product_reviews_rating_check, "
            "declared as: CHECK (rating >= 1 AND rating <= 5), "
            "found as: CHECK (rating >= 1 AND rating <= 5) NOT VALID"
        ],
    ),
    "a unique constraint that NULLs escape": (
        "catalog",
        "ALTER TABLE product_variants DROP CONSTRAINT variant_options_are_unique,"
        " ADD CONSTRAINT variant_options_are_unique UNIQUE (product_id, option1, option2, option3)",
        [
            "different: constraint product_variants.variant_options_are_unique, "
            "declared as: UNIQUE NULLS NOT DISTINCT (product_id, option1, option2, option3), "
            "found as: UNIQUE (product_id, option1, option2, option3)"
        ],
    ),
    "a foreign key that no longer cascades": (
        "orders",
        "ALTER TABLE order_line_items DROP CONSTRAINT order_line_items_order_id_fkey,"
        " ADD CONSTRAINT order_line_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders (id)",
        [
            "different: constraint order_line_items.order_line_items_order_id_fkey, "
            "declared as: FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE, "
            "found as: FOREIGN KEY (order_id) REFERENCES orders(id)"
        ],
    ),
    "a lost trigger": (
        "accounts",
        "DROP TRIGGER update_users_updated_at ON users",
        [
            "missing: trigger users.update_users_updated_at, "
            "declared as: CREATE TRIGGER update_users_updated_at BEFORE UPDATE ON users"
            " FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
        ],
    ),
    "a trigger switched off": (
        "payments",
        "ALTER TABLE payment_ledger DISABLE TRIGGER payment_ledger_is_append_only",
        [
            "different: trigger payment_ledger.payment_ledger_is_append_only, "
            "declared as: CREATE TRIGGER payment_ledger_is_append_only BEFORE DELETE OR UPDATE ON payment_ledger"
            " FOR EACH ROW EXECUTE FUNCTION payment_ledger_is_append_only(), "
            "found as: CREATE TRIGGER payment_ledger_is_append_only BEFORE DELETE OR UPDATE ON payment_ledger"
            " FOR EACH ROW EXECUTE FUNCTION payment_ledger_is_append_only() NOT ENABLED: D"
        ],
    ),
    "another function body": (
        "orders",
        "CREATE OR REPLACE FUNCTION generate_order_number() RETURNS text LANGUAGE sql AS"
        " $$ SELECT 'ord-' || nextval('order_numbers') $$",
        [
            "different: body of function generate_order_number(), "
            "declared as: select 'ORD-' || nextval('order_numbers'), "
            "found as: select 'ord-' || nextval('order_numbers')"
        ],
    ),
    "a function that runs as its owner": (
        "notifications",
        "ALTER FUNCTION update_updated_at_column() SECURITY DEFINER",
        [
            "different: function update_updated_at_column(), "
            "declared as: f (), returns trigger, plpgsql, volatile v, parallel u, "
            "found as: f (), returns trigger, plpgsql, volatile v, parallel u, security definer"
        ],
    ),
    "a sequence in larger steps": (
        "orders",
        "ALTER SEQUENCE order_numbers INCREMENT BY 2",
        [
            "different: sequence order_numbers, "
            "declared as: bigint START 100001 INCREMENT 1 MINVALUE 1 MAXVALUE 9223372036854775807 CACHE 1, "
            "found as: bigint START 100001 INCREMENT 2 MINVALUE 1 MAXVALUE 9223372036854775807 CACHE 1"
        ],
    ),
    "a table that leaves no room on its pages": (
        "orders",
        "ALTER TABLE saga_transactions RESET (fillfactor)",
        [
            "different: table saga_transactions, "
            "declared as: autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_threshold=500, fillfactor=70, "
            "found as: autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_threshold=500"
        ],
    ),
    "a lost partition for what belongs to no month": (
        "orders",
        "DROP TABLE saga_events_default",
        ["missing: partition saga_events_default, declared as: of saga_events DEFAULT"],
    ),
}


class TestSchema:
    @pytest.mark.parametrize("alias", PARTS)
    def test_is_as_declared(self, alias: str) -> None:
        lines = differences(declared(alias), found(alias))

        assert lines == [], "\n".join(["", *lines, "A migration changes ecommerce/tests/schema/declared too."])

    @pytest.mark.parametrize("alias", PARTS)
    def test_keeps_nothing_of_the_declaration(self, alias: str) -> None:
        declared.__wrapped__(alias)

        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT to_regnamespace('declared')")
            assert cursor.fetchone() == (None,)


class TestUpdatedAt:
    @pytest.mark.parametrize("alias", PARTS)
    def test_is_kept_by_a_trigger(self, alias: str) -> None:
        stands = found(alias)
        columns = sorted(name.split()[1].split(".")[0] for name in stands if name.endswith(".updated_at"))

        # The engine's own statements say when a saga moved: by the clock, not by the transaction.
        assert [table for table in columns if f"trigger {table}.update_{table}_updated_at" not in stands] == (
            ["saga_archive", "saga_transactions"] if alias == "orders" else []
        )


class TestDifferences:
    @pytest.mark.parametrize(("alias", "change", "said"), PLANTED.values(), ids=PLANTED)
    def test_name_what_somebody_changed(self, alias: str, change: str, said: list[str]) -> None:
        expected = declared(alias)

        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            cursor.execute(change)
            changed = take(cursor, "public")
            transaction.set_rollback(True, using=alias)

        assert differences(expected, changed) == said
        assert differences(expected, found(alias)) == []

    def test_are_none_between_spellings_of_one_meaning(self) -> None:
        with transaction.atomic(using="orders"), connections["orders"].cursor() as cursor:
            cursor.execute(
                "ALTER TABLE orders ALTER created_at SET DEFAULT CURRENT_TIMESTAMP;"
                "ALTER TABLE order_events ALTER created_at SET DEFAULT now()"
            )
            spelled = take(cursor, "public")
            transaction.set_rollback(True, using="orders")

        assert spelled["column orders.created_at"] == "timestamp with time zone NOT NULL DEFAULT now()"
        assert differences(declared("orders"), spelled) == []
