"""The last months of the demonstration: levied, billed and mostly paid, as the office does it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import SYSTEM
from siweb.collection.arrears.daily import count_arrears_day
from siweb.collection.levy.issue import end_levy
from siweb.collection.levy.run import compute_batches
from siweb.collection.levy.start import open_levy
from siweb.collection.payments.allocate import allocate
from siweb.collection.payments.record import Received, entry_key, record_payment
from siweb.collection.payments.rhythm import choose_rhythm
from siweb.collection.statements.bank_accounts import add_account
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.payment import MatchedBy, PaymentKind
from siweb.demo.plan import REGIONS, Plan
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import add_months, first_day
from siweb.rules.calendar.pay_periods import Every
from siweb.rules.parameters.pack_set import PackSet

# Billed on the third of the month after, paid on the twelfth.
_BILLED_AFTER = timedelta(days=2)
_PAID_AFTER = timedelta(days=11)
# The flexible worker who signs in has the last month still to pay: see siweb.demo.sign_ins.
FLEXIBLE = 8
# The office's account: statements of others are not imported.
ACCOUNT = "CN6222000000000000"


def make_levies(
    session: Session,
    plan: Plan,
    packs: PackSet,
    employers: list[dict[str, Any]],
    first_person: int,
    at: datetime,
) -> None:
    """Levy the last months in both regions, and pay what is paid by the day of the plan.

    Of the employers with a sign-in, the first paid a part of the month before last, the second
    nothing of it; neither has paid the last one.
    """
    add_account(session, ACCOUNT, "示范银行", actor=SYSTEM, at=at)
    if payer := session.get(Person, first_person + FLEXIBLE):
        # By the quarter, so that what is still to pay can be paid: a closed month cannot.
        choose_rhythm(session, payer, Every.QUARTER, actor=SYSTEM, at=at)
    for month in plan.levied_months:
        billed_on = min(plan.on, first_day(add_months(month, 1)) + _BILLED_AFTER)
        for region in REGIONS:
            _levy(session, packs, region, month, billed_on, at)
        unpaid = _unpaid(plan, month, employers, first_person)
        _pay(session, plan, packs, month, unpaid, at)
    count_arrears_day(session, packs=packs, on=plan.on, at=at)
    _leave_unmatched(session, plan, employers, at)


def _leave_unmatched(
    session: Session, plan: Plan, employers: list[dict[str, Any]], at: datetime
) -> None:
    """Let money come in that only a person can match: a name not quite right, no reference."""
    for employer in employers:
        amount = session.scalar(
            select(func.max(Bill.total_fen)).where(
                Bill.employer_id == employer["id"], Bill.contribution_month == plan.last_month
            )
        )
        if amount:
            received = Received(
                entry_key("demonstration", "unmatched", employer["id"]),
                amount,
                plan.on - timedelta(days=1),
                payer_name=employer["name"].replace("有限公司（示范）", "公司"),
                payer_account="6222000000000000",
                remittance="社保费",
            )
            record_payment(
                session,
                employer["region_code"],
                PaymentKind.TRANSFER,
                received,
                actor=SYSTEM,
                at=at,
            )


def _levy(
    session: Session, packs: PackSet, region: str, month: str, on: date, at: datetime
) -> None:
    run = open_levy(
        session,
        region,
        month,
        packs=packs,
        actor=SYSTEM,
        on=on,
        at=at,
        may_be_provisional=True,
    )
    for _batch in compute_batches(session, run, at=at):
        session.flush()
    end_levy(session, run, packs=packs, actor=SYSTEM, at=at)


def _unpaid(
    plan: Plan, month: str, employers: Iterable[dict[str, Any]], first_person: int
) -> dict[tuple[int | None, int | None], int]:
    """Return whose bill of a month is not paid in full, and how many hundredths of it are."""
    first, *others = [(employer["id"], None) for employer in employers]
    if month == plan.last_month:
        return dict.fromkeys([first, *others, (None, first_person + FLEXIBLE)], 0)
    if month == add_months(plan.last_month, -1):
        return {first: 40} | dict.fromkeys(others, 0)
    return {}


def _pay(
    session: Session,
    plan: Plan,
    packs: PackSet,
    month: str,
    hundredths: dict[tuple[int | None, int | None], int],
    at: datetime,
) -> None:
    paid_on = first_day(add_months(month, 1)) + _PAID_AFTER
    if paid_on > plan.on:
        return
    bills = session.scalars(
        select(Bill).where(Bill.contribution_month == month, Bill.total_fen > 0).order_by(Bill.id)
    ).all()
    for bill in bills:
        share = hundredths.get((bill.employer_id, bill.person_id), 100)
        amount = bill.total_fen * share // 100
        if amount == 0:
            continue
        received = Received(
            entry_key("demonstration", bill.id),
            amount,
            paid_on,
            remittance=str(bill.bank_reference),
        )
        payment, _is_new = record_payment(
            session, bill.region_code, PaymentKind.TRANSFER, received, actor=SYSTEM, at=at
        )
        allocate(
            session,
            payment,
            [bill],
            matched_by=MatchedBy.REFERENCE,
            actor=SYSTEM,
            at=at,
            named=bill,
            packs=packs,
        )
