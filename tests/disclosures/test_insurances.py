"""Every route of the desk, for who works at an agency that runs medical care and maternity alone.

What is about the other insurances is nowhere for them; what all have in common is theirs as well.
"""

import pytest

from siweb.auth.staff.duties import Scope
from siweb.auth.tables.appointment import Function
from siweb.pensions.tables.pension_application import PensionApplication
from siweb.registry.codes import AgencyKind, Insurance
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.person import Person
from siweb.web.database import database
from tests.disclosures.test_duties import Clerk, desk_rules, examples, functions_of, method

PENSION = {Insurance.PENSION}
BENEFITS = {Insurance.PENSION, Insurance.WORK_INJURY, Insurance.UNEMPLOYMENT}
# What is about one insurance or some, by room or by route: nobody else's agency has it.
ABOUT = {
    "pension_desk": PENSION,
    "transfer_desk": PENSION,
    "benefit_desk": BENEFITS,
    "benefit_correction_desk": BENEFITS,
    "account_correction_desk": PENSION,
    "sign_desk": BENEFITS,
    "people_desk.bring": PENSION,
    "people_desk.note_temporary": PENSION,
    "people_desk.note_ordinary": PENSION,
    "people_desk.send": PENSION,
    "people_desk.heirs": PENSION,
    "employer_desk.decide_rate": {Insurance.WORK_INJURY},
    "old_data_desk.hand_in_accounts": PENSION,
    "old_data_desk.hand_in_benefits": BENEFITS,
    "old_data_desk.hand_in_life_signs": BENEFITS,
}
# What has matters of both kinds: each says itself what it is about.
MIXED = {
    "desk", "task_desk", "evidence_desk", "payout_desk", "review_desk", "review_tasks",
    "old_data_desk", "campaign_desk", "service_desk", "correction_desk", "search_desk", "phone_desk",
    "note_desk",
}  # fmt: skip
# Registration, the one collection of all premiums, complaints, and the office itself.
COMMON = {
    "people_desk", "counter_desk", "identity_desk", "merging_desk", "separating_desk", "relative_desk", "employer_desk",
    "employer_counter", "hire_reports", "assessment_desk", "levy_desk", "arrears_desk",
    "payment_desk", "statement_desk", "entry_desk", "complaint_desk", "agency_desk", "program_desk", "office_desk", "staff_desk",
    "limit_desk", "keeping_desk", "parameter_desk", "help_desk", "doctor", "copy_desk",
}  # fmt: skip


@pytest.fixture(scope="module")
def clerk(office, people):
    """Somebody whom no example is about."""
    return Clerk(office, people[-1].id)


def about(endpoint):
    return ABOUT.get(endpoint, ABOUT.get(endpoint.partition(".")[0], set()))


def agencies(office, kind):
    with database(office).readers() as session:
        return {each.region_code: each.id for each in session.query(Agency).filter_by(kind=kind)}


def visited(office, clerk, kind):
    """Whether each route is there for who works at an agency of a kind, in the matter's region."""
    found = {}
    here = agencies(office, kind)
    for rule in desk_rules(office):
        for values, subject in examples(office, rule):
            regions = sorted((subject.regions if subject else set(here)) & set(here))
            if not regions:
                continue
            of = about(rule.endpoint) or (subject.insurances if subject else set())
            clerk.holds(functions_of(office, rule.endpoint, values), here[regions[0]])
            key = (rule.endpoint, method(rule), frozenset(of))
            found[key] = clerk.ask(rule, values).status_code != 404
            break
    return found


def test_every_route_says_whether_it_is_about_some_insurances(office):
    named = {}
    for rule in desk_rules(office):
        room = rule.endpoint.partition(".")[0]
        assert room in MIXED | COMMON | set(ABOUT), f"{rule.endpoint} is nowhere"
        named[rule.endpoint] = set(office.view_functions[rule.endpoint].about)

    assert {endpoint: about(endpoint) for endpoint in named} == named


def test_an_agency_has_nothing_of_the_insurances_of_another(office, clerk, monkeypatch):
    seen = visited(office, clerk, AgencyKind.MEDICAL)

    assert [key for key, there in seen.items() if key[2] and there] == []
    assert [
        key for key, there in seen.items() if not key[2] and not there and key[1] == "GET"
    ] == []
    # The other agency of the same region has all of it.
    of_hrss = visited(office, clerk, AgencyKind.HRSS)
    assert [key for key, there in of_hrss.items() if not there and key[1] == "GET"] == []
    # The walk notices a scope that knows regions alone.
    monkeypatch.setattr(Scope, "running", lambda self, *_insurances: self)
    without = visited(office, clerk, AgencyKind.MEDICAL)
    leaks = {key[0] for key, there in without.items() if key[2] and there}
    assert {"pension_desk.show_application", "payout_desk.show_payout"} <= leaks
    assert len(leaks) > 10


def test_a_person_shows_what_of_them_lies_in_the_scope(office, clerk, people):
    here = {kind: agencies(office, kind) for kind in AgencyKind}
    region = min(here[AgencyKind.MEDICAL])
    with database(office).readers() as session:
        person = session.query(Person.id).filter_by(region_code=region, died_on=None).first().id
    address = f"/desk/people/{person}"

    medical = clerk.holds([Function.FINANCE], here[AgencyKind.MEDICAL][region]).client.get(address)
    hrss = clerk.holds([Function.FINANCE], here[AgencyKind.HRSS][region]).client.get(address)
    whole = clerk.holds([Function.FINANCE]).client.get(address)

    said = "Your agency runs these insurances: Medical insurance, Maternity insurance."
    assert said in medical.text
    assert "Balance of the individual account" not in medical.text
    assert "Balance of the individual account" in hrss.text
    assert "Your agency runs these insurances: Pension" in hrss.text
    assert "Your agency runs these insurances" not in whole.text


def test_the_search_finds_nothing_of_another_agency(office, clerk):
    with database(office).readers() as session:
        application = session.query(PensionApplication).first()
    address = f"/desk/search?q={application.reference}"
    found = {}
    for kind in AgencyKind:
        here = agencies(office, kind)[application.region_code]
        page = clerk.holds([Function.REVIEW], here).client.get(address)
        found[kind] = f"/desk/pensions/{application.reference}" in f"{page.location} {page.text}"

    assert found == {AgencyKind.HRSS: True, AgencyKind.MEDICAL: False}
