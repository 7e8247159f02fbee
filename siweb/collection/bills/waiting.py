"""Which bills wait to be paid, as questions to be asked with others (`siweb.messages.matter`)."""

from typing import Any

from sqlalchemy import Select, func, select

from siweb.collection.bills.find import Payer
from siweb.collection.tables.arrears import is_written_off
from siweb.collection.tables.bill import Bill
from siweb.messages.matter import matter
from siweb.registry.tables.employer import Employer

_OPEN = Bill.total_fen - Bill.paid_fen


def own_bills_to_pay(person_id: Any, on: Any) -> Select[Any]:
    """Return the question which bills of a person can still be paid in time.

    Those of one closing day are one matter: whoever pays by the year has twelve of them.
    """
    return (
        select(
            *matter(
                "bill",
                key=func.min(Bill.bank_reference),
                month=func.min(Bill.contribution_month),
                last_day=Bill.due_on,
                fen=func.sum(_OPEN),
                number=func.count(),
            )
        )
        .where(Payer(person_id=person_id).owes(), _OPEN > 0, Bill.due_on >= on)
        .group_by(Bill.region_code, Bill.due_on)
        .order_by(Bill.due_on, Bill.region_code)
    )


def own_months_not_paid(person_id: Any, on: Any) -> Select[Any]:
    """Return the question how many bills of a person were not paid in time, and the first month."""
    return select(
        *matter(
            "months_not_paid",
            month=func.min(Bill.contribution_month),
            fen=func.sum(_OPEN),
            number=func.count(),
        )
    ).where(Payer(person_id=person_id).owes(), _OPEN > 0, Bill.due_on < on)


def employers_bills_to_pay(employers: Any) -> Select[Any]:
    """Return the question what each of the employers (keys, or a question for them) has to pay."""
    return (
        select(
            *matter(
                "employer_bills",
                key=Employer.uscc,
                name=Employer.name,
                last_day=func.min(Bill.due_on),
                fen=func.sum(_OPEN),
                number=func.count(),
            )
        )
        .join(Employer, Employer.id == Bill.employer_id)
        .where(
            Bill.employer_id.in_(employers),
            _OPEN > 0,
            Bill.issued_at.is_not(None),
            ~is_written_off(),
        )
        .group_by(Employer.id, Employer.uscc, Employer.name)
        .order_by(func.min(Bill.due_on), Employer.id)
    )
