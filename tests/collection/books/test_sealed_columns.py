"""Every column of every sealed table, as the registry has them: changed behind the back, named."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import JSON, Enum, select, update
from sqlalchemy.exc import DBAPIError

from siweb.audit.actor import SYSTEM
from siweb.auth.tables.account import Account
from siweb.auth.tables.mandate import Mandate, MandateKind
from siweb.collection.books.seal_day import seal_day
from siweb.collection.books.sealed_books import SEALED_BOOKS
from siweb.collection.payments.allocate import allocate
from siweb.collection.payments.take_back import refund
from siweb.collection.tables.arrears import Arrears, ArrearsState, Deferral
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.bill import BillMonth
from siweb.collection.tables.payment import MatchedBy
from siweb.db.codes import Code
from siweb.db.types import Month
from siweb.documents.tables.document import Document, DocumentKind
from siweb.ledgers.seals.verify import changed_rows
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.parameter_pack import ParameterPack
from tests.bills import PACK_REGION, SEAL_KEY, make_assessment_bill, make_bill, receive
from tests.factories import AT, make_employer, make_person

TODAY = date(2026, 11, 24)
# Held by working it out again, where a run billed the record; see test_prove.
FILLED_IN = {str: "7", int: 1, date: TODAY, datetime: AT}
HELD_OTHERWISE = {("contribution_record", "paid_on")}


@pytest.fixture
def office(session):
    """One row of everything that is sealed, closed on a day that is over by now."""
    person = make_person(session, region_code=PACK_REGION)
    employer = make_employer(session, region_code=PACK_REGION)
    bill = make_bill(session, [person], employer=employer)
    money = receive(session, bill.total_fen + 500)
    packs = packs_in_force(session)
    by = {"matched_by": MatchedBy.STAFF, "actor": SYSTEM, "at": AT}
    allocate(session, money, [bill], packs=packs, **by)
    refund(session, money, 500, on=TODAY, actor=SYSTEM, at=AT)
    assessed = make_assessment_bill(session, employer, 90_000, due_on=TODAY)
    session.get_one(Assessment, assessed.assessment_id).decided_at = AT
    session.add(
        BillMonth(
            bill_id=assessed.id, contribution_month="2025-01", due_on=TODAY, amount_fen=90_000
        )
    )
    arrears = Arrears(
        bill_id=assessed.id,
        region_code=PACK_REGION,
        state=ArrearsState.FOUND,
        found_on=TODAY,
        notice_by=TODAY,
        changed_at=AT,
    )
    account = Account(
        person_id=person.id,
        password_hash="x",
        roles=[],
        created_at=AT,
        password_changed_at=AT,
    )
    session.add_all([arrears, account])
    session.flush()
    session.add_all(rights(person, employer, account, arrears))
    session.flush()
    seal_day(session, key=SEAL_KEY, on=TODAY, at=AT + timedelta(days=2), actor=SYSTEM)
    return session


def rights(person, employer, account, arrears):
    yield Deferral(
        arrears_id=arrears.id,
        from_on=TODAY,
        until=TODAY + timedelta(days=9),
        legal_basis="某法第一条",
        approved_at=AT,
    )
    yield Document(
        reference="D1",
        kind=DocumentKind.RIGHTS_RECORD,
        subject_kind="year",
        subject_id="2025",
        person_id=person.id,
        region_code=PACK_REGION,
        payload={"rows": []},
        content_hash="0" * 64,
        code_hash="1" * 64,
        issued_at=AT,
    )
    yield Mandate(
        account_id=account.id,
        employer_id=employer.id,
        kind=MandateKind.FILER,
        from_on=TODAY,
        granted_at=AT,
    )
    yield ParameterPack(region="110000", digest="2" * 64, content="x", imported_at=AT)


def another(column, value):
    """A value of the column's kind that is not what stands there."""
    if isinstance(column.type, Code | Enum):
        words = column.type.words if isinstance(column.type, Code) else column.type.enum_class
        return next(each for each in words if each != value)
    if isinstance(column.type, JSON):
        return ["changed"]
    if value is None:
        kind = getattr(column.type, "impl", column.type).python_type
        return "2027-01" if isinstance(column.type, Month) else FILLED_IN[kind]
    if isinstance(value, str):
        return value[:-1] + ("9" if value[-1:] == "8" else "8")
    return value + (timedelta(days=1) if isinstance(value, date) else 1)


def behind_the_back(session, statement):
    """As whoever has the database does it: past every session of the office."""
    session.connection().execute(statement)


def is_refused(session, statement):
    """Whether the database itself does not let it through."""
    try:
        with session.begin_nested():
            behind_the_back(session, statement)
    except DBAPIError:
        return True
    return False


def missed(session, book, columns):
    """The columns of one row of a book that can be changed without being named."""
    table = book.table
    row = session.execute(
        select(*table.c).select_from(book.source).where(book.counts).limit(1)
    ).one()
    which = [key == row._mapping[key] for key in table.primary_key]
    for column in columns:
        change = update(table).where(*which).values(
            {column.name: another(column, row._mapping[column])}
        )
        with session.begin_nested() as attempt:
            if not is_refused(session, change) and not list(
                changed_rows(session, [book], SEAL_KEY)
            ):
                yield f"{book.name}.{column.name}"
            attempt.rollback()


def sealed_columns(book):
    return [
        column
        for column in book.table.c
        if column.name not in book.unsealed and (book.name, column.name) not in HELD_OTHERWISE
    ]


def test_every_column_that_was_changed_is_named(office):
    assert list(changed_rows(office, SEALED_BOOKS, SEAL_KEY)) == []

    assert [
        each for book in SEALED_BOOKS for each in missed(office, book, sealed_columns(book))
    ] == []


@pytest.mark.parametrize("book", SEALED_BOOKS, ids=lambda book: book.name)
def test_every_column_is_sealed_or_says_why_not(book):
    assert set(book.unsealed) <= set(book.table.c.keys())
    assert all(len(reason) > 10 for reason in book.unsealed.values())
