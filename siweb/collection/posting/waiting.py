"""Which rows of adjustments stand in the books: not those that take back what nobody paid yet.

An individual account gets what was paid, and nothing else (Order 20 Art. 13). What takes something
back is taken off the bills that asked for it, so that these are settled although nobody paid them;
therefore it is not enough that nothing of a line is left. What stands in the books is this:

- A month's own rows stand when their line is paid.
- The rows of one person, month, insurance and payer are a pile: what a row adds lies on top of what
  was there, what a row takes back is taken off the top. Of an adjustment waits whatever takes from
  a piece that is not paid, and all between that piece and the last that reaches into it: with it
  they are what is left of the piece. What was only added stands by itself.
- A piece of which all was taken back is not waited for: nobody will ever pay it.
- What then stands never falls below zero: up to its lowest place rows wait as well.
- What a credit settled is settled only when the credit stands. Of an adjustment's line to which a
  credit gave something, the rows of a month in which that waits wait as well; unless all that waits
  of it went to the month's own line, which is what it waits for. What a line adds for one and takes
  from another is such a credit too, inside the line.

So an account never gives back what it never got; and of a month that was raised and then lowered,
or that never was, the raise does not stay: it waits with what took it back, until the month is
paid. Which rows wait follows from what is paid of the bills and from the marks of the months' own
rows, never from what was posted of adjustments: it is the same in whatever order money came, went
back and came again, and `siweb check` works it out anew.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session, aliased

from siweb.collection.tables.bill import Bill, BillKind, BillLine
from siweb.collection.tables.payment import (
    Allocation,
    AllocationKind,
    Payment,
    PaymentKind,
    is_standing,
)
from siweb.db.among import among, numbers_named
from siweb.db.arithmetic import whole
from siweb.ledgers.lookup import is_not_levied
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.tables.contribution_record import ContributionRecord

_RECORD = ContributionRecord
_AMOUNTS = ("account_fen", "employer_fen", "employee_fen")
PILE = ("region_code", "contribution_month", "person_id", "insurance", "employer_id")
"""Whose rows lie on one pile; without an employer people pay for themselves."""
RECORD_KEY = tuple(column.name for column in _RECORD.__table__.primary_key)
# A bill and an insurance as one number: those of insurances are below 8. Behind it two bits.
_INSURANCES = literal_column("8", Integer())
_BITS, _LAST = literal_column("2", Integer()), literal_column("3", Integer())
_MONTHS = literal_column("1000000", Integer())
WITHHELD = numbers_named("withheld")
Withheld = Sequence[int] | BindParameter[list[Any]]
# Something of a line is left; nothing is; nothing is, and only a waiting credit settled it.
_OPEN, _COUNTS, _WITHHELD = 0, 1, 2


def line_number(bill_id: Any = Bill.id, insurance: Any = BillLine.insurance) -> ColumnElement[int]:
    """Return the number that stands for a line: one value in a list of many."""
    number: ColumnElement[int] = whole(bill_id) * _INSURANCES + type_coerce(insurance, Integer())
    return number


def bill_of_line(number: int) -> int:
    """Return the bill that a line's number says."""
    return number // 8


def is_paid_line() -> ColumnElement[bool]:
    """Return the condition that nothing of a line is left; one of nothing is paid with its bill."""
    total = BillLine.employer_fen + BillLine.employee_fen
    is_paid: ColumnElement[bool] = case(
        (total == 0, Bill.paid_fen == Bill.total_fen),
        else_=BillLine.paid_fen == total,
    )
    return is_paid


def piles_of(withheld: Collection[int]) -> Select[Any]:
    """Return the piles of the rows of some lines' months."""
    lines = {number // 1_000_000 for number in withheld}
    month = month_number(line_number(), _RECORD.contribution_month)
    columns = [getattr(_RECORD, name) for name in PILE]
    return _of_lines(lines).with_only_columns(*columns).where(among(month, withheld))


def _of_lines(lines: Collection[int]) -> Select[Any]:
    """Return the rows of some adjustments' lines, with the number of the line."""
    record = _RECORD
    payer = or_(
        record.employer_id == Bill.employer_id,
        and_(record.employer_id.is_(None), record.person_id == Bill.person_id),
    )
    return (
        select(line_number())
        .select_from(Bill)
        .join(BillLine, BillLine.bill_id == Bill.id)
        .join(
            record,
            and_(
                record.region_code == Bill.region_code,
                record.contribution_month.between(Bill.contribution_month, Bill.through_month),
                record.levy_run_id == Bill.levy_run_id,
                record.insurance == BillLine.insurance,
                payer,
                # Only these have an index of their own; a month's own rows are none of them.
                is_not_levied(),
            ),
        )
        .where(among(Bill.id, {bill_of_line(line) for line in lines}), among(line_number(), lines))
    )


def month_number(line: Any, month: Any) -> ColumnElement[int]:
    """Return the number that stands for a month of a line."""
    return whole(line) * _MONTHS + type_coerce(month, Integer())


def credits_waiting(keys: Select[Any]) -> Select[Any]:
    """Return the statement that `withheld_months` asks: what of each line waits, month by month."""
    row = placed_rows(keys, WITHHELD).c
    waits = func.sum(case((row.fen < 0, -row.fen), else_=0))
    return (
        select(row.line, type_coerce(row.contribution_month, Integer()), waits)
        .where(row.is_paid == 1, row.stands == 0)
        .group_by(row.line, row.contribution_month)
    )


def withheld_months(
    session: Session, waiting: Select[Any], values: Mapping[str, Any] | None = None
) -> list[int]:
    """Return the numbers of the lines' months that only a waiting credit settled.

    What is taken for unpaid may let others wait: asked until nothing new is found, which is after
    one question wherever nothing waits.
    """
    withheld: set[int] = set()
    while True:
        found = session.execute(waiting, dict(values or {}) | {"withheld": sorted(withheld)})
        giving = {(int(line), int(month)): int(fen) for line, month, fen in found if fen > 0}
        more = _settled_by(session, giving) | _added_beside(session, giving) if giving else set()
        if more <= withheld:
            return sorted(withheld)
        withheld |= more


def placed_rows(keys: Select[Any], withheld: Withheld) -> Subquery:
    """Return the rows of adjustments on some piles: of which line, whether it is paid, who stands.

    `keys` has the columns that a pile is known by; `withheld` are months taken for unpaid.
    """
    pile = _held(_heights(_rows(keys, withheld)))
    held = or_(*(pile.c[f"{name}_held"] for name in _AMOUNTS))
    is_adjusting = pile.c.line.is_not(None)
    is_left = case((and_(pile.c.is_counted == 1, ~and_(is_adjusting, held)), 1), else_=0)
    left = _with(
        pile,
        is_left.label("is_left"),
        *(
            _sum(case((is_left == 1, pile.c[name]), else_=0), pile).label(f"{name}_left")
            for name in _AMOUNTS
        ),
    ).subquery("left_of_pile")
    falls = []
    for name in _AMOUNTS:
        height = left.c[f"{name}_left"]
        lowest = func.min(height).over(partition_by=_of_pile(left))
        before = _over(func.min(height), left, (None, -1))
        falls.append(and_(lowest < 0, func.coalesce(before, 0) > lowest))
    stands = case((and_(left.c.is_left == 1, ~or_(*falls)), 1), else_=0)
    is_paid = case((left.c.state == _OPEN, 0), else_=1)
    rows = _with(left, stands.label("stands"), is_paid.label("is_paid")).subquery("placed")
    fen = rows.c.employer_fen + rows.c.employee_fen
    # Asked behind the windows: the rows of the months' own levies are part of the pile.
    return _with(rows, fen.label("fen")).where(rows.c.line.is_not(None)).subquery("adjusting")


def _rows(keys: Select[Any], withheld: Withheld) -> Subquery:
    """Return every issued row of some piles, and whether its line is paid."""
    record, key = _RECORD, keys.distinct().subquery("pile_key")
    row = (
        select(
            *(getattr(record, name) for name in dict.fromkeys((*RECORD_KEY, *PILE, *_AMOUNTS))),
            record.paid_on,
            record.levy_run_id,
            _line_of_row(withheld).label("line_and_state"),
        )
        .join(
            key,
            and_(
                *(getattr(record, name) == key.c[name] for name in PILE[:-1]),
                # A pile of who pays alone has no employer, and NULL equals nothing.
                record.employer_id.is_not_distinct_from(key.c.employer_id),
            ),
        )
        .where(is_issued())
        .subquery("row_of_pile")
    )
    line = row.c.line_and_state
    state = line.bitwise_and(_LAST)
    is_paid_for = case(
        # What an earlier system recorded is on no bill, and nobody will pay it here.
        (row.c.levy_run_id.is_(None), 1),
        (line.is_(None), case((row.c.paid_on.is_not(None), 1), else_=0)),
        (state == _COUNTS, 1),
        else_=0,
    )
    heights = (_sum(row.c[name], row).label(f"{name}_high") for name in _AMOUNTS)
    number = line.bitwise_rshift(_BITS).label("line")
    columns = (number, state.label("state"), is_paid_for.label("is_paid_for"))
    return _with(row, *columns, *heights).subquery("pile")


def _heights(pile: Subquery) -> Subquery:
    """Return the rows with how low the pile gets behind each, and what is taken back whole."""
    low = _with(
        pile,
        *(
            _over(func.min(pile.c[f"{name}_high"]), pile, (first, None)).label(f"{name}_{word}")
            for name in _AMOUNTS
            for word, first in (("later", 1), ("from_here", 0))
        ),
    ).subquery("low_of_pile")
    is_gone = and_(
        low.c.line.is_not(None),
        *(
            and_(low.c[name] >= 0, low.c[f"{name}_later"] <= low.c[f"{name}_high"] - low.c[name])
            for name in _AMOUNTS
        ),
    )
    counted = case((is_gone, 1), else_=low.c.is_paid_for)
    return _with(low, counted.label("is_counted")).subquery("counted_of_pile")


def _held(low: Subquery) -> Subquery:
    """Return the rows with whether they take from a piece that is not paid, or lie between."""
    held = []
    for name in _AMOUNTS:
        height, later = low.c[f"{name}_high"], low.c[f"{name}_later"]
        # Taken from this piece and from nothing below it: whatever lies below is a piece as well.
        reaches = and_(
            low.c.is_counted == 0, later < height, later >= height - low.c[name], low.c[name] > 0
        )
        # Of several such pieces the last has the largest: heights that are left never fall.
        reached = _over(func.max(case((reaches, later))), low, (None, -1))
        held.append(
            func.coalesce(reached == low.c[f"{name}_from_here"], false()).label(f"{name}_held")
        )
    return _with(low, *held).subquery("held_of_pile")


def _with(rows: Subquery, *more: Any) -> Select[Any]:
    return select(*rows.c, *more)


def _of_pile(rows: Subquery) -> list[Any]:
    return [rows.c[name] for name in PILE]


def _over(function: Any, rows: Subquery, frame: tuple[int | None, int | None]) -> Any:
    """Return a function over some of the rows of the same pile, in the order of their numbers."""
    return function.over(partition_by=_of_pile(rows), order_by=rows.c.sequence, rows=frame)


def _sum(fen: Any, rows: Subquery) -> Any:
    return whole(_over(func.sum(fen), rows, (None, 0)))


def _line_of_row(withheld: Withheld) -> ColumnElement[int]:
    """Return the line of an adjustment that a row is of, and whether it is paid, as one number."""
    record, number = _RECORD, line_number()
    states: list[Any] = [(or_(~is_paid_line(), Bill.issued_at.is_(None)), _OPEN)]
    # An empty list has no type where a statement is written out.
    if isinstance(withheld, BindParameter) or withheld:
        month = month_number(number, record.contribution_month)
        states.append((among(month, withheld), _WITHHELD))
    both = number.bitwise_lshift(_BITS) + case(*states, else_=_COUNTS)
    line = (
        select(both)
        .join(BillLine, BillLine.bill_id == Bill.id)
        .where(
            Bill.levy_run_id == record.levy_run_id,
            Bill.kind == BillKind.ADJUSTMENT,
            BillLine.insurance == record.insurance,
        )
        .correlate(record)
    )
    # Each way by an index of its own.
    by_employer = line.where(Bill.employer_id == record.employer_id).scalar_subquery()
    by_person = line.where(Bill.person_id == record.person_id).scalar_subquery()
    return case((record.employer_id.is_not(None), by_employer), else_=by_person)


def _added_beside(session: Session, waiting: Mapping[tuple[int, int], int]) -> set[int]:
    """Return the months for which lines add something, of which something else waits.

    What such a line comes to was paid, which is less than what it adds.
    """
    month = month_number(line_number(), _RECORD.contribution_month)
    added = _of_lines({line for line, _ in waiting}).with_only_columns(month).distinct()
    rows = added.where(_RECORD.employer_fen + _RECORD.employee_fen > 0)
    return {int(number) for number in session.scalars(rows)}


def _settled_by(session: Session, waiting: Mapping[tuple[int, int], int]) -> set[int]:
    """Return the months of adjustments' lines that the credits of some lines settled.

    `waiting` is how much of each line's credit waits, by month. As much of it as the month's own
    line got waits for that one, which stands all the same: whoever else is on it has paid.
    """
    lines = {line for line, _ in waiting}
    credit = aliased(Allocation, name="credit")
    given = session.execute(
        select(
            line_number(credit.bill_id, credit.insurance),
            line_number(Allocation.bill_id, Allocation.insurance),
            Bill.kind == BillKind.ADJUSTMENT,
            type_coerce(Bill.contribution_month, Integer()),
            Allocation.amount_fen,
        )
        .select_from(Allocation)
        .join(
            credit,
            and_(
                credit.payment_id == Allocation.payment_id,
                credit.insurance == Allocation.insurance,
            ),
        )
        .join(Payment, Payment.id == Allocation.payment_id)
        .join(Bill, Bill.id == Allocation.bill_id)
        .where(
            among(credit.bill_id, {bill_of_line(line) for line in lines}),
            among(line_number(credit.bill_id, credit.insurance), lines),
            credit.amount_fen < 0,
            credit.reverses_number.is_(None),
            Payment.kind == PaymentKind.CREDIT,
            Allocation.kind == AllocationKind.PREMIUM,
            Allocation.amount_fen > 0,
            is_standing(),
        )
    ).all()
    left = dict(waiting)
    for line, _, is_adjusting, month, fen in given:
        if not is_adjusting and (line, month) in left:
            left[line, month] -= fen
    return {
        settled * 1_000_000 + month
        for line, settled, is_adjusting, _, _ in given
        for (of_line, month), fen in left.items()
        if is_adjusting and of_line == line and fen > 0
    }
