"""The pages of somebody with thirty years of records, in a small region and in a large one.

Whatever a page reads of one person is to take as long beside a million others as beside ten
thousand. Both offices are asked in turn, in one process, so that whatever else the machine does
meets both alike; processor seconds count, which other work disturbs less (the database works within
the process).
"""

import gc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from time import process_time
from typing import Any, cast

from flask import Flask
from sqlalchemy import Engine, Table, event, insert, select

from siweb import clock, schema
from siweb.app import create_app
from siweb.auth.tables.account import Account
from siweb.bench.levy import levy_month
from siweb.bench.levy_register import FIRST_MONTH, REGION, fill_register
from siweb.bench.office import throwaway_office
from siweb.bench.pages import answer_of
from siweb.bench.visits.signed_in import cookie_of
from siweb.db.engine import make_engine, make_sessions
from siweb.db.migrate import migrate
from siweb.jobs.worker import settle
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance
from siweb.registry.regions.load import load_regions
from siweb.registry.tables.person_identity import PersonIdentity, identity_values
from siweb.rules.calendar.months import add_months, first_day
from siweb.settings import Settings

assert schema.metadata.tables
YEARS = 30
"""Of records before the month that everybody has: 360 months of five insurances."""

_PERSON, _NUMBER = 1, "110101199001012346"
_LAST_YEAR = int(FIRST_MONTH[:4]) - 1
PAGES = (
    "/",
    "/record",
    f"/record/{_LAST_YEAR}",
    "/record/months",
    "/record/account",
    f"/record/account/{_LAST_YEAR}",
    "/documents",
)
"""What somebody opens who looks their record up."""


@dataclass(slots=True)
class PageSpeed:
    """Processor milliseconds of a page in the small and in the large region: medians."""

    page: str
    statements: int
    small: float
    large: float

    @property
    def growth(self) -> float:
        """Return the large region's time as a share of the small one's."""
        return self.large / self.small


@dataclass(slots=True)
class _Region:
    app: Flask
    cookie: str
    took: dict[str, list[float]] = field(default_factory=lambda: {page: [] for page in PAGES})


def measure_years(small: int, large: int, *, rounds: int) -> list[PageSpeed]:
    """Return how long each page takes beside so few and beside so many insured people."""
    # One office's keys for both: a process holds one set of them.
    with throwaway_office(demo=True) as settings, ExitStack() as offices:
        regions = [offices.enter_context(_region(settings, people)) for people in (small, large)]
        statements = {page: _statements(regions[1], page) for page in PAGES}
        for number in range(rounds + 1):
            # Pages come in the same order each time, so that collecting garbage would fall on the
            # same one of them each time: it is done between the rounds.
            gc.collect()
            gc.disable()
            for page in PAGES:
                for region in regions:
                    started = process_time()
                    answer_of(region.app, page, region.cookie)
                    if number:  # the first round only warms up
                        region.took[page].append(process_time() - started)
            gc.enable()
    return [
        PageSpeed(page, statements[page], *(_half(region.took[page]) for region in regions))
        for page in PAGES
    ]


def _half(took: list[float]) -> float:
    return sorted(took)[len(took) // 2] * 1000


@contextmanager
def _region(office: Settings, people: int) -> Iterator[_Region]:
    """Give a database with so many insured, a month levied of all, and years of one of them."""
    settings = replace(office, database_url=f"sqlite:///{office.var_dir / f'{people}.sqlite3'}")
    engine = make_engine(settings.engine_url)
    migrate(engine)
    sessions = make_sessions(engine)
    with sessions.begin() as session:
        load_regions(session, hosted=(REGION,))
    with engine.begin() as connection:
        fill_register(connection, people)
    settle()
    levy_month(sessions, FIRST_MONTH)
    _add_years(engine)
    engine.dispose()
    app = create_app(settings)
    yield _Region(app, cookie_of(app, _PERSON, "/record", clock.now()))
    app.extensions["siweb_database"].engine.dispose()


def _add_years(engine: Engine) -> None:
    """Give one person an account and number, and the levied month's records in years before it."""
    records = cast("Table", ContributionRecord.__table__)
    entries: list[dict[str, Any]] = []
    with engine.begin() as connection:
        at = clock.now()
        connection.execute(
            insert(PersonIdentity).values(person_id=_PERSON, **identity_values(_NUMBER))
        )
        connection.execute(
            insert(Account).values(
                person_id=_PERSON, password_hash="", created_at=at, password_changed_at=at
            )  # nobody signs in with it
        )
        asked = select(records).where(records.c.person_id == _PERSON)
        levied = [dict(row) for row in connection.execute(asked).mappings()]
        for back in range(1, 12 * YEARS + 1):
            month = add_months(FIRST_MONTH, -back)
            paid = {"contribution_month": month, "paid_on": first_day(month)}
            connection.execute(insert(records), [each | paid for each in levied])
            entries += [
                _credit(each, back, month)
                for each in levied
                if each["insurance"] is Insurance.PENSION
            ]
        connection.execute(insert(AccountEntry), entries)


def _credit(record: dict[str, Any], number: int, month: str) -> dict[str, Any]:
    return {
        "person_id": _PERSON,
        "entry_number": number,
        "region_code": REGION,
        "year": int(month[:4]),
        "kind": EntryKind.CREDIT,
        "contribution_month": month,
        "amount_fen": record["account_fen"],
        "record_insurance": record["insurance"],
        "record_employer_id": record["insuring_employer_id"],
        "record_sequence": record["sequence"],
        "posted_on": first_day(month),
        "recorded_on": first_day(month),
    }


def _statements(region: _Region, page: str) -> int:
    """Return how many statements a page asks; a second visit, with nothing to be made first."""
    count = 0

    def run(*_more: Any) -> None:
        nonlocal count
        count += 1

    engine: Engine = region.app.extensions["siweb_database"].engine
    answer_of(region.app, page, region.cookie)
    event.listen(engine, "before_cursor_execute", run)
    try:
        answer_of(region.app, page, region.cookie)
    finally:
        event.remove(engine, "before_cursor_execute", run)
    return count
