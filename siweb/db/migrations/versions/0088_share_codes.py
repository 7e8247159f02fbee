"""Share codes that people give to a bank or a landlord, and each time one was used."""

import sqlalchemy as sa
from alembic import op

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "share_code",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(24), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("for_whom", sa.String(60), nullable=False),
        sa.Column("shown", sa.String(60), nullable=False),
        sa.Column("years", sa.SmallInteger(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("valid_until_on", sa.Date(), nullable=False),
        sa.Column("uses_allowed", sa.SmallInteger(), nullable=False),
        sa.Column("uses", sa.SmallInteger(), nullable=False),
        sa.Column("revoked_at", AT, nullable=True),
        sa.CheckConstraint("shown <> ''", name=op.f("ck_share_code_shown")),
        sa.CheckConstraint("years BETWEEN 1 AND 10", name=op.f("ck_share_code_years")),
        sa.CheckConstraint(
            "uses_allowed BETWEEN 1 AND 20", name=op.f("ck_share_code_uses_allowed")
        ),
        sa.CheckConstraint("uses BETWEEN 0 AND uses_allowed", name=op.f("ck_share_code_uses")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_share_code_person_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_share_code_region_code"),
        sa.PrimaryKeyConstraint("id", name="pk_share_code"),
        sa.UniqueConstraint("reference", name="uq_share_code_reference"),
        sa.UniqueConstraint("code_hash", name="uq_share_code_code_hash"),
    )
    op.create_index("ix_share_code_person", "share_code", ["person_id", "made_at"])
    op.create_table(
        "share_code_use",
        sa.Column("id", Key, nullable=False),
        sa.Column("code_id", Key, nullable=False),
        sa.Column("used_at", AT, nullable=False),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["code_id"], ["share_code.id"], name="fk_share_code_use_code_id"),
        sa.PrimaryKeyConstraint("id", name="pk_share_code_use"),
    )
    op.create_index("ix_share_code_use_code", "share_code_use", ["code_id", "used_at"])


def downgrade() -> None:
    op.drop_table("share_code_use")
    op.drop_table("share_code")
