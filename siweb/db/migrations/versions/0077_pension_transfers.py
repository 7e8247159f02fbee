"""Transfers that citizens apply for, and the steps of each. Old code runs on it."""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_STATES = "'applied', 'accepted', 'form', 'fund', 'done', 'refused', 'withdrawn'"
_IS_OPEN = "state IN ('applied', 'accepted', 'form', 'fund')"
_REFERENCES = {
    "person_id": "person.id",
    "region_code": "region.code",
    "from_code": "region.code",
    "to_code": "region.code",
    "segment_id": "transfer_segment.id",
    "document_id": "document.id",
}
_CHECKS = {
    "direction": "direction IN ('in', 'out', 'within')",
    "state": f"state IN ({_STATES})",
    "due": f"({_IS_OPEN}) = (due_on IS NOT NULL)",
    "within": "(direction = 'within') = (from_code IS NOT NULL AND to_code IS NOT NULL)",
    "fund_moved": "state NOT IN ('fund', 'done') OR segment_id IS NOT NULL",
    "remedies": "(state = 'refused') = (review_until IS NOT NULL)",
}


def upgrade() -> None:
    op.create_table(
        "pension_transfer",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(24), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(24), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("from_code", sa.Integer(), nullable=True),
        sa.Column("to_code", sa.Integer(), nullable=True),
        sa.Column("other_region", sa.String(60), nullable=False),
        sa.Column("applied_at", _INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.Date(), nullable=False),
        sa.Column("segment_id", Key, nullable=True),
        sa.Column("review_until", sa.Date(), nullable=True),
        sa.Column("suit_until", sa.Date(), nullable=True),
        sa.Column("document_id", Key, nullable=True),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_pension_transfer_{name}"))
            for name, condition in _CHECKS.items()
        ),
        *(
            sa.ForeignKeyConstraint([name], [other], name=f"fk_pension_transfer_{name}")
            for name, other in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pension_transfer"),
        sa.UniqueConstraint("reference", name="uq_pension_transfer_reference"),
    )
    op.create_index("ix_pension_transfer_person", "pension_transfer", ["person_id", "applied_at"])
    is_open = sa.text(_IS_OPEN)
    for name, columns, is_unique in (
        ("ix_pension_transfer_open", ["region_code", "due_on"], False),
        ("uq_pension_transfer_open", ["person_id"], True),
    ):
        op.create_index(
            name,
            "pension_transfer",
            columns,
            unique=is_unique,
            sqlite_where=is_open,
            postgresql_where=is_open,
        )
    op.create_table(
        "transfer_event",
        sa.Column("id", Key, nullable=False),
        sa.Column("transfer_id", Key, nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("recorded_at", _INSTANT, nullable=False),
        sa.Column("recorded_by_account_id", Key, nullable=True),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_transfer_event_state")),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["pension_transfer.id"], name="fk_transfer_event_transfer_id"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_account_id"],
            ["account.id"],
            name="fk_transfer_event_recorded_by_account_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_transfer_event"),
        sa.UniqueConstraint("transfer_id", "state", name="uq_transfer_event_transfer_id_state"),
    )


def downgrade() -> None:
    op.drop_table("transfer_event")
    op.drop_table("pension_transfer")
