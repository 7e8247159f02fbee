"""Which contribution records are behind a bill: records do not name theirs."""

from sqlalchemy import ColumnElement, and_

from siweb.collection.tables.bill import Bill
from siweb.ledgers.lookup import of_payer
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.rules.calendar.months import months_through


def behind_bill(bill: Bill) -> ColumnElement[bool]:
    """Return the condition that a record is behind a bill; it leads into the key."""
    months = months_through(bill.contribution_month, bill.through_month)
    # A payer has one bill of each run.
    of_bill = of_payer(bill.employer_id, bill.person_id, months, bill.region_code)
    return and_(of_bill, ContributionRecord.levy_run_id == bill.levy_run_id)
