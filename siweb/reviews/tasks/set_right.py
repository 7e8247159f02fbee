"""Whether what an objection was upheld about has been set right in the record since."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.db.types import written_instant
from siweb.ledgers.lookup import of_person
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance
from siweb.reviews.tables.objection import Objection
from siweb.reviews.tables.task import TaskKind

OF_RECORD = frozenset(
    {
        TaskKind.CORRECT_MONTH,
        TaskKind.CORRECT_BASE,
        TaskKind.CORRECT_EMPLOYER,
        TaskKind.CORRECT_INSURANCES,
    }
)
"""What ends with the record alone: words of somebody correct nothing."""


def is_set_right(session: Session, objection: Objection, person_id: int) -> bool:
    """Return whether anything was recorded of the month since the objection was raised.

    A filing that the employer sent meanwhile, and the levy or the adjustment after it, are a
    correction as well.
    """
    record = ContributionRecord
    months = None if objection.contribution_month is None else [objection.contribution_month]
    conditions: list[Any] = [
        of_person(person_id, months),
        written_instant(record.recorded_at) > objection.raised_at,
        is_issued(),
    ]
    if objection.insurances:
        named = [Insurance(code) for code in objection.insurances]
        conditions.append(record.insurance.in_(named))
    return session.scalar(select(record.person_id).where(*conditions).limit(1)) is not None
