"""Signs from other offices' lists about who draws a benefit, and the lists that they came with."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True)
_KINDS = "kind IN ('death', 'prison', 'medical', 'transport')"
BEFORE = "kind IN ('sheet', 'statement', 'bring_in', 'evidence', 'evidence_draft')"
NOW = "kind IN ('sheet', 'statement', 'bring_in', 'signs', 'evidence', 'evidence_draft')"


def upgrade() -> None:
    _hold_kinds(NOW)
    op.create_table(
        "sign_list",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("paper", sa.String(500), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("file_digest", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(24), nullable=True),
        sa.Column("layout", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("rows", Key, nullable=False),
        sa.Column("added", Key, nullable=False),
        sa.Column("handed_in_at", _INSTANT, nullable=False),
        sa.Column("handed_in_by_account_id", Key, nullable=False),
        sa.Column("accepted_at", _INSTANT, nullable=True),
        sa.Column("checked_by_account_id", Key, nullable=True),
        sa.CheckConstraint(_KINDS, name=op.f("ck_sign_list_kind")),
        sa.CheckConstraint("state IN ('draft', 'accepted')", name=op.f("ck_sign_list_state")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_sign_list_region_code"),
        sa.ForeignKeyConstraint(
            ["handed_in_by_account_id"],
            ["account.id"],
            name="fk_sign_list_handed_in_by_account_id",
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_account_id"], ["account.id"], name="fk_sign_list_checked_by_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sign_list"),
    )
    op.create_index("ix_sign_list_region", "sign_list", ["region_code", "handed_in_at"])
    op.create_table(
        "sign",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("list_id", Key, nullable=False),
        sa.Column("row_number", Key, nullable=False),
        sa.Column("remark", sa.String(200), nullable=False),
        sa.Column("name_agrees", sa.Boolean(), nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", _INSTANT, nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("examined_at", _INSTANT, nullable=True),
        sa.Column("examined_by_account_id", Key, nullable=True),
        sa.Column("stopped_from_month", sa.Integer(), nullable=True),
        sa.Column("resumed_from_month", sa.Integer(), nullable=True),
        sa.CheckConstraint(_KINDS, name=op.f("ck_sign_kind")),
        sa.CheckConstraint(
            "state IN ('open', 'counted', 'noted', 'unfounded', 'confirmed')",
            name=op.f("ck_sign_state"),
        ),
        sa.CheckConstraint(
            "(state IN ('unfounded', 'confirmed')) = (examined_at IS NOT NULL)",
            name=op.f("ck_sign_examined"),
        ),
        sa.CheckConstraint(
            "stopped_from_month IS NULL OR kind = 'prison'", name=op.f("ck_sign_stopped")
        ),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_sign_region_code"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_sign_person_id"),
        sa.ForeignKeyConstraint(["list_id"], ["sign_list.id"], name="fk_sign_list_id"),
        sa.ForeignKeyConstraint(
            ["examined_by_account_id"], ["account.id"], name="fk_sign_examined_by_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sign"),
        sa.UniqueConstraint(
            "region_code",
            "person_id",
            "kind",
            "seen_on",
            name="uq_sign_region_code_person_id_kind_seen_on",
        ),
    )
    op.create_index("ix_sign_person", "sign", ["person_id"])
    op.create_index("ix_sign_list_id", "sign", ["list_id"])
    op.create_index(
        "ix_sign_open",
        "sign",
        ["region_code", "due_on"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    with op.batch_alter_table("benefit") as table:
        table.add_column(sa.Column("stop_sign_id", Key, nullable=True))
        table.create_foreign_key("fk_benefit_stop_sign_id", "sign", ["stop_sign_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("benefit") as table:
        table.drop_constraint("fk_benefit_stop_sign_id", type_="foreignkey")
        table.drop_column("stop_sign_id")
    op.drop_table("sign")
    op.drop_table("sign_list")
    op.execute("DELETE FROM kept_file_piece WHERE kind = 'signs'")
    op.execute("DELETE FROM kept_file WHERE kind = 'signs'")
    _hold_kinds(BEFORE)


def _hold_kinds(kinds: str) -> None:
    for table in ("kept_file", "kept_file_piece"):
        name = op.f(f"ck_{table}_kind")
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(name, type_="check")
            batch.create_check_constraint(name, kinds)
