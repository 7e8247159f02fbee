"""Tokens of other offices, and the lists that their programs hand in.

Going back ends these tokens; their lists stay as if whoever gave the token had handed them in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0107"
down_revision = "0106"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ONE_OWNER = "(employer_id IS NULL) <> (region_code IS NULL)"
_OFFICE = (
    "(region_code IS NULL) = (office IS NULL) AND (region_code IS NULL) = (sign_kinds IS NULL)"
)
_HANDED_IN = "(handed_in_by_account_id IS NULL) <> (api_token_id IS NULL)"


def upgrade() -> None:
    op.drop_index("ix_api_token_employer", "api_token")
    with op.batch_alter_table("api_token") as table:
        table.alter_column("employer_id", existing_type=Key, nullable=True)
        table.add_column(sa.Column("region_code", sa.Integer(), nullable=True))
        table.add_column(sa.Column("office", sa.String(100), nullable=True))
        table.add_column(sa.Column("sign_kinds", sa.JSON(), nullable=True))
        table.create_foreign_key("fk_api_token_region_code", "region", ["region_code"], ["code"])
        table.create_check_constraint(op.f("ck_api_token_one_owner"), _ONE_OWNER)
        table.create_check_constraint(op.f("ck_api_token_office"), _OFFICE)
    _index("ix_api_token_employer", "api_token", "employer_id", "issued_at")
    _index("ix_api_token_region", "api_token", "region_code", "issued_at")
    with op.batch_alter_table("sign_list") as table:
        table.alter_column("handed_in_by_account_id", existing_type=Key, nullable=True)
        table.add_column(sa.Column("api_token_id", Key, nullable=True))
        table.create_foreign_key("fk_sign_list_api_token_id", "api_token", ["api_token_id"], ["id"])
        table.create_check_constraint(op.f("ck_sign_list_handed_in_by"), _HANDED_IN)
    _index("ix_sign_list_api_token_id", "sign_list", "api_token_id")


def downgrade() -> None:
    op.execute(
        "UPDATE sign_list SET handed_in_by_account_id = (SELECT account_id FROM api_token"
        " WHERE api_token.id = sign_list.api_token_id), api_token_id = NULL"
        " WHERE api_token_id IS NOT NULL"
    )
    op.drop_index("ix_sign_list_api_token_id", "sign_list")
    with op.batch_alter_table("sign_list") as table:
        table.drop_constraint(op.f("ck_sign_list_handed_in_by"), type_="check")
        table.drop_constraint("fk_sign_list_api_token_id", type_="foreignkey")
        table.drop_column("api_token_id")
        table.alter_column("handed_in_by_account_id", existing_type=Key, nullable=False)
    op.execute(
        "DELETE FROM api_answer WHERE api_token_id IN"
        " (SELECT id FROM api_token WHERE region_code IS NOT NULL)"
    )
    op.execute("DELETE FROM api_token WHERE region_code IS NOT NULL")
    op.drop_index("ix_api_token_region", "api_token")
    op.drop_index("ix_api_token_employer", "api_token")
    with op.batch_alter_table("api_token") as table:
        table.drop_constraint(op.f("ck_api_token_office"), type_="check")
        table.drop_constraint(op.f("ck_api_token_one_owner"), type_="check")
        table.drop_constraint("fk_api_token_region_code", type_="foreignkey")
        table.drop_column("sign_kinds")
        table.drop_column("office")
        table.drop_column("region_code")
        table.alter_column("employer_id", existing_type=Key, nullable=False)
    op.create_index("ix_api_token_employer", "api_token", ["employer_id", "issued_at"])


def _index(name: str, table: str, *columns: str) -> None:
    # Rows without the first column stay out (siweb/db/base.py).
    given = sa.text(f"{columns[0]} IS NOT NULL")
    op.create_index(name, table, list(columns), sqlite_where=given, postgresql_where=given)
