"""What happens to answers when people stop, are signed out, tap twice or open two windows."""

import pytest
from sqlalchemy import func, select, update

from siweb.auth.tables.sign_in_session import SignInSession
from siweb.documents.tables.document import Document
from siweb.web.database import database
from tests.browser.walk import Visitor
from tests.conftest import NOW

EMPLOYEE = "Employee (all correct)"


@pytest.fixture(params=[True, False], ids=["javascript", "plain"])
def open_visitor(request, new_page):
    return lambda: Visitor(
        new_page(javascript=request.param, locale="en-GB"), has_scripts=request.param
    )


@pytest.fixture
def visitor(open_visitor):
    return open_visitor()


def end_sign_ins(office):
    """Every sign-in ends, as after half an hour without a click."""
    with database(office).writers() as session:
        session.execute(update(SignInSession).values(ended_at=NOW))
        session.commit()


def issued_receipts(office):
    with database(office).readers() as session:
        return session.scalar(select(func.count()).select_from(Document))


def test_a_started_review_goes_on_where_it_stopped_on_another_device(
    visitor, open_visitor, sign_ins
):
    visitor.start_review(sign_ins[EMPLOYEE])
    visitor.type("Address", "延安路 1 号")
    visitor.press("Save and continue")
    visitor.is_at("Your five insurances")
    visitor.press("Save and leave")

    other = open_visitor()
    other.page.goto("/reviews")
    other.sign_in(sign_ins[EMPLOYEE])
    other.press("Go on where I stopped")
    # What the page had ticked when it was left is saved as well; it can be changed until it is sent.
    other.is_at("Your months of the year")
    other.page.goto(other.page.url.replace("months", "contact"))


def test_answers_sent_after_the_sign_in_ended_are_kept_and_finished(visitor, office, sign_ins):
    visitor.start_review(sign_ins[EMPLOYEE])
    visitor.type("Mobile number", "13911112222")
    end_sign_ins(office)
    visitor.press("Save and continue")
    visitor.sees("Your sign-in had ended.")
    visitor.sign_in(sign_ins[EMPLOYEE])
    visitor.is_at("Finish what you were sending")
    visitor.press("Send it now")
    visitor.is_at("Your five insurances")
    for _step in range(3):
        visitor.press("Save and continue")

    visitor.is_at("Check your answers")
    visitor.sees("13911112222")


def test_sending_twice_makes_one_case_and_one_receipt(visitor, office, sign_ins):
    visitor.start_review(sign_ins[EMPLOYEE])
    for _step in range(4):
        visitor.press("Save and continue")
    visitor.is_at("Check your answers")
    before = issued_receipts(office)
    check = visitor.page.url
    token = visitor.page.locator("main input[name=csrf_token]").get_attribute("value")
    visitor.press("Send")
    visitor.sees("Show the receipt")
    again = visitor.page.request.post(check, form={"csrf_token": token}, headers={"Referer": check})

    assert again.ok
    assert again.url == visitor.page.url
    assert issued_receipts(office) == before + 1


def test_an_answer_of_another_window_is_shown_before_it_is_replaced(visitor, sign_ins):
    visitor.start_review(sign_ins[EMPLOYEE])
    second = Visitor(visitor.page.context.new_page())
    second.page.goto(visitor.page.url)
    visitor.type("Mobile number", "13911112222")
    visitor.press("Save and continue")
    visitor.is_at("Your five insurances")
    second.type("Mobile number", "13933334444")
    second.press("Save and continue")

    second.sees("The other answer")
    second.sees("13911112222")
    assert second.page.get_by_label("Mobile number").input_value() == "13933334444"


def test_an_answer_is_changed_from_the_check_page(visitor, sign_ins):
    visitor.start_review(sign_ins[EMPLOYEE])
    for _step in range(4):
        visitor.press("Save and continue")
    visitor.follow("Change")
    visitor.type("Mobile number", "13911112222")
    visitor.press("Save and continue")

    visitor.is_at("Check your answers")
    visitor.sees("13911112222")
