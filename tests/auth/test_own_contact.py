"""Everybody says at any time how the agency reaches them."""

import re

import pytest
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.messages.choice import Choice, choice_of
from siweb.registry.tables.person import Person

PAGE = "/account/contact"
TYPED = {"mobile": "+86 138 0000 0001", "address": "人民路 1 号", "email": "wang@Example.COM"}


@pytest.fixture
def signed_in(enter, account, person, browser):
    enter(person)
    return browser


def lines(session):
    changed = select(Activity).where(Activity.action == "person.contact_changed")
    return [line.facts["fields"] for line in session.scalars(changed.order_by(Activity.id))]


def test_what_is_saved_stands_in_the_form_and_its_fields_in_the_log(signed_in, session, person):
    assert signed_in.post(PAGE, data=TYPED).status_code == 303

    kept = session.get_one(Person, person.id, populate_existing=True)
    assert (kept.mobile, kept.address) == ("13800000001", "人民路 1 号")
    assert kept.email == "wang@example.com"
    page = signed_in.get(PAGE).text
    assert all(f'value="{value}"' in page for value in (kept.mobile, kept.address, kept.email))
    assert lines(session) == [["mobile", "address", "email"]]


def test_nothing_changed_is_no_line_and_an_emptied_field_is_none(signed_in, session, person):
    signed_in.post(PAGE, data=TYPED)
    signed_in.post(PAGE, data=TYPED)
    assert len(lines(session)) == 1

    signed_in.post(PAGE, data=TYPED | {"address": ""})

    assert lines(session)[1:] == [["address"]]
    assert session.get_one(Person, person.id, populate_existing=True).address is None


@pytest.mark.parametrize("slip", [{"mobile": "12345"}, {"mobile": ""}, {"email": "no"}])
def test_a_slip_is_named_and_nothing_typed_is_lost(signed_in, session, person, slip):
    answer = signed_in.post(PAGE, data=TYPED | slip)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert 'value="人民路 1 号"' in answer.text
    assert not lines(session)


def test_without_a_sign_in_it_is_not_shown(browser):
    assert browser.get(PAGE).status_code in {302, 303}


@pytest.mark.parametrize(
    ("email", "by"), [("wang@example.com", "email"), ("", "sms")], ids=["mail", "mobile alone"]
)
def test_what_the_office_has_is_chosen_at_first(signed_in, session, person, email, by):
    person.email, person.mobile = email or None, "13800000001"
    session.commit()

    assert re.search(
        rf'value="{by}"[^>]*checked|checked[^>]*value="{by}"', signed_in.get(PAGE).text
    )


def test_how_one_is_told_is_kept_once_and_noted(signed_in, session, person):
    for _time in range(2):
        signed_in.post(PAGE, data=TYPED | {"channel": "inbox", "language": "en"})

    assert choice_of(session, person.id) == Choice("en", "inbox")
    noted = select(Activity).where(Activity.action == "person.message_choice")
    (line,) = session.scalars(noted)
    assert line.facts == {"language": "en", "channel": "inbox"}


@pytest.mark.parametrize("slip", [{"channel": "pigeon"}, {"language": "fr"}])
def test_only_what_the_office_has_is_chosen(signed_in, session, person, slip):
    assert signed_in.post(PAGE, data=TYPED | slip).status_code == 422
    assert choice_of(session, person.id) is None
