"""Whose yearly declaration is missing: the conditions, for whoever finds, levies or settles.

After the first declaration of a payment year only changes are declared: a month in which nothing
changed needs none (Order 20 Art. 4). Without declaration is who had people from before the year
began and declared for none of them.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from siweb.collection.levy.records_from_enrolments import enrolled_in
from siweb.registry.codes import EmployerStatus
from siweb.registry.tables.declared_base import CORRECTED, DeclaredBase
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment

RAISED = "undeclared"
"""The origin of a base that the city's rule set, in `declared_base`."""
# What was declared when somebody came or came back is no yearly declaration either, nor is what the
# office set right of one person.
NOT_YEARLY = (RAISED, CORRECTED, "filing_hire", "filing_resume")


def has_declared(employer_id: Any, start: Any, month: Any) -> ColumnElement[bool]:
    """Return the condition that an employer declared in a payment year, up to a month.

    What it declared for people who came later does not count, nor what the office raised.
    """
    enrolled, declared = aliased(Enrolment), aliased(DeclaredBase)
    return exists().where(
        enrolled.employer_id == employer_id,
        enrolled.from_month < start,
        or_(enrolled.to_month.is_(None), enrolled.to_month >= start),
        declared.person_id == enrolled.person_id,
        declared.employer_id == enrolled.employer_id,
        declared.from_month >= start,
        declared.from_month <= month,
        declared.origin.not_in(NOT_YEARLY),
        declared.withdrawn_at.is_(None),
    )


def has_to_declare(region_code: Any, month: Any, start: Any) -> ColumnElement[bool]:
    """Return the condition that an employer has people from before a payment year began."""
    return and_(
        Employer.status == EmployerStatus.ACTIVE,
        exists().where(
            Enrolment.employer_id == Employer.id,
            enrolled_in(region_code, month),
            Enrolment.from_month < start,
        ),
    )


def undeclared_employers(region_code: str, month: str, start: str) -> Any:
    """Return the ids of employers with people from before the year, and without declaration."""
    return (
        select(Employer.id)
        .where(has_to_declare(region_code, month, start), ~has_declared(Employer.id, start, month))
        .order_by(Employer.id)
    )
