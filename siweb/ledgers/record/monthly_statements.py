"""A person's monthly statements (SIL 60): what was declared and paid, the newest first."""

from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from siweb.ledgers.lookup import of_person
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.record.same_name import code_ends
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.tables.employer import Employer

PAGE = 24


class StatedMonth(NamedTuple):
    """One month at one employer; a person who pays alone has none."""

    month: str
    employer_name: str | None
    declared_base_fen: int
    employer_fen: int
    employee_fen: int
    unpaid_fen: int
    # The end of its credit code, where another employer on the page has the same name.
    code_end: str = ""


def load_months(
    session: Session, person_id: int, *, page: int = 1
) -> tuple[list[StatedMonth], bool]:
    """Return a page of a person's months and whether there are more; one statement."""
    record = ContributionRecord
    both = record.employer_fen + record.employee_fen
    # A correction is a row of its own with the difference: only the sum of an insurance's rows is
    # a base. Insurances may have bases of their own, of which the highest stands for the month.
    of_insurance = (
        select(
            record.contribution_month,
            record.employer_id,
            func.sum(record.declared_base_fen).label("declared_fen"),
            func.sum(record.employer_fen).label("employer_fen"),
            func.sum(record.employee_fen).label("employee_fen"),
            func.sum(case((record.paid_on.is_(None), both), else_=0)).label("unpaid_fen"),
        )
        .where(of_person(person_id), is_issued())
        .group_by(record.contribution_month, record.employer_id, record.insurance)
        .subquery("of_insurance")
    )
    each = of_insurance.c
    rows = session.execute(
        select(
            each.contribution_month,
            Employer.name,
            func.max(each.declared_fen),
            func.sum(each.employer_fen),
            func.sum(each.employee_fen),
            func.sum(each.unpaid_fen),
            Employer.id,
            Employer.uscc,
        )
        .outerjoin(Employer, Employer.id == each.employer_id)
        .group_by(each.contribution_month, Employer.id, Employer.name, Employer.uscc)
        .order_by(each.contribution_month.desc(), Employer.id)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    ends = code_ends((row[6], row[1], row[7]) for row in rows)
    months = [
        StatedMonth(month, name, int(base), int(employer), int(own), int(unpaid), ends.get(key, ""))
        for month, name, base, employer, own, unpaid, key, _ in rows[:PAGE]
    ]
    return months, len(rows) > PAGE
