"""The bank step of insuring oneself: one's own account, checked, or none."""

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.collection.own_accounts.own_account import name_own_account, own_account
from siweb.registry.tables.enrolment import Enrolment
from tests.conftest import NOW
from tests.flexible.test_own_insurance import answer, begin

CARD = "6222021234567890128"
BANK = {"number": CARD, "bank_name": "示范银行", "is_mine": "y"}
PASSWORD = {"password": "correct horse battery"}


def enrolled(session):
    return len(session.scalars(select(Enrolment)).all())


def test_an_account_is_sent_with_the_password_alone(browser, session, person):
    case = begin(browser)
    answer(browser, case, bank=BANK)
    page = browser.get(f"{case}/check").text
    assert "示范银行" in page
    assert "Because you enter a bank account" in page

    for wrong in ({}, {"password": "a guess"}):
        assert browser.post(f"{case}/check", data=wrong).status_code == 422
    assert enrolled(session) == 0
    assert own_account(session, person.id) is None

    assert browser.post(f"{case}/check", data=PASSWORD).status_code == 303
    assert enrolled(session) == 2
    kept = own_account(session, person.id)
    assert (kept.number, kept.bank_name, kept.holder) == (CARD, "示范银行", "王芳")


def test_it_may_be_left_out(browser, session, person):
    case = begin(browser)
    answer(browser, case)
    page = browser.get(f"{case}/check").text
    assert "Not entered" in page
    assert 'name="password"' not in page

    assert browser.post(f"{case}/check").status_code == 303
    assert enrolled(session) == 2
    assert own_account(session, person.id) is None


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        ({"number": CARD[:-1] + "7"}, "A digit of this card number is wrong"),
        ({"bank_name": ""}, "Enter the name of the bank"),
        ({"number": ""}, "Enter the number of the card or account"),
        ({"is_mine": None}, "Only an account in your own name"),
    ],
)
def test_what_is_half_entered_or_wrong_is_named(browser, slip, words):
    case = begin(browser)
    answer(browser, case)
    sent = {name: value for name, value in (BANK | slip).items() if value is not None}

    page = browser.post(f"{case}/bank?change=yes", data={"seen": 1} | sent)

    assert page.status_code == 422
    assert words in page.text


def test_who_has_one_is_not_asked(browser, session, person):
    name_own_account(session, person, CARD, "示范银行", actor=SYSTEM, at=NOW)
    session.commit()
    case = begin(browser)
    answer(browser, case, bank=BANK | {"number": "1001234567890"})

    assert "Your bank account" not in browser.get(f"{case}/check").text
    assert browser.post(f"{case}/check").status_code == 303
    assert own_account(session, person.id).number == CARD
