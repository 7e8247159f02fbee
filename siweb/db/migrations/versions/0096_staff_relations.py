"""Relatives whom staff declared. Old code runs on it and asks for none."""

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_RELATIONS = "'spouse', 'parent', 'child', 'sibling', 'other_blood', 'by_marriage', 'household'"
_REFERENCES = {
    "person_id": "person.id",
    "relative_id": "person.id",
    "declared_by_account_id": "account.id",
}
_OPEN = sa.text("until_on IS NULL")


def upgrade() -> None:
    op.create_table(
        "staff_relation",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("relative_id", Key, nullable=False),
        sa.Column("relation", sa.String(24), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by_account_id", Key, nullable=False),
        sa.CheckConstraint(f"relation IN ({_RELATIONS})", name=op.f("ck_staff_relation_relation")),
        sa.CheckConstraint("person_id <> relative_id", name=op.f("ck_staff_relation_other_person")),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= since_on",
            name=op.f("ck_staff_relation_until_after_since"),
        ),
        *(
            sa.ForeignKeyConstraint([name], [of], name=f"fk_staff_relation_{name}")
            for name, of in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_staff_relation"),
    )
    op.create_index("ix_staff_relation_person_id", "staff_relation", ["person_id"])
    op.create_index(
        "uq_staff_relation",
        "staff_relation",
        ["person_id", "relative_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_table("staff_relation")
