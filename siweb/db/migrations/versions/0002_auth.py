"""Accounts, activation codes, sign-in sessions, pauses and sealed posts."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "failed_attempt",
        sa.Column("id", Key, nullable=False),
        sa.Column("who_hash", sa.String(length=64), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_failed_attempt"),
    )
    op.create_index(
        "ix_failed_attempt_who", "failed_attempt", ["who_hash", "failed_at"], unique=False
    )
    op.create_table(
        "account",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_account_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("person_id", name="uq_account_person_id"),
    )
    op.create_table(
        "activation_code",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", Key, nullable=False),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_activation_code_tries")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_activation_code_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_activation_code"),
    )
    op.create_index("ix_activation_code_person_id", "activation_code", ["person_id"], unique=False)
    op.create_table(
        "sealed_post",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("fields", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_sealed_post_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sealed_post"),
        sa.UniqueConstraint("reference", name="uq_sealed_post_reference"),
    )
    op.create_index("ix_sealed_post_account_id", "sealed_post", ["account_id"], unique=False)
    op.create_index("ix_sealed_post_expires_at", "sealed_post", ["expires_at"], unique=False)
    op.create_table(
        "sign_in_session",
        sa.Column("id", Key, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("network", sa.String(length=45), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "signed_out",
                "revoked",
                "idle",
                "expired",
                "password_changed",
                name="end_reason",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_sign_in_session_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_session"),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_session_token_hash"),
    )
    op.create_index(
        "ix_sign_in_session_account", "sign_in_session", ["account_id", "ended_at"], unique=False
    )
    op.create_index(
        "ix_sign_in_session_device_hash", "sign_in_session", ["device_hash"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_sign_in_session_device_hash", table_name="sign_in_session")
    op.drop_index("ix_sign_in_session_account", table_name="sign_in_session")
    op.drop_table("sign_in_session")
    op.drop_index("ix_sealed_post_expires_at", table_name="sealed_post")
    op.drop_index("ix_sealed_post_account_id", table_name="sealed_post")
    op.drop_table("sealed_post")
    op.drop_index("ix_activation_code_person_id", table_name="activation_code")
    op.drop_table("activation_code")
    op.drop_table("account")
    op.drop_index("ix_failed_attempt_who", table_name="failed_attempt")
    op.drop_table("failed_attempt")
