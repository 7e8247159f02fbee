"""From declared to credited: four steps of a month, and why one differs from the one before.

Only from the books: nothing is guessed. Where they say nothing of a cause, none is given.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partial

from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.record.month import EmployerOfMonth, RecordMonth, RecordRow
from siweb.ledgers.tables.contribution_record import RecordKind
from siweb.portal.record_month.facts import Base, Billed, Facts
from siweb.registry.codes import Insurance


class Step(StrEnum):
    DECLARED = "declared"
    BILLED = "billed"
    PAID = "paid"
    CREDITED = "credited"


class Cause(StrEnum):
    """Why a step is not what the one before it says."""

    NO_BASE = "no_base"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DECLARED_SINCE = "declared_since"
    FLOOR = "floor"
    CEILING = "ceiling"
    TO_COME = "to_come"
    ASSESSED = "assessed"
    NOT_BILLED = "not_billed"
    CORRECTED = "corrected"
    NOT_DUE = "not_due"
    DEFERRED = "deferred"
    WRITTEN_OFF = "written_off"
    OVERDUE = "overdue"
    OWN_UNPAID = "own_unpaid"
    PARTLY = "partly"
    PART_OF_BILL = "part_of_bill"
    WAITS = "waits"
    LATE = "late"
    WITH_PAYMENT = "with_payment"
    REVERSED = "reversed"
    BROUGHT_FORWARD = "brought_forward"


@dataclass(frozen=True, slots=True)
class Difference:
    """A cause with its facts: a day, an amount in fen, a number of days."""

    cause: Cause
    day: date | None = None
    fen: int = 0
    days: int = 0


@dataclass(slots=True)
class Line:
    """A step: its amount in fen (None is nothing), its day, and why it differs."""

    step: Step
    fen: int | None = None
    day: date | None = None
    causes: list[Difference] = field(default_factory=list)

    def say(self, cause: Cause, day: date | None = None, fen: int = 0, days: int = 0) -> None:
        """Add a cause, once."""
        difference = Difference(cause, day, fen, days)
        if difference not in self.causes:
            self.causes.append(difference)


@dataclass(frozen=True, slots=True)
class PayerSteps:
    """The four steps at one payer; without an employer the person pays."""

    employer: EmployerOfMonth | None
    lines: tuple[Line, ...]


def steps_of(record: RecordMonth, facts: Facts, *, on: date) -> list[PayerSteps]:
    """Return the steps of a month at each payer; none where nobody was insured in it."""
    rows = [row for line in record.lines for row in line.rows]
    if not rows:
        states = {line.mark.state for line in record.lines}
        insured = states - {MarkState.NOT_ENROLLED}
        return [PayerSteps(None, _without_rows(facts, insured))] if insured else []
    employers = {each.employer_id: each for each in record.employers}
    by_payer: dict[int | None, list[RecordRow]] = {}
    for row in rows:
        by_payer.setdefault(row.employer_id, []).append(row)
    return [
        PayerSteps(employers.get(payer or 0), _lines(own, payer, facts, on))
        for payer, own in by_payer.items()
        # What was moved to another employer, and taken back here whole, is told there.
        if len(by_payer) == 1 or any(_adds_up(own))
    ]


def _adds_up(rows: Sequence[RecordRow]) -> tuple[int, int]:
    return (
        sum(row.base_fen for row in rows),
        sum(row.employer_fen + row.employee_fen for row in rows),
    )


def _lines(
    rows: Sequence[RecordRow], payer: int | None, facts: Facts, on: date
) -> tuple[Line, ...]:
    bill = partial(_bill_of, facts=facts)
    billed = _billed(rows, bill)
    declared = _declared(rows, _bases_of(facts, payer, Insurance(rows[0].insurance)), billed.day)
    return declared, billed, _paid(rows, payer, bill, on), _credited(rows, facts)


def _bill_of(row: RecordRow, facts: Facts) -> Billed | None:
    return facts.bills.get((row.levy_run_id, row.employer_id, Insurance(row.insurance)))


def _bases_of(facts: Facts, payer: int | None, insurance: Insurance) -> list[Base]:
    # A base of another insurance alone is shown with that insurance.
    kinds = {None, insurance}
    return [base for base in facts.bases if base.employer_id == payer and base.insurance in kinds]


def _declared(rows: Sequence[RecordRow], bases: Sequence[Base], billed_on: date | None) -> Line:
    line = Line(Step.DECLARED)
    # All insurances of a month go by one base; the first of their order tells it, corrections
    # and all, since the rows of a month add up.
    first = [row for row in rows if row.insurance == rows[0].insurance]
    line.fen = sum(row.declared_base_fen for row in first)
    holds = _that_holds(bases, line)
    if holds is None:
        return line
    if holds.fen == line.fen:
        # What an old system had came with its bases: their day is that of the bringing in.
        came_later = rows[0].levy_run_id is None and holds.declared_on > (
            rows[0].paid_on or date.max
        )
        line.day = None if came_later else holds.declared_on
    elif billed_on is not None and holds.declared_on >= billed_on and rows[0].levy_run_id:
        line.say(Cause.DECLARED_SINCE, holds.declared_on, holds.fen)
    return line


def _that_holds(bases: Sequence[Base], line: Line) -> Base | None:
    """Return the newest base that was not withdrawn; newer ones that were are named."""
    for base in bases:
        if base.withdrawn_at is None:
            return base
        line.say(Cause.WITHDRAWN, base.withdrawn_on, base.fen)
    return None


def _billed(rows: Sequence[RecordRow], bill: Callable[[RecordRow], Billed | None]) -> Line:
    line = Line(Step.BILLED, sum(row.employer_fen + row.employee_fen for row in rows))
    bills = [found.issued_on for row in rows if (found := bill(row)) is not None]
    line.day = min(bills, default=None)
    first = rows[0]
    # Billed on more than was declared:
    # the lower limit of the base was taken; on less, the upper one.
    if first.base_fen > first.declared_base_fen:
        line.say(Cause.FLOOR, fen=first.base_fen)
    elif first.base_fen < first.declared_base_fen:
        line.say(Cause.CEILING, fen=first.base_fen)
    later = [row.recorded_on for row in rows if row.kind != RecordKind.REGULAR]
    if later:
        line.say(Cause.CORRECTED, max(later))
    return line


def _paid(
    rows: Sequence[RecordRow],
    payer: int | None,
    bill: Callable[[RecordRow], Billed | None],
    on: date,
) -> Line:
    paid = [(row, row.paid_on) for row in rows if row.paid_on is not None]
    line = Line(Step.PAID, sum(row.employer_fen + row.employee_fen for row, _ in paid))
    line.day = max((day for _, day in paid), default=None)
    for row, day in paid:
        found = bill(row)
        if found is not None and day > found.due_on and row.kind == RecordKind.REGULAR:
            line.say(Cause.LATE, found.due_on, days=(day - found.due_on).days)
    for row in rows:
        if row.paid_on is None:
            _say_unpaid(line, row, payer, bill(row), on)
    unpaid = sum(row.employer_fen + row.employee_fen for row in rows if row.paid_on is None)
    if paid and unpaid > 0:
        line.say(Cause.PARTLY, fen=unpaid)
    return line


def _say_unpaid(
    line: Line, row: RecordRow, payer: int | None, found: Billed | None, on: date
) -> None:
    fen = row.employer_fen + row.employee_fen
    if fen < 0:
        # What is in the payer's favour counts only when the month itself is paid (`post_paid`).
        line.say(Cause.WAITS, fen=-fen)
    elif found is None or not fen:
        return
    elif found.due_on >= on:
        line.say(Cause.NOT_DUE, found.due_on)
    elif found.is_written_off:
        line.say(Cause.WRITTEN_OFF, found.due_on)
    elif found.deferred_until is not None and found.deferred_until >= on:
        line.say(Cause.DEFERRED, found.deferred_until)
    else:
        line.say(Cause.OWN_UNPAID if payer is None else Cause.OVERDUE, found.due_on)
    if found is not None and 0 < found.paid_fen < found.total_fen:
        line.say(Cause.PART_OF_BILL)


def _credited(rows: Sequence[RecordRow], facts: Facts) -> Line:
    line = Line(Step.CREDITED)
    keys = {(row.region_code, row.insurance, row.sequence): row for row in rows if row.account_fen}
    if not keys:
        return line
    own = [
        each
        for each in facts.credits
        if (each.region_code, each.insurance.value, each.sequence) in keys
    ]
    line.fen = sum(each.fen for each in own)
    line.day = own[-1].posted_on if own else None
    is_paid = [row for row in keys.values() if row.paid_on is not None]
    if any(row.paid_on is None and row.account_fen > 0 for row in keys.values()):
        line.say(Cause.WITH_PAYMENT)
    if own and not line.fen and not is_paid:
        line.say(Cause.REVERSED, own[-1].posted_on)
    # What an old system had credited came over as one balance, without entries of months.
    if is_paid and not own and all(row.levy_run_id is None for row in is_paid):
        line.fen = None
        line.say(Cause.BROUGHT_FORWARD)
    return line


def _without_rows(facts: Facts, insured: Iterable[MarkState]) -> tuple[Line, ...]:
    declared, billed = Line(Step.DECLARED), Line(Step.BILLED)
    holds = _that_holds([base for base in facts.bases if base.insurance is None], declared)
    if holds is not None:
        declared.fen, declared.day = holds.fen, holds.declared_on
    else:
        declared.say(Cause.NO_BASE)
    for day in sorted(set(facts.refused.values())):
        declared.say(Cause.REFUSED, day)
    if MarkState.MISSING not in insured:
        billed.say(Cause.TO_COME)
    elif facts.is_assessed:
        billed.say(Cause.ASSESSED)
    elif holds is not None:
        billed.say(Cause.NOT_BILLED)
    return declared, billed, Line(Step.PAID), Line(Step.CREDITED)
