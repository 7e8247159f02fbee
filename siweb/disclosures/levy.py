"""What the desk's pages of the levy show of people."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select

from siweb.audit.access_log.reason import Reason
from siweb.auth.access import scope
from siweb.collection.corrections.find import bills_of_corrections
from siweb.collection.levy.not_billed import people_without_base
from siweb.collection.statements.tax_files import handed_over
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.levy_run import LevyRun, TaxOfficeFile
from siweb.disclosures.disclosure import Disclosure
from siweb.web.database import db_session
from siweb.web.paging import page_asked
from siweb.web.read_once import read_once


def _without_base(run_id: int) -> Iterator[int]:
    session = db_session()
    people, _has_more = people_without_base(
        session, session.get_one(LevyRun, run_id), page=page_asked()
    )
    return (person.person_id for person in people)


def _corrected() -> Iterator[int | None]:
    """Find whose record each bill sets right, and who pays alone for another key of theirs."""
    bills, _has_more = read_once(bills_of_corrections, scope(), page=page_asked())
    for shown in bills:
        yield from (shown.corrected.id, shown.bill.person_id)


def _handed_over() -> Iterator[int | None]:
    """Find who made the lists; what stands in one is shown by the list alone."""
    files, _has_more = read_once(handed_over, scope(), page=page_asked())
    return (shown.person_id for shown in files)


def _due_to_tax_office(file_id: int) -> Iterable[int | None]:
    """Find who pays alone and had a bill when the list was made; employers' bills name nobody."""
    file = db_session().get_one(TaxOfficeFile, file_id)
    return db_session().scalars(
        select(Bill.person_id).where(
            Bill.region_code == file.region_code,
            Bill.contribution_month == file.contribution_month,
            Bill.issued_at <= file.made_at,
            Bill.person_id.is_not(None),
        )
    )


LEVY = {
    "levy_desk.show_without_base": Disclosure(Reason.LEVY, _without_base),
    "levy_desk.show_corrections": Disclosure(Reason.CORRECTION, _corrected),
    "levy_desk.show_handed_over": Disclosure(Reason.TASK, _handed_over),
    "levy_desk.send_due": Disclosure(Reason.TAX_OFFICE, _due_to_tax_office),
}
