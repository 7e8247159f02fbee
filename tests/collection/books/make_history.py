"""A history with everything in it, for tests that tamper with the books."""

from datetime import date, timedelta

from siweb.audit.actor import SYSTEM
from siweb.collection.arrears.notify import Approval, defer
from siweb.collection.books.seal_day import seal_day
from siweb.collection.payments.allocate import allocate
from siweb.collection.payments.take_back import refund, reverse_payment
from siweb.collection.tables.arrears import Arrears, ArrearsState
from siweb.collection.tables.bill import BillMonth
from siweb.collection.tables.payment import MatchedBy
from siweb.ledgers.account.interest_run import InterestRun, interest_terms, post_interest
from siweb.registry.packs.in_force import packs_in_force
from tests.bills import (
    PACK_REGION,
    SEAL_KEY,
    make_assessment_bill,
    make_bill,
    make_levy_run,
    receive,
)
from tests.factories import AT, make_employer, make_person

TODAY = date(2026, 11, 24)


def make_history(session):
    """Make bills that are paid late, too much, refunded, bounced, with interest; return the first."""
    people = [make_person(session, region_code=PACK_REGION) for _ in range(2)]
    employer = make_employer(session, region_code=PACK_REGION)
    runs = [make_levy_run(session, month) for month in ("2025-07", "2025-08")]
    first, second = (make_bill(session, people, employer=employer, run=run) for run in runs)
    kept = receive(session, first.total_fen + 9_000, date(2025, 9, 1))
    bounced = receive(session, second.total_fen, date(2025, 9, 1))
    for payment, one in ((kept, first), (bounced, second)):
        allocate(
            session,
            payment,
            [one],
            matched_by=MatchedBy.STAFF,
            actor=SYSTEM,
            at=AT,
            packs=packs_in_force(session),
        )
    refund(session, kept, 1_000, on=TODAY, actor=SYSTEM, at=AT)
    reverse_payment(session, bounced, on=TODAY, actor=SYSTEM, at=AT, packs=packs_in_force(session))
    terms = interest_terms(packs_in_force(session), PACK_REGION, 2025, TODAY)
    post_interest(session, InterestRun(PACK_REGION, 2025, terms), (1, 10**9), TODAY)
    deferred(session, employer)
    seal(session)
    return first


def seal(session, on=TODAY, at=AT):
    """Close a day; everything here is recorded at one instant, so that its day stays open."""
    return seal_day(session, key=SEAL_KEY, on=on, at=at, actor=SYSTEM)


def deferred(session, employer):
    """A bill of two due days, whose arrears were deferred and then deferred anew."""
    bill = make_assessment_bill(session, employer, 90_000, due_on=TODAY)
    session.add_all(
        BillMonth(
            bill_id=bill.id,
            contribution_month="2025-01",
            due_on=date(2025, month, 15),
            amount_fen=fen,
        )
        for month, fen in ((2, 60_000), (3, 30_000))
    )
    arrears = Arrears(
        bill_id=bill.id,
        region_code=PACK_REGION,
        state=ArrearsState.FOUND,
        found_on=TODAY,
        notice_by=TODAY,
        changed_at=AT,
    )
    session.add(arrears)
    session.flush()
    for first, until in ((TODAY, 40), (TODAY + timedelta(days=20), 60)):
        days = (first, TODAY + timedelta(days=until))
        defer(session, arrears, days, Approval("某法第一条", "征收机构"), actor=SYSTEM, at=AT)
