"""What the office told a person or an employer, as the desk looks it up."""

import re
from datetime import timedelta

import pytest
import time_machine

from siweb.auth.tables.appointment import Function
from siweb.messages.gateways.gateway import Channel
from siweb.messages.kinds.assessments import ASSESSMENT_DECIDED
from siweb.messages.kinds.benefits import BENEFIT_SUSPENDED, PENSION_APPROVED
from siweb.messages.kinds.bills import OWN_BILL, REFUND
from siweb.messages.notify import notify
from siweb.messages.tables.delivery import DeliveryState, MessageDelivery
from siweb.messages.tables.service import Failure, MessageService, Way
from siweb.registry.codes import Insurance
from tests import factories
from tests.conftest import NOW
from tests.sign_in import EVERY_FUNCTION, appoint, sign_in

HERE, ELSEWHERE = "310000", "320100"
ON = NOW.date()


@pytest.fixture
def desk(client, session):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with time_machine.travel(NOW, tick=False):
        sign_in(client, session, factories.make_person(session), EVERY_FUNCTION)
        yield client


@pytest.fixture
def person(session):
    return factories.make_person(session, region_code=HERE)


def tell(session, reader, kind, *, region=HERE, number=1, at=NOW):
    subject = ("case", number)
    notify(session, kind, reader.id, region_code=region, subject=subject, at=at)
    return {
        "region_code": region, "kind": kind.name, "subject": f"case-{number}",
        "notified_on": at.date(), "reader_id": reader.id,
    }  # fmt: skip


def deliver(session, key, *ways):
    session.add_all(
        MessageDelivery(
            **key, channel=channel, state=state, next_try_at=NOW,
            delivered_at=NOW if state is DeliveryState.DELIVERED else None,
        )
        for channel, state in ways
    )  # fmt: skip


def serve(session, key, **how):
    account = factories.make_account(session, factories.make_person(session))
    given = {"done_on": ON, "paper": "回证", "recorded_on": ON} | how
    session.add(MessageService(**key, recorded_by_account_id=account.id, **given))


def rows(desk, address):
    session_rows = re.findall(r"<tr><th.*?</tr>", desk.get(address).text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in session_rows]


def test_it_says_by_what_it_went_out_and_whether_it_was_opened(desk, session, person):
    older = tell(session, person, OWN_BILL, at=NOW - timedelta(days=1))
    key = tell(session, person, REFUND)
    deliver(
        session, key,
        (Channel.SMS, DeliveryState.FAILED), (Channel.EMAIL, DeliveryState.DELIVERED),
    )  # fmt: skip
    deliver(session, older, (Channel.SMS, DeliveryState.QUEUED))
    session.commit()

    first, second = rows(desk, f"/desk/people/{person.id}/messages")

    assert first.startswith("A refund to you was decided 24 November 2026")
    assert "to the inbox by e-mail: sent out by text message: could not be sent" in first
    assert first.endswith("not opened")
    assert "You have a new bill" in second and "by text message: being sent" in second
    overview = desk.get(f"/desk/people/{person.id}").text
    assert overview.index("A refund to you was decided") < overview.index("You have a new bill")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (None, "not served yet"),
        ({"way": Way.HANDED_OVER, "failure": Failure.ABSENT, "words": "无人"}, "a try failed"),
        ({"way": Way.HANDED_OVER, "served_on": ON}, "served since 24 November 2026"),
        (
            {"way": Way.PUBLISHED, "served_on": ON + timedelta(days=30)},
            "published: served on 24 December 2026",
        ),
    ],
)
def test_a_notice_says_whether_it_was_served(desk, session, how, said):
    employer = factories.make_employer(session, region_code=HERE)
    key = tell(session, employer, ASSESSMENT_DECIDED)
    if how:
        serve(session, key, **how)
    session.commit()

    (row,) = rows(desk, f"/desk/employers/{employer.uscc}/messages")

    assert row.endswith(said)
    page = desk.get(f"/desk/employers/{employer.uscc}/messages").text
    assert f'href="/desk/service/assessment_decided/case-1/{ON}"' in page


def test_an_agency_reads_what_lies_in_its_region_and_its_insurances(client, session, person):
    agency = factories.make_agency(session, HERE)
    agency.insurances = frozenset({Insurance.MEDICAL})
    clerk = factories.make_person(session)
    appoint(session, clerk, Function.REVIEW, agency_id=agency.id)
    tell(session, person, OWN_BILL)
    tell(session, person, PENSION_APPROVED)
    tell(session, person, BENEFIT_SUSPENDED)
    factories.make_region(session, ELSEWHERE)
    tell(session, person, REFUND, region=ELSEWHERE)
    session.commit()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with time_machine.travel(NOW, tick=False):
        sign_in(client, session, clerk)
        (row,) = rows(client, f"/desk/people/{person.id}/messages")

    assert row.startswith("You have a new bill")
