"""People and employers are found by keys of their names, and people by the end of their number.

The keys of a name are worked out as the office does today: the function is handed over. They are
only an index; what is written later is kept by whoever writes it.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import context, op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

_AT_A_TIME = 5_000
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LETTERS = sa.String(32).with_variant(sa.String(32, collation="C"), "postgresql")
_ADD = sa.text(
    "INSERT INTO search_key (region_code, kind, key, subject_id)"
    " VALUES (:region, :kind, :key, :subject) ON CONFLICT DO NOTHING"
)
_STANDING = "COALESCE(a.person_id, {0}) FROM {1} LEFT JOIN person_alias a ON a.former_id = {0}"
_PEOPLE = "SELECT p.id, p.region_code, p.name, " + _STANDING.format("p.id", "person p")
_ENDS = """
INSERT INTO search_key (region_code, kind, key, subject_id)
SELECT DISTINCT p.region_code, 'person_end', n.end_digest, COALESCE(a.person_id, p.id)
FROM {} n JOIN person p ON p.id = n.person_id
LEFT JOIN person_alias a ON a.former_id = p.id WHERE {} ON CONFLICT DO NOTHING"""
# What is known of a person in any of their regions is known in all of them.
_ELSEWHERE = """
INSERT INTO search_key (region_code, kind, key, subject_id)
SELECT DISTINCT r.region_code, k.kind, k.key, k.subject_id FROM (
  SELECT COALESCE(a.person_id, e.person_id) AS subject_id, e.region_code FROM enrolment e
  JOIN person p ON p.id = e.person_id LEFT JOIN person_alias a ON a.former_id = e.person_id
  WHERE p.region_code <> e.region_code OR a.person_id IS NOT NULL
  UNION SELECT a.person_id, p.region_code FROM person_alias a
  JOIN person p ON p.id IN (a.person_id, a.former_id)) r
JOIN search_key k ON k.subject_id = r.subject_id
WHERE k.kind IN ('person', 'person_end') ON CONFLICT DO NOTHING"""


def upgrade() -> None:
    op.create_table(
        "search_key",
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("key", _LETTERS, nullable=False),
        sa.Column("subject_id", _KEY, autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "kind IN ('person', 'person_end', 'employer')", name=op.f("ck_search_key_kind")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_search_key_region_code")
        ),
        sa.PrimaryKeyConstraint("region_code", "kind", "key", "subject_id", name="pk_search_key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_key_subject", "search_key", ["subject_id", "kind"])
    connection = op.get_bind()
    keys_of_name, keys_of_employer = context.config.attributes["name_keys"]
    for people in _portions(connection, _PEOPLE, "p.id"):
        _add(connection, "person", people, keys_of_name)
    employers = "SELECT e.id, e.region_code, e.name, e.id FROM employer e"
    for portion in _portions(connection, employers, "e.id"):
        _add(connection, "employer", portion, keys_of_employer)
    connection.execute(sa.text(_ENDS.format("person_identity", "true")))
    connection.execute(sa.text(_ENDS.format("former_number", "n.freed_at IS NULL")))
    connection.execute(sa.text(_ELSEWHERE))


def _portions(connection: Any, asked: str, key: str) -> Iterator[Any]:
    after = 0
    question = sa.text(f"{asked} WHERE {key} > :after ORDER BY {key} LIMIT {_AT_A_TIME}")
    while rows := connection.execute(question, {"after": after}).all():
        yield rows
        after = rows[-1][0]


def _add(connection: Any, kind: str, rows: Any, keys_of: Any) -> None:
    given = [
        {"region": region, "kind": kind, "key": key, "subject": subject}
        for _id, region, name, subject in rows
        for key in keys_of(name)
    ]
    if given:
        connection.execute(_ADD, given)


def downgrade() -> None:
    op.drop_table("search_key")
