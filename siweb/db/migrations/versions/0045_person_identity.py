"""ID numbers stand in one table, sealed; everything else names a person by the register's key.

The keys are read from where the office keeps them: a migration without them stops before it begins.
Hashes of numbers become keyed, since a plain one tells the number to whoever tries them all.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import context, op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_AT_A_TIME = 5_000
_DIGEST = sa.String(length=32)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_PERSON = sa.table("person", sa.column("id"), sa.column("id_number"))
_IDENTITY = sa.table(
    "person_identity", sa.column("person_id"), sa.column("number", sa.LargeBinary()),
    sa.column("digest"), sa.column("end_digest"),
)  # fmt: skip
_REPORT = sa.table(
    "hire_report", sa.column("id"), sa.column("origin"), sa.column("source_key"),
    sa.column("employer_named"), sa.column("hired_on", sa.Date()), sa.column("person_id"),
    sa.column("id_number"), sa.column("sealed_number", sa.LargeBinary()),
    sa.column("number_digest"),
)  # fmt: skip
_FILING = sa.table("filing", sa.column("id"), sa.column("employer_id"), sa.column("kind"))
_ROW = sa.table(
    "filing_row", sa.column("id"), sa.column("filing_id"), sa.column("row_values", sa.JSON()),
    sa.column("findings", sa.JSON()), sa.column("row_key"), sa.column("number_digest"),
)  # fmt: skip
_ANSWER = sa.table(
    "api_answer", sa.column("id"), sa.column("body", sa.JSON()),
    sa.column("sealed_body", sa.LargeBinary()),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "person_identity",
        sa.Column("person_id", _KEY, nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("end_digest", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_identity_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_identity")),
        sa.UniqueConstraint("digest", name=op.f("uq_person_identity_digest")),
    )
    _seal_people()
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint(op.f("uq_person_id_number"), type_="unique")
        batch.drop_column("id_number")
    with op.batch_alter_table("hire_report") as batch:
        batch.add_column(sa.Column("sealed_number", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("number_digest", _DIGEST, nullable=True))
    _seal_reports()
    with op.batch_alter_table("hire_report") as batch:
        batch.drop_column("id_number")
    with op.batch_alter_table("filing_row") as batch:
        batch.add_column(sa.Column("number_digest", _DIGEST, nullable=True))
    _change_rows(_sealed_row)
    with op.batch_alter_table("filing_row") as batch:
        batch.alter_column("number_digest", existing_type=_DIGEST, nullable=False)
    op.add_column("api_answer", sa.Column("sealed_body", sa.LargeBinary(), nullable=True))
    for rows in _portions(_ANSWER):
        _write(
            _ANSWER,
            [{"key": row.id, "sealed_body": _seal(json.dumps(row.body))} for row in rows],
        )
    with op.batch_alter_table("api_answer") as batch:
        batch.drop_column("body")
        batch.alter_column("sealed_body", existing_type=sa.LargeBinary(), nullable=False)
    op.execute("ALTER TABLE api_answer RENAME COLUMN sealed_body TO body")


def downgrade() -> None:
    op.add_column("person", sa.Column("id_number", sa.String(length=18), nullable=True))
    for rows in _portions(_IDENTITY, "person_id"):
        _write(
            _PERSON,
            [{"key": row.person_id, "id_number": _unseal(row.number)} for row in rows],
        )
    with op.batch_alter_table("person") as batch:
        batch.alter_column("id_number", existing_type=sa.String(length=18), nullable=False)
        batch.create_unique_constraint(op.f("uq_person_id_number"), ["id_number"])
    op.add_column("hire_report", sa.Column("id_number", sa.String(length=18), nullable=True))
    _unseal_reports()
    with op.batch_alter_table("hire_report") as batch:
        batch.drop_column("sealed_number")
        batch.drop_column("number_digest")
    _change_rows(_plain_row)
    with op.batch_alter_table("filing_row") as batch:
        batch.drop_column("number_digest")
    op.execute("ALTER TABLE api_answer RENAME COLUMN body TO sealed_body")
    op.add_column("api_answer", sa.Column("body", sa.JSON(), nullable=True))
    for rows in _portions(_ANSWER):
        _write(
            _ANSWER,
            [{"key": row.id, "body": json.loads(_unseal(row.sealed_body))} for row in rows],
        )
    with op.batch_alter_table("api_answer") as batch:
        batch.drop_column("sealed_body")
        batch.alter_column("body", existing_type=sa.JSON(), nullable=False)
    op.drop_table("person_identity")


def _seal_people() -> None:
    for rows in _portions(_PERSON):
        op.bulk_insert(
            _IDENTITY,
            [
                {
                    "person_id": row.id,
                    "number": _seal(row.id_number),
                    "digest": _digest(row.id_number),
                    "end_digest": _end_digest(row.id_number),
                }
                for row in rows
            ],
        )


def _seal_reports() -> None:
    for rows in _portions(_REPORT):
        _write(
            _REPORT,
            [
                {
                    "key": row.id,
                    # Whom the register knows it names by its own key.
                    "sealed_number": None if row.person_id else _seal(row.id_number),
                    "number_digest": None if row.person_id else _digest(row.id_number),
                    "source_key": _source_key(row, _digest(row.id_number)),
                }
                for row in rows
                if row.id_number
            ],
        )


def _unseal_reports() -> None:
    numbers = sa.select(_IDENTITY.c.number).where(_IDENTITY.c.person_id == _REPORT.c.person_id)
    known = numbers.scalar_subquery().label("known")
    for rows in _portions(_REPORT, more=[known]):
        _write(
            _REPORT,
            [
                {"key": row.id, "id_number": number, "source_key": _source_key(row, number)}
                for row in rows
                if row.origin == "list" and (number := _unseal(row.sealed_number or row.known))
            ],
        )


def _source_key(row: Any, number: str) -> str:
    if row.origin != "list":
        return str(row.source_key)
    facts = ("list", row.employer_named, number, row.hired_on)
    return hashlib.sha256("\x1f".join(map(str, facts)).encode()).hexdigest()


def _change_rows(changed: Callable[[Any], dict[str, Any]]) -> None:
    of_filing = [_FILING.c.employer_id, _FILING.c.kind]
    for rows in _portions(_ROW, more=of_filing, joined=_FILING.c.id == _ROW.c.filing_id):
        _write(_ROW, [{"key": row.id, **changed(row)} for row in rows])


def _sealed_row(row: Any) -> dict[str, Any]:
    values, number = row.row_values, str(row.row_values.get("id_number", ""))
    return {
        "row_values": {**values, "id_number": _seal_text(number)} if number else values,
        "findings": [_about_number(found, _seal_text) for found in row.findings],
        "number_digest": _digest(number),
        "row_key": _row_key(row, values, _digest(number), "present_fen", "id_number"),
    }


def _plain_row(row: Any) -> dict[str, Any]:
    kept = row.row_values
    number = _unseal_text(kept["id_number"]) if kept.get("id_number") else ""
    values = {**kept, "id_number": number} if number else kept
    return {
        "row_values": values,
        "findings": [_about_number(found, _unseal_text) for found in row.findings],
        "row_key": _row_key(row, values, number, "present_fen"),
    }


def _row_key(row: Any, values: dict[str, Any], number: str, *without: str) -> str:
    month = values.get("start_month") or values.get("stop_month") or ""
    text = f"{row.employer_id}|{number}|{row.kind}|{month}"
    if row.kind == "change":
        names = sorted(set(values) - set(without))
        text += "|" + "|".join(f"{name}={values[name]}" for name in names)
    return hashlib.sha256(text.encode()).hexdigest()


def _about_number(found: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    facts = found["facts"]
    if facts.get("field") != "id_number" or not facts.get("text"):
        return found
    return {**found, "facts": {**facts, "text": change(facts["text"])}}


def _portions(
    table: Any, key: str = "id", *, more: Sequence[Any] = (), joined: Any = None
) -> Iterator[Sequence[Any]]:
    existing = {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table.name)}
    columns = [column for column in table.c if column.name in existing]
    found = sa.select(*columns, *more)
    if joined is not None:
        found = found.where(joined)
    after = 0
    while (
        rows := op.get_bind()
        .execute(found.where(table.c[key] > after).order_by(table.c[key]).limit(_AT_A_TIME))
        .all()
    ):
        after = getattr(rows[-1], key)
        yield rows


def _write(table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        names = [name for name in rows[0] if name != "key"]
        changed: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names}
        op.get_bind().execute(
            sa.update(table).where(table.c.id == sa.bindparam("key")).values(changed),
            [{"key": row["key"], **{f"new_{name}": row[name] for name in names}} for row in rows],
        )


def _keys() -> Any:
    """Return the office's keys, as whoever migrates holds them."""
    return context.config.attributes["field_keys"]()


def _seal(text: str) -> bytes:
    return bytes(_keys().seal(text))


def _unseal(kept: bytes | None) -> str:
    return str(_keys().unseal(bytes(kept))) if kept else ""


def _digest(number: str) -> str:
    return str(_keys().digest(b"number", number, 32))


def _end_digest(number: str) -> str:
    return str(_keys().digest(b"end", number[-4:].upper(), 16))


def _seal_text(text: str) -> str:
    return base64.b64encode(_seal(text)).decode()


def _unseal_text(kept: str) -> str:
    return _unseal(base64.b64decode(kept))
