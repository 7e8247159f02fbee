"""Which payments a return may be of: of its region, account, amount and days, and the likeliest."""

from datetime import date, timedelta

import pytest

from siweb.collection.statements import origins
from siweb.collection.statements.origins import batch_of, batches_of, origins_of
from siweb.collection.tables.bank_account import EntryClaim
from siweb.collection.tables.bank_statement import BankStatement, StatementFormat
from siweb.collection.tables.held_entry import HeldEntry, HeldReason, HeldState
from siweb.collection.tables.payment import Payment, PaymentKind
from tests import factories
from tests.conftest import NOW

REGION, OTHER = "310000", "110000"
ON, A_DAY = date(2026, 11, 20), timedelta(days=1)


@pytest.fixture
def engine(sqlite_engine):
    """Which payment it may be is the same on either database."""
    return sqlite_engine


@pytest.fixture
def statement(session):
    def statement():
        number = next(numbers)
        for region in (REGION, OTHER):
            factories.make_region(session, region)
        row = BankStatement(
            region_code=REGION, format=StatementFormat.CSV, bank="b", file_name="f",
            content_hash=f"h{number}", entries=1, imported_at=NOW, counts={},
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row

    numbers = iter(range(99))
    return statement


@pytest.fixture
def pay(session):
    def pay(of, fen, **values):
        given = {
            "region_code": REGION, "kind": PaymentKind.TRANSFER, "received_on": ON,
            "statement_id": of.id, "recorded_at": NOW, "unallocated_fen": fen,
        }  # fmt: skip
        row = Payment(amount_fen=fen, entry_key=f"k{next(numbers)}", **(given | values))
        session.add(row)
        session.flush()
        return row

    numbers = iter(range(999))
    return pay


@pytest.fixture
def batch(session, statement, pay):
    """One entry that was booked as several payments."""

    def batch(*fens, account="1", count=None, **values):
        of = statement()
        parts = [pay(of, fen, **values) for fen in fens]
        session.add(
            EntryClaim(
                account=account, identity=f"i{of.id}", statement_id=of.id,
                payment_id=parts[0].id, payment_count=count or len(parts),
            )
        )  # fmt: skip
        session.flush()
        return parts

    return batch


@pytest.fixture
def held(session, statement):
    def held(fen=100, **values):
        given = {
            "region_code": REGION, "reason": HeldReason.RETURNED, "state": HeldState.WAITING,
            "account": "1", "entry_on": ON, "number": 1,
        }  # fmt: skip
        row = HeldEntry(statement_id=statement().id, amount_fen=fen, **(given | values))
        session.add(row)
        session.flush()
        return row

    return held


def back(pay, payment, kind=PaymentKind.REVERSAL):
    return pay(
        payment, -payment.amount_fen, kind=kind, origin_payment_id=payment.id, statement_id=None
    )


def test_a_batch_that_adds_up_may_have_come_back_whole(session, batch, held, pay):
    first = batch(60, 40, received_on=ON - 2 * A_DAY)
    latest = batch(30, 30, 40)
    beside = [
        batch(60, 41), batch(60, 40, region_code=OTHER), batch(60, 40, account="2"),
        batch(60, 40, received_on=ON + A_DAY), batch(100, count=1),
    ]  # fmt: skip
    gone = batch(50, 50)
    back(pay, gone[0])

    assert batches_of(session, held()) == [latest, first]
    assert batches_of(session, held(101)) == [beside[0]]
    assert batch_of(session, latest[0]) == latest
    # A refund leaves it what it was; a payment that begins no entry is alone.
    back(pay, first[0], PaymentKind.REFUND)
    assert first in batches_of(session, held())
    assert batch_of(session, latest[1]) == [latest[1]]


def test_parts_that_follow_belong_to_the_next_entry(session, batch, pay):
    parts = batch(60, 40)
    pay(parts[0], 5, statement_id=parts[0].statement_id)
    before = pay(parts[0], 5, statement_id=None)

    assert batch_of(session, parts[0]) == parts
    assert batch_of(session, before) == [before]


@pytest.mark.parametrize(
    "values",
    [
        {"reason": HeldReason.REPEATED}, {"fen": None}, {"fen": 0}, {"entry_on": None},
        {"region_code": OTHER},
    ],
    ids=str,
)  # fmt: skip
def test_of_what_is_no_return_nothing_is_the_origin(session, batch, held, values):
    batch(60, 40)
    batch(100)
    row = held(**values)

    assert batches_of(session, row) == []
    assert origins_of(session, row) == []


def test_a_payment_of_the_amount_came_no_later_and_was_not_taken_back(
    session, statement, pay, held
):
    of = statement()
    early, late = pay(of, 100, received_on=ON - A_DAY), pay(of, 100)
    for values in (
        {"received_on": ON + A_DAY}, {"region_code": OTHER}, {"fen": 99},
    ):  # fmt: skip
        pay(of, **({"fen": 100} | values))
    gone = pay(of, 100)
    back(pay, gone)

    assert origins_of(session, held()) == [late, early]


def test_what_both_say_decides_and_five_are_enough(session, statement, pay, held, monkeypatch):
    of = statement()
    plain = [pay(of, 100) for _each in range(4)]
    account = pay(of, 100, payer_account="9")
    name = pay(of, 100, payer_name="甲公司")
    both = pay(of, 100, payer_account="9", payer_name="甲公司")

    row = held(payer_account="9", payer_name="甲公司")
    assert origins_of(session, row) == [both, account, name, plain[3], plain[2]]
    # Where the return names nobody, an empty name is nobody's.
    assert origins_of(session, held())[0] == both
    monkeypatch.setattr(origins, "_SEEN", 2)
    assert origins_of(session, row) == [both, name]
