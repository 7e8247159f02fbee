"""Which rows of a draft the register may see differently by now: only those are checked again."""

from datetime import date

from sqlalchemy import ColumnElement, exists, or_, true
from sqlalchemy.orm import aliased

from siweb.clock import office_day
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.filings.tables.row_values import row_month
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.former_number import is_somebodys
from siweb.registry.tables.person import Person


def stale_rows(filing: Filing, *, on: date) -> ColumnElement[bool]:
    """Return the condition that a good row has to be checked again before it is applied.

    A new employee of a sheet that was read today is judged as before unless somebody registered,
    enrolled or buried them meanwhile, or the same row was applied. Everything else, and every
    sheet of another day, is checked again whole.
    """
    read_today = filing.read_at is not None and office_day(filing.read_at) == on
    # Other kinds are about people of the employer, and what they are judged by may move any time.
    if filing.kind is not FilingKind.HIRE or not read_today:
        return true()
    other = aliased(FilingRow)
    return or_(
        FilingRow.person_id.is_(None) & is_somebodys(FilingRow.number_digest),
        exists().where(
            Enrolment.person_id == FilingRow.person_id,
            or_(Enrolment.to_month.is_(None), Enrolment.to_month >= row_month("start_month")),
        ),
        exists().where(Person.id == FilingRow.person_id, Person.died_on.is_not(None)),
        exists().where(other.row_key == FilingRow.row_key, other.state == RowState.APPLIED),
    )
