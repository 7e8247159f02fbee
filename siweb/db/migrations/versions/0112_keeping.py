"""How long scans are kept, which cases are held, and the register of what was destroyed.

Going back forgets terms and holds, and with the register what was destroyed by them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CLASSES = "kept_class IN ('decisions', 'complaints', 'reviews')"
_STANDING = sa.text("lifted_at IS NULL")


def upgrade() -> None:
    _terms()
    _holds()
    _register()


def _terms() -> None:
    op.create_table(
        "keeping_term",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("kept_class", sa.String(24), nullable=False),
        sa.Column("years", sa.BigInteger(), nullable=True),
        sa.Column("basis", sa.String(500), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_account_id", Key, nullable=False),
        sa.Column("checked_by_account_id", Key, nullable=False),
        sa.CheckConstraint(_CLASSES, name=op.f("ck_keeping_term_kept_class")),
        sa.CheckConstraint("years IN (10, 30, 50, 100)", name=op.f("ck_keeping_term_years")),
        sa.CheckConstraint(
            "made_by_account_id <> checked_by_account_id", name=op.f("ck_keeping_term_two_people")
        ),
        *(
            sa.ForeignKeyConstraint([name], [target], name=f"fk_keeping_term_{name}")
            for name, target in (
                ("region_code", "region.code"),
                ("made_by_account_id", "account.id"),
                ("checked_by_account_id", "account.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_keeping_term"),
    )
    op.create_index("ix_keeping_term_region", "keeping_term", ["region_code", "kept_class", "id"])


def _holds() -> None:
    op.create_table(
        "keeping_hold",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.String(24), nullable=False),
        sa.Column("because", sa.String(500), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_account_id", Key, nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifting_task_id", Key, nullable=True),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifting_task_id IS NULL)",
            name=op.f("ck_keeping_hold_lifted_by"),
        ),
        *(
            sa.ForeignKeyConstraint([name], [target], name=f"fk_keeping_hold_{name}")
            for name, target in (
                ("region_code", "region.code"),
                ("set_by_account_id", "account.id"),
                ("lifting_task_id", "task.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_keeping_hold"),
    )
    op.create_index(
        "uq_keeping_hold_standing",
        "keeping_hold",
        ["case_number"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )


def _register() -> None:
    op.create_table(
        "destruction",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("kept_class", sa.String(24), nullable=False),
        sa.Column("scans", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("closed_before", sa.Date(), nullable=False),
        sa.Column("keeping_term_id", Key, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("task_id", Key, nullable=False),
        sa.CheckConstraint(_CLASSES, name=op.f("ck_destruction_kept_class")),
        sa.CheckConstraint("scans > 0 AND size > 0", name=op.f("ck_destruction_of_something")),
        *(
            sa.ForeignKeyConstraint([name], [target], name=f"fk_destruction_{name}")
            for name, target in (
                ("region_code", "region.code"),
                ("keeping_term_id", "keeping_term.id"),
                ("task_id", "task.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_destruction"),
        sa.UniqueConstraint("task_id", name="uq_destruction_task_id"),
    )
    op.create_table(
        "destruction_line",
        sa.Column("destruction_id", Key, nullable=False),
        sa.Column("scan_number", sa.String(24), nullable=False),
        sa.Column("case_number", sa.String(24), nullable=False),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column("attached_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["destruction_id"], ["destruction.id"], name="fk_destruction_line_destruction_id"
        ),
        sa.PrimaryKeyConstraint("destruction_id", "scan_number", name="pk_destruction_line"),
    )


def downgrade() -> None:
    for table in ("destruction_line", "destruction", "keeping_hold", "keeping_term"):
        op.drop_table(table)
