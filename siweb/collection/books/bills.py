"""Bill total = its lines = its records; what is paid of a bill = its allocations."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    Subquery,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
    union,
)
from sqlalchemy.orm import Session, aliased

from siweb.collection.books.imbalance import MOST, Imbalance, Scope
from siweb.collection.books.set_aside import table_of, whole_sets
from siweb.collection.posting.waiting import (
    PILE,
    credits_waiting,
    is_paid_line,
    line_number,
    piles_of,
    placed_rows,
    withheld_months,
)
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState
from siweb.collection.tables.payment import Allocation, AllocationKind
from siweb.db.among import among
from siweb.db.arithmetic import whole
from siweb.db.types import written_day
from siweb.ledgers.tables.contribution_record import ContributionRecord, RecordKind

_SIDES = ("employer_fen", "employee_fen")
_NO = literal_column("0", Integer())
# A payer and an insurance as one number: those of insurances are below 8.
_BITS, _LAST = literal_column("3", Integer()), literal_column("7", Integer())
_TIMES = literal_column("8", Integer())


def bill_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield bills whose sides, or what is paid of them, are not those of their lines."""
    for side in (*_SIDES, "paid_fen"):
        of_bill, of_lines = getattr(Bill, side), func.coalesce(func.sum(getattr(BillLine, side)), 0)
        query = (
            select(Bill.id, of_bill, of_lines)
            .outerjoin(BillLine, BillLine.bill_id == Bill.id)
            .where(scope.bills())
            .group_by(Bill.id, of_bill)
            .having(of_bill != of_lines)
        )
        for bill_id, expected, found in session.execute(query.order_by(Bill.id).limit(MOST)):
            yield Imbalance(f"{side} of its lines", f"bill {bill_id}", expected, int(found))
    yield from _strange_lines(session, scope)


def _strange_lines(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield lines that say another region or month than their bill."""
    line = BillLine
    query = (
        select(Bill.id, line.insurance, line.employer_fen + line.employee_fen)
        .join(Bill, Bill.id == line.bill_id)
        .where(
            scope.bills(),
            or_(
                line.region_code != Bill.region_code,
                line.contribution_month != Bill.contribution_month,
            ),
        )
    )
    for bill_id, insurance, fen in session.execute(query.limit(MOST)):
        subject = f"bill {bill_id}, {insurance.value}"
        yield Imbalance("a line of another region or month", subject, 0, int(fen))


def line_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield lines whose sides are not those of their records, or whose records do not say paid."""
    waiting = kept_waiting()
    for is_employer in (True, False):
        behind = records_by_payer(is_employer=is_employer)
        payer = Bill.employer_id if is_employer else Bill.person_id
        lines = (
            select(
                Bill.id,
                BillLine.insurance,
                # The fen that rounding the total made are of no record.
                (BillLine.employer_fen - BillLine.rounding_fen).label("employer_due"),
                func.coalesce(behind.c.employer_fen, 0).label("employer_found"),
                BillLine.employee_fen.label("employee_due"),
                func.coalesce(behind.c.employee_fen, 0).label("employee_found"),
                is_paid_line().label("is_paid"),
                func.coalesce(behind.c.records, 0).label("records"),
                func.coalesce(waiting.c.records, 0).label("waiting"),
                func.coalesce(behind.c.paid, 0).label("paid"),
            )
            .join(Bill, Bill.id == BillLine.bill_id)
            .outerjoin(waiting, waiting.c.line == line_number())
            .outerjoin(
                behind,
                and_(
                    behind.c.levy_run_id == Bill.levy_run_id,
                    behind.c.payer_id == payer,
                    behind.c.insurance == BillLine.insurance,
                ),
            )
            .where(scope.bills(), Bill.levy_run_id.is_not(None), payer.is_not(None))
            .subquery("lines")
        )
        with whole_sets(session):
            yield from _wrong_sides(session, lines)
            yield from _wrong_marks(session, lines)


def paid_day_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield lines whose records were paid on another day than any money of their bill."""
    for is_employer in (True, False):
        behind = records_by_payer(is_employer=is_employer)
        payer = Bill.employer_id if is_employer else Bill.person_id
        days = (written_day(behind.c.first_paid_on), written_day(behind.c.last_paid_on))
        strange = (
            and_(
                # A bill of nothing counts as paid on its due day, without any money.
                day != Bill.due_on,
                ~exists().where(Allocation.bill_id == Bill.id, Allocation.paid_on == day),
            )
            for day in days
        )
        query = (
            select(Bill.id, behind.c.insurance, behind.c.paid)
            .select_from(behind)
            .join(Bill, and_(Bill.levy_run_id == behind.c.levy_run_id, payer == behind.c.payer_id))
            .where(scope.bills(), behind.c.paid > 0, or_(*strange))
        )
        for bill_id, insurance, paid in session.execute(query.limit(MOST)):
            what = "paid on a day without money of the bill (a count of records)"
            yield Imbalance(what, f"bill {bill_id}, {insurance.value}", 0, int(paid))


def unbilled_imbalances(session: Session, _scope: Scope) -> Iterator[Imbalance]:
    """Yield what records of an issued run say that no bill of it has."""
    for is_employer in (True, False):
        behind = records_by_payer(is_employer=is_employer)
        payer = Bill.employer_id if is_employer else Bill.person_id
        total = behind.c.employer_fen + behind.c.employee_fen
        query = (
            select(behind.c.levy_run_id, behind.c.payer_id, behind.c.insurance, total)
            .outerjoin(
                Bill, and_(Bill.levy_run_id == behind.c.levy_run_id, payer == behind.c.payer_id)
            )
            .outerjoin(
                BillLine,
                and_(BillLine.bill_id == Bill.id, BillLine.insurance == behind.c.insurance),
            )
            # Rows that cancel out need no line of their bill; whoever has rows needs a bill.
            .where(BillLine.bill_id.is_(None), or_(total != 0, Bill.id.is_(None)))
        )
        word = "employer" if is_employer else "person"
        for run_id, payer_id, insurance, found in session.execute(query.limit(MOST)):
            subject = f"levy run {run_id}, {word} {payer_id}, {insurance.value}"
            yield Imbalance("records without a bill's line", subject, 0, int(found))


def paid_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield lines and late fees of which something else is paid than was allocated."""
    used = (
        select(
            Allocation.bill_id, Allocation.insurance, func.sum(Allocation.amount_fen).label("fen")
        )
        .where(Allocation.kind == AllocationKind.PREMIUM)
        .group_by(Allocation.bill_id, Allocation.insurance)
        .subquery("used")
    )
    found = func.coalesce(used.c.fen, 0)
    lines = (
        select(Bill.id, BillLine.insurance, BillLine.paid_fen, found)
        .join(Bill, Bill.id == BillLine.bill_id)
        .outerjoin(used, and_(used.c.bill_id == Bill.id, used.c.insurance == BillLine.insurance))
        .where(scope.bills(), BillLine.paid_fen != found)
    )
    for bill_id, insurance, expected, fen in session.execute(lines.limit(MOST)):
        subject = f"bill {bill_id}, {insurance.value}"
        yield Imbalance("paid_fen is not its allocations", subject, expected, int(fen))
    fees = func.coalesce(
        func.sum(case((Allocation.kind == AllocationKind.LATE_FEE, Allocation.amount_fen))), 0
    )
    query = (
        select(Bill.id, Bill.late_fee_paid_fen, fees)
        .outerjoin(Allocation, Allocation.bill_id == Bill.id)
        .where(scope.bills())
        .group_by(Bill.id, Bill.late_fee_paid_fen)
        .having(Bill.late_fee_paid_fen != fees)
    )
    for bill_id, expected, fen in session.execute(query.limit(MOST)):
        what = "late_fee_paid_fen is not its allocations"
        yield Imbalance(what, f"bill {bill_id}", expected, int(fen))


WAITING = "waiting_line"
"""The table that `waiting_lines` is set aside in."""
WAITING_KEY = ("line",)


def waiting_lines(session: Session, scope: Scope) -> Select[Any]:
    """Return the lines of adjustments of which other rows stand than what is paid says.

    How many fewer, and what they come to, worked out anew as `posting` has it; a line that is not
    paid may have rows that stand, so that these are below zero. Most months have no adjustment, and
    their records need not be gone through.
    """
    keys = _piles_in_doubt(session, scope)
    if keys is None:
        return _nothing_waits()
    withheld = withheld_months(session, credits_waiting(keys))
    if withheld:
        keys = select(union(keys, piles_of(withheld)).subquery("piles"))
    row = placed_rows(keys, withheld).c
    fewer = row.is_paid - row.stands
    return (
        select(
            row.line,
            whole(func.sum(fewer)).label("records"),
            whole(func.sum(fewer * row.fen)).label("fen"),
            whole(func.sum(fewer * row.account_fen)).label("account_fen"),
        )
        .where(fewer != 0)
        .group_by(row.line)
    )


@cache
def kept_waiting() -> Any:
    """Return the table as it was set aside."""
    return table_of(WAITING, _nothing_waits())


def _nothing_waits() -> Select[Any]:
    names = ("line", "records", "fen", "account_fen")
    columns: list[Any] = [whole(_NO).label(name) for name in names]
    return select(*columns).where(false())


def _piles_in_doubt(session: Session, scope: Scope) -> Select[Any] | None:
    """Return the piles on which something is taken back that an adjustment added, or is unpaid."""
    found = _adjusting_runs(session, scope)
    if not found:
        return None
    record, earlier = ContributionRecord, aliased(ContributionRecord, name="earlier")
    of_pile: list[Any] = [getattr(record, name) for name in PILE]
    # Only what lowers an amount can wait for something to be paid.
    falls = or_(record.account_fen < 0, record.employer_fen < 0, record.employee_fen < 0)
    doubtful = exists().where(
        *(getattr(earlier, name) == getattr(record, name) for name in PILE[:-1]),
        earlier.employer_id.is_not_distinct_from(record.employer_id),
        earlier.sequence < record.sequence,
        earlier.levy_run_id.is_not(None),
        or_(earlier.paid_on.is_(None), earlier.kind != RecordKind.REGULAR),
    )
    return select(*of_pile).where(
        scope.region(record.region_code),
        record.contribution_month.between(
            min(first for _, first, _ in found), max(last for _, _, last in found)
        ),
        record.kind.in_((RecordKind.ADJUSTMENT, RecordKind.REVERSAL)),
        among(record.levy_run_id, [run_id for run_id, _, _ in found]),
        falls,
        doubtful,
    )


def _adjusting_runs(session: Session, scope: Scope) -> list[tuple[int, str, str]]:
    """Return the issued adjustments of a scope with their first and last months.

    Of a month all that overlap with it, or with one that does: what waits may wait for these.
    """
    runs = [
        (run_id, first, last)
        for run_id, first, last in session.execute(
            select(LevyRun.id, LevyRun.contribution_month, LevyRun.through_month).where(
                LevyRun.kind == LevyKind.ADJUSTMENT,
                LevyRun.state == LevyState.ISSUED,
                scope.region(LevyRun.region_code),
            )
        )
    ]
    if scope.month is None:
        return runs
    begins = ends = scope.month
    if any(first == scope.month for _, first, _ in runs):
        ends = max(last for _, first, last in runs if first == scope.month)
    while True:
        near = [run for run in runs if run[1] <= ends and run[2] >= begins]
        wider = (
            min([begins, *(first for _, first, _ in near)]),
            max([ends, *(last for _, _, last in near)]),
        )
        if wider == (begins, ends):
            return near
        begins, ends = wider


def payers_of_records(session: Session, scope: Scope) -> Select[Any]:
    """Return the issued records added up by run, payer and insurance.

    `changes` counts those that an adjustment wrote. A person stands only where no employer pays.
    """
    return _payers(scope, scope.only_run(session))


def _payers(scope: Scope, run_id: int | None = None) -> Select[Any]:
    """Return what records come to; `run_id` is that of the only run, where there are no others."""
    record = ContributionRecord
    # Below zero is a person: one number tells both kinds of payers apart.
    payer = case((record.employer_id.is_(None), -record.person_id), else_=record.employer_id)
    key = (whole(payer) * _TIMES + type_coerce(record.insurance, Integer())).label("key")
    is_change = case((record.kind.in_((RecordKind.ADJUSTMENT, RecordKind.REVERSAL)), 1))
    run: Any = record.levy_run_id if run_id is None else literal(run_id)
    sums: list[Any] = [
        func.sum(record.employer_fen).label("employer_fen"),
        func.sum(record.employee_fen).label("employee_fen"),
        func.sum(record.account_fen).label("account_fen"),
        func.count().label("records"),
        func.count(record.paid_on).label("paid"),
        func.min(record.paid_on).label("first_paid_on"),
        func.max(record.paid_on).label("last_paid_on"),
        func.count(is_change).label("changes"),
    ]
    # A month has one run most often: by a single number SQLite sorts in half the time.
    groups = [key, record.levy_run_id] if run_id is None else [key]
    rows = select(run.label("levy_run_id"), key, *sums).where(scope.records(run_id))
    of_key = rows.group_by(*groups).subquery("of_key").c
    # Shifting rounds down below zero as well: -5 * 8 + 3 becomes -5 again.
    number = of_key.key.bitwise_rshift(_BITS)
    insurance = whole(of_key.key.bitwise_and(_LAST))
    # Cast, so that SQLite compares what is kept as integers and finds it by its index.
    return select(
        whole(of_key.levy_run_id).label("levy_run_id"),
        whole(case((number > 0, number))).label("employer_id"),
        whole(case((number < 0, -number))).label("person_id"),
        type_coerce(insurance, record.insurance.type).label("insurance"),
        *(of_key[each.key] for each in sums),
    )


PAYERS = "payer_of_records"
"""The table that `payers_of_records` is set aside in."""
PAYERS_KEY = ("levy_run_id", "employer_id", "person_id", "insurance")


@cache
def kept_payers() -> Any:
    """Return the table as it was set aside."""
    return table_of(PAYERS, _payers(Scope()))


@cache
def records_by_payer(*, is_employer: bool) -> Subquery:
    """Return what records of employers, or of people who pay alone, come to."""
    payers = kept_payers()
    employer, person = payers.c.employer_id, payers.c.person_id
    payer = employer if is_employer else person
    is_meant = employer.is_not(None) if is_employer else employer.is_(None)
    return select(payers, payer.label("payer_id")).where(is_meant).subquery("behind")


def _wrong_sides(session: Session, lines: Subquery) -> Iterator[Imbalance]:
    for side in ("employer", "employee"):
        due, found = lines.c[f"{side}_due"], lines.c[f"{side}_found"]
        query: Select[Any] = select(lines.c.id, lines.c.insurance, due, found).where(due != found)
        for bill_id, insurance, expected, fen in session.execute(query.limit(MOST)):
            subject = f"bill {bill_id}, {insurance.value}"
            yield Imbalance(f"{side}_fen is not its records", subject, expected, int(fen))


def _wrong_marks(session: Session, lines: Subquery) -> Iterator[Imbalance]:
    """Yield lines whose records say otherwise than the line whether they are paid."""
    due = case((lines.c.is_paid, lines.c.records), else_=0) - lines.c.waiting
    query = select(lines.c.id, lines.c.insurance, due, lines.c.paid).where(due != lines.c.paid)
    for bill_id, insurance, expected, found in session.execute(query.limit(MOST)):
        subject = f"bill {bill_id}, {insurance.value}"
        yield Imbalance("records that say they are paid (a count)", subject, expected, int(found))
