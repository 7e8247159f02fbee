"""Whom the desk's overviews name: the list of what waits, and parts of one person or employer."""

from collections.abc import Iterable, Iterator

from flask import request
from sqlalchemy import select

from siweb.audit.access_log.reason import Reason
from siweb.auth.mandates import mandates_of
from siweb.auth.tables.account import Account
from siweb.db.among import among
from siweb.desk.employers.pages.read import employed_at
from siweb.desk.home.views import lines_now
from siweb.disclosures.disclosure import Disclosure
from siweb.registry.employers.find import find_employer_by_code
from siweb.web.database import db_session
from siweb.web.paging import page_asked
from siweb.web.read_once import read_once


def _work_list() -> Iterator[int | None]:
    """Find whose matters a page of the list names, who made it, and who has it."""
    lines, _has_more = lines_now()
    for line in lines:
        yield from (line.person_id, line.maker_person_id, line.holder_person_id)


def _part_of_person(person_id: int, part: str = "") -> Iterable[int]:
    del part  # of the page: whom it is about is the same
    return (person_id,)


def _part_of_employer(part: str) -> Iterable[int]:
    """Find whom a part of an employer's page names: its people, or who acts for it."""
    # The code in an address is an employer's own page's elsewhere, so that it is not handed on.
    code = str((request.view_args or {}).get("uscc", ""))
    employer = find_employer_by_code(db_session(), code)
    if employer is None:
        return ()
    if part == "people":
        employed, _has_more = read_once(employed_at, employer.id, page_asked())
        return [each.person_id for each in employed]
    if part == "mandates":
        return _of_accounts(each.mandate.account_id for each in read_once(mandates_of, employer.id))
    return ()


def _of_accounts(account_ids: Iterable[int]) -> Iterable[int]:
    listed = list(account_ids)
    return db_session().scalars(select(Account.person_id).where(among(Account.id, listed)))


OVERVIEWS = {
    "desk.show_desk": Disclosure(Reason.WORK_LIST, _work_list),
    # Where nothing was given, the list is shown again with why.
    "desk.give_cases": Disclosure(Reason.WORK_LIST, _work_list),
    "employer_desk.show_part": Disclosure(Reason.EMPLOYMENT, _part_of_employer),
    "people_desk.show_part": Disclosure(Reason.PERSON, _part_of_person),
    "people_desk.write_note": Disclosure(Reason.PERSON, _part_of_person),
    "people_desk.revoke_paper": Disclosure(Reason.PERSON, _part_of_person),
    "people_desk.show_person": Disclosure(Reason.PERSON, _part_of_person),
}
