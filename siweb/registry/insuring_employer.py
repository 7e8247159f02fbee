"""The insuring employer: a part of the keys of what a person is insured by or owes.

At several employers each insures work injury (Order 13 Art. 9); the other insurances are once for
a person, whoever pays, and have `NO_EMPLOYER`. Said once for a row that is added, for a SELECT that
adds rows, and for the check of a table.
"""

from typing import Any

from sqlalchemy import ColumnElement, case, func

from siweb.db.codes import CODES
from siweb.registry.codes import Insurance

NO_EMPLOYER = 0
IS_INSURING_EMPLOYER = (
    f"insuring_employer_id = (CASE WHEN insurance = {CODES['insurance'][Insurance.WORK_INJURY]}"
    f" THEN coalesce(employer_id, {NO_EMPLOYER}) ELSE {NO_EMPLOYER} END)"
)
"""The check of a table whose key has it."""


def of_new_row(context: Any) -> int:
    """Return the insuring employer of a row that is being added: a column's default."""
    row = context.get_current_parameters()
    is_injury = row["insurance"] == Insurance.WORK_INJURY
    return (row.get("employer_id") or NO_EMPLOYER) if is_injury else NO_EMPLOYER


def insuring_employer(insurance: Any, employer_id: Any) -> ColumnElement[int]:
    """Return the insuring employer of rows that are added by a SELECT, in SQL."""
    is_injury = insurance == Insurance.WORK_INJURY
    return case((is_injury, func.coalesce(employer_id, NO_EMPLOYER)), else_=NO_EMPLOYER)
