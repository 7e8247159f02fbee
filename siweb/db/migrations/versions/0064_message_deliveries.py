"""Deliveries of messages by e-mail and text message, and how people want to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MESSAGE = ["region_code", "kind", "subject", "notified_on", "reader_id"]
QUEUED = sa.text("state = 'queued'")


def upgrade() -> None:
    op.create_table(
        "message_delivery",
        sa.Column("region_code", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("notified_on", sa.Date(), nullable=False),
        sa.Column("reader_id", Key, nullable=False, autoincrement=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(24), nullable=True),
        sa.CheckConstraint("channel IN ('email', 'sms')", name=op.f("ck_message_delivery_channel")),
        sa.CheckConstraint(
            "state IN ('queued', 'delivered', 'failed')", name=op.f("ck_message_delivery_state")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_message_delivery_attempts")),
        sa.CheckConstraint(
            "(state = 'delivered') = (delivered_at IS NOT NULL)",
            name=op.f("ck_message_delivery_delivered"),
        ),
        sa.ForeignKeyConstraint(
            MESSAGE,
            [f"message.{name}" for name in MESSAGE],
            name=op.f("fk_message_delivery_message"),
        ),
        sa.PrimaryKeyConstraint(*MESSAGE, "channel", name=op.f("pk_message_delivery")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_message_delivery_queued",
        "message_delivery",
        ["next_try_at"],
        sqlite_where=QUEUED,
        postgresql_where=QUEUED,
    )
    op.create_table(
        "message_choice",
        sa.Column("person_id", Key, nullable=False, autoincrement=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "channel IN ('email', 'sms', 'inbox')", name=op.f("ck_message_choice_channel")
        ),
        sa.CheckConstraint(
            "language IN ('zh_Hans', 'en')", name=op.f("ck_message_choice_language")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_message_choice_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_message_choice")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("message_choice")
    op.drop_table("message_delivery")
