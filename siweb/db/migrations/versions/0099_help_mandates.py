"""Mandates between people, the codes they are given by, and helpers of a community."""

import sqlalchemy as sa
from alembic import op

revision = "0099"
down_revision = "0098"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
STILL_OPEN = sa.text("ended_at IS NULL")


def _one_open(name: str, table: str, *columns: str) -> None:
    op.create_index(
        name,
        table,
        list(columns),
        unique=True,
        sqlite_where=STILL_OPEN,
        postgresql_where=STILL_OPEN,
    )


def upgrade() -> None:
    op.create_table(
        "community_helper",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(60), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("appointed_at", AT, nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        sa.CheckConstraint(
            "until_on >= from_on", name=op.f("ck_community_helper_until_after_from")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_community_helper_person_id"),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name="fk_community_helper_region_code"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_community_helper"),
    )
    _one_open("uq_community_helper_open", "community_helper", "person_id", "region_code")
    op.create_table(
        "help_mandate",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(24), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("helper_account_id", Key, nullable=False),
        sa.Column("kinds", sa.String(120), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "code",
                "paper",
                "guardianship",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("community_helper_id", Key, nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("granted_at", AT, nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("ended_by_account_id", Key, nullable=True),
        sa.CheckConstraint("kinds <> ''", name=op.f("ck_help_mandate_kinds")),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_help_mandate_until_after_from")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_help_mandate_person_id"),
        sa.ForeignKeyConstraint(
            ["helper_account_id"], ["account.id"], name="fk_help_mandate_helper_account_id"
        ),
        sa.ForeignKeyConstraint(
            ["community_helper_id"],
            ["community_helper.id"],
            name="fk_help_mandate_community_helper_id",
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_account_id"], ["account.id"], name="fk_help_mandate_ended_by_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_help_mandate"),
        sa.UniqueConstraint("reference", name="uq_help_mandate_reference"),
    )
    op.create_index("ix_help_mandate_person", "help_mandate", ["person_id", "granted_at"])
    _one_open("uq_help_mandate_open", "help_mandate", "helper_account_id", "person_id")
    op.create_table(
        "help_code",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(24), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("helper_name", sa.String(100), nullable=False),
        sa.Column("kinds", sa.String(120), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("used_at", AT, nullable=True),
        sa.CheckConstraint("kinds <> ''", name=op.f("ck_help_code_kinds")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_help_code_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_help_code"),
        sa.UniqueConstraint("reference", name="uq_help_code_reference"),
    )
    op.create_index("ix_help_code_person", "help_code", ["person_id", "made_at"])
    op.create_index("ix_help_code_hash", "help_code", ["code_hash"])


def downgrade() -> None:
    op.drop_table("help_code")
    op.drop_table("help_mandate")
    op.drop_table("community_helper")
