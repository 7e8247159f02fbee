"""The demonstration office with many more people: for measuring only.

The made people of the demonstration are copied by the database itself, with all that is recorded
of them, until there are enough; whoever is signed in may be one of them or one of their copies.
"""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Table,
    create_engine,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    true,
)

from siweb import clock, schema
from siweb.db.engine import make_engine, make_sessions
from siweb.db.migrate import migrate
from siweb.demo.plan import Plan, day_with_figures
from siweb.demo.seed import seed
from siweb.ledgers.tables.account_entry import AccountEntry
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.claim_enrolments import claiming
from siweb.registry.tables.benefit import Benefit, LifeSign
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_identity import PersonIdentity, identity_values
from siweb.rules.parameters.load import load_packs

assert schema.metadata.tables  # all of them, so that every key is known
# In an order in which each points only at those before it.
_COPIED = tuple(
    cast("Table", model.__table__)
    for model in (
        Person,
        Employment,
        Enrolment,
        DeclaredBase,
        Benefit,
        LifeSign,
        ContributionRecord,
        AccountEntry,
    )
)
_AT_A_TIME = 10_000
_FIRST_NUMBER = 100_000_000_000_000_000
# What makes filling fast; a file that is thrown away need not survive a power cut.
_CARELESS = ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-200000")


class Scaled(NamedTuple):
    """What a measured office holds."""

    people: int
    made: int
    records: int
    seconds: float
    reviewed_year: int


def make_scaled(url: str, folder: Path, people: int, made: int = 1_000) -> Scaled:
    """Fill a new SQLite database: `made` people of the demonstration, copied up to `people`."""
    started = time.perf_counter()
    engine = make_engine(url)
    migrate(engine)
    made = min(made, people)
    plan = Plan(day_with_figures(load_packs(), clock.today()), made)
    with make_sessions(engine)() as session:
        # The campaigns are open a month already, and whoever signs in was registered before.
        seed(session, plan, folder, at=clock.now() - timedelta(days=30))
        session.commit()
    engine.dispose()
    fast = create_engine(url, isolation_level="AUTOCOMMIT")  # without the office's own pragmas
    with fast.connect() as connection:
        for pragma in _CARELESS:
            connection.execute(text(f"PRAGMA {pragma}"))
        # The demonstration has some people beside those of the plan.
        made = int(connection.scalar(select(func.count()).select_from(Person)) or 0)
        _copy(connection, max(people // made, 1) - 1)
        _number(connection)
        connection.execute(delete(EnrolmentClaim))
        connection.execute(claiming())
        connection.execute(text("ANALYZE"))
        records = connection.scalar(select(func.count()).select_from(ContributionRecord))
        held = connection.scalar(select(func.count()).select_from(Person))
    fast.dispose()
    seconds = time.perf_counter() - started
    return Scaled(int(held or 0), made, int(records or 0), seconds, plan.reviewed_year)


def _copy(connection: Connection, copies: int) -> None:
    spans = {
        table.name: int(connection.scalar(select(func.max(table.c.id))) or 0)
        for table in _COPIED
        if "id" in table.c
    }
    number = select(literal_column("1").label("n")).cte("number", recursive=True)
    number = number.union_all(select(number.c.n + 1).where(number.c.n < copies))
    for table in _COPIED if copies else ():
        # From a table of its own: otherwise the database keeps all the copies aside first.
        originals = table.to_metadata(table.metadata.__class__(), name=f"original_{table.name}")
        connection.execute(
            text(f"CREATE TEMP TABLE {originals.name} AS SELECT * FROM {table.name}")
        )
        columns = list(table.c)
        copied = select(*(_copied(column, originals, number.c.n, spans) for column in columns))
        copied = copied.select_from(number.join(originals, true()))
        # As many rows come in at once, an index made afterwards takes a fraction of the time.
        for index in _indexes(table):
            index.drop(connection)
        connection.execute(insert(table).from_select([each.name for each in columns], copied))
        for index in _indexes(table):
            index.create(connection)


def _number(connection: Connection) -> None:
    """Give the copies numbers, which only Python can seal."""
    last = connection.scalar(select(func.max(PersonIdentity.person_id))) or 0
    copies = connection.scalars(select(Person.id).where(Person.id > last)).all()
    for start in range(0, len(copies), _AT_A_TIME):
        connection.execute(
            insert(PersonIdentity),
            [
                {"person_id": key, **identity_values(str(_FIRST_NUMBER + key))}
                for key in copies[start : start + _AT_A_TIME]
            ],
        )


def _copied(
    column: Column[Any], originals: Table, number: ColumnElement[int], spans: dict[str, int]
) -> ColumnElement[Any]:
    """Return a column of a copy: what numbers rows moves on, everything else stays."""
    original = originals.c[column.name]
    names = {key.column.table.name for key in column.foreign_keys} & spans.keys()
    span = (
        spans[column.table.name if column.name == "id" else names.pop()]
        if (column.name == "id" or names)
        else 0
    )
    return original + span * number if span else original


def _indexes(table: Table) -> list[Index]:
    return sorted(table.indexes, key=lambda index: str(index.name))
