import re
from datetime import date, timedelta

import pytest
from sqlalchemy import bindparam, delete, select, text, update

from siweb.audit.actor import SYSTEM
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.payments.allocate import allocate
from siweb.collection.payments.take_back import reverse_payment
from siweb.collection.tables.arrears import Arrears, Deferral
from siweb.collection.tables.bill import Bill, BillLine, BillMonth
from siweb.collection.tables.levy_run import LevyTerm
from siweb.collection.tables.payment import Allocation, MatchedBy, Payment
from siweb.ledgers.account.close import transfer_out
from siweb.ledgers.seals.seal import SealKey
from siweb.ledgers.tables.account_entry import AccountEntry
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.ledgers.tables.day_root import BookSeal, DayRoot
from siweb.ledgers.tables.fund_entry import FundEntry
from siweb.registry.packs.in_force import packs_in_force
from tests.bills import (
    PACK_REGION,
    SEAL_KEY,
    make_bill,
    make_levy_run,
    receive,
)
from tests.collection.books.make_history import TODAY, make_history, seal
from tests.factories import AT, make_employer, make_person
from tests.suite.made_once import ON_EACH_DATABASE, session_within, taken_back

EVERYWHERE = Scope()
_OF_NO_RECORD = (
    "UPDATE account_entry SET record_insurance = NULL,"
    " record_employer_id = NULL, record_sequence = NULL"
)


@pytest.fixture(**ON_EACH_DATABASE)
def history(request):
    """A history with everything in it, and the number of its first bill."""
    with taken_back(request) as connection, session_within(connection) as session:
        number = make_history(session).id
        session.commit()
        # Proved once for all who begin with it: what each of them finds, its own change did.
        assert findings(session) == ""
        yield connection, number


@pytest.fixture
def session(history):
    connection, _number = history
    with session_within(connection) as session:
        yield session


@pytest.fixture
def bill(history, session):
    _connection, number = history
    return session.get_one(Bill, number)


def findings(session, scope=EVERYWHERE):
    session.flush()
    return "\n".join(check_books(session, packs_in_force(session), scope, seals=SEAL_KEY).lines())


def test_books_in_order_are_silent(session, bill):
    assert findings(session) == ""
    assert findings(session, Scope(PACK_REGION, "2025-07")) == ""


CHANGED = "{table} .*: changed since it was sealed on 20"
# What names it was changed: nothing else tells which row it was.
GONE = "{table}: a row that was sealed on 20.* is not there"
TAMPERED = [
    (
        Bill,
        "total_fen = total_fen + 1, employer_fen = employer_fen + 1",
        "employer_fen of its lines",
    ),
    (Bill, "late_fee_paid_fen = late_fee_paid_fen + 1", "late_fee_paid_fen is not"),
    (BillLine, "employee_fen = employee_fen + 1", "employee_fen is not its records"),
    (BillLine, "paid_fen = paid_fen - 1", "paid_fen is not its allocations"),
    (ContributionRecord, "employer_fen = employer_fen + 1", CHANGED),
    (ContributionRecord, "account_fen = account_fen + 1", "credited to the account"),
    (ContributionRecord, "base_fen = base_fen + 1", CHANGED),
    (ContributionRecord, "paid_on = NULL", "records that say they are paid"),
    (ContributionRecord, "paid_on = paid_on - 1", "paid on a day without money of the bill"),
    (AccountEntry, "amount_fen = amount_fen + 1", CHANGED),
    (FundEntry, "amount_fen = amount_fen + 1", "late fees posted to funds"),
    (Payment, "amount_fen = amount_fen + 1", "payment {id}: amount less what went back"),
    (Payment, "payer_name = 'X'", CHANGED),
    (Payment, "unallocated_fen = unallocated_fen + 1", "payment {id}: amount less what went back"),
    (Allocation, "amount_fen = amount_fen - 1", CHANGED),
    (Allocation, "paid_on = '2025-08-30'", CHANGED),
    (Bill, "due_on = '2027-01-01'", CHANGED),
    (Bill, "late_fee_waived_until = '2027-01-01'", CHANGED),
    (Bill, "contribution_month = 202506", CHANGED),
    (Bill, "bank_reference = 77", GONE),
    (Bill, "headcount = 9", CHANGED),
    (BillLine, "base_fen = 1", CHANGED),
    (BillLine, "contribution_month = 203001", "a line of another region or month"),
    (LevyTerm, "employer_ppm = 1", CHANGED),
    (BillMonth, "amount_fen = amount_fen + 1", "its months: expected 90000 fen, found 90001 fen"),
    (BillMonth, "amount_fen = amount_fen + 1", CHANGED),
    (BillMonth, "due_on = '2027-01-01'", GONE),
    (BillMonth, "contribution_month = 202601", "bill_month {id}: is no month of its bill"),
    (Deferral, "until = '2027-12-31'", CHANGED),
    (Deferral, "from_on = '2025-01-01'", GONE),
    (Deferral, "ended_on = NULL", "deferral {id}: pauses days that another one pauses"),
    (Deferral, "ended_on = '2099-01-01'", "deferral {id}: lasts longer than was approved"),
    (Deferral, "deferred_fen = 90001", "deferral {id}: waits for more than the bill"),
    (Deferral, "decided_by = 'X'", CHANGED),
    (Arrears, "deferred_until = '2099-01-01'", "arrears {id}: waits as no deferral says"),
    (Arrears, "legal_basis = 'X'", "arrears {id}: waits as no deferral says"),
]


@pytest.mark.parametrize(("table", "change", "named"), TAMPERED)
def test_a_tampered_row_is_named(session, bill, table, change, named):
    key = table.__table__.primary_key.columns
    first = session.execute(select(*key).order_by(*key).limit(1)).one()
    which = " AND ".join(f"{column.name} = :{column.name}" for column in key)
    values = (
        bindparam(column.name, value, type_=column.type)
        for column, value in zip(key, first, strict=True)
    )
    statement = text(f"UPDATE {table.__tablename__} SET {change} WHERE {which}")
    session.execute(statement.bindparams(*values))

    named = named.format(id=first[0], table=table.__tablename__)
    assert re.search(f"^{named}|{named}", findings(session), re.MULTILINE)


def test_interest_that_was_changed_is_named_even_without_a_seal(session, bill):
    session.execute(text("DELETE FROM book_seal"))
    session.execute(
        update(AccountEntry)
        .where(AccountEntry.rate_ppm.is_not(None))
        .values(amount_fen=AccountEntry.amount_fen + 1)
    )

    assert "interest: expected" in findings(session)


@pytest.mark.parametrize(
    ("scope", "is_named"),
    [
        (EVERYWHERE, True),
        (Scope(PACK_REGION), True),
        (Scope(PACK_REGION, "2025-07"), True),
        (Scope(PACK_REGION, "2026-07"), False),
        (Scope("110000"), False),
    ],
    ids=str,
)
def test_interest_is_proved_in_the_years_and_regions_that_are_meant(session, bill, scope, is_named):
    session.execute(
        update(AccountEntry)
        .where(AccountEntry.rate_ppm.is_not(None))
        .values(rate_ppm=AccountEntry.rate_ppm + 1, amount_fen=AccountEntry.amount_fen + 1)
    )

    found = findings(session, scope)

    assert ("the rate (in ppm): expected" in found) is is_named
    assert (": interest: expected" in found) is is_named


def test_a_row_added_to_a_day_that_is_over_is_named(session, bill):
    seal(session, date(2026, 11, 25), AT + timedelta(days=2))
    added = receive(session, 5_000)

    assert findings(session).splitlines() == [
        f"payment {added.entry_key}: was added to 2026-01-05, which is sealed"
    ]
    # Nor does the next closing take it in.
    seal(session, date(2026, 11, 26), AT + timedelta(days=3))
    assert f"payment {added.entry_key}: was added" in findings(session)


def test_swapped_rows_are_both_named(session, bill):
    first, second = session.scalars(
        select(ContributionRecord).where(ContributionRecord.insurance == "medical").limit(2)
    )
    for column in ("employer_fen", "employee_fen"):
        session.execute(
            text(
                f"UPDATE contribution_record SET {column} = {column} + CASE person_id"
                f" WHEN {first.person_id} THEN 7 ELSE -7 END WHERE insurance = 2"
            )
        )

    said = findings(session)

    for record in (first, second):
        key = f"310000 {record.contribution_month} {record.person_id} medical - 0"
        assert f"contribution_record {key}: changed since it was sealed on 2026-01-05" in said


def test_seals_of_another_key_prove_nothing(session, bill):
    other = SealKey.of("another")
    lines = list(check_books(session, packs_in_force(session), EVERYWHERE, seals=other).lines())

    assert lines == [
        "the seal of 2026-11-24 was made with another key: nothing can be proved by it"
    ]


def test_a_row_that_was_taken_out_is_named(session, bill):
    session.execute(text(_OF_NO_RECORD))
    session.execute(
        text(
            "DELETE FROM account_entry"
            " WHERE entry_number = (SELECT max(entry_number) FROM account_entry)"
        )
    )

    assert "account_entry" in findings(session)


def test_a_seal_made_again_over_changed_rows_does_not_follow(session, bill):
    seal(session)
    session.execute(text("UPDATE day_root SET previous_root = 'x' WHERE region_code = '310000'"))

    assert "region 310000: the root of 2026-11-24 does not follow" in findings(session)


def forget_seals(session, since="2026-11-24"):
    """Take the seals away from a day on, with their roots."""
    for table in (BookSeal, DayRoot):
        roots = select(DayRoot.number).where(DayRoot.sealed_on >= date.fromisoformat(since))
        number = table.root_number if table is BookSeal else table.number
        session.execute(delete(table).where(number.in_(roots)))
    session.expire_all()


def test_seals_that_were_taken_away_are_named(session, bill):
    session.execute(text("UPDATE payment SET payer_name = '999'"))
    forget_seals(session)

    said = findings(session)

    for region in ("000000", "310000"):
        assert f"region {region}: the root of 2026-11-24 is not there as the activity" in said


def test_seals_made_anew_over_changed_rows_are_named(session, bill):
    session.execute(text("UPDATE payment SET payer_name = '999'"))
    forget_seals(session)
    seal(session)

    said = findings(session).splitlines()

    assert said == [
        "region 310000: the root of 2026-11-24 is not there as the activity log noted it"
    ]


def test_the_last_days_seals_are_missed(session, bill):
    receive(session, 5_000)
    seal(session, date(2026, 11, 25))
    assert findings(session) == ""
    forget_seals(session, "2026-11-25")

    assert "region 310000: the root of 2026-11-25 is not there as the activity log noted it" in (
        findings(session)
    )


def test_a_seal_that_nobody_noted_is_named(session, bill):
    receive(session, 5_000)
    seal(session, date(2026, 11, 25))
    session.execute(text("DELETE FROM activity_unsealed"))
    session.execute(text("DELETE FROM activity WHERE id = (SELECT max(id) FROM activity)"))

    said = findings(session)

    assert "region 310000: the root of 2026-11-25 is not noted in the activity log" in said


def test_what_is_paid_later_does_not_break_the_seal_of_a_bill(session, bill):
    later = receive(session, bill.total_fen, TODAY)
    other = session.query(Bill).filter(Bill.id != bill.id, Bill.levy_run_id.is_not(None)).one()
    allocate(
        session,
        later,
        [other],
        matched_by=MatchedBy.STAFF,
        actor=SYSTEM,
        at=AT,
        packs=packs_in_force(session),
    )

    assert findings(session) == ""


def test_a_closed_account_below_zero_is_named(session):
    """It moved away, and then a payment turned out not to have come."""
    person = make_person(session, region_code=PACK_REGION)
    bill = make_bill(session, [person], employer=make_employer(session))
    payment = receive(session, bill.total_fen)
    allocate(
        session,
        payment,
        [bill],
        matched_by=MatchedBy.STAFF,
        actor=SYSTEM,
        at=AT,
        packs=packs_in_force(session),
    )
    transfer_out(
        session,
        person.id,
        "上海市",
        on=date(2026, 9, 20),
        actor=SYSTEM,
        at=AT,
        packs=packs_in_force(session),
    )
    assert findings(session) == ""
    reverse_payment(session, payment, on=TODAY, actor=SYSTEM, at=AT, packs=packs_in_force(session))

    named = f"account of person {person.id}: what is left: expected 0 fen, found -80000 fen"
    assert findings(session) == named
    assert findings(session, Scope(PACK_REGION)) == named
    assert findings(session, Scope("110000")) == ""


def test_records_of_a_run_that_is_not_issued_are_sealed_later(session, bill):
    person = make_person(session)
    seal(session)
    run = make_levy_run(session, "2026-01", state="computing", issued_at=None)
    make_bill(session, [person], run=run, issued_at=None)
    terms = session.query(LevyTerm).where(LevyTerm.levy_run_id == run.id).count()

    # What it goes by is kept when it begins: its terms, and what employers are billed at; the base
    # was declared before.
    assert terms == 3
    assert seal(session) == terms + 1
    assert seal(session) == 0
    run.state = "issued"
    session.flush()
    assert seal(session) == 3


# What nothing sealed yet: working it out again names it.
NOT_SEALED = [
    ("UPDATE declared_base SET declared_base_fen = declared_base_fen + 100", "not the base decl"),
    ("DELETE FROM declared_base", "declared_base_fen is not the base declared by then"),
    ("UPDATE contribution_record SET declared_base_fen = 5", "base_fen is not what base, terms"),
    ("UPDATE contribution_record SET base_fen = base_fen + 100", "base_fen is not what base"),
    (
        "UPDATE contribution_record SET employer_fen = employee_fen, employee_fen = employer_fen",
        "employee_fen is not what base, terms and rule make it",
    ),
    ("UPDATE contribution_record SET scheme = 3", "no term of its run"),
    ("UPDATE levy_term SET employer_ppm = employer_ppm + 1000", "employer_fen is not what base"),
    ("UPDATE levy_term SET base_ceiling_fen = 900000", "base_fen is not what base, terms"),
    ("UPDATE levy_term SET account_ppm = 0", "account_fen is not what base, terms"),
    (
        update(ContributionRecord).values(levy_run_id=None, recorded_at=AT + timedelta(days=27)),
        "no run billed it",
    ),
    (
        "UPDATE payment SET recorded_by_account_id = NULL, recorded_at = '2026-02-01'",
        "no statement, order or person told of it",
    ),
    (_OF_NO_RECORD, "no record, transfer or interest"),
    ("UPDATE account_entry SET kind = 7", "inheritance without a deed"),
    ("UPDATE account_entry SET rate_ppm = rate_ppm + 1", "the rate (in ppm): expected"),
]


@pytest.mark.parametrize(("change", "named"), NOT_SEALED)
def test_what_was_changed_before_it_was_sealed_is_named(session, bill, change, named):
    session.execute(text(change) if isinstance(change, str) else change)

    lines = check_books(session, packs_in_force(session), EVERYWHERE).lines()

    assert named in "\n".join(lines)
