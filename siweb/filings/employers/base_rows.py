"""Who the yearly base is declared for, with what the office knows of last year."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from siweb.filings.employers.roster import RosterFilter, StaffState, whole_roster
from siweb.filings.sheets.template import BESIDE
from siweb.rules.numbers.money import yuan_from_fen

INSURED = RosterFilter(state=StaffState.ENROLLED)
"""The people of a filled sheet: whoever left or waits has no yearly base to declare."""
_A_YEAR = 12


def base_rows(session: Session, employer_id: int, first_month: str) -> Iterator[dict[str, str]]:
    """Yield a row for everybody insured there, by field, for the payment year from a month on.

    Months worked are those of the calendar year before since the hire; of whom it is not known they
    are left to the employer, as the wages are.
    """
    year = int(first_month[:4]) - 1
    for person, base_fen in whole_roster(session, employer_id, INSURED):
        months = months_worked(person.hired_on, year)
        yield {
            "id_number": person.id_number,
            "name": person.name,
            "months": str(months) if months else "",
            BESIDE: "" if base_fen is None else yuan_from_fen(base_fen),
        }


def months_worked(hired_on: date, year: int) -> int:
    """Return in how many months of a year somebody hired on a day has worked."""
    # Whoever came later has no month of that year, and no average.
    if hired_on.year > year:
        return 0
    return _A_YEAR if hired_on.year < year else _A_YEAR + 1 - hired_on.month
