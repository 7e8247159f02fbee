"""Every route of the desk, with every function, in one's own region and in another, on one's own matter.

The functions and subjects are those that stand beside the routes; a route without a function, or
one whose address names something and that does not say what, fails here.
"""

import inspect
import re
import sys
from datetime import date

import pytest
from sqlalchemy import select, update
from werkzeug.exceptions import MethodNotAllowed, NotFound

from siweb.auth import access
from siweb.auth.staff.duties import Scope
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Appointment, Function
from siweb.auth.tables.mandate import Mandate, MandateKind
from siweb.collection.tables.bank_statement import BankStatement
from siweb.desk.staff.places import area_of
from siweb.filings.tables.hire_follow_up import HireFollowUp
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.reviews.tables.review import Review, ReviewState
from siweb.tasks.tables.task import Task
from siweb.web.database import database
from tests.conftest import NOW
from tests.disclosures.visits import signed_in, values_of
from tests.sign_in import appoint

# A task's list is for everybody who checks something, itself for those who check it.
OF_THE_TASK = {f"task_desk.{name}_task" for name in ("show", "approve", "refuse", "withdraw")}
# What the common examples of addresses leave out.
NAMED = {
    "uscc": [Employer.uscc],
    "position": [HireFollowUp.filing_id, HireFollowUp.position],
    "statement_id": [BankStatement.id.label("statement_id")],
    "reference": [Review.reference],
    "agency_id": [Agency.id.label("agency_id")],
}


def desk_rules(office):
    return [
        rule
        for rule in office.url_map.iter_rules()
        if getattr(office.view_functions[rule.endpoint], "access", "").startswith("duty:")
    ]


def functions_of(office, endpoint, values):
    named = office.view_functions[endpoint].access.removeprefix("duty:").split(",")
    if endpoint in OF_THE_TASK:
        with database(office).readers() as session:
            return set(session.scalars(select(Task.function).filter_by(**values)))
    if endpoint in {"evidence_desk.show_scan", "note_desk.show_case_notes"}:
        # The example came with a complaint: whoever answers that opens it.
        return {Function.REVIEW}
    return {Function(name) for name in named}


def address(office, rule, values):
    with office.test_request_context():
        return office.url_map.bind("localhost").build(rule.endpoint, values, method=method(rule))


def method(rule):
    return "GET" if "GET" in rule.methods else "POST"


def examples(office, rule):
    """What a rule's address names, with its subject; what somebody has not sent yet is nobody's."""
    view = office.view_functions[rule.endpoint]
    moved = next((name for name in NAMED if name in rule.arguments), None)
    if moved == "reference" and not rule.endpoint.startswith("review_desk."):
        moved = None
    if moved is None:
        named = values_of(office, rule.endpoint)
    else:
        with database(office).readers() as session:
            asked = select(*NAMED[moved])
            if moved == "reference":
                asked = asked.where(Review.state != ReviewState.DRAFT).order_by(Review.id)
            part = {"part": "mandates"} if "part" in rule.arguments else {}
            named = [dict(row) | part for row in session.execute(asked).mappings()]
    for values in named:
        if view.subject_of is None:
            yield values, None
            continue
        with office.test_request_context(), database(office).readers() as session:
            subject = view.subject_of(session, **values)
        if subject is not None:
            yield values, subject


class Clerk:
    """Somebody whose functions and agency a test sets anew for each visit."""

    def __init__(self, office, person_id):
        self.office, self.person_id = office, person_id
        self.client = signed_in(office, person_id)
        self._now = None

    def holds(self, functions, agency_id=None):
        # Thousands of visits in turn: the same functions again need no writing.
        if self._now == (held := (frozenset(functions), agency_id)):
            return self
        with database(self.office).writers() as session:
            self._end_all(session)
            person = session.get_one(Person, self.person_id)
            appoint(session, person, *functions, agency_id=agency_id)
            session.commit()
        self._now = held
        return self

    def _end_all(self, session):
        session.execute(
            update(Appointment)
            .where(Appointment.person_id == self.person_id, Appointment.ended_at.is_(None))
            .values(ended_at=NOW)
        )

    def supervises(self, area):
        """Audits a province, and nothing else."""
        self._now = None
        with database(self.office).writers() as session:
            self._end_all(session)
            session.add(
                Appointment(
                    person_id=self.person_id, function=Function.AUDIT, area_code=area,
                    from_on=date(2000, 1, 1), made_at=NOW,
                )
            )  # fmt: skip
            session.commit()
        return self

    def ask(self, rule, values):
        return self.client.open(address(self.office, rule, values), method=method(rule))


@pytest.fixture(scope="module")
def clerk(office, people):
    """Somebody whom no example is about, without a mandate."""
    return Clerk(office, people[-1].id)


@pytest.fixture(autouse=True)
def open_hire(office):
    """What one test closes, the next finds open."""
    with database(office).writers() as session:
        session.execute(update(HireFollowUp).values(closed_at=None, closed_by_account_id=None))
        session.commit()


@pytest.fixture(scope="module")
def agency_of(office):
    with database(office).readers() as session:
        rows = session.execute(select(Agency.region_code, Agency.id).order_by(Agency.id.desc()))
        return {row.region_code: row.id for row in rows}


def let_in_wrongly(office, clerk):
    """Each function that opens a page which is not its own, or does not open its own."""
    visits = []
    for rule in desk_rules(office):
        values, _subject = next(examples(office, rule), (None, None))
        if values is not None:
            visits.append((rule, values, functions_of(office, rule.endpoint, values)))
    for function in Function:
        clerk.holds([function])
        for rule, values, needed in visits:
            status = clerk.ask(rule, values).status_code
            reads = method(rule) == "GET" and function is Function.AUDIT
            if (status != 404) != (function in needed or reads):
                yield f"{rule.endpoint} {function.value} {status}"


def test_the_desk_lets_in_who_holds_a_function_of_the_page_and_nobody_else(office, clerk):
    assert desk_rules(office)
    assert not list(let_in_wrongly(office, clerk))


def unnamed(office):
    """The addresses that name something and do not say whose it is."""
    return {
        rule.endpoint
        for rule in desk_rules(office)
        if rule.arguments and office.view_functions[rule.endpoint].subject_of is None
    }


def test_every_address_that_names_something_says_whose_it_is_and_has_an_example(office):
    no_example = {
        rule.endpoint for rule in desk_rules(office) if next(examples(office, rule), None) is None
    }

    assert not unnamed(office)
    assert not no_example


def seen_wrongly(office, clerk, agency_of):
    """What somebody of another region finds, and what somebody of this one does not."""
    for rule in desk_rules(office):
        for values, subject in examples(office, rule):
            if subject is None:
                continue
            needed = functions_of(office, rule.endpoint, values)
            for region, agency in agency_of.items():
                status = clerk.holds(needed, agency).ask(rule, values).status_code
                # What was done before is not there a second time: pages only.
                if region in subject.regions and status == 404 and method(rule) == "GET":
                    yield f"hidden: {rule.endpoint} {values} {region} {status}"
                if not _lies_in(office, subject, region) and status != 404:
                    yield f"seen: {rule.endpoint} {values} {region} {status}"
            break


def test_what_lies_in_another_region_is_nowhere_for_who_acts_here(office, clerk, agency_of):
    assert not list(seen_wrongly(office, clerk, agency_of))


def supervised_wrongly(office, clerk, agency_of):
    """What a supervisor finds beside their province, does not find in it, or may send."""
    for rule in desk_rules(office):
        values, subject = next(examples(office, rule), (None, None))
        if subject is None:
            continue
        sights = {area_of(region): False for region in agency_of}
        for region in agency_of:
            sights[area_of(region)] |= _lies_in(office, subject, region)
        # One province that has it and one that has not: the others are as that one.
        for sees, area in {sees: area for area, sees in sights.items()}.items():
            status = clerk.supervises(area).ask(rule, values).status_code
            if (status != 404) != (sees and method(rule) == "GET"):
                yield f"{rule.endpoint} {values} {area} {status}"


def test_a_supervisor_sees_all_of_the_province_and_changes_nothing(office, clerk, agency_of):
    assert len({area_of(region) for region in agency_of}) > 1
    assert not list(supervised_wrongly(office, clerk, agency_of))


def test_a_list_shows_what_lies_in_the_regions_of_who_reads_it(office, clerk, agency_of):
    outside, followed = [], set()
    for rule in desk_rules(office):
        if rule.arguments or "GET" not in rule.methods:
            continue
        for region, agency in agency_of.items():
            answer = clerk.holds(functions_of(office, rule.endpoint, {}), agency).ask(rule, {})
            for link in set(re.findall(r'(?:href|action)="(/desk/[^"?]+)', answer.text)):
                subject = _subject_at(office, link)
                if subject is None:
                    continue
                followed.add(rule.endpoint)
                if not _lies_in(office, subject, region):
                    outside.append(f"{rule.endpoint} {link}")

    assert len(followed) >= 6
    assert not outside


def _lies_in(office, subject, region):
    with database(office).readers() as session:
        return subject.lies_in(session, Scope(frozenset({region})))


def _subject_at(office, link):
    """What a link of a list leads to."""
    routes = office.url_map.bind("localhost")
    for method_ in ("GET", "POST"):
        try:
            endpoint, values = routes.match(link, method=method_)
        except (NotFound, MethodNotAllowed):
            continue
        subject_of = getattr(office.view_functions[endpoint], "subject_of", None)
        if subject_of is not None:
            with office.test_request_context(), database(office).readers() as session:
                return subject_of(session, **values)
    return None


def sent_on_own_matter(office, people):
    """Each form that was sent about oneself or an own firm, and whether it was refused."""
    for rule in desk_rules(office):
        if "POST" not in rule.methods:
            continue
        for values, subject in examples(office, rule):
            if subject is None:
                continue
            persons, employers = subject.person_ids, subject.employer_ids
            for own in _owners(office, people, persons, employers):
                answer = own.holds(functions_of(office, rule.endpoint, values)).client.post(
                    address(office, rule, values)
                )
                is_refused = answer.status_code == 403 and "ask a colleague" in answer.text
                yield rule.endpoint, is_refused
            if persons or employers:
                break


def test_nobody_sends_a_form_about_themselves_or_a_firm_they_act_for(office, people):
    sent = list(sent_on_own_matter(office, people))

    assert len({endpoint for endpoint, _is_refused in sent}) > 15
    assert not [endpoint for endpoint, is_refused in sent if not is_refused]


def test_the_walks_notice_a_guard_that_lets_everything_through(
    office, clerk, people, agency_of, monkeypatch
):
    everywhere = Scope(None)
    with monkeypatch.context() as broken:
        broken.setattr(access, "scope_of", lambda _duties, _functions: everywhere)
        assert next(let_in_wrongly(office, clerk))
    with monkeypatch.context() as broken:
        broken.setattr(access, "_require", lambda _subject, _held: None)
        assert next(seen_wrongly(office, clerk, agency_of)).startswith("seen")
    with monkeypatch.context() as broken:
        broken.setattr(access, "require_others", lambda _subject: None)
        assert next(each[1:] for each in sent_on_own_matter(office, people)) == (False,)


@pytest.mark.parametrize("endpoint", ["levy_desk.show_run", "people_desk.death"])
def test_the_walks_notice_one_mark_that_forgets_whose_it_is(
    office, clerk, people, agency_of, monkeypatch, endpoint
):
    """A page or a form whose address names something, marked as if it were a list."""
    view = office.view_functions[endpoint]
    broken = access.duty(*functions_of(office, endpoint, {}))(inspect.unwrap(view))
    monkeypatch.setitem(office.view_functions, endpoint, broken)
    assert endpoint in unnamed(office)

    # As if the mark had kept the subject and did not ask it.
    broken.subject_of = view.subject_of
    rules = [rule for rule in desk_rules(office) if rule.endpoint == endpoint]
    monkeypatch.setattr(sys.modules[__name__], "desk_rules", lambda _office: rules)
    if method(rules[0]) == "GET":
        assert next(seen_wrongly(office, clerk, agency_of)).startswith("seen")
    else:
        assert (endpoint, False) in list(sent_on_own_matter(office, people))


def _owners(office, people, persons, employers):
    """The persons themselves, and somebody with a mandate that has ended."""
    yield from (Clerk(office, person_id) for person_id in sorted(persons))
    agent = Clerk(office, people[-1].id)
    for employer_id in sorted(employers):
        with database(office).writers() as session:
            account = session.scalars(
                select(Account).where(Account.person_id == people[-1].id)
            ).first()
            mandate = Mandate(
                account_id=account.id, employer_id=employer_id, kind=MandateKind.VIEWER,
                from_on=NOW.date(), granted_at=NOW, revoked_at=NOW,
            )  # fmt: skip
            session.add(mandate)
            session.commit()
            mandate_id = mandate.id
        try:
            yield agent
        finally:
            with database(office).writers() as session:
                session.delete(session.get_one(Mandate, mandate_id))
                session.commit()
