"""Decisions from before services were kept: what was opened is served, the rest waits."""

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from siweb.db.migrate import SCRIPTS, alembic_config, migrate
from tests.db.conversions.test_convert_codes import insert_rows
from tests.db.conversions.test_convert_keys import REGION
from tests.db.conversions.test_convert_keys import ROWS as REGISTER
from tests.migrated import lay_schema

(SERVICES,) = (
    one
    for one in ScriptDirectory(str(SCRIPTS)).walk_revisions()
    if one.path.endswith("_services.py")
)
# Late in the evening: at the office it is the next day.
AT, DAY, NEXT = "2026-02-03 20:00:00+00:00", "2026-02-03", "2026-02-04"
CAMPAIGN = {
    "id": 1, "region_code": REGION, "kind": "record_check", "year": 2025,
    "period_from_month": 202501, "period_to_month": 202512, "rules": "{}", "opens_on": DAY,
}  # fmt: skip
ASSESSMENT = {
    "kind": "undeclared", "region_code": REGION, "employer_id": 7, "to_month": 202601,
    "origin": "comparison", "facts": "", "amounts": "{}", "calculation": "[]", "reasons": "",
    "opened_at": AT, "hearing_until": DAY, "proposed_at": AT, "proposed_by_account_id": 1,
}  # fmt: skip
MESSAGE = {
    "region_code": REGION, "notified_on": DAY, "made_at": AT, "read_at": AT,
    "read_by_account_id": 1,
}  # fmt: skip


def review(number, state, reason):
    return {
        "id": number, "reference": f"R{number}", "campaign_id": 1, "person_id": number,
        "round": 1, "state": state, "reason": reason, "decided_at": AT, "opened_at": AT,
    }  # fmt: skip


def mandate(employer, kind):
    return {
        "account_id": 1, "employer_id": employer, "kind": kind, "from_on": DAY, "granted_at": AT,
    }  # fmt: skip


def message(kind, subject, **reader):
    (number,) = reader.values()
    return ("message", MESSAGE | {"kind": kind, "subject": subject, "reader_id": number, **reader})


ROWS = [
    (
        "account",
        {"id": 1, "person_id": 1, "password_hash": "", "created_at": AT, "password_changed_at": AT},
    ),
    ("mandate", mandate(7, "viewer")),
    ("mandate", mandate(8, "owner")),
    ("campaign", CAMPAIGN),
    ("review", review(1, "rejected", "dismissed")),
    ("review", review(2, "correcting", "partly_upheld")),
    ("assessment", ASSESSMENT | {"reference": "A1", "state": "proposed", "from_month": 202601}),
    message("review_rejected", "review-1", person_id=1),
    message("review_reminder", "campaign-1", person_id=1),
    message("assessment_decided", "assessment-B7", employer_id=7),
    message("assessment_decided", "assessment-B8", employer_id=8),
]


@pytest.fixture
def converted(empty_engine):
    lay_schema(empty_engine, SERVICES.down_revision)
    kept = {"region", "employer", "person"}
    insert_rows(empty_engine, [row for row in REGISTER if row[0] in kept])
    insert_rows(empty_engine, ROWS)
    migrate(empty_engine, SERVICES.revision)
    return empty_engine


def rows(engine, query):
    with engine.connect() as connection:
        return [tuple(map(str, row)) for row in connection.execute(text(query))]


def test_what_was_opened_is_served_and_the_rest_waits(converted):
    served = "SELECT subject, way, done_on, served_on FROM message_service ORDER BY subject"
    # Whoever may only look received nothing for the employer.
    assert rows(converted, served) == [
        ("assessment-B8", "opened", NEXT, NEXT),
        ("review-1", "opened", NEXT, NEXT),
    ]
    waiting = "SELECT kind, subject, notified_on FROM message WHERE awaits_service ORDER BY 2"
    assert rows(converted, waiting) == [
        ("assessment_proposed", "assessment-A1", NEXT),
        ("assessment_decided", "assessment-B7", DAY),
        ("review_partly_upheld", "review-2", NEXT),
    ]


def test_it_can_be_taken_back(converted):
    command.downgrade(alembic_config(converted), SERVICES.down_revision)

    assert len(rows(converted, "SELECT subject FROM message")) == 6
