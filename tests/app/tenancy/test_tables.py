"""The shape of the database: which tables belong to an organisation, and what their keys are."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

# Tables of the installation itself: people, payers, sessions, the log, the queue. Every other table has an organisation.
INSTALLATION = {
    "tenancy_organisation", "tenancy_person", "tenancy_hold",
    "tenancy_payer", "tenancy_payerseat", "tenancy_payeraddress", "tenancy_payerinvite", "tenancy_payercode", "tenancy_payeract",
    "help_vote", "help_progress", "help_practice",
    "proofs_shard", "proofs_head", "proofs_tile", "proofs_entry", "proofs_checkpoint",
    # An address chooses for every seller at once, also without an account; a digest is of several sellers
    "inbox_sum", "inbox_view", "inbox_feed",  # an inbox spans all sellers, and so does what it adds up to
    "notices_preference", "notices_suppression", "notices_pushsubscription", "notices_digest",
    "archive_word",
}  # fmt: skip
FOREIGN_PREFIXES = ("django_", "auth_", "account_", "mfa_", "usersessions_", "axes_", "procrastinate_")
TENANT_PREFIXES = ("tenancy_", "events_", "invoicing_", "proofs_", "delivery_", "payments_", "notices_", "support_", "inbox_", "archive_", "help_", "sustainability_", "statements_")


def _rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _tables():
    return {name for (name,) in _rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def _tenant_tables():
    return {t for t in _tables() if t not in INSTALLATION and not t.startswith(FOREIGN_PREFIXES)}


def test_every_table_is_known():
    strangers = {t for t in _tables() if not t.startswith(FOREIGN_PREFIXES + TENANT_PREFIXES)}
    assert strangers == set()
    assert _tables() >= INSTALLATION


def test_every_tenant_table_has_the_composite_primary_key():
    keys = dict(_rows(
        "SELECT c.conrelid::regclass::text, array_agg(a.attname ORDER BY k.place) FROM pg_constraint c"
        " CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k(attnum, place)"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum WHERE c.contype = 'p' GROUP BY 1"
    ))  # fmt: skip
    wrong = {table: keys.get(table) for table in _tenant_tables() if keys.get(table, [])[:1] != ["organisation_id"] or len(keys[table]) < 2}
    assert wrong == {}
    assert len(_tenant_tables()) > 20


def test_every_key_between_tenant_tables_holds_the_organisation():
    links = _rows(
        "SELECT c.conrelid::regclass::text, c.confrelid::regclass::text, array_agg(a.attname ORDER BY k.place) FROM pg_constraint c"
        " CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k(attnum, place)"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum WHERE c.contype = 'f' GROUP BY c.oid, 1, 2"
    )  # fmt: skip
    tenant = _tenant_tables()
    inside = [row for row in links if row[0] in tenant and row[1] in tenant]
    assert [row for row in inside if "organisation_id" not in row[2]] == []
    assert len(inside) >= 15


def test_every_tenant_foreign_key_of_the_models_has_its_constraint_in_the_database():
    from django.apps import apps

    from wasl.app.tenancy.scope import TenantForeignKey

    have = {row[0] for row in _rows("SELECT conname FROM pg_constraint WHERE contype = 'f'")}
    want = {
        f"{model._meta.db_table}_{field.column}_tenant_fk"
        for model in apps.get_models() for field in model._meta.concrete_fields if isinstance(field, TenantForeignKey)
    }  # fmt: skip
    assert want - have == set()


def test_the_migrations_are_those_of_the_models():
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_t2_a_fresh_database_holds_no_person_and_no_password():
    from wasl.app.tenancy.models import Person

    assert Person.objects.count() == 0
    texts = _rows("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name ~ 'password|secret'")
    for table, column in texts:
        assert _rows(f'SELECT count(*) FROM "{table}"') == [(0,)], f"{table}.{column}"


def test_t2_a_person_without_a_chosen_password_cannot_sign_in_with_any(make_person, rf):
    from django.contrib.auth import authenticate

    person = make_person("a@example.com")
    assert not person.has_usable_password()
    for guess in ("", "password", "admin", "wasl", person.email, person.password):
        assert authenticate(rf.post("/"), email=person.email, password=guess) is None
