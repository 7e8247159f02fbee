"""A small table in parts, with references from it and to it, in a database of its own."""

import pytest
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    text,
)

from siweb.db.engine import make_engine
from siweb.ledgers.month_tables.parts import REST, SCHEMA, full

METADATA = MetaData()
WHO = Table("who", METADATA, Column("id", BigInteger, primary_key=True, autoincrement=False))
PAYER = Table("payer", METADATA, Column("id", BigInteger, primary_key=True, autoincrement=False))
KEY = ("region_code", "contribution_month", "person_id", "sequence")
RECORD = Table(
    "record",
    METADATA,
    Column("region_code", Integer, primary_key=True, autoincrement=False),
    Column("contribution_month", Integer, primary_key=True, autoincrement=False),
    Column("person_id", ForeignKey("who.id", name="fk_record_person_id"), primary_key=True),
    Column("sequence", SmallInteger, primary_key=True, autoincrement=False),
    Column("payer_id", ForeignKey("payer.id", name="fk_record_payer_id")),
    Column("fen", BigInteger, CheckConstraint("fen >= 0", name="ck_record_fen"), nullable=False),
    Index("ix_record_payer", "payer_id", "contribution_month"),
    postgresql_partition_by="LIST (region_code)",
)
ENTRY = Table(
    "entry",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    *(Column(name, Integer) for name in KEY[:2]),
    Column("person_id", BigInteger),
    Column("sequence", SmallInteger),
    ForeignKeyConstraint(KEY, [f"record.{name}" for name in KEY], name="fk_entry_record"),
)
REGION, OTHER, MONTH = 110000, 310000, 202601
PEOPLE = 20


@pytest.fixture
def office(postgresql_url):
    """A database of its own, whose transactions are real ones."""
    server = make_engine(postgresql_url).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE month_tables"))
    engine = make_engine(
        server.url.set(database="month_tables").render_as_string(hide_password=False)
    )
    with engine.begin() as connection:
        METADATA.create_all(connection)
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        connection.execute(
            text(f"CREATE TABLE {full(f'record_{REST}')} PARTITION OF record DEFAULT")
        )
        for table in (WHO, PAYER):
            connection.execute(table.insert(), [{"id": number} for number in range(1, PEOPLE + 1)])
    yield engine
    engine.dispose()
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE month_tables WITH (FORCE)"))
    server.dispose()


def rows(month=MONTH, region=REGION, people=range(1, PEOPLE + 1), **values):
    """Rows of a month, one for each person."""
    return [
        {
            "region_code": region,
            "contribution_month": month,
            "person_id": person,
            "sequence": 0,
            "payer_id": person % 3 + 1,
            "fen": person * 100,
        }
        | values
        for person in people
    ]
