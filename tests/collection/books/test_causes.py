"""No row comes from nowhere: each that nothing explains is named, and no other is."""

import itertools
from datetime import date, timedelta

import pytest
from sqlalchemy import null

from siweb.audit.actor import SYSTEM
from siweb.audit.record import record_activity
from siweb.collection.books.causes import causeless_rows, claim_imbalances
from siweb.collection.books.imbalance import Scope
from siweb.collection.tables.bank_account import EntryClaim
from siweb.collection.tables.bank_statement import BankStatement, StatementFormat
from siweb.collection.tables.held_entry import HeldEntry, HeldReason, HeldState
from siweb.collection.tables.online_payment import OnlinePayment
from siweb.collection.tables.payment import Payment, PaymentKind
from siweb.ledgers.tables.account_entry import EntryKind
from siweb.registry.tables.bring_in import BringIn
from tests import factories
from tests.bills import make_bill, make_levy_run
from tests.conftest import NOW

REGION, OTHER = "310000", "110000"
A_DAY = timedelta(days=1)
# The first bills of the region were issued then; what is older was taken over.
BEGUN = factories.AT
LATER = BEGUN + 9 * A_DAY
_serial = itertools.count()


@pytest.fixture
def engine(sqlite_engine):
    """What explains a row is the same on either database."""
    return sqlite_engine


@pytest.fixture
def run(session):
    for region in (REGION, OTHER):
        factories.make_region(session, region)
    return make_levy_run(session, "2026-01")


@pytest.fixture
def person(session, run):
    return factories.make_person(session, region_code=REGION)


def named(session, scope=None):
    return [each.what.split(" (")[0] for each in causeless_rows(session, scope or Scope())]


def brought(session, kind="records", **values):
    given = {
        "region_code": REGION, "kind": kind, "file_digest": "d", "sequence": 0, "file_name": "f",
        "added_rows": 1, "added_fen": 240_000, "recorded_at": LATER, "made_by_account_id": 1,
        "checked_by_account_id": 2,
    }  # fmt: skip
    session.add(BringIn(**(given | values)))
    session.flush()


NO_RUN = ["no run billed it"]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, NO_RUN),
        ({"levy_run_id": "run"}, []),
        ({"recorded_at": BEGUN}, []),
        ({"recorded_at": BEGUN + timedelta(seconds=1)}, NO_RUN),
        # In a region that never billed, everything was taken over.
        ({"region_code": OTHER}, []),
    ],
    ids=str,
)
def test_a_record_has_a_run_or_was_there_before_it(session, run, person, values, found):
    if "levy_run_id" in values:
        values = {"levy_run_id": run.id}
    factories.make_record(session, person, "2026-01", **({"recorded_at": LATER} | values))

    assert named(session) == found
    assert named(session, Scope(REGION)) == found
    assert named(session, Scope(REGION, "2026-01")) == found
    assert named(session, Scope(OTHER)) == []
    assert named(session, Scope(REGION, "2026-02")) == []


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, []),
        ({"kind": "accounts"}, [*NO_RUN, "amounts of the files"]),
        ({"region_code": OTHER}, [*NO_RUN, "rows of the file"]),
        ({"recorded_at": LATER + A_DAY}, [*NO_RUN, "rows of the file"]),
        ({"added_rows": 2}, ["rows of the file"]),
        ({"added_fen": 239_999}, ["amounts of the file"]),
    ],
    ids=str,
)
def test_what_a_file_brought_in_is_as_much_as_it_says(session, run, person, values, found):
    factories.make_record(session, person, "2026-01", recorded_at=LATER)
    # Of the same instant, but of a run; of the region's file, but of another instant.
    factories.make_record(session, person, "2026-02", recorded_at=LATER, levy_run_id=run.id)
    factories.make_record(session, person, "2026-03", recorded_at=BEGUN)
    brought(session, **values)

    assert named(session) == found
    assert not [each for each in named(session, Scope(REGION, "2026-01")) if "file" in each]


def test_two_files_of_a_moment_are_counted_together(session, person):
    for month in ("2026-01", "2026-02"):
        factories.make_record(session, person, month, recorded_at=LATER)
    for digest in "ab":
        brought(session, file_digest=digest)

    assert named(session) == []


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, ["no statement, order or person told of it"]),
        ({"kind": PaymentKind.TAX}, ["no statement, order or person told of it"]),
        ({"kind": PaymentKind.GATEWAY}, ["no statement, order or person told of it"]),
        ({"kind": PaymentKind.GATEWAY, "remittance": "ORDER"}, []),
        ({"recorded_by_account_id": 1}, []),
        ({"statement_id": 1}, []),
        ({"recorded_at": BEGUN}, []),
        ({"region_code": OTHER}, []),
    ],
    ids=str,
)
def test_money_was_told_of_by_somebody(session, run, person, values, found):
    bill = make_bill(session, [person], run=run)
    session.add(
        OnlinePayment(
            reference="ORDER", gateway="g", bill_id=bill.id, amount_fen=1, late_fee_fen=0,
            address="a", started_at=NOW, started_by_account_id=1,
        )
    )  # fmt: skip
    if "statement_id" in values:
        values = {"statement_id": statement(session).id}
    pay(session, **values)

    # Money of a statement has its own proof.
    assert [each for each in named(session) if "told" in each] == found
    assert [each for each in named(session, Scope(OTHER)) if "told" in each] == []


def pay(session, **values):
    given = {
        "region_code": REGION, "kind": PaymentKind.TRANSFER, "amount_fen": 1, "unallocated_fen": 1,
        "received_on": date(2026, 2, 1), "entry_key": f"k{next(_serial)}",
        "recorded_at": LATER,
    }  # fmt: skip
    row = Payment(**(given | values))
    session.add(row)
    session.flush()
    return row


def statement(session, **values):
    given = {
        "region_code": REGION, "format": StatementFormat.CSV, "bank": "b", "file_name": "f",
        "content_hash": f"h{next(_serial)}", "entries": 1, "imported_at": NOW,
        "control": {}, "counts": {},
    }  # fmt: skip
    row = BankStatement(**(given | values))
    session.add(row)
    session.flush()
    return row


NO_RECORD = "no record, transfer or interest stands behind it"
DAY = LATER.date()


@pytest.mark.parametrize(
    ("kind", "values", "found"),
    [
        (EntryKind.CREDIT, {}, [NO_RECORD]),
        (EntryKind.OPENING, {}, [NO_RECORD]),
        (EntryKind.REVERSAL, {"amount_fen": -5}, [NO_RECORD]),
        (EntryKind.INTEREST, {}, []),
        (EntryKind.CREDIT, {"recorded_on": BEGUN.date()}, []),
        (EntryKind.CREDIT, {"recorded_on": BEGUN.date() + A_DAY}, [NO_RECORD]),
    ],
    ids=str,
)
def test_a_credit_has_a_record_or_was_there_before(session, run, person, kind, values, found):
    values = {"recorded_on": DAY, "contribution_month": "2026-01"} | values
    fen = values.pop("amount_fen", 5)
    factories.make_account_entry(session, person, 2026, kind, fen, **values)

    assert named(session) == found


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, []),
        ({"added_fen": 4}, ["amounts of the files"]),
        ({"kind": "records"}, ["rows of the file", NO_RECORD]),
        ({"region_code": OTHER}, ["amounts of the files", NO_RECORD]),
        ({"recorded_at": LATER + A_DAY}, ["amounts of the files", NO_RECORD]),
    ],
    ids=str,
)
def test_credits_that_files_brought_come_to_their_amounts(session, run, person, values, found):
    for fen, more in ((2, {}), (3, {}), (7, {"recorded_on": BEGUN.date()})):
        factories.make_account_entry(
            session, person, 2026, EntryKind.OPENING, fen, **({"recorded_on": DAY} | more)
        )
    factories.make_account_entry(session, person, 2026, EntryKind.INTEREST, 9, recorded_on=DAY)
    # Two files of one day.
    brought(session, **({"kind": "accounts", "added_fen": 1} | {
        name: value for name, value in values.items() if name != "added_fen"}))  # fmt: skip
    brought(session, **({"kind": "accounts", "added_fen": 4, "file_digest": "e"} | {
        name: value - 1 if name == "added_fen" else value for name, value in values.items()
    }))  # fmt: skip

    assert sorted(set(named(session))) == sorted(found)


def test_an_account_that_moved_has_a_deed_for_it(session, run, person):
    other = factories.make_person(session, region_code=REGION)

    def move(whose, times, kind=EntryKind.TRANSFER_OUT, deeds=0):
        for _time in range(times):
            factories.make_account_entry(session, whose, 2026, kind, -1)
        for _time in range(deeds):
            record_activity(
                session, f"account.{kind.value}", actor=SYSTEM, at=NOW,
                subject=("person", whose.id), person_id=whose.id, facts={},
            )  # fmt: skip
        session.flush()

    move(person, 1, deeds=1)
    move(other, 0, deeds=2)
    assert named(session) == []
    move(person, 1, kind=EntryKind.INHERITANCE)
    assert named(session) == ["inheritance without a deed"]
    move(person, 1)
    (found, _other) = causeless_rows(session, Scope())
    assert (found.what, found.expected_fen, found.found_fen, found.subject) == (
        "transfer_out without a deed (a count)", 1, 2, f"account of person {person.id}",
    )  # fmt: skip


def claims(session, scope=None):
    return [each.what.split(" (")[0] for each in claim_imbalances(session, scope or Scope())]


def claim(session, of, payment=None, identity="i", count=1):
    session.add(
        EntryClaim(
            account="1", identity=identity, reference="r", statement_id=of.id,
            payment_id=payment and payment.id, payment_count=count,
        )
    )  # fmt: skip
    session.flush()


def hold(session, of, identity="i", state=HeldState.WAITING, reason=HeldReason.RETURNED):
    session.add(
        HeldEntry(
            statement_id=of.id, region_code=of.region_code, number=1, reason=reason, state=state,
            identity=identity,
        )
    )  # fmt: skip
    session.flush()


NEITHER, COUNTED = "neither booked nor held", "payments of its entries"


@pytest.mark.parametrize(
    ("held", "found"),
    [
        (None, [NEITHER]),
        ({}, []),
        ({"identity": ""}, []),
        ({"identity": "other"}, [NEITHER]),
        ({"of": "another"}, [NEITHER]),
    ],
    ids=str,
)
def test_an_entry_that_is_claimed_is_booked_or_held(session, run, held, found):
    first, another = statement(session), statement(session, region_code=OTHER)
    claim(session, first)
    if held is not None:
        held = dict(held)
        hold(session, another if held.pop("of", None) else first, **held)

    assert claims(session) == found == claims(session, Scope(REGION))
    assert claims(session, Scope(OTHER)) == []
    # These are of no month.
    assert claims(session, Scope(REGION, "2026-01")) == []


@pytest.mark.parametrize(
    ("case", "found"),
    [
        ("paid", []),
        ("two parts", []),
        ("more than claimed", [COUNTED]),
        ("fewer than claimed", [COUNTED]),
        ("booked by hand", []),
        ("held and paid", [COUNTED]),
        ("booked whole", [COUNTED]),
        ("refunded", []),
        ("withdrawn", []),
        ("of before", []),
    ],
)
def test_a_statement_has_the_payments_of_its_entries(session, run, case, found):
    of = statement(
        session, withdrawn_at=NOW if case == "withdrawn" else None,
        control=null() if case == "of before" else {},
    )  # fmt: skip
    beside = statement(session)
    claim(session, beside, pay(session, statement_id=beside.id), identity="b")
    number = 2 if case in {"two parts", "more than claimed"} else 1
    paid = [pay(session, statement_id=of.id) for _each in range(number)]
    if case in {"booked by hand", "held and paid", "booked whole"}:
        hold(
            session, of,
            state=HeldState.WAITING if case == "held and paid" else HeldState.BOOKED,
            reason=HeldReason.DETAILS if case == "booked whole" else HeldReason.RETURNED,
        )  # fmt: skip
    elif case not in {"withdrawn", "of before"}:
        count = {"two parts": 2, "fewer than claimed": 2}.get(case, 1)
        claim(session, of, paid[0], count=count)
    if case == "refunded":
        pay(
            session, statement_id=of.id, origin_payment_id=paid[0].id, amount_fen=-1,
            kind=PaymentKind.REVERSAL,
        )  # fmt: skip

    assert claims(session) == found
    for scope, expected in ((Scope(REGION), found), (Scope(OTHER), [])):
        assert claims(session, scope) == expected
