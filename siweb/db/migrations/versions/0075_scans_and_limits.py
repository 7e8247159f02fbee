"""Scans of papers, and above which sum a third person checks. Old code runs on it."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = "kind IN ('sheet', 'statement', 'bring_in')"
NOW = "kind IN ('sheet', 'statement', 'bring_in', 'evidence', 'evidence_draft')"
OF_THESE = "kind IN ('evidence', 'evidence_draft')"
_MATTERS = ("task", "complaint", "review")
ONE_MATTER = (
    "CASE WHEN task_id IS NULL THEN 0 ELSE 1 END + "
    "CASE WHEN complaint_id IS NULL THEN 0 ELSE 1 END + "
    "CASE WHEN review_id IS NULL THEN 0 ELSE 1 END = 1"
)

_INSTANT = sa.DateTime(timezone=True)
_REFERENCES = {
    "region_code": "region.code",
    "made_by_account_id": "account.id",
    "checked_by_account_id": "account.id",
}


def upgrade() -> None:
    _hold_kinds(NOW)
    _create_evidence()
    _create_limits()


def _create_evidence() -> None:
    op.create_table(
        "evidence_file",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(24), nullable=False),
        *(sa.Column(f"{matter}_id", Key, nullable=True) for matter in _MATTERS),
        sa.Column("media_type", sa.String(24), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", Key, nullable=False),
        sa.Column("pages", Key, nullable=False),
        sa.Column("attached_by_account_id", Key, nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "media_type IN ('pdf', 'jpeg', 'png')", name=op.f("ck_evidence_file_media_type")
        ),
        sa.CheckConstraint(ONE_MATTER, name=op.f("ck_evidence_file_one_matter")),
        sa.CheckConstraint("size > 0 AND pages > 0", name=op.f("ck_evidence_file_not_empty")),
        *(
            sa.ForeignKeyConstraint(
                [f"{matter}_id"], [f"{matter}.id"], name=f"fk_evidence_file_{matter}_id"
            )
            for matter in _MATTERS
        ),
        sa.ForeignKeyConstraint(
            ["attached_by_account_id"],
            ["account.id"],
            name="fk_evidence_file_attached_by_account_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_file"),
        sa.UniqueConstraint("reference", name="uq_evidence_file_reference"),
    )
    for matter in _MATTERS:
        op.create_index(f"ix_evidence_file_{matter}_id", "evidence_file", [f"{matter}_id"])


def _create_limits() -> None:
    op.create_table(
        "amount_limit",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("above_fen", sa.BigInteger(), nullable=True),
        sa.Column("basis", sa.String(500), nullable=False),
        sa.Column("set_at", _INSTANT, nullable=False),
        sa.Column("made_by_account_id", Key, nullable=False),
        sa.Column("checked_by_account_id", Key, nullable=False),
        sa.CheckConstraint("above_fen >= 0", name=op.f("ck_amount_limit_above")),
        sa.CheckConstraint(
            "made_by_account_id <> checked_by_account_id", name=op.f("ck_amount_limit_two_people")
        ),
        *(
            sa.ForeignKeyConstraint([name], [other], name=f"fk_amount_limit_{name}")
            for name, other in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_amount_limit"),
    )
    op.create_index("ix_amount_limit_region", "amount_limit", ["region_code", "id"])
    op.create_table(
        "first_check",
        sa.Column("task_id", Key, nullable=False, autoincrement=False),
        sa.Column("checked_by_account_id", Key, nullable=False),
        sa.Column("checked_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_first_check_task_id"),
        sa.ForeignKeyConstraint(
            ["checked_by_account_id"], ["account.id"], name="fk_first_check_checked_by_account_id"
        ),
        sa.PrimaryKeyConstraint("task_id", name="pk_first_check"),
    )


def downgrade() -> None:
    op.drop_table("first_check")
    op.drop_table("amount_limit")
    op.drop_table("evidence_file")
    op.execute(f"DELETE FROM kept_file_piece WHERE {OF_THESE}")  # noqa: S608 - fixed words
    op.execute(f"DELETE FROM kept_file WHERE {OF_THESE}")  # noqa: S608 - fixed words
    _hold_kinds(BEFORE)


def _hold_kinds(kinds: str) -> None:
    for table in ("kept_file", "kept_file_piece"):
        name = op.f(f"ck_{table}_kind")
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(name, type_="check")
            batch.create_check_constraint(name, kinds)
