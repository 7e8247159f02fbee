"""Whatever is corrected and corrected back, in any order and joined between: all is as before."""

from datetime import date, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import aliased

from siweb.audit.actor import SYSTEM
from siweb.collection.corrections.record.correct import correct_record
from siweb.collection.payments.allocate import allocate, open_bills
from siweb.collection.payments.take_back import reverse_payment
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.payment import Allocation, MatchedBy
from siweb.collection.tables.record_correction import CorrectionKind
from siweb.ledgers.account.close import account_balance
from siweb.ledgers.tables.account_entry import EntryKind
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.packs.in_force import packs_in_force
from tests import factories
from tests.bills import receive
from tests.collection.corrections.test_correct_record import (
    BASE,
    billed,
    correction,
    count_rows,
    firm,
    person,
    record_of,
)
from tests.collection.corrections.test_join_registrations import EARLIER, join
from tests.collection.corrections.test_separate_registrations import separate
from tests.collection.levy.test_adjust import balanced
from tests.conftest import NOW
from tests.levies import BEIJING, ON

__all__ = ["firm", "person"]
MONTHS = ("2026-07", "2026-08")
SPANS = ((0, 0), (0, 1), (1, 1))
# Which months, and their base, or None for months that are said never to have been.
said = st.tuples(st.sampled_from(SPANS), st.one_of(st.none(), st.integers(300_000, 4_500_000)))
# How much of what is open is paid, in percent, the latest bill first or the oldest.
paid = st.tuples(st.just("pay"), st.sampled_from((20, 60, 100)), st.booleans())
bounced = st.tuples(st.just("bounce"), st.integers(0, 3))
steps = st.lists(said, min_size=1, max_size=3)
deeds = st.lists(st.one_of(said, said, paid, bounced), min_size=2, max_size=7)
few = settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class History:
    """One person's months as they are said to be, and every correction a minute after the last."""

    def __init__(self, session, firm, person):
        self.session, self.firm, self.person = session, firm, person
        self.bases = dict.fromkeys(MONTHS, BASE)
        self.minutes = 0
        self.payments = []

    def do(self, deed):
        if deed[0] == "pay":
            self.pay(*deed[1:])
        elif deed[0] == "bounce":
            if deed[1] < len(self.payments):
                packs, at = packs_in_force(self.session), NOW + timedelta(minutes=self.minutes)
                payment = self.payments.pop(deed[1])
                reverse_payment(self.session, payment, packs=packs, on=ON, actor=SYSTEM, at=at)
        else:
            (first, last), base = deed
            self.say(first, last, base)

    def pay(self, percent, is_latest_first):
        packs = packs_in_force(self.session)
        bills = open_bills(self.session, self.firm.id, None, packs=packs)
        fen = sum(max(0, bill.outstanding_fen) for bill in bills) * percent // 100
        if fen <= 0:
            return
        named = max(bills, key=lambda bill: bill.id) if is_latest_first else None
        # Each later than the last: late fees are held to the days on which money came.
        self.minutes += 1
        on = date(2026, 11, 1) + timedelta(days=self.minutes)
        self.payments.append(receive(self.session, fen, on))
        allocate(
            self.session, self.payments[-1], bills, packs=packs, matched_by=MatchedBy.STAFF,
            actor=SYSTEM, at=NOW + timedelta(minutes=self.minutes), named=named,
        )  # fmt: skip
        self.session.flush()

    def say(self, first, last, base):
        """Correct the months that are otherwise; a span is of months that are alike."""
        months = MONTHS[first : last + 1]
        for span in [months] if len({self.bases[each] for each in months}) == 1 else zip(months):
            if self.bases[span[0]] != base:
                self._correct(span[0], span[-1], self.bases[span[0]], base)
                self.bases.update(dict.fromkeys(span, base))

    def say_as_before(self):
        for place in range(len(MONTHS)):
            self.say(place, place, BASE)

    def _correct(self, first, last, was, base):
        kind = CorrectionKind.BASE
        if base is None:
            kind = CorrectionKind.NOT_INSURED
        elif was is None:
            kind = CorrectionKind.MISSING
        self.minutes += 1
        correct_record(
            self.session,
            correction(
                self.person, self.firm, kind=kind, first_month=first, last_month=last,
                declared_base_fen=base,
            ),
            packs=packs_in_force(self.session), reason="更正通知〔2026〕1号", actor=SYSTEM, on=ON,
            at=NOW + timedelta(minutes=self.minutes),
        )  # fmt: skip
        self.session.flush()


@given(steps=steps, joins_after=st.integers(0, 3))
@example(steps=[((0, 1), None), ((1, 1), 1_000_000)], joins_after=1)
# Nobody paid anything: what was added and taken back is not left in the individual account.
@example(steps=[((0, 1), 4_070_604)], joins_after=0)
@example(steps=[((0, 0), 1_035_340), ((0, 0), None)], joins_after=0)
@few
def test_sums_and_rights_are_equal_and_rows_only_added(session, firm, person, steps, joins_after):
    with session.begin_nested() as tried:
        former = factories.make_person(session, region_code=BEIJING)
        factories.make_account_entry(session, former, 2025, EntryKind.OPENING, 20_000, **EARLIER)
        record, bills, rows = record_of(session, person), billed(session), count_rows(session)
        balance = account_balance(session, person.id) + 20_000
        history = History(session, firm, person)

        for number, ((first, last), base) in enumerate(steps):
            if number == joins_after:
                join(session, former, person)
            history.say(first, last, base)
        if joins_after >= len(steps):
            join(session, former, person)
        history.say_as_before()

        assert record_of(session, person) == record
        assert billed(session) == bills
        assert account_balance(session, person.id) == balance
        assert all(now >= was for now, was in zip(count_rows(session), rows, strict=True))
        assert balanced(session)
        # They prove to be two people after all: each has again what was recorded of each.
        separate(session, former)
        assert (record_of(session, person), billed(session)) == (record, bills)
        assert account_balance(session, person.id) == balance - 20_000
        assert account_balance(session, former.id) == 20_000
        assert balanced(session)
        tried.rollback()
        session.expire_all()


@given(deeds=deeds)
@few
def test_an_account_has_what_was_paid_and_nothing_else(session, firm, person, deeds):
    """Raised, lowered, paid in part, paid, and bounced, in any order."""
    tried = session.begin_nested()
    try:
        history = History(session, firm, person)
        for deed in deeds:
            history.do(deed)
            session.flush()
            assert is_between(session, person)
            in_account = sum(fen for fen, _ in standing(session, person).values())
            assert account_balance(session, person.id) == in_account
        assert balanced(session)
        history.pay(200, False)
        assert standing(session, person) == paid_for(session, person)
        assert balanced(session)
    finally:
        tried.rollback()
        session.expire_all()


def piles(session, person):
    """The rows of each month and insurance of a person with the bill and the line that each is on."""
    row = ContributionRecord
    found = session.execute(
        select(row, Bill, BillLine)
        .join(Bill, (Bill.levy_run_id == row.levy_run_id) & (Bill.employer_id == row.employer_id))
        .join(BillLine, (BillLine.bill_id == Bill.id) & (BillLine.insurance == row.insurance))
        .where(row.person_id == person.id)
        .order_by(row.contribution_month, row.insurance, row.sequence)
        .execution_options(populate_existing=True)
    )
    piles = {}
    for record, *of_line in found:
        piles.setdefault((record.contribution_month, record.insurance), []).append(
            (record, *of_line)
        )
    return piles


def fens(record):
    return record.account_fen, record.employer_fen + record.employee_fen


def standing(session, person):
    """What of each month and insurance is in the books: for the account, and as a premium."""
    return {
        key: tuple(
            map(sum, zip((0, 0), *(fens(row) for row, *_ in pile if row.paid_on), strict=True))
        )
        for key, pile in piles(session, person).items()
    }


def paid_for(session, person, may_be_lent=True):
    """What of each was paid for: what is taken back comes off what was added last.

    `may_be_lent` counts what a credit settled that waits itself.
    """
    lent = set() if may_be_lent else lines_of_waiting_credits(session, person)
    return {
        key: tuple(
            on_the_pile(
                [
                    (
                        fens(row)[place],
                        is_paid(bill, line) and (bill.id, line.insurance) not in lent,
                    )
                    for row, bill, line in pile
                ]
            )
            for place in (0, 1)
        )
        for key, pile in piles(session, person).items()
    }


def is_paid(bill, line):
    if not line.total_fen:
        return bill.paid_fen == bill.total_fen
    return line.paid_fen == line.total_fen


def lines_of_waiting_credits(session, person):
    """The lines of corrections to which a credit gave something of which a row is not posted."""
    waiting = {
        (bill.id, line.insurance)
        for pile in piles(session, person).values()
        for row, bill, line in pile
        if row.paid_on is None and sum(fens(row)) < 0
    }
    credit = aliased(Allocation)
    given = session.execute(
        select(credit.bill_id, credit.insurance, Allocation.bill_id)
        .join(
            Allocation,
            (Allocation.payment_id == credit.payment_id)
            & (Allocation.insurance == credit.insurance),
        )
        .join(Bill, Bill.id == Allocation.bill_id)
        .where(credit.amount_fen < 0, Allocation.amount_fen > 0, Bill.kind == "adjustment")
    )
    return {(to, insurance) for bill, insurance, to in given if (bill, insurance) in waiting}


def on_the_pile(pieces):
    pile = []
    for fen, is_there in pieces:
        left = fen
        if fen > 0:
            pile.append((fen, is_there))
        while left < 0:
            piece, was_there = pile.pop()
            left += piece
            if left > 0:
                pile.append((left, was_there))
    return sum(fen for fen, is_there in pile if is_there)


def is_between(session, person):
    """What stands was paid for; what a waiting credit settled may be among it."""
    least, most = (paid_for(session, person, may_be_lent=lent) for lent in (False, True))
    return all(
        low <= found <= high
        for key, sums in standing(session, person).items()
        for low, found, high in zip(least[key], sums, most[key], strict=True)
    )
