"""Employers, reports and cases for tests of assessments."""

from datetime import date

from siweb.audit.actor import Actor
from siweb.collection.assessments.propose import Basis, propose_for_report
from siweb.collection.assessments.reports.report_hire import HireClaim, report_own_hire
from siweb.collection.assessments.undeclared.find import find_undeclared
from siweb.collection.tables.assessment import BaseRule
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from tests import factories
from tests.served import serve

# Amounts are rounded to the fen there.
REGION = "330100"
ON = date(2026, 8, 20)
AT = factories.AT
PROPOSER, DECIDER = Actor(901, None), Actor(902, None)
WAGE = Basis("2026-07", "2026-08", BaseRule.WAGE, 1_000_000, words="合同和工资流水")


STAFF = (Insurance.PENSION, Insurance.MEDICAL)


def make_staff(session, *, paid="2026-06", base_fen=1_000_000, name="张伟", insurances=STAFF):
    """An employer with one person since 2024 who was declared and paid for last year."""
    employer = factories.make_employer(session, region_code=REGION)
    person = factories.make_person(session, name=name, region_code=REGION)
    for insurance in insurances:
        factories.make_enrolment(session, person, insurance, employer=employer)
    declare(session, employer, person, "2025-07", base_fen)
    if paid:
        factories.make_record(
            session, person, paid, employer=employer, employer_fen=3_333_333, employee_fen=1_666_667
        )
        factories.make_record(
            session, person, paid, Insurance.MEDICAL, employer=employer,
            employer_fen=1_000_000, employee_fen=234_567, account_fen=0,
        )  # fmt: skip
    return employer, person


def declare(session, employer, person, month, base_fen=1_000_000, origin="filing_base"):
    row = DeclaredBase(
        person_id=person.id,
        region_code=person.region_code,
        employer_id=employer.id,
        from_month=month,
        declared_base_fen=base_fen,
        origin=origin,
        declared_at=AT,
    )
    session.add(row)
    session.flush()
    return row


def report(session, **told):
    """Somebody reports not to be registered by an employer that the register knows."""
    employer = told.pop("employer", None) or factories.make_employer(session, region_code=REGION)
    person = told.pop("person", None) or factories.make_person(
        session, name="钱待办", region_code=REGION
    )
    given = {"hired_on": date(2026, 7, 1), "wage_fen": 1_000_000} | told
    return report_own_hire(
        session, person.id, HireClaim(employer.uscc, **given), actor=Actor(1, person.id), at=AT
    )


def propose(session, basis=WAGE, *, is_served=True, **told):
    """A proposal, served on its own day unless a test says otherwise."""
    case = propose_for_report(
        session,
        report(session, **told),
        basis,
        actor=PROPOSER,
        on=ON,
        at=AT,
        packs=packs_in_force(session),
    )
    if is_served:
        serve(session, ON)
    return case


def find(session, month="2026-07", on=ON):
    return find_undeclared(
        session, REGION, month, actor=PROPOSER, on=on, at=AT, packs=packs_in_force(session)
    )
