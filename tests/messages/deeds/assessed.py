"""What the agency fixes itself and what was reported, by the message that it leads to."""

from datetime import date
from typing import Any

from siweb.audit.actor import SYSTEM
from siweb.collection.assessments.decide import decide, drop
from siweb.collection.assessments.overtaken import mark_overtaken
from siweb.collection.assessments.propose import propose_all
from siweb.collection.assessments.reports.report_hire import drop_report
from siweb.collection.assessments.settle import settle_all
from siweb.messages.kinds.assessments import (
    ASSESSMENT_DECIDED,
    ASSESSMENT_DROPPED,
    ASSESSMENT_PROPOSED,
    ASSESSMENT_SETTLED,
    REPORT_ACCEPTED,
    REPORT_DECIDED,
    REPORT_DROPPED,
)
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from tests import factories
from tests.collection import make_cases
from tests.collection.assessments.test_settle import bill_months
from tests.conftest import NOW

TODAY = NOW.date()
BY = {"actor": SYSTEM, "at": NOW}


def propose(office: Any) -> Employer:
    make_cases.propose(office.session, employer=office.employer)
    return office.employer


def propose_all_found(office: Any) -> Employer:
    employer, _person = make_cases.make_staff(office.session)
    make_cases.find(office.session)
    propose_all(
        office.session, make_cases.REGION, packs=packs_in_force(office.session),
        actor=make_cases.PROPOSER, on=make_cases.ON, at=NOW,
    )  # fmt: skip
    return employer


def assess(office: Any) -> Employer:
    case = make_cases.propose(office.session, employer=office.employer)
    decide(
        office.session, case, "按工资流水核定", packs=packs_in_force(office.session),
        actor=make_cases.DECIDER, on=date(2026, 9, 10), at=NOW,
    )  # fmt: skip
    return office.employer


def _proposed(office: Any) -> Any:
    return make_cases.propose(office.session, employer=office.employer, person=office.person)


def drop_a_proposal(office: Any) -> Employer:
    drop(office.session, _proposed(office), "已补办", actor=make_cases.DECIDER, at=NOW)
    return office.employer


def register_before_it_is_decided(office: Any) -> Employer:
    session, case = office.session, make_cases.propose(office.session)
    person, employer = session.get_one(Person, case.person_id), _employer(office, case)
    factories.make_enrolment(session, person, employer=employer, from_month="2026-07")
    for _ in range(2):
        mark_overtaken(session, packs_in_force(session), make_cases.REGION, on=TODAY, at=NOW)
    return employer


def _employer(office: Any, case: Any) -> Employer:
    found: Employer = office.session.get_one(Employer, case.employer_id)
    return found


def _decided(office: Any, case: Any) -> None:
    packs, on = packs_in_force(office.session), date(2026, 9, 10)
    by = {"packs": packs, "actor": make_cases.DECIDER, "on": on, "at": NOW}
    decide(office.session, case, "", **by)


def settle_after_all(office: Any) -> Employer:
    session, case = office.session, make_cases.propose(office.session)
    _decided(office, case)
    person, employer = session.get_one(Person, case.person_id), _employer(office, case)
    factories.make_enrolment(session, person, employer=employer, from_month="2026-07")
    by = {"packs": packs_in_force(session), "actor": make_cases.PROPOSER}
    settle_all(session, make_cases.REGION, **by, on=TODAY, at=NOW)
    bill_months(session, employer, person, ("2026-07", "2026-08"))
    settle_all(session, make_cases.REGION, **by, on=TODAY, at=NOW)
    return employer


def open_a_case(office: Any) -> Person:
    _proposed(office)
    return office.person


def decide_a_case(office: Any) -> Person:
    _decided(office, _proposed(office))
    return office.person


def drop_a_reported_case(office: Any) -> Person:
    drop_a_proposal(office)
    return office.person


def drop_a_report(office: Any) -> Person:
    report = make_cases.report(office.session, person=office.person)
    drop_report(office.session, report, "已参保", **BY)
    return office.person


ASSESSED = {
    ASSESSMENT_PROPOSED: (propose, propose_all_found),
    ASSESSMENT_DECIDED: (assess,),
    ASSESSMENT_DROPPED: (drop_a_proposal, register_before_it_is_decided),
    ASSESSMENT_SETTLED: (settle_after_all,),
    REPORT_ACCEPTED: (open_a_case,),
    REPORT_DECIDED: (decide_a_case, drop_a_reported_case),
    REPORT_DROPPED: (drop_a_report,),
}
