"""The desk sees what waits to be served, and records how it was."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from siweb.auth.tables.appointment import Function
from siweb.messages.kinds.benefits import SUSPENSION_ANNOUNCED
from siweb.messages.served import services_of
from siweb.messages.tables.message import Message
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import BenefitState
from siweb.reviews.benefits.move import move_benefits
from siweb.reviews.benefits.tell import tell_of_benefits
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.review import ReviewState
from tests import factories
from tests.conftest import NOW
from tests.papers import paper
from tests.reviews.conftest import employer, make_benefit, make_review, person
from tests.sign_in import sign_in

__all__ = ["employer", "make_benefit", "make_review", "person"]

TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def benefit(session, make_review, make_benefit):
    """A benefit that is long overdue, of which nobody was told in time."""
    make_review(ReviewKind.CERTIFICATION, ReviewState.PASSED)
    return make_benefit(TODAY - timedelta(days=800))


@pytest.fixture
def pass_day(session, benefit):
    def passed(on):
        packs = packs_in_force(session)
        move_benefits(session, packs=packs, on=on, at=NOW)
        tell_of_benefits(session, packs=packs, on=on, at=NOW)
        session.commit()
        session.refresh(benefit)
        return benefit.state

    return passed


@pytest.fixture
def message(session, pass_day):
    pass_day(TODAY)
    return session.scalars(select(Message).where(Message.kind == SUSPENSION_ANNOUNCED.name)).one()


@pytest.fixture
def desk(app, session, message):
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, factories.make_person(session, name="周送达"), (Function.REVIEW,))
    session.commit()
    address = f"/desk/service/{message.kind}/{message.subject}/{message.notified_on}"
    return client, address


def _send(client, address, form, **typed):
    data = {f"{form}-{name}": value for name, value in typed.items()}
    return client.post(f"{address}/{form}", data=data)


def test_what_was_not_announced_in_time_is_announced_late_and_waits_for_service(pass_day, message):
    assert message.until_on.day == 1
    assert message.until_on >= TODAY + timedelta(days=30)

    # However late it is: nobody was served.
    assert pass_day(message.until_on + timedelta(days=90)) is BenefitState.OVERDUE


def test_the_desk_serves_and_the_benefit_stops_from_the_month_after(
    desk, session, benefit, pass_day, message, person
):
    client, address = desk
    assert person.name in client.get("/desk?kind=notices").text
    assert "Not served yet" in client.get(address).text

    day = TODAY.isoformat()
    posted = _send(
        client, address, "served", way="posted", done_on=day, **paper("paper", "EMS回执")
    )
    assert posted.status_code == 422
    assert "Enter the tracking number" in posted.text
    rest = {"done_on": day, **paper("paper", "送达回证9号")}
    assert _send(client, address, "served", way="handed_over", **rest).status_code == 303

    page = client.get(address).text
    assert "Served on 24 November 2026" in page
    assert "Record the service" not in page
    assert person.name not in client.get("/desk?kind=notices").text.partition("<main")[2]
    assert pass_day(message.until_on - timedelta(days=1)) is BenefitState.OVERDUE
    assert pass_day(message.until_on) is BenefitState.SUSPENDED
    assert benefit.suspended_from_month == f"{message.until_on:%Y-%m}"


def test_who_is_served_late_draws_the_month_that_had_begun(
    session, benefit, pass_day, desk, message
):
    client, address = desk
    late = message.until_on + timedelta(days=40)
    month = (late.replace(day=1) + timedelta(days=31)).replace(day=1)
    with time_machine.travel(NOW + (late - TODAY), tick=False):
        sign_in(client, session, factories.make_person(session, name="吴"), (Function.REVIEW,))
        session.commit()
        given = {"way": "left", "done_on": late.isoformat(), **paper("paper", "见证人二名")}
        assert _send(client, address, "served", **given).status_code == 303

    assert pass_day(late) is BenefitState.OVERDUE
    assert pass_day(month) is BenefitState.SUSPENDED
    assert benefit.suspended_from_month == f"{month:%Y-%m}"


@pytest.mark.parametrize("failure", ["not_found", "absent", "returned"])
def test_a_way_that_failed_is_kept_with_its_reason(desk, session, message, failure):
    client, address = desk
    rest = {"done_on": TODAY.isoformat(), **paper("paper", "送达回证9号")}
    refused = _send(client, address, "served", way="published", **rest)
    assert "Public notice comes last" in refused.text

    given = {"way": "handed_over", "failure": failure, "words": "两次上门", **rest}
    assert _send(client, address, "failed", **given).status_code == 303

    assert "两次上门" in client.get(address).text
    assert [row.failure for row in services_of(session, message)] == [failure]
    assert _send(client, address, "served", way="published", **rest).status_code == 303
    assert "it will be served on 25 December 2026" in client.get(address).text


def test_of_what_is_certified_again_nothing_waits(desk, session, benefit):
    client, _address = desk
    benefit.state, benefit.certified_on = BenefitState.ACTIVE, TODAY
    session.commit()

    assert "Nothing waits here" in client.get("/desk?kind=notices").text
