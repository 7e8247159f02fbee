"""Which books are sealed, and what of their rows: the one registry.

A run is given by region, month, kind and sequence, a bill by its bank reference, a payment by its
entry key, a record by its month and place: no cell of a seal is a number that only the database
knows.
"""

from typing import Any

from sqlalchemy import case, func, literal, null, or_
from sqlalchemy.orm import aliased

from siweb.collection.books.sealed_registry import BOOKS_OF_REGISTRY
from siweb.collection.books.sealed_rights import BOOKS_OF_RIGHTS
from siweb.collection.tables.arrears import Arrears, Deferral, WriteOff, WriteOffLine
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.bill import Bill, BillLine, BillMonth
from siweb.collection.tables.levy_run import LevyEmployer, LevyRun, LevyState, LevyTerm
from siweb.collection.tables.payment import Allocation, Payment
from siweb.db.types import OFFICE, written_instant
from siweb.ledgers.seals.sealed_book import SealedBook, sealed_book
from siweb.ledgers.tables.account_entry import AccountEntry, is_about
from siweb.ledgers.tables.book_change import BookChange
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.ledgers.tables.fund_entry import FundEntry
from siweb.tasks.tables.task import Task

_ID = {"id": "a number of the database's own"}
_PAID = "held to the allocations"
_RUN = {
    "run_month": LevyRun.contribution_month,
    "run_kind": LevyRun.kind,
    "run_sequence": LevyRun.sequence,
}
_BILL = {"bill": Bill.bank_reference}
_OF_NO_REGION = literal(OFFICE)


def _joined(model: Any, *joins: tuple[Any, Any]) -> Any:
    source = model.__table__
    for table, condition in joins:
        source = source.outerjoin(table, condition)
    return source


def _records() -> SealedBook:
    record = ContributionRecord
    return sealed_book(
        record,
        source=_joined(record, (LevyRun, LevyRun.id == record.levy_run_id)),
        # A run that is killed goes on or is taken back:
        # until it is issued its rows may lawfully go.
        counts=or_(record.levy_run_id.is_(None), LevyRun.state == LevyState.ISSUED),
        region=record.region_code,
        # What a run wrote counts from when it is issued.
        recorded=func.coalesce(LevyRun.issued_at, written_instant(record.recorded_at)),
        key=(
            "region_code",
            "contribution_month",
            "person_id",
            "insurance",
            "insuring_employer",
            "sequence",
        ),
        instead={
            "insuring_employer_id": {"insuring_employer": record.insuring_employer_id},
            # A place that is empty by now: the number of a row tells which it corrects.
            "levy_run_id": _RUN | {"corrects": null()},
            # Of what a run billed it is held to the allocations.
            "paid_on": {"paid_before": case((record.levy_run_id.is_(None), record.paid_on))},
        },
    )


def _account_entries() -> SealedBook:
    entry, record = AccountEntry, ContributionRecord
    return sealed_book(
        entry,
        source=_joined(entry, (record, is_about(entry, record))),
        region=_OF_NO_REGION,
        recorded=entry.recorded_on,
        key=("person_id", "year", "entry_number"),
        instead={
            "record_insurance": {
                "record_region": record.region_code,
                "record_month": record.contribution_month,
                "record_insurance": record.insurance,
                "record_employer": record.employer_id,
                "record_sequence": record.sequence,
            }
        }
        | {f"record_{name}": {} for name in ("employer_id", "sequence")},
        unsealed={"region_code": "of a record it is the record's; else nothing goes by it"},
    )


def _payments() -> SealedBook:
    origin = aliased(Payment, name="origin")
    return sealed_book(
        Payment,
        source=_joined(
            Payment,
            (origin, origin.id == Payment.origin_payment_id),
            (BankStatement, BankStatement.id == Payment.statement_id),
        ),
        region=Payment.region_code,
        recorded=Payment.recorded_at,
        key=("entry_key",),
        instead={
            "origin_payment_id": {"origin": origin.entry_key},
            "statement_id": {"statement": BankStatement.content_hash},
        },
        changing=("employer_id", "person_id", "matched_by", "kept_at"),
        unsealed=_ID | {"unallocated_fen": _PAID},
    )


def _of_bill(model: Any, *key: str, recorded: Any, unsealed: dict[str, str]) -> SealedBook:
    """Return the book of what belongs to an issued bill."""
    return sealed_book(
        model,
        source=_joined(model, (Bill, Bill.id == model.bill_id)),
        counts=Bill.issued_at.is_not(None),
        region=Bill.region_code,
        recorded=recorded,
        key=("bill", *key),
        instead={"bill_id": _BILL},
        unsealed=unsealed,
    )


def _of_run(model: Any, *key: str, progress: tuple[str, ...] = ()) -> SealedBook:
    """Return the book of what a run goes by: kept when it begins."""
    return sealed_book(
        model,
        source=_joined(model, (LevyRun, LevyRun.id == model.levy_run_id)),
        region=LevyRun.region_code,
        # From the beginning, not from the issue:
        # terms that changed on the way would change the bills.
        recorded=LevyRun.started_at,
        key=(*_RUN, "contribution_month", *key),
        instead={"levy_run_id": _RUN},
        unsealed=(_ID if "id" in model.__table__.c else {})
        | dict.fromkeys(progress, "tells how far a run is"),
    )


def _allocations() -> SealedBook:
    return sealed_book(
        Allocation,
        source=_joined(
            Allocation,
            (Payment, Payment.id == Allocation.payment_id),
            (Bill, Bill.id == Allocation.bill_id),
        ),
        region=Bill.region_code,
        recorded=Allocation.allocated_at,
        key=("payment", "bill", "allocation_number"),
        instead={"payment_id": {"payment": Payment.entry_key}, "bill_id": _BILL},
        unsealed={"region_code": "held to the bill"},
    )


def _bills() -> SealedBook:
    return sealed_book(
        Bill,
        source=_joined(Bill, (LevyRun, LevyRun.id == Bill.levy_run_id)),
        counts=Bill.issued_at.is_not(None),
        region=Bill.region_code,
        recorded=Bill.issued_at,
        key=("bank_reference",),
        instead={"levy_run_id": _RUN},
        unsealed=_ID | dict.fromkeys(("paid_fen", "late_fee_paid_fen"), _PAID),
    )


def _deferrals() -> SealedBook:
    return sealed_book(
        Deferral,
        source=_joined(
            Deferral,
            (Arrears, Arrears.id == Deferral.arrears_id),
            (Bill, Bill.id == Arrears.bill_id),
        ),
        region=Bill.region_code,
        recorded=Deferral.approved_at,
        # With its number: two deferrals of a bill may begin on one day.
        key=("bill", "from_on", "id"),
        instead={"arrears_id": _BILL},
        changing=("ended_on",),
    )


def _runs() -> SealedBook:
    return sealed_book(
        LevyRun,
        counts=LevyRun.issued_at.is_not(None),
        region=LevyRun.region_code,
        recorded=LevyRun.issued_at,
        key=("region_code", "contribution_month", "kind", "sequence"),
        unsealed=_ID
        | {
            "done_through_person_id": "tells how far a run is",
            "totals": "said again by its bills",
        },
    )


def _arrears() -> SealedBook:
    return sealed_book(
        Arrears,
        source=_joined(Arrears, (Bill, Bill.id == Arrears.bill_id)),
        region=Arrears.region_code,
        recorded=Arrears.found_on,
        key=("bill",),
        instead={"bill_id": _BILL},
        changing=("state", "notice_by", "noticed_on", "pay_by", "deferred_until", "legal_basis"),
        unsealed=_ID | {"changed_at": "each change has its own time"},
    )


def _write_offs() -> SealedBook:
    return sealed_book(
        WriteOff,
        source=_joined(
            WriteOff,
            (Arrears, Arrears.id == WriteOff.arrears_id),
            (Bill, Bill.id == Arrears.bill_id),
            (Task, Task.id == WriteOff.task_id),
        ),
        region=WriteOff.region_code,
        recorded=WriteOff.written_off_at,
        key=("task",),
        instead={"arrears_id": _BILL, "task_id": {"task": Task.reference}},
        # To reinstate ends it with a day of its own: the row itself is never written over.
        changing=("reinstated_on",),
        unsealed=_ID | {"reinstating_task_id": "held to the task that reinstated it"},
    )


def _write_off_lines() -> SealedBook:
    return sealed_book(
        WriteOffLine,
        source=_joined(
            WriteOffLine,
            (WriteOff, WriteOff.id == WriteOffLine.write_off_id),
            (Task, Task.id == WriteOff.task_id),
        ),
        region=WriteOff.region_code,
        recorded=WriteOff.written_off_at,
        key=("task", "insurance"),
        instead={"write_off_id": {"task": Task.reference}},
    )


def _changes() -> SealedBook:
    return sealed_book(
        BookChange,
        region=BookChange.region_code,
        recorded=BookChange.changed_at,
        key=("region_code", "book", "recorded_on", "row_key", "column_name", "place"),
    )


SEALED_BOOKS: tuple[SealedBook, ...] = (
    _records(),
    _account_entries(),
    _of_bill(
        FundEntry,
        "entry_number",
        recorded=FundEntry.recorded_on,
        unsealed={"contribution_month": "the bill's, or the bill misses it"},
    ),
    _payments(),
    _allocations(),
    _bills(),
    _of_bill(
        BillLine,
        "insurance",
        recorded=Bill.issued_at,
        unsealed={"paid_fen": _PAID}
        | dict.fromkeys(("region_code", "contribution_month"), "held to the bill"),
    ),
    _of_run(LevyTerm, "insurance", "scheme", "injury_class", "injury_tier_ppm"),
    _of_run(LevyEmployer, "employer_id", progress=("last_person_id", "enrolments")),
    _of_bill(BillMonth, "contribution_month", "due_on", recorded=Bill.issued_at, unsealed=_ID),
    _deferrals(),
    *BOOKS_OF_RIGHTS,
    _runs(),
    _arrears(),
    _write_offs(),
    _write_off_lines(),
    *BOOKS_OF_REGISTRY,
    _changes(),
)
