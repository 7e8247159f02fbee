"""Lawful changes of sealed rows are rows of their own; what was filled in so far is one change.

Until now the seals left these columns out. Their cells stand at the end of a row, and empty ones
there change no seal: a row that was sealed before reads as if each had been filled in afterwards.
Old code runs on it, but what it changes is named by `siweb check`.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
# China keeps one time all year.
OFFICE = timezone(timedelta(hours=8))
NO_REGION = "000000"

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

# Of each book: columns of the key, columns that change, region, and when it was recorded.
BOOKS: dict[str, tuple[tuple[str, ...], tuple[str, ...], str | None, str]] = {
    "payment": (
        ("payment.entry_key",),
        ("employer_id", "person_id", "matched_by", "kept_at"),
        "payment.region_code",
        "payment.recorded_at",
    ),
    "deferral": (
        ("bill.bank_reference", "deferral.from_on", "deferral.id"),
        ("ended_on",),
        "bill.region_code",
        "deferral.approved_at",
    ),
    "assessment": (
        ("assessment.reference",),
        (
            "person_id", "state", "overtaken_on", "settled_at", "employer_statement", "heard_at",
            "heard_by_account_id",
        ),
        "assessment.region_code",
        "assessment.decided_at",
    ),
    "document": (
        ("document.reference",),
        ("valid_until_on", "revoked_at"),
        "document.region_code",
        "document.issued_at",
    ),
    "mandate": (
        ("mandate.account_id", "mandate.employer_id", "mandate.id"),
        ("revoked_at", "revoked_by_account_id"),
        None,
        "mandate.granted_at",
    ),
    "parameter_pack": (
        ("parameter_pack.region", "parameter_pack.imported_at", "parameter_pack.digest"),
        ("superseded_at",),
        None,
        "parameter_pack.imported_at",
    ),
}  # fmt: skip
_JOINS = {
    "deferral": (
        " LEFT JOIN arrears ON arrears.id = deferral.arrears_id"
        " LEFT JOIN bill ON bill.id = arrears.bill_id"
    )
}

_CHANGE = sa.table(
    "book_change",
    *(sa.column(name) for name in ("region_code", "book", "row_key", "column_name", "place")),
    *(sa.column(name) for name in ("was", "now")),
    sa.column("recorded_on", sa.Date()),
    sa.column("changed_at", INSTANT),
)


def upgrade() -> None:
    op.create_table(
        "book_change",
        sa.Column("region_code", sa.String(6), primary_key=True),
        sa.Column("book", sa.String(32), primary_key=True),
        sa.Column("recorded_on", sa.Date(), primary_key=True),
        sa.Column("row_key", sa.String(), primary_key=True),
        sa.Column("column_name", sa.String(32), primary_key=True),
        sa.Column("place", Key, primary_key=True, autoincrement=False),
        sa.Column("was", sa.String(), nullable=False),
        sa.Column("now", sa.String(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sqlite_with_rowid=False,
    )
    bind = op.get_bind()
    if bind.scalar(sa.text("SELECT max(number) FROM day_root")) is None:
        return
    at = datetime.now(UTC)
    for book in BOOKS:
        rows = list(_filled_in(bind, book, at))
        if rows:
            op.bulk_insert(_CHANGE, rows)


def downgrade() -> None:
    op.drop_table("book_change")


def _filled_in(bind: Any, book: str, at: datetime) -> Iterator[dict[str, Any]]:
    keys, columns, region, recorded = BOOKS[book]
    own = [f"{book}.{name}" for name in columns]
    cells = [region or f"'{NO_REGION}'", recorded, *keys, *own]
    filled = " OR ".join(f"{name} IS NOT NULL" for name in own)
    statement = sa.text(
        f"SELECT {', '.join(f'{cell} AS c{n}' for n, cell in enumerate(cells))}"  # noqa: S608
        f" FROM {book}{_JOINS.get(book, '')} WHERE {recorded} IS NOT NULL AND ({filled})"
    ).columns(*(sa.column(f"c{n}", _kind(cell)) for n, cell in enumerate(cells)))
    for row in bind.execute(statement).all():
        key = _text([_plain(cell) for cell in row[2 : 2 + len(keys)]])
        for name, value in zip(columns, row[2 + len(keys) :], strict=True):
            if value is not None:
                yield {
                    "region_code": f"{row[0]:06}" if region else NO_REGION,
                    "book": book,
                    "recorded_on": _instant(row[1]).astimezone(OFFICE).date(),
                    "row_key": key,
                    "column_name": name,
                    "place": 1,
                    "was": "null",
                    "now": _text(_plain(value)),
                    "changed_at": at,
                }


def _kind(cell: str) -> Any:
    name = cell.rpartition(".")[2]
    if name.endswith("_at"):
        return INSTANT
    return sa.Date() if name.endswith("_on") else sa.types.NullType()


def _instant(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return _instant(value).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
