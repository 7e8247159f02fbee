"""A levy of many people beside the bare writing of the same rows, in one run."""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    cast,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.sql import quoted_name

from siweb import clock, schema
from siweb.audit.actor import SYSTEM
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.levy.issue import end_levy
from siweb.collection.levy.run import compute_batches
from siweb.collection.levy.start import open_levy
from siweb.collection.tables.bill import Bill, BillLine
from siweb.db.arithmetic import whole
from siweb.db.engine import make_engine, make_sessions
from siweb.db.migrate import migrate
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.regions.load import load_regions
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person

assert schema.metadata.tables
REGION, MONTH, FIRST_MONTH = "110000", "2026-08", "2026-01"
PEOPLE_OF_AN_EMPLOYER = 50
PIECE = 25_000
_WRITTEN = (ContributionRecord, Bill, BillLine)


@dataclass(frozen=True, slots=True)
class LevySpeed:
    """Seconds for the same rows, written by the levy and bare; megabytes of this process."""

    database: str
    people: int
    rows: int
    levy_seconds: float
    issue_seconds: float
    check_seconds: float
    bare_seconds: float
    peak_megabytes: float

    @property
    def share_of_bare(self) -> float:
        """Return the levy's rate beside the bare one's."""
        return self.bare_seconds / self.levy_seconds


def measure_levy(people: int, url: str | None = None) -> LevySpeed:
    """Fill a new database with so many insured, levy a month, and write the same rows bare."""
    with _database(url) as engine:
        migrate(engine)
        sessions = make_sessions(engine)
        with sessions() as session:
            load_regions(session, hosted=(REGION,))
            session.commit()
        with engine.begin() as connection:
            _fill(connection, people)
        _analyze(engine)
        at = clock.now()
        started = time.perf_counter()
        with sessions() as session:
            run = open_levy(
                session,
                REGION,
                MONTH,
                packs=packs_in_force(session),
                actor=SYSTEM,
                on=clock.today(),
                at=at,
                may_be_provisional=True,
            )
            session.commit()
            for _batch in compute_batches(session, run, at=at):
                session.commit()
            computed = time.perf_counter()
            end_levy(session, run, packs=packs_in_force(session), actor=SYSTEM, at=at)
            session.commit()
        done = time.perf_counter()
        check, peak = _check(sessions), _peak()
        bare, rows = _write_bare(engine)
        return LevySpeed(
            engine.dialect.name,
            people,
            rows,
            done - started,
            done - computed,
            check,
            bare,
            peak,
        )


def _check(sessions: sessionmaker[Session]) -> float:
    """Prove the books of the month; return the seconds it took."""
    started = time.perf_counter()
    with sessions() as session:
        for line in check_books(
            session, packs_in_force(session), Scope(REGION, MONTH), seals=False
        ).lines():
            raise AssertionError(line)
    return time.perf_counter() - started


@contextmanager
def _database(url: str | None) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="siweb-levy-") as folder:
        engine = make_engine(url or f"sqlite:///{Path(folder) / 'levy.sqlite3'}")
        yield engine
        engine.dispose()


def _fill(connection: Connection, people: int) -> None:
    """Make the register in the database itself, in pieces, so that this process stays small."""
    _fill_employers(connection, _numbers(1, people // PEOPLE_OF_AN_EMPLOYER + 1))
    for first in range(1, people + 1, PIECE):
        number = _numbers(first, min(first + PIECE - 1, people))
        _fill_people(connection, number)
        employer = (number.c.n + PEOPLE_OF_AN_EMPLOYER - 1) // PEOPLE_OF_AN_EMPLOYER
        _fill_enrolments(connection, number, employer)


def _fill_employers(connection: Connection, employers: Any) -> None:
    day, at = literal(date(1990, 1, 1), Person.born_on.type), literal(clock.now())
    _insert(
        connection,
        Employer,
        employers,
        id=employers.c.n,
        uscc=cast(employers.c.n, String),
        name=literal("甲公司"),
        region_code=literal(REGION),
        kind=literal("enterprise"),
        industry_code=literal("I65"),
        injury_class=employers.c.n % 8 + 1,
        injury_tier_ppm=literal(1_000_000),
        established_on=day,
        status=literal("active"),
        registered_at=at,
    )


def _fill_people(connection: Connection, number: Any) -> None:
    n, day, at = number.c.n, literal(date(1990, 1, 1), Person.born_on.type), literal(clock.now())
    _insert(
        connection,
        Person,
        number,
        id=n,
        id_number=cast(n, String),
        name=literal("王芳"),
        sex=literal("F"),
        born_on=day,
        region_code=literal(REGION),
        retirement_category=literal("female55"),
        deemed_months=literal(0),
        registered_at=at,
    )


def _fill_enrolments(connection: Connection, number: Any, employer: Any) -> None:
    n, at = number.c.n, literal(clock.now())
    _insert(
        connection,
        DeclaredBase,
        number,
        person_id=n,
        employer_id=employer,
        from_month=literal(FIRST_MONTH),
        declared_base_fen=400_000 + whole(n) * 7919 % 4_000_000,
        origin=literal("yearly"),
        declared_at=at,
    )
    for insurance in Insurance:
        _insert(
            connection,
            Enrolment,
            number,
            person_id=n,
            region_code=literal(REGION),
            insurance=literal(insurance.value),
            scheme=literal("employee"),
            employer_id=employer,
            from_month=literal(FIRST_MONTH),
        )


def _numbers(first: int, last: int) -> Any:
    number = select(literal_column(str(first)).label("n")).cte(f"from_{first}", recursive=True)
    return number.union_all(select(number.c.n + 1).where(number.c.n < last))


def _insert(connection: Connection, model: Any, source: Any, **values: Any) -> None:
    query = select(*(value.label(name) for name, value in values.items())).select_from(source)
    connection.execute(insert(model.__table__).from_select(list(values), query))


def _write_bare(engine: Engine) -> tuple[float, int]:
    """Write every row of the levy into tables of the same shape; return seconds and rows."""
    metadata = MetaData()
    copies = [(model.__table__, _alike(model.__table__, metadata)) for model in _WRITTEN]
    with engine.begin() as connection:
        for _written, copy in copies:
            copy.create(connection)
    started = time.perf_counter()
    for written, copy in copies:
        with engine.begin() as connection:
            connection.execute(insert(copy).from_select(list(copy.c.keys()), select(written)))
    seconds = time.perf_counter() - started
    with engine.connect() as connection:
        counts = [connection.scalar(select(func.count()).select_from(copy)) for _, copy in copies]
    return seconds, sum(int(count or 0) for count in counts)


def _alike(table: Any, metadata: MetaData) -> Table:
    """Return a table with the columns, keys, checks and indexes of another."""
    for other in schema.metadata.tables.values():
        if other.name not in metadata.tables:
            other.to_metadata(metadata)
    copy: Table = table.to_metadata(metadata, name=f"bare_{table.name}")
    parts: list[Any] = [*copy.indexes, *copy.constraints]
    for named in parts:
        # On PostgreSQL the indexes behind keys share one space of names.
        if named.name is not None:
            named.name = quoted_name(f"bare_{named.name}", quote=None)
    return copy


def _analyze(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _peak() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
