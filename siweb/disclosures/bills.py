"""Who stands on a bill, its paper and its sheets."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, select

from siweb.audit.access_log.reason import Reason
from siweb.auth.access import acting
from siweb.collection.bills.find import Payer, find_bill
from siweb.collection.bills.notice import MOST_PEOPLE
from siweb.collection.bills.people import in_month, load_people
from siweb.collection.posting.behind_bill import behind_bill
from siweb.collection.tables.bill import Bill
from siweb.disclosures.disclosure import Disclosure
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.web.database import db_session
from siweb.web.paging import page_asked, search_asked


def people_on_paper(bill: Bill, *, most: int) -> Iterable[int | None]:
    """Find who stands on the paper: who pays alone, or a short list of an employer's people."""
    if bill.employer_id is None:
        return (bill.person_id,)
    # A longer bill's paper names nobody: its people stand on the sheet.
    return _everybody(behind_bill(bill)) if bill.headcount <= most else ()


def _bill(number: int) -> Bill | None:
    return find_bill(db_session(), Payer(employer_id=acting().employer_id), number)


def _everybody(behind: ColumnElement[bool]) -> Iterable[int]:
    return db_session().scalars(select(ContributionRecord.person_id).where(behind).distinct())


def _page(behind: ColumnElement[bool]) -> Iterable[int]:
    query = search_asked()
    shown = load_people(db_session(), behind, query, page_asked()).people
    return [person.person_id for person in shown]


def _page_of_bill(number: int) -> Iterable[int]:
    bill = _bill(number)
    return () if bill is None else _page(behind_bill(bill))


def _sheet_of_bill(number: int) -> Iterable[int]:
    bill = _bill(number)
    return () if bill is None else _everybody(behind_bill(bill))


def _paper_of_bill(number: int) -> Iterable[int | None]:
    bill = _bill(number)
    return () if bill is None else people_on_paper(bill, most=MOST_PEOPLE)


def _page_of_month(month: str) -> Iterable[int]:
    return _page(in_month(acting().employer_id, month))


def _sheet_of_month(month: str) -> Iterable[int]:
    return _everybody(in_month(acting().employer_id, month))


BILLS = {
    "bills.show_people": Disclosure(Reason.BILL, _page_of_bill),
    "bills.send_paper": Disclosure(Reason.BILL, _paper_of_bill),
    "bills.send_sheet": Disclosure(Reason.BILL_EXPORT, _sheet_of_bill),
    "monthly.show_month": Disclosure(Reason.STATEMENT, _page_of_month),
    "monthly.send_sheet": Disclosure(Reason.STATEMENT, _sheet_of_month),
}
