"""Everybody names their own bank account at any time; two people look before money goes there."""

import pytest
import time_machine
from sqlalchemy import LargeBinary, select, type_coerce

from siweb.audit.activity import Activity
from siweb.audit.actor import SYSTEM
from siweb.auth.credentials.throttle import PER_NUMBER
from siweb.collection.own_accounts.own_account import (
    account_offered,
    end_own_account,
    name_own_account,
    own_account,
)
from siweb.collection.payouts.order import Payee, order_payout
from siweb.collection.tables.bank_account import OwnBankAccount
from siweb.collection.tables.payout import Payout, PayoutKind, PayoutState
from siweb.messages.tables.message import Message
from siweb.registry.merge_keys import add_alias
from siweb.rules.identifiers.account_number import (
    AccountNumberRefused,
    parse_account_number,
    parse_own_account_number,
)
from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in

REGION, PAGE = "310000", "/account/bank-account"
CARD, OTHER = "6222021234567890128", "1001234567890"
PASSWORD = "correct horse battery"
TYPED = {"number": CARD, "bank_name": "示范银行人民路支行", "is_mine": "y", "password": PASSWORD}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(session):
    return factories.make_person(session, name="王芳", region_code=REGION)


@pytest.fixture
def browser(client, session, person):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)
    return client


def named(session):
    query = select(OwnBankAccount).order_by(OwnBankAccount.id)
    found = session.scalars(query.execution_options(populate_existing=True))
    return [(each.holder, each.number, each.ended_at is None) for each in found]


def told(session):
    return sorted(session.scalars(select(Message.kind)))


def test_it_is_kept_sealed_in_her_own_name_and_she_is_told_of_each_change(browser, session, person):
    assert browser.post(PAGE, data=TYPED).status_code == 303
    browser.post(PAGE, data=TYPED)
    assert browser.post(PAGE, data=TYPED | {"number": OTHER}).status_code == 303

    assert named(session) == [("王芳", CARD, False), ("王芳", OTHER, True)]
    kept = session.scalars(select(type_coerce(OwnBankAccount.number, LargeBinary())))
    assert not [each for each in kept if CARD.encode() in each or OTHER.encode() in each]
    # The same again is no change; two on one day are two messages.
    assert told(session) == ["own_account_named"] * 2
    page = browser.get(PAGE).text
    assert "ends in 7890" in page
    assert OTHER not in page
    noted = Activity.action == "person.bank_account_named"
    lines = select(Activity.facts).where(noted).order_by(Activity.id)
    assert [each["account_end"] for each in session.scalars(lines)] == ["0128", "7890"]


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        ({"number": CARD[:-1] + "7"}, "A digit of this card number is wrong"),
        ({"number": CARD[:15]}, "has 16 to 19 digits"),
        ({"number": ""}, "Enter the number of the card or account"),
        ({"bank_name": " "}, "Enter the name of the bank"),
        ({"is_mine": ""}, "Only an account in your own name"),
        ({"password": "another one"}, "This is not your current password"),
        ({"password": ""}, "Enter your password"),
    ],
)
def test_a_slip_or_an_open_browser_alone_names_no_account(browser, session, slip, words):
    answer = browser.post(PAGE, data={k: v for k, v in (TYPED | slip).items() if v})

    assert answer.status_code == 422
    assert words in answer.text
    assert not named(session)
    assert not told(session)


def test_the_password_cannot_be_guessed_here_and_is_asked_for_to_take_it_away(browser, session):
    browser.post(PAGE, data=TYPED)
    assert browser.post(f"{PAGE}/end", data={"end-password": "wrong"}).status_code == 422
    assert named(session) == [("王芳", CARD, True)]
    assert browser.post(f"{PAGE}/end", data={"end-password": PASSWORD}).status_code == 303
    assert named(session) == [("王芳", CARD, False)]
    assert told(session) == ["own_account_ended", "own_account_named"]
    assert "You have entered no account" in browser.get(PAGE).text

    for _ in range(PER_NUMBER.tries):
        browser.post(PAGE, data=TYPED | {"password": "wrong"})
    assert browser.post(PAGE, data=TYPED).status_code == 429
    assert named(session) == [("王芳", CARD, False)]


@pytest.mark.parametrize("digits", ["62" + "0" * 12, "62" + "0" * 19])
def test_what_is_nearly_a_card_is_no_persons_account_but_may_be_a_firms(digits):
    assert parse_account_number(digits) == digits
    with pytest.raises(AccountNumberRefused) as refused:
        parse_own_account_number(digits)
    assert refused.value.reason == "card_length"
    assert parse_own_account_number(CARD) == CARD
    assert parse_own_account_number("620012345") == "620012345"


def test_an_id_number_is_no_account(browser, session):
    # Of 18 digits as some accounts: what tells it is its birth date and its check.
    answer = browser.post(PAGE, data=TYPED | {"number": "310101 19890607 0007"})
    assert answer.status_code == 422
    assert "This is an ID number" in answer.text
    assert named(session) == []
    assert parse_own_account_number("310101198906070008") == "310101198906070008"


@pytest.fixture
def order(session, person):
    def make(kind=PayoutKind.REFUND, number="", source="task:A"):
        return order_payout(
            session, kind, source, 100, region_code=REGION, person_id=person.id,
            payee=Payee("王芳", number), actor=SYSTEM, at=NOW,
        )  # fmt: skip

    return make


def name(session, person, number=CARD):
    return name_own_account(session, person, number, "示范银行", actor=SYSTEM, at=NOW)


def test_a_change_takes_the_former_account_off_what_has_not_left_yet(session, person, order):
    name(session, person)
    waiting, filed = order(number=CARD), order(number=CARD, source="task:B")
    heirs, elsewhere = order(PayoutKind.HEIRS, CARD, "task:C"), order(number=OTHER, source="task:D")
    filed.state = PayoutState.SENT

    name(session, person, "6230580000012345679")

    accounts = [each.payee_account for each in (waiting, filed, heirs, elsewhere)]
    assert accounts == ["", CARD, CARD, OTHER]
    # It is offered to the two who name one, and is not there by itself.
    assert account_offered(session, waiting).number == "6230580000012345679"
    assert account_offered(session, filed) is None
    assert account_offered(session, heirs) is None


def test_of_who_died_nothing_is_offered_and_of_joined_registrations_the_last(
    session, person, order
):
    former = factories.make_person(session, name="王芳", region_code=REGION)
    name(session, person)
    name(session, former, OTHER)
    add_alias(session, former.id, person.id, actor=SYSTEM, at=NOW)
    assert own_account(session, person.id).number == OTHER
    assert end_own_account(session, person, actor=SYSTEM, at=NOW)
    assert own_account(session, former.id) is None
    assert not end_own_account(session, person, actor=SYSTEM, at=NOW)

    name(session, person)
    waiting = order()
    assert account_offered(session, waiting).number == CARD
    person.died_on = NOW.date()
    assert account_offered(session, waiting) is None
    assert session.scalars(select(Payout.payee_account)).all() == [""]
