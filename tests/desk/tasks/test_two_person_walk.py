"""Every form of the desk is made by one and checked by another, or says why one is enough.

The forms come from the route table; each of those that take two is sent, and changes nothing until
somebody else has checked it: not its maker, not from another region, not whose matter it is.
"""

import re
import sys
from html import unescape
from io import BytesIO
from types import SimpleNamespace

import pytest
import time_machine
from sqlalchemy import func, or_, select

from siweb.audit.activity import Activity
from siweb.auth import access
from siweb.auth.credentials.account import create_account
from siweb.auth.tables.api_token import ApiToken
from siweb.auth.tables.appointment import Appointment, Function
from siweb.auth.tables.help_mandate import CommunityHelper, HelpMandate
from siweb.auth.tables.second_factor import SecondFactor
from siweb.auth.tables.staff_relation import StaffRelation
from siweb.collection.tables.arrears import Arrears, Deferral
from siweb.collection.tables.bank_account import BankAccount
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.instalment import Instalment
from siweb.collection.tables.levy_run import LevyRun
from siweb.collection.tables.payment import Payment
from siweb.collection.tables.payout import PaymentFile, Payout
from siweb.collection.tables.record_correction import IdentityCorrection
from siweb.desk.tasks.actions import ACTIONS
from siweb.desk.tasks.two_people import BY_ONE, BY_TWO
from siweb.documents.tables.document import Document
from siweb.evidence.papers.keep import papers_of
from siweb.evidence.tables.evidence_file import EvidenceFile
from siweb.keeping.tables.keeping_hold import KeepingHold
from siweb.keeping.tables.keeping_term import KeepingTerm
from siweb.ledgers.tables.account_entry import AccountEntry
from siweb.ledgers.tables.benefit_entry import BenefitEntry
from siweb.ledgers.tables.temporary_account import TemporaryAccount
from siweb.ledgers.tables.transfer_segment import TransferSegment
from siweb.pensions.tables.pension_application import PensionApplication
from siweb.queue.job import Job
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.benefit import Benefit, BenefitWithdrawal, LifeSign
from siweb.registry.tables.bring_in import BringIn
from siweb.registry.tables.employer import Employer, InjuryRate
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.parameter_pack import ParameterPack
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.sign import Sign
from siweb.tasks import check
from siweb.tasks.tables.amount_limit import AmountLimit
from siweb.tasks.tables.task import Task, TaskState
from siweb.transfers.tables.pension_transfer import PensionTransfer
from tests import factories
from tests.conftest import NOW
from tests.desk.tasks.two_person_forms import Forms
from tests.sign_in import EVERY_FUNCTION, appoint, sign_in

ELSEWHERE = "530000"


def state(session):
    """Everything that an action may change, but for who signs in and what waits."""
    session.expire_all()
    tables = (
        Payment,
        AccountEntry,
        TransferSegment,
        Deferral,
        Instalment,
        LevyRun,
        Job,
        InjuryRate,
        HelpMandate,
        CommunityHelper,
        AmountLimit,
        Benefit,
        BenefitEntry,
        Sign,
        PaymentFile,
    )
    counts = [session.scalar(select(func.count()).select_from(table)) for table in tables]
    asked = (
        select(Payment.id, Payment.unallocated_fen),
        select(Person.id).where(Person.died_on.is_not(None)),
        select(IdentityCorrection.task_id),
        select(PersonAlias.former_id),
        select(Arrears.id, Arrears.state),
        select(Campaign.id, Campaign.closes_on),
        select(KeepingTerm.years),
        select(KeepingHold.case_number, KeepingHold.lifted_at),
        select(EvidenceFile.reference),
        select(BankStatement.id, BankStatement.withdrawn_at, BankStatement.confirmed_at).where(
            or_(BankStatement.withdrawn_at.is_not(None), BankStatement.confirmed_at.is_not(None))
        ),
        select(BankAccount.number),
        select(ApiToken.beginning),
        select(Document.reference, Document.revoked_at),
        select(BenefitWithdrawal.id, BenefitWithdrawal.resumed_from_month),
        select(LifeSign.id, LifeSign.withdrawn_at),
        select(TemporaryAccount.id, TemporaryAccount.ended_on),
        select(Enrolment.person_id, Enrolment.to_month),
        select(HelpMandate.id, HelpMandate.ended_at),
        select(ParameterPack.region, ParameterPack.digest),
        select(BringIn.kind, BringIn.added_rows),
        select(Agency.id, Agency.insurances),
        select(Payout.id, Payout.state, Payout.payee_account),
        select(PensionApplication.id, PensionApplication.state),
        select(PensionTransfer.id, PensionTransfer.state),
        select(Sign.id, Sign.state, Sign.resumed_from_month),
        select(SecondFactor.account_id),
        select(StaffRelation.id, StaffRelation.until_on),
        select(Appointment.id).where(Appointment.checked_by_account_id.is_not(None)),
        select(Appointment.id).where(Appointment.ended_at.is_not(None)),
    )
    return counts, [sorted(map(tuple, session.execute(each)), key=str) for each in asked]


@pytest.fixture
def browser(app, session):
    def signed_in(person, functions=EVERY_FUNCTION, agency_id=None):
        appoint(session, person, *functions, agency_id=agency_id)
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        sign_in(client, session, person)
        return client

    return signed_in


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def insured(session, hire_at, insure, now):
    """A region whose month can be levied."""
    insure(900_000, hire_at())
    session.commit()


# One of the files of an old system stands for all: one view hands them in, kind by kind.
FILES = {name for name in BY_TWO if name.startswith("old_data_desk.")}
# They rest on the file itself, on what was found out, or on reasons that whom it concerns reads.
NO_PAPER = {
    "pension_desk.refuse", "staff_desk.propose_ending",
    "staff_desk.reset_factor", "relative_desk.propose_relation_end", "statement_desk.confirm", "statement_desk.hand_in",
    "statement_desk.name_columns", "statement_desk.withdraw", "transfer_desk.refuse_one",
}  # fmt: skip
WALKED = sorted({*BY_TWO} - {"review_tasks.finish"} - FILES | {"old_data_desk.hand_in_people"})


@pytest.fixture(params=WALKED)
def sent(request, now, insured, session, tmp_path, browser):
    """A form that one member of staff sent; what it is about before and its task."""
    endpoint = request.param
    page, address, typed = getattr(Forms(session, tmp_path), endpoint.partition(".")[2])()
    session.commit()
    maker = factories.make_person(session, name="经办员")
    client = browser(maker)
    before = state(session)

    answer = send(client, address, typed, "k")

    # The answer of one shows a secret, which must stand in no address: it leads nowhere.
    assert answer.status_code == (200 if endpoint == "program_desk.give_program" else 303)
    # What an earlier one did may stand there, done.
    task = session.scalars(select(Task).where(Task.state == TaskState.OPEN)).one()
    return SimpleNamespace(
        endpoint=endpoint, page=page, address=address, typed=typed, before=before, maker=maker,
        client=client, task=task, session=session,
    )  # fmt: skip


def send(client, address, typed, key, **more):
    """Send a form; a file is handed in anew each time."""
    data = {
        name: (BytesIO(value), "a.xml") if isinstance(value, bytes) else value
        for name, value in typed.items()
    }
    return client.post(address, data=data | {"form_key": key}, **more)


def post(client, sent, what, **typed):
    return client.post(
        f"/desk/tasks/{sent.task.reference}/{what}", data=typed, follow_redirects=True
    )


def is_open(sent):
    sent.session.expire_all()
    return sent.task.state is TaskState.OPEN


def test_every_form_of_the_desk_says_whether_one_person_is_enough(app):
    forms = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods
        and getattr(app.view_functions[rule.endpoint], "access", "").startswith("duty:")
    }

    assert set(BY_TWO) | set(BY_ONE) == forms
    assert not set(BY_TWO) & set(BY_ONE)
    assert {action.kind for action in BY_TWO.values()} == set(ACTIONS)


def test_a_form_changes_nothing_until_somebody_else_has_checked_it(sent, browser, session):
    assert sent.task.kind == BY_TWO[sent.endpoint].kind
    assert state(session) == sent.before
    papers = papers_of(session, sent.task.id)
    assert bool(papers) == (sent.endpoint not in NO_PAPER)
    shown = sent.client.get(f"/desk/tasks/{sent.task.reference}")
    assert "What changes" in shown.text
    read = [paper.number for paper in papers] or [sent.task.because]
    assert [each for each in read if each not in shown.text] == []
    if sent.task.person_id is not None:
        assert session.get_one(Person, sent.task.person_id).name in shown.text

    checker = browser(factories.make_person(session, name="复核员"))
    assert "Checked and done." in post(checker, sent, "approve").text

    assert not is_open(sent)
    assert state(session) != sent.before
    noted = select(func.count(Activity.id)).where(Activity.action == "task.done")
    assert session.scalar(noted) == 1
    # What was done still says what it was.
    assert checker.get(f"/desk/tasks/{sent.task.reference}").status_code == 200


def test_it_is_done_once(sent, browser, session):
    checkers = [browser(factories.make_person(session)) for _each in range(2)]
    post(checkers[0], sent, "approve")
    done = state(session)

    assert "Somebody checked this meanwhile." in post(checkers[1], sent, "approve").text

    assert state(session) == done


def test_its_maker_does_not_check_it(sent, session):
    assert "another person checks it" in post(sent.client, sent, "approve").text
    assert "another person checks it" in post(sent.client, sent, "refuse", answer="否").text

    assert is_open(sent)
    assert state(session) == sent.before


@pytest.mark.parametrize("sent", ["people_desk.death"], indirect=True)
def test_the_walk_notices_a_maker_who_may_check(sent, session, monkeypatch):
    monkeypatch.setattr(check, "_require_stranger", lambda *_given: None)
    with pytest.raises(AssertionError):
        test_its_maker_does_not_check_it(sent, session)


@pytest.mark.parametrize("sent", ["people_desk.death"], indirect=True)
def test_the_walk_notices_who_may_check_their_own_matter(sent, browser, session, monkeypatch):
    monkeypatch.setattr(access, "require_others", lambda _subject: None)
    monkeypatch.setattr(check, "is_own", lambda *_given, **_more: False)
    with pytest.raises(AssertionError):
        test_nobody_checks_their_own_matter(sent, browser, session)


def test_the_walk_notices_a_form_that_nobody_classified(app, monkeypatch):
    left_out = {name: why for name, why in BY_ONE.items() if name != "people_desk.find"}
    monkeypatch.setattr(sys.modules[__name__], "BY_ONE", left_out)
    with pytest.raises(AssertionError):
        test_every_form_of_the_desk_says_whether_one_person_is_enough(app)


def test_nobody_checks_it_from_another_region_or_with_another_function(sent, browser, session):
    agency = factories.make_agency(session, ELSEWHERE)
    others = [each for each in Function if each is not sent.task.function]
    for clerk in (
        browser(factories.make_person(session), agency_id=agency.id),
        browser(factories.make_person(session), others),
    ):
        assert post(clerk, sent, "approve").status_code == 404

    assert is_open(sent)


def test_nobody_checks_their_own_matter(sent, browser, session):
    about = ACTIONS[sent.task.kind].subject(session, sent.task)
    own = [session.get_one(Person, person_id) for person_id in sorted(about.person_ids)]
    for employer_id in sorted(about.employer_ids):
        agent = factories.make_person(session)
        account = create_account(session, agent.id, "correct horse battery", at=NOW)
        factories.make_mandate(session, account, session.get_one(Employer, employer_id))
        own.append(agent)
    for person in own:
        if person.died_on is not None:
            continue
        assert post(browser(person), sent, "approve").status_code == 403

    assert is_open(sent)
    assert state(session) == sent.before


def test_it_waits_once(sent, session):
    answer = send(sent.client, sent.address, sent.typed, "other", follow_redirects=True)

    assert "waits for its second person already" in answer.text
    # What it undoes was done by two people as well.
    assert session.scalar(select(func.count(Task.id)).where(Task.state == TaskState.OPEN)) == 1


def test_it_is_refused_with_a_reason_and_may_be_made_again(sent, browser, session):
    checker = browser(factories.make_person(session))
    assert post(checker, sent, "refuse", answer="").status_code == 422
    assert "Whoever made it reads why" in post(checker, sent, "refuse", answer="缺材料").text

    assert state(session) == sent.before
    assert "缺材料" in sent.client.get(f"/desk/tasks/{sent.task.reference}").text
    send(sent.client, sent.address, sent.typed, "other")
    assert session.scalar(select(func.count(Task.id)).where(Task.state == TaskState.OPEN)) == 1


def test_its_maker_withdraws_it_and_nobody_else(sent, browser, session):
    other = browser(factories.make_person(session))
    assert "Only who made it" in post(other, sent, "withdraw").text
    assert is_open(sent)

    post(sent.client, sent, "withdraw")

    assert not is_open(sent)
    assert state(session) == sent.before


def test_the_page_of_what_it_is_about_shows_what_waits_and_its_task_leads_there(sent):
    shown = sent.client.get(f"/desk/tasks/{sent.task.reference}").text
    linked = re.search(r'<a href="([^"]+)">Open what it is about</a>', shown)
    if linked is None:
        assert sent.endpoint in {
            "payout_desk.release_file", "staff_desk.propose_one",
        }  # fmt: skip
        return
    page = sent.client.get(unescape(linked[1]))
    assert page.status_code == 200
    if sent.endpoint not in {"levy_desk.adjust", "statement_desk.show_accounts"}:
        assert f"/desk/tasks/{sent.task.reference}" in page.text
