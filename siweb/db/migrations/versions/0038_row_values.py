"""The values of a filing's row are called so.

Old code does not run on it: the servers stop first.
"""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


# Both databases rename in place; a batch would write every row of SQLite anew.
def upgrade() -> None:
    op.execute("ALTER TABLE filing_row RENAME COLUMN given TO row_values")


def downgrade() -> None:
    op.execute("ALTER TABLE filing_row RENAME COLUMN row_values TO given")
