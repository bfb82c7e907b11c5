"""What a tenant table needs beyond Django's own migration: composite keys and triggers that keep issued rows as they are.

Every migration that makes a tenant table calls these; a test reads the catalogue and refuses a table that lacks them.
"""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

# PostgreSQL names the offended row, so the refusal says what was attempted on what (T4)
REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION wasl_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_LEVEL = 'STATEMENT' THEN
        RAISE EXCEPTION '% holds issued records: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '23001';
    END IF;
    RAISE EXCEPTION '% of an issued record is refused: % %', TG_OP, TG_TABLE_NAME,
        coalesce(to_jsonb(OLD) ->> 'id', to_jsonb(OLD) ->> 'shard_id') USING ERRCODE = '23001';
END $$;
"""


def refuse_change_function() -> RunSQL:
    return RunSQL(REFUSE_CHANGE, "DROP FUNCTION wasl_refuse_change()")


def composite_key(*tables: str) -> list[RunSQL]:
    """PRIMARY KEY (organisation_id, id) in place of Django's (id)."""
    return [
        RunSQL(
            f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey", ADD CONSTRAINT "{table}_pkey" PRIMARY KEY (organisation_id, id)',
            f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey", ADD CONSTRAINT "{table}_pkey" PRIMARY KEY (id)',
        )
        for table in tables
    ]


def composite_fk(table: str, column: str, target: str, *, on_delete: str = "NO ACTION") -> RunSQL:
    """(organisation_id, column) must be a row of `target` in the same organisation."""
    name = f"{table}_{column}_tenant_fk"
    return RunSQL(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (organisation_id, "{column}")'
        f' REFERENCES "{target}" (organisation_id, id) ON DELETE {on_delete} DEFERRABLE INITIALLY IMMEDIATE',
        f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"',
    )


def immutable(*tables: str) -> list[RunSQL]:
    """Refuse UPDATE, DELETE and TRUNCATE, whoever asks."""
    return [
        RunSQL(
            f'CREATE TRIGGER "{table}_immutable" BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION wasl_refuse_change();'
            f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION wasl_refuse_change();',
            f'DROP TRIGGER "{table}_immutable" ON "{table}"; DROP TRIGGER "{table}_no_truncate" ON "{table}";',
        )
        for table in tables
    ]


def no_update(*tables: str) -> list[RunSQL]:
    """Rows that may be erased by law but never altered: document bytes, event details."""
    return [
        RunSQL(
            f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW EXECUTE FUNCTION wasl_refuse_change();',
            f'DROP TRIGGER "{table}_no_update" ON "{table}";',
        )
        for table in tables
    ]


def frozen_columns(table: str, *columns: str) -> RunSQL:
    """Some columns of a row that lives on: they keep the value they were first given."""
    old, new = (", ".join(f'{row}."{c}"' for c in columns) for row in ("OLD", "NEW"))
    return RunSQL(
        f'CREATE TRIGGER "{table}_frozen" BEFORE UPDATE ON "{table}" FOR EACH ROW'
        f" WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION wasl_refuse_change();",
        f'DROP TRIGGER "{table}_frozen" ON "{table}";',
    )


def refuse_when(table: str, name: str, condition: str) -> RunSQL:
    """Refuse an UPDATE of which `condition` (over OLD and NEW) is true."""
    return RunSQL(
        f'CREATE TRIGGER "{table}_{name}" BEFORE UPDATE ON "{table}" FOR EACH ROW'
        f" WHEN ({condition}) EXECUTE FUNCTION wasl_refuse_change();",
        f'DROP TRIGGER "{table}_{name}" ON "{table}";',
    )


def no_delete(*tables: str) -> list[RunSQL]:
    """Rows that live on for ever, though some of their columns move."""
    return [
        RunSQL(
            f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION wasl_refuse_change();'
            f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION wasl_refuse_change();',
            f'DROP TRIGGER "{table}_no_delete" ON "{table}"; DROP TRIGGER "{table}_no_truncate" ON "{table}";',
        )
        for table in tables
    ]


def belongs(table: str, target: str, **columns: str) -> RunSQL:
    """Rows of `table` name a row of `target` (our column=their column), checked once a statement instead of once a row.

    As good as a foreign key, and several times cheaper where rows come by the thousand, but only where neither side can
    change afterwards: `table` refuses UPDATE, `target` refuses DELETE and keeps its keys. Reads the target by its index always.
    """
    name = f"{table}_belongs_to_{target}"
    match = " AND ".join(f't."{theirs}" = added."{ours}"' for ours, theirs in columns.items())
    return RunSQL(
        f'CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$ BEGIN'
        f' IF EXISTS (SELECT FROM added WHERE (SELECT true FROM "{target}" t WHERE {match}) IS NULL) THEN'
        f" RAISE EXCEPTION 'a row of {table} names none of {target}' USING ERRCODE = '23503';"
        f" END IF; RETURN NULL; END $$;"
        f'CREATE TRIGGER "{name}" AFTER INSERT ON "{table}" REFERENCING NEW TABLE AS added'
        f' FOR EACH STATEMENT EXECUTE FUNCTION "{name}"();',
        f'DROP TRIGGER "{name}" ON "{table}"; DROP FUNCTION "{name}"();',
    )
