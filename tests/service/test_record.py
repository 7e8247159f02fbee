"""How a notice is served: each way is a kept fact, and what the law counts runs from it."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from siweb.collection.arrears.daily import count_arrears_day
from siweb.collection.assessments.decide import decide
from siweb.collection.assessments.refusal import AssessmentRefused
from siweb.collection.tables.bill import Bill
from siweb.messages.deliver import carry
from siweb.messages.gateways.gateway import Channel
from siweb.messages.kinds.assessments import ASSESSMENT_DECIDED, ASSESSMENT_PROPOSED
from siweb.messages.served import PUBLIC_NOTICE, first_served, served_on, services_of
from siweb.messages.tables.message import Message
from siweb.messages.tables.service import Failure, Way
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.calendar.deadlines import compute_deadline
from siweb.service.record import Given, ServiceRefused, record_opened, record_service
from tests import factories
from tests.collection.make_cases import AT, DECIDER, ON, REGION, propose
from tests.conftest import NOW
from tests.served import clerk, serve
from tests.sign_in import sign_in

# A proposal of tests is told on this day, and decided upon on another.
TOLD, AFTER = date(2026, 1, 5), date(2026, 9, 10)
RETURNED = Given(Way.POSTED, date(2026, 8, 24), "退回的信封", "EMS1", Failure.RETURNED, "查无此人")


@pytest.fixture
def case(session):
    return propose(session, is_served=False)


@pytest.fixture
def message(session, case):
    return session.scalars(select(Message).where(Message.employer_id.is_not(None))).one()


@pytest.fixture
def record(session, message):
    def recorded(given, on=AFTER):
        by = {"packs": packs_in_force(session), "actor": clerk(session), "on": on, "at": AT}
        return record_service(session, message, given, **by)

    return recorded


@pytest.mark.parametrize("way", [Way.HANDED_OVER, Way.LEFT, Way.POSTED])
def test_what_reaches_its_reader_is_served_on_that_day(session, message, record, way):
    assert message.awaits_service

    tracking = "EMS1234567890" if way is Way.POSTED else ""
    row = record(Given(way, date(2026, 8, 24), "送达回证1号", tracking))

    session.expire_all()
    assert not message.awaits_service
    assert (row.served_on, row.recorded_on) == (date(2026, 8, 24), AFTER)
    assert row.recorded_by_account_id == clerk(session).account_id


def test_a_notice_is_published_only_after_another_way_failed(session, message, record):
    published = Given(Way.PUBLISHED, date(2026, 8, 25), "报纸2026年8月25日")
    with pytest.raises(ServiceRefused, match="nothing_failed"):
        record(published)

    record(RETURNED)
    session.expire_all()
    assert message.awaits_service
    with pytest.raises(ServiceRefused, match="nothing_failed"):
        record(Given(Way.PUBLISHED, date(2026, 8, 23), "报纸"))
    row = record(published)

    # Thirty days are public, the day of publication not counted.
    assert row.served_on == date(2026, 9, 25)
    session.expire_all()
    assert not message.awaits_service
    with pytest.raises(ServiceRefused, match="published"):
        record(published)


@pytest.mark.parametrize(
    ("published_on", "days"), [(date(2021, 12, 31), 60), (date(2022, 1, 1), 30)]
)
def test_a_public_notice_lasts_as_the_law_of_its_day_says(session, published_on, days):
    packs = packs_in_force(session)

    period = packs.parameters("CN", f"{published_on:%Y-%m}").period(PUBLIC_NOTICE)

    last = compute_deadline(published_on, period, packs.calendar()).last_day
    assert last == published_on + timedelta(days=days)


@pytest.mark.parametrize(
    ("done_on", "on", "code"),
    [
        (AFTER + timedelta(days=1), AFTER, "in_future"),
        (TOLD - timedelta(days=1), AFTER, "before_notice"),
    ],
)
def test_a_day_that_cannot_be_is_refused(record, done_on, on, code):
    with pytest.raises(ServiceRefused) as refused:
        record(Given(Way.HANDED_OVER, done_on, "送达回证"), on)
    assert refused.value.code == code


def test_what_is_served_is_served_once(record):
    record(Given(Way.HANDED_OVER, date(2026, 8, 24), "送达回证"))

    with pytest.raises(ServiceRefused, match="served"):
        record(Given(Way.LEFT, date(2026, 8, 25), "送达回证"))


def test_the_same_failure_is_recorded_once(record):
    record(RETURNED)

    with pytest.raises(ServiceRefused, match="twice"):
        record(RETURNED)


def test_what_was_published_may_still_be_opened_before_its_period_is_over(session, message, record):
    record(RETURNED)
    record(Given(Way.PUBLISHED, date(2026, 8, 25), "报纸"))
    by = {"packs": packs_in_force(session), "account_id": clerk(session).account_id}

    for day in (1, 2):
        at = AT.replace(month=9, day=day)
        record_opened(session, message, at=at, **by)

    assert first_served(services_of(session, message)) == date(2026, 9, 1)
    assert len(services_of(session, message)) == 3


def test_a_message_that_went_out_serves_nothing(session, case, message):
    message.made_at = NOW
    carry(session, frozenset(Channel), at=NOW)

    about = ("assessment", case.reference)
    assert message.awaits_service
    assert served_on(session, ASSESSMENT_PROPOSED, REGION, about) is None


def _decide(session, case, on):
    packs = packs_in_force(session)
    return decide(session, case, "按工资流水核定", packs=packs, actor=DECIDER, on=on, at=AT)


def test_a_proposal_is_decided_only_after_the_days_since_its_service(session, case, record):
    with pytest.raises(AssessmentRefused, match="not_served"):
        _decide(session, case, AFTER)

    record(Given(Way.HANDED_OVER, date(2026, 9, 9), "送达回证"))
    assert case.hearing_until == date(2026, 9, 16)
    with pytest.raises(AssessmentRefused, match="may_be_heard"):
        _decide(session, case, date(2026, 9, 16))

    assert _decide(session, case, date(2026, 9, 17)) is not None


def test_a_decision_is_to_be_paid_from_its_service_on_and_no_arrears_before(session, case):
    serve(session, ON, ASSESSMENT_PROPOSED)
    bill = _decide(session, case, AFTER)
    packs = packs_in_force(session)

    def found(on):
        return count_arrears_day(session, packs=packs, on=on, at=NOW).found

    assert found(date(2026, 11, 2)) == 0
    serve(session, date(2026, 11, 2), ASSESSMENT_DECIDED)
    session.refresh(bill)
    assert bill.due_on == date(2026, 11, 9)
    assert found(date(2026, 11, 9)) == 0
    assert found(date(2026, 11, 10)) == 1
    # Each month's late fee runs from its own due day, served or not (SIL 86).
    assert session.get_one(Bill, bill.id).late_fee_waived_until is None


@pytest.fixture
def employers_browser(app, session, case):
    def signed_in(kind):
        person = factories.make_person(session, region_code=REGION)
        account = factories.make_account(session, person)
        employer = session.get_one(factories.Employer, case.employer_id)
        factories.make_mandate(session, account, employer, kind)
        session.commit()
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        with time_machine.travel(NOW, tick=False):
            sign_in(client, session, person)
        address = f"/employer/{employer.uscc}/messages/assessment_proposed"
        return client, f"{address}/assessment-{case.reference}/{TOLD}"

    return signed_in


@pytest.mark.usefixtures("_notes_are_kept")
@pytest.mark.parametrize("kind", ["viewer", "filer"])
def test_who_may_file_for_an_employer_is_served_by_opening(employers_browser, session, case, kind):
    client, address = employers_browser(kind)

    with time_machine.travel(NOW, tick=False):
        page = client.get(address).text

    session.expire_all()
    since = served_on(session, ASSESSMENT_PROPOSED, REGION, ("assessment", case.reference))
    if kind == "viewer":
        assert since is None
        assert "not been served on you yet" in page
    else:
        assert since == NOW.date()
        assert "Served on 24 November 2026" in page
