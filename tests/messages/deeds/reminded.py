"""What comes near its last day, by the message that it leads to."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from siweb.auth.helping.remind import remind_of_help
from siweb.auth.staff.remind import remind_of_functions
from siweb.auth.tables.appointment import Appointment
from siweb.clock import OFFICE_ZONE
from siweb.collection.arrears.remind import remind_of_deferrals
from siweb.collection.assessments.hear import remind_of_hearings
from siweb.collection.bills.remind import remind_of_own_bills
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.instalment import Instalment
from siweb.messages.kinds.assessments import ASSESSMENT_DECIDED, HEARING_ENDING
from siweb.messages.kinds.benefits import PENSION_REFUSED
from siweb.messages.kinds.bills import DEFERRAL_ENDING, INSTALMENT_DUE, OWN_BILL_DUE
from siweb.messages.kinds.helping import HELP_ENDING, MAY_HELP_ENDING
from siweb.messages.kinds.remedies import (
    EMPLOYER_REVIEW_ENDING,
    EMPLOYER_SUIT_ENDING,
    REVIEW_ENDING,
    SUIT_ENDING,
)
from siweb.messages.kinds.staff import FUNCTION_ENDING
from siweb.messages.served import remedies_until
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.service.remind import remind_of_remedies
from tests import bills
from tests.collection import make_cases
from tests.conftest import NOW
from tests.messages.deeds.applied_for import refuse_pension
from tests.messages.deeds.assessed import assess
from tests.messages.deeds.decided import give_a_function, let_it_be_paid_in_steps, let_it_wait
from tests.messages.deeds.helped import become_a_helper
from tests.served import serve

TODAY = NOW.date()


def at(on: Any) -> datetime:
    """The morning of a day."""
    return datetime.combine(on, time(6), OFFICE_ZONE)


def days(before: int, last_day: Any) -> dict[str, Any]:
    """So many days before a last day, twice the same."""
    on = last_day - timedelta(days=before)
    return {"on": on, "at": at(on)}


def bill_of_ones_own(office: Any) -> Person:
    bill = bills.make_bill(office.session, [office.person])
    bill.due_on, bill.issued_at = TODAY, NOW - timedelta(days=40)
    office.session.flush()
    for _ in range(2):
        remind_of_own_bills(office.session, **days(7, TODAY))
    return office.person


def deferral_ends(office: Any) -> Employer:
    employer = let_it_wait(office)
    for _ in range(2):
        remind_of_deferrals(office.session, **days(7, TODAY + timedelta(days=200)))
    return employer


def instalment_comes(office: Any) -> Employer:
    employer = let_it_be_paid_in_steps(office)
    first = office.session.scalars(select(Instalment).order_by(Instalment.due_on)).first()
    assert first is not None
    for _ in range(2):
        remind_of_deferrals(office.session, **days(7, first.due_on))
    return employer


def hearing_ends(office: Any) -> Employer:
    make_cases.propose(office.session, employer=office.employer)
    case = office.session.scalars(select(Assessment)).one()
    # As long as a region may set it.
    case.hearing_until = make_cases.ON + timedelta(days=20)
    office.session.flush()
    remind_of_hearings(office.session, **days(7, case.hearing_until))
    return office.employer


def _help_ends(office: Any) -> Person:
    helper = become_a_helper(office)
    for _ in range(2):
        remind_of_help(office.session, **days(7, TODAY + timedelta(days=30)))
    return helper


def help_ends(office: Any) -> Person:
    _help_ends(office)
    return office.person


def helping_ends(office: Any) -> Person:
    return _help_ends(office)


def function_ends(office: Any) -> Person:
    person = give_a_function(office)
    given = office.session.scalars(select(Appointment)).one()
    given.until_on = TODAY + timedelta(days=90)
    office.session.flush()
    for _ in range(2):
        remind_of_functions(office.session, **days(60, given.until_on))
    return person


def _remind(office: Any, region_code: str, *, of_court: bool) -> None:
    session, packs = office.session, packs_in_force(office.session)
    until = remedies_until(packs, region_code, TODAY)[of_court]
    for _ in range(2):
        remind_of_remedies(session, packs=packs, **days(7, until))


def may_ask_for_a_review(office: Any) -> Person:
    person = refuse_pension(office)
    serve(office.session, TODAY, PENSION_REFUSED)
    _remind(office, person.region_code, of_court=False)
    return person


def may_go_to_court(office: Any) -> Person:
    person = refuse_pension(office)
    serve(office.session, TODAY, PENSION_REFUSED)
    _remind(office, person.region_code, of_court=True)
    return person


def _assessed(office: Any, *, of_court: bool) -> Employer:
    employer = assess(office)
    serve(office.session, TODAY, ASSESSMENT_DECIDED)
    _remind(office, employer.region_code, of_court=of_court)
    return employer


def employer_may_ask(office: Any) -> Employer:
    return _assessed(office, of_court=False)


def employer_may_sue(office: Any) -> Employer:
    return _assessed(office, of_court=True)


REMINDED = {
    OWN_BILL_DUE: (bill_of_ones_own,),
    DEFERRAL_ENDING: (deferral_ends,),
    INSTALMENT_DUE: (instalment_comes,),
    HEARING_ENDING: (hearing_ends,),
    HELP_ENDING: (help_ends,),
    MAY_HELP_ENDING: (helping_ends,),
    FUNCTION_ENDING: (function_ends,),
    REVIEW_ENDING: (may_ask_for_a_review,),
    SUIT_ENDING: (may_go_to_court,),
    EMPLOYER_REVIEW_ENDING: (employer_may_ask,),
    EMPLOYER_SUIT_ENDING: (employer_may_sue,),
}
