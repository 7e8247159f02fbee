"""What a bank says of a payment file: read as it stands there, and noted once, of its own lines."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.audit.actor import SYSTEM
from siweb.collection.payouts.outcome import find_line, note_paid, note_rejected
from siweb.collection.statements.answers import (
    Answered,
    file_of,
    note_debit,
    take_in_booked,
    take_in_status,
)
from siweb.collection.statements.reading.entry import (
    Direction,
    Entry,
    Part,
    Payer,
    StatementRefused,
)
from siweb.collection.statements.reading.read_status import (
    RETURNED,
    StatusReport,
    TransactionStatus,
)
from siweb.collection.tables.payout import (
    LineState,
    PaymentFile,
    PaymentFileLine,
    Payout,
    PayoutKind,
    PayoutState,
)
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.messages.tables.message import Message
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from tests import factories
from tests.conftest import NOW

REGION, TODAY = "310000", NOW.date()
EARLIER = NOW - timedelta(days=3)
DAY = date(2026, 11, 20)


@pytest.fixture
def engine(sqlite_engine):
    """What is noted of whom is the same on either database."""
    return sqlite_engine


@pytest.fixture
def filed(session):
    """Make a file of so many payouts; return it with its lines."""

    def filed(*fens, region=REGION, kind=PayoutKind.REFUND, whose=None):
        factories.make_region(session, region)
        number = next(numbers)
        account = factories.make_account(session, factories.make_person(session))
        file = PaymentFile(
            reference=f"F{number}", region_code=region, debtor_name="社保", debtor_account="1",
            debtor_bank="银行", execution_on=TODAY, transactions=len(fens), total_fen=sum(fens),
            made_at=EARLIER, made_by_account_id=account.id, released_by_account_id=account.id,
        )  # fmt: skip
        session.add(file)
        session.flush()
        lines = []
        for place, fen in enumerate(fens, 1):
            person = whose or factories.make_person(session, region_code=region)
            payout = Payout(
                reference=f"P{number}-{place}", region_code=region, kind=kind,
                source=f"s{number}-{place}", person_id=person.id, amount_fen=fen,
                state=PayoutState.SENT, ordered_at=EARLIER,
            )  # fmt: skip
            session.add(payout)
            session.flush()
            line = PaymentFileLine(
                payment_file_id=file.id, number=place, payout_id=payout.id,
                end_to_end=f"E{number}-{place}", payee_name="王", payee_account="1",
                payee_bank="2", amount_fen=fen, state=LineState.SENT,
            )  # fmt: skip
            session.add(line)
            session.flush()
            lines.append(line)
        return file, lines

    numbers = iter(range(1, 9))
    return filed


def payout_of(session, line):
    return session.get_one(Payout, line.payout_id)


def status(line, code, reason="", fen=None, on=DAY):
    return TransactionStatus(line.end_to_end, code, reason, fen or line.amount_fen, on)


def test_each_transaction_has_its_own_word_or_that_of_all(session, filed):
    file, (paid, rejected, waits, silent) = filed(1, 2, 3, 4)
    _other, (beside,) = filed(5)
    report = StatusReport(
        file.reference,
        (
            TransactionStatus("", "ACSC", ""),
            status(paid, "ACCC"),
            status(rejected, "RJCT"),
            status(waits, "PDNG"),
            status(beside, "ACSC"),
        ),
    )
    assert file_of(session, report) is file
    with pytest.raises(StatementRefused, match="unknown_file"):
        file_of(session, StatusReport("NONE", ()))

    found = take_in_status(session, file, report, actor=SYSTEM, at=NOW)

    assert found == Answered(paid=2, rejected=1, on_the_way=1, unknown=1)
    lines = (paid, rejected, waits, silent, beside)
    sent, done, gone = LineState.SENT, LineState.PAID, LineState.REJECTED
    assert [line.state for line in lines] == [done, gone, sent, done, sent]
    assert [line.answered_at for line in lines] == [NOW, NOW, None, NOW, None]
    assert (payout_of(session, paid).paid_on, payout_of(session, paid).state) == (
        TODAY, PayoutState.PAID,
    )  # fmt: skip
    # Where the bank gives no reason its code stands for one.
    assert payout_of(session, rejected).reason == rejected.reason == "RJCT"


def test_without_a_word_for_all_the_others_stay_on_their_way(session, filed):
    file, (one, other) = filed(1, 2)
    report = StatusReport(file.reference, (status(one, "RJCT", "AC04"),))

    assert take_in_status(session, file, report, actor=SYSTEM, at=NOW) == Answered(rejected=1)
    assert (one.reason, other.state) == ("AC04", LineState.SENT)


def test_what_was_booked_counts_by_its_amount_day_and_region(session, filed):
    _file, (paid, other, undated, back) = filed(10, 20, 30, 40)
    _far, (far,) = filed(50, region="110000")
    note_paid(session, back, DAY, actor=SYSTEM, at=EARLIER)
    report = StatusReport(
        "",
        (
            status(paid, "ACSC"), status(other, "ACSC", fen=21),
            status(undated, "ACSC", on=None), status(back, RETURNED, "退汇"),
            status(far, "ACSC"), TransactionStatus("NONE", "ACSC", "", 1, DAY),
        ),
    )  # fmt: skip

    def take_in():
        return take_in_booked(session, report, lambda code: code == REGION, actor=SYSTEM, at=NOW)

    assert take_in() == Answered(paid=1, returned=1, unknown=4)
    assert payout_of(session, paid).paid_on == DAY
    assert (payout_of(session, back).state, back.reason) == (PayoutState.REJECTED, "退汇")
    # The same notice again says nothing new.
    assert take_in() == Answered(unknown=4)


def entry_of(*parts, name="", fen=None, on=DAY):
    return Entry(
        number=1, direction=Direction.DEBIT, amount_fen=fen, entry_on=on, end_to_end=name,
        parts=parts,
    )  # fmt: skip


def test_a_debit_pays_the_lines_that_it_names(session, filed):
    _file, (one, two, three, four) = filed(10, 20, 30, 40)
    _far, (far,) = filed(50, region="110000")

    def debit(entry):
        return note_debit(session, entry, REGION, actor=SYSTEM, at=NOW)

    assert debit(entry_of(name=one.end_to_end, fen=10, on=None)) == 0
    assert debit(entry_of(name=one.end_to_end, fen=11)) == 0
    assert debit(entry_of(name="", fen=10)) == 0
    assert debit(entry_of(name=far.end_to_end, fen=50)) == 0
    assert debit(entry_of(name=one.end_to_end, fen=10)) == 1
    assert debit(entry_of(name=one.end_to_end, fen=10)) == 0
    parts = [
        Part(amount_fen=each.amount_fen + more, payer=Payer(), end_to_end=each.end_to_end)
        for each, more in ((two, 0), (three, 1), (four, 0))
    ]
    assert debit(entry_of(*parts, name=three.end_to_end, fen=30)) == 2
    assert [each.state for each in (one, two, three, four)] == [
        LineState.PAID, LineState.PAID, LineState.SENT, LineState.PAID,
    ]  # fmt: skip
    assert far.state is LineState.SENT
    assert find_line(session, far.end_to_end) is far
    assert find_line(session, far.end_to_end, region_code=REGION) is None


@pytest.mark.parametrize(
    ("kind", "was_paid", "died_on", "told"),
    [
        (PayoutKind.REFUND, True, None, ["refund_returned"]),
        (PayoutKind.REFUND, False, None, ["refund_returned"]),
        (PayoutKind.REFUND, True, TODAY, []),
        (PayoutKind.BENEFIT, True, None, ["back_pay_returned"]),
        (PayoutKind.HEIRS, True, None, []),
    ],
)
def test_who_had_the_money_is_told_that_it_came_back(session, filed, kind, was_paid, died_on, told):
    _file, (line,) = filed(10, kind=kind)
    if was_paid:
        assert note_paid(session, line, DAY, actor=SYSTEM, at=EARLIER)
        assert not note_paid(session, line, TODAY, actor=SYSTEM, at=NOW)
    payout = payout_of(session, line)
    assert payout.paid_on == (DAY if was_paid else None)
    session.get_one(factories.Person, payout.person_id).died_on = died_on

    assert note_rejected(session, line, "x" * 300, actor=SYSTEM, at=NOW)
    assert not note_rejected(session, line, "again", actor=SYSTEM, at=NOW)
    assert not note_paid(session, line, TODAY, actor=SYSTEM, at=NOW)

    assert (line.reason, payout.reason, payout.paid_on) == ("x" * 200, "x" * 200, None)
    assert session.scalars(select(Message.kind)).all() == told
    noted = session.scalars(select(Activity.action).order_by(Activity.id)).all()
    assert noted == ["payout.paid"] * was_paid + ["payout.rejected"]


def test_the_months_that_a_payout_pays_say_when(session, filed):
    person, other = (factories.make_person(session, region_code=REGION) for _ in range(2))
    _file, (line,) = filed(10, kind=PayoutKind.BENEFIT, whose=person)
    for whose in (person, other):
        session.add(
            Benefit(
                person_id=whose.id, region_code=REGION, kind=BenefitKind.PENSION, monthly_fen=1,
                from_month="2020-01", state=BenefitState.ACTIVE, certified_on=TODAY,
            )
        )  # fmt: skip
    session.flush()

    def entry(month, **values):
        row = BenefitEntry(
            **{
                "region_code": REGION, "month": month, "person_id": person.id,
                "benefit": BenefitKind.PENSION, "kind": BenefitEntryKind.BACK_PAY,
                "sequence": 0, "amount_fen": 1, "paid_on": None, "recorded_at": EARLIER,
            } | values
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row

    own = entry("2026-01")
    beside = [
        entry("2026-02", person_id=other.id), entry("2026-03", recorded_at=NOW),
        entry("2026-04", kind=BenefitEntryKind.HELD),
    ]  # fmt: skip

    note_paid(session, line, DAY, actor=SYSTEM, at=NOW)
    assert (own.paid_on, {each.paid_on for each in beside}) == (DAY, {None})
    note_rejected(session, line, "AC04", actor=SYSTEM, at=NOW)
    assert own.paid_on is None
