"""Services: how messages that have effect only once they were served were served.

What was opened in the inbox counts as served since, by employers' messages if whoever opened it may
file for the employer. Decisions from before messages were kept get theirs, so that the desk sees
that they wait; days that were told before stay as they were told. Old code runs on it.
"""

# ruff: noqa: S608 - every statement is made of names that stand here
import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

_MESSAGE = ("region_code", "kind", "subject", "notified_on", "reader_id")
_WORDS = {
    "way": ("opened", "handed_over", "left", "posted", "published"),
    "failure": ("not_found", "absent", "returned"),
}
_CHECKS = {
    "served_or_failed": "(served_on IS NULL) = (failure IS NOT NULL)",
    "day_order": "served_on >= done_on",
    "may_fail": "failure IS NULL OR way IN ('handed_over', 'left', 'posted')",
    "has_paper": "way = 'opened' OR paper <> ''",
    "tracked": "(way = 'posted') = (tracking_number <> '')",
    "says_why": "failure IS NULL OR words <> ''",
}
_KINDS = (
    "'review_partly_upheld', 'review_rejected', 'suspension_announced', 'assessment_proposed',"
    " 'assessment_decided'"
)
_KEPT = (
    "INSERT INTO message (region_code, kind, subject, notified_on, reader_id, person_id,"
    " employer_id, until_on, made_at) "
)
_UNTOLD = (
    " AND NOT EXISTS (SELECT 1 FROM message m WHERE m.region_code = {region}"
    " AND m.kind = '{kind}' AND m.subject = {subject})"
)
# Kind, what it is about, region, reader by column, until when, since when, and of what.
_OF_REVIEWS = (
    ("review_rejected", "r.state = 'rejected'"),
    ("review_partly_upheld", "r.reason IN ('partly_upheld', 'corrected_in_part')"),
)
_OF_ASSESSMENTS = (
    (
        "assessment_proposed",
        "a.proposed_at",
        "a.hearing_until",
        "assessment a",
        "a.state = 'proposed' AND a.heard_at IS NULL",
    ),
    (
        "assessment_decided",
        "a.decided_at",
        "b.due_on",
        "assessment a JOIN bill b ON b.assessment_id = a.id",
        "a.state = 'decided' AND a.kind <> 'settlement'",
    ),
)


def upgrade() -> None:
    op.add_column(
        "message",
        sa.Column("awaits_service", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    listed = {name: ", ".join(f"'{word}'" for word in words) for name, words in _WORDS.items()}
    checks = {name: f"{name} IN ({words})" for name, words in listed.items()} | _CHECKS
    op.create_table(
        "message_service",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("notified_on", sa.Date(), nullable=False),
        sa.Column("reader_id", Key, nullable=False),
        sa.Column("way", sa.String(24), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("failure", sa.String(24), nullable=True),
        sa.Column("tracking_number", sa.String(40), nullable=False),
        sa.Column("paper", sa.String(500), nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_account_id", Key, nullable=False),
        *(
            sa.CheckConstraint(check, name=op.f(f"ck_message_service_{name}"))
            for name, check in checks.items()
        ),
        sa.ForeignKeyConstraint(
            list(_MESSAGE),
            [f"message.{name}" for name in _MESSAGE],
            name="fk_message_service_message",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_account_id"],
            ["account.id"],
            name="fk_message_service_recorded_by_account_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_message_service"),
    )
    op.create_index("ix_message_service_message", "message_service", list(_MESSAGE))
    is_opened = sa.text("way = 'opened'")
    op.create_index(
        "uq_message_service_opened",
        "message_service",
        list(_MESSAGE),
        unique=True,
        sqlite_where=is_opened,
        postgresql_where=is_opened,
    )
    _tell_of_earlier_decisions()
    _take_over_what_was_opened()
    op.create_index(
        "ix_message_awaits_service",
        "message",
        ["region_code", "made_at"],
        sqlite_where=sa.text("awaits_service = 1"),
        postgresql_where=sa.text("awaits_service"),
    )


def _tell_of_earlier_decisions() -> None:
    for kind, which in _OF_REVIEWS:
        subject = "'review-' || r.id"
        op.execute(
            f"{_KEPT}SELECT c.region_code, '{kind}', {subject}, {_day('r.decided_at')},"
            " r.person_id, r.person_id, NULL, NULL, r.decided_at FROM review r"
            f" JOIN campaign c ON c.id = r.campaign_id WHERE r.decided_at IS NOT NULL AND {which}"
            + _UNTOLD.format(region="c.region_code", kind=kind, subject=subject)
        )
    for kind, since, until, of, which in _OF_ASSESSMENTS:
        subject = "'assessment-' || a.reference"
        op.execute(
            f"{_KEPT}SELECT a.region_code, '{kind}', {subject}, {_day(since)}, a.employer_id,"
            f" NULL, a.employer_id, {until}, {since} FROM {of} WHERE {since} IS NOT NULL"
            f" AND {which}" + _UNTOLD.format(region="a.region_code", kind=kind, subject=subject)
        )


def _take_over_what_was_opened() -> None:
    key = ", ".join(_MESSAGE)
    op.execute(
        f"INSERT INTO message_service ({key}, way, done_on, served_on, tracking_number, paper,"
        f" words, recorded_on, recorded_by_account_id) SELECT {key}, 'opened', {_day('read_at')},"
        f" {_day('read_at')}, '', '', '', {_day('read_at')}, read_by_account_id FROM message"
        f" WHERE kind IN ({_KINDS}) AND read_at IS NOT NULL AND (person_id IS NOT NULL"
        " OR EXISTS (SELECT 1 FROM mandate WHERE mandate.employer_id = message.employer_id"
        " AND mandate.account_id = message.read_by_account_id"
        " AND mandate.kind IN ('filer', 'owner')))"
    )
    same = " AND ".join(f"s.{name} = message.{name}" for name in _MESSAGE)
    op.execute(
        f"UPDATE message SET awaits_service = true WHERE kind IN ({_KINDS})"
        f" AND NOT EXISTS (SELECT 1 FROM message_service s WHERE {same})"
    )


def _day(instant: str) -> str:
    """Return the day at the office of an instant, in SQL."""
    if op.get_bind().dialect.name == "sqlite":
        return f"date({instant}, '+8 hours')"
    return f"CAST({instant} AT TIME ZONE 'Asia/Shanghai' AS date)"


def downgrade() -> None:
    op.drop_index("ix_message_awaits_service", "message")
    op.drop_table("message_service")
    op.drop_column("message", "awaits_service")
