"""The employers' yearly review is a kind of campaign; how far a campaign is, is counted fast.

Going back drops its campaigns, in which no person has a case.
"""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0099"
branch_labels = None
depends_on = None

KINDS = ("record_check", "base_choice", "certification", "medical_status")


def upgrade() -> None:
    _hold_kinds((*KINDS, "employer_bases"))
    op.create_index("ix_review_campaign", "review", ["campaign_id", "state"])


def downgrade() -> None:
    op.drop_index("ix_review_campaign", "review")
    op.execute(sa.text("DELETE FROM campaign WHERE kind = 'employer_bases'"))
    _hold_kinds(KINDS)


def _hold_kinds(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("campaign") as batch:
        batch.drop_constraint(op.f("ck_campaign_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_campaign_kind"), f"kind IN ({listed})")
