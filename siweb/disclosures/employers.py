"""What employers and their programs are shown of the people they file for."""

from collections.abc import Iterable, Iterator

from flask import g, request
from sqlalchemy import select

from siweb import clock
from siweb.audit.access_log.reason import Reason
from siweb.audit.activity import Activity
from siweb.auth.access import acting, token_bearer
from siweb.auth.tables.account import Account
from siweb.auth.tables.mandate import Mandate
from siweb.collection.assessments.find import cases_of_employer, find_case
from siweb.db.among import among
from siweb.disclosures.disclosure import Disclosure, FindPeople
from siweb.filings.drafts.correct_rows import find_row
from siweb.filings.employers.base_rows import INSURED
from siweb.filings.employers.employee import load_employee
from siweb.filings.employers.roster import RosterFilter, StaffState, load_roster, roster_people
from siweb.filings.employers.thirty_days import open_hires
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.find import find_filing, list_filings
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow
from siweb.filings.withdrawal.find import rows_to_withdraw
from siweb.portal.base_review.shown import shown_review
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employment import Employment
from siweb.reviews.objections.answer import find_asked, objections_to_answer
from siweb.web.database import db_session
from siweb.web.paging import number_asked, page_asked, search_asked
from siweb.web.read_once import read_once


def _employer_id() -> int:
    """Return whose page is shown: the employer in the address, or that of the token."""
    return acting().employer_id if "acting" in g else token_bearer().acting.employer_id


def _filter() -> RosterFilter:
    typed = request.args.get("state", "")
    return RosterFilter(
        query=search_asked(),
        state=StaffState(typed) if typed in set(StaffState) else None,
        page=page_asked(),
    )


def _of_employments(employment_ids: Iterable[int]) -> Iterable[int]:
    listed = list(employment_ids)
    return db_session().scalars(
        select(Employment.person_id).where(among(Employment.id, listed)).distinct()
    )


def _open_hires() -> Iterable[int]:
    employer, packs = acting(), read_once(packs_in_force)
    found = read_once(
        open_hires, employer.employer_id, employer.region_code, packs, on=clock.today()
    )
    return _of_employments(hire.employment_id for hire in found.hires)


def _roster() -> Iterable[int]:
    rows = load_roster(db_session(), _employer_id(), _filter()).rows
    return _of_employments(row.employment_id for row in rows)


def _whole_roster() -> Iterable[int]:
    return roster_people(db_session(), acting().employer_id, _filter())


def _insured() -> Iterable[int]:
    return roster_people(db_session(), acting().employer_id, INSURED)


def _page_of_roster() -> Iterable[int]:
    """Find those of a page of the API, which knows no filter."""
    rows = load_roster(db_session(), _employer_id(), RosterFilter(page=page_asked())).rows
    return _of_employments(row.employment_id for row in rows)


def _employee(employment_id: int, kind: str = "") -> Iterable[int]:
    del kind  # of the form: whom it is about is the same
    found = read_once(load_employee, acting().employer_id, employment_id)
    return () if found is None else (found.person.id,)


def _hired() -> Iterable[int | None]:
    """Find whom the form for a new employee is filled in with."""
    employment_id = number_asked("employment")
    if employment_id is not None:
        return _employee(employment_id)
    return _filing(request.args.get("copy", ""))


def _filings() -> Iterable[int | None]:
    """Find whom a list of filings names: those of filings with one row."""
    typed = request.args.get("kind", "")
    kind = FilingKind(typed) if typed in set(FilingKind) else None
    listed, _has_more = list_filings(db_session(), _employer_id(), kind=kind, page=page_asked())
    references = [filing.reference for filing in listed if filing.rows == 1]
    return db_session().scalars(
        select(FilingRow.person_id)
        .join(Filing, Filing.id == FilingRow.filing_id)
        .where(among(Filing.reference, references))
    )


def _base_review() -> Iterable[int]:
    """Find whom the page of the yearly review names."""
    employer = acting()
    found = read_once(
        shown_review, employer.employer_id, employer.region_code, clock.today(), page_asked()
    )
    return () if found is None else (line.person_id for line in found.lines)


def _filing(reference: str) -> Iterable[int | None]:
    """Find everybody in a filing: a page of it tells how all of them stand."""
    found = read_once(find_filing, _employer_id(), reference)
    if found is None:
        return ()
    return db_session().scalars(
        select(FilingRow.person_id).where(FilingRow.filing_id == found[0].id).distinct()
    )


def _rows_to_withdraw(reference: str) -> Iterable[int | None]:
    """Find whom the page of a withdrawal names: of the others it gives numbers alone."""
    found = read_once(find_filing, _employer_id(), reference)
    if found is None:
        return ()
    shown = read_once(rows_to_withdraw, found[0], number_asked("row"))
    return (row.person_id for row in shown.rows)


def _row(reference: str, position: int) -> Iterable[int | None]:
    found = read_once(find_filing, _employer_id(), reference)
    if found is None:
        return ()
    row = read_once(find_row, found[0], position)
    return () if row is None else (row.person_id,)


def _cases() -> Iterator[int | None]:
    cases = cases_of_employer(db_session(), acting().employer_id)
    return (case.assessment.person_id for case in cases)


def _case(reference: str) -> Iterable[int | None]:
    found = find_case(db_session(), reference, acting().employer_id)
    return () if found is None else (found.assessment.person_id,)


def _objections() -> Iterator[int]:
    asked = objections_to_answer(db_session(), acting().employer_id)
    return (objection.review.person_id for objection in asked)


def _objection(objection_id: int) -> Iterable[int]:
    asked = find_asked(db_session(), acting().employer_id, objection_id)
    return () if asked is None else (asked.review.person_id,)


def _holders() -> Iterable[int]:
    return db_session().scalars(
        select(Account.person_id)
        .join(Mandate, Mandate.account_id == Account.id)
        .where(Mandate.employer_id == acting().employer_id)
        .distinct()
    )


def _actors() -> Iterable[int]:
    return db_session().scalars(
        select(Account.person_id)
        .join(Activity, Activity.account_id == Account.id)
        .where(Activity.employer_id == acting().employer_id)
        .distinct()
    )


def _all(reason: Reason, people: FindPeople, *endpoints: str) -> dict[str, Disclosure]:
    return dict.fromkeys(endpoints, Disclosure(reason, people))


EMPLOYERS = {
    "employers.show_home": Disclosure(Reason.EMPLOYMENT, _open_hires),
    "employers.show_roster": Disclosure(Reason.ROSTER, _roster),
    "employers.export_roster": Disclosure(Reason.ROSTER_EXPORT, _whole_roster),
    "uploads.base_sheet": Disclosure(Reason.ROSTER_EXPORT, _insured),
    "employers.show_done": Disclosure(Reason.ACTIVITY, _actors),
    "mandates.show_mandates": Disclosure(Reason.MANDATE, _holders),
    **_all(Reason.EMPLOYMENT, _employee, "employers.show_employee"),
    **_all(Reason.FILING, _employee, "one_person.file_for", "one_person.declare_base"),
    "one_person.hire": Disclosure(Reason.FILING, _hired),
    "filings.show_filings": Disclosure(Reason.FILING, _filings),
    **_all(Reason.FILING, _filing, "filings.show_filing", "uploads.assign"),
    "withdrawal.withdraw_filing": Disclosure(Reason.FILING, _rows_to_withdraw),
    "uploads.correct": Disclosure(Reason.FILING, _row),
    **_all(Reason.FILING_EXPORT, _filing, "uploads.give_back", "uploads.give_refused"),
    **_all(
        Reason.ASSESSMENT, _case, "assessments.show_case", "assessments.answer",
        "assessments.send_notice",
    ),
    "assessments.show_cases": Disclosure(Reason.ASSESSMENT, _cases),
    "base_review.show_review": Disclosure(Reason.FILING, _base_review),
    "objections.show_objections": Disclosure(Reason.OBJECTION, _objections),
    "objections.answer": Disclosure(Reason.OBJECTION, _objection),
    "api.list_employees": Disclosure(Reason.ROSTER, _page_of_roster),
    **_all(Reason.FILING, _filing, "api.list_rows", "api.show_receipt"),
    "api.correct_row": Disclosure(Reason.FILING, _row),
}  # fmt: skip
