"""A sign-in of who runs commands: good for commands alone, for its hours, and while it is used."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from siweb.auth.credentials.keyed_hash import token_hash
from siweb.auth.sign_in.operator_session import LASTS, find_operator, open_operator_session
from siweb.auth.sign_in.sessions import Browser, Limits, find_signed_in, open_session
from siweb.auth.tables.sign_in_session import SignInSession
from siweb.messages.kinds.sign_in import OPERATOR_SIGNED_IN
from siweb.messages.tables.message import Message
from siweb.registry.tables.person import Person
from tests import factories
from tests.conftest import NOW

IDLE, SECOND = timedelta(minutes=30), timedelta(seconds=1)
LIMITS = Limits(idle=IDLE, whole=timedelta(hours=12))


@pytest.fixture
def engine(sqlite_engine):
    """Whose sign-in it is, is the same on either database."""
    return sqlite_engine


@pytest.fixture
def another(session):
    return factories.make_account(session, factories.make_person(session, name="别人"))


def test_the_token_is_its_owners_and_told_to_them(session, account, another):
    theirs, _number = open_operator_session(session, another, host="b", at=NOW)
    token, number = open_operator_session(session, account, host="h" * 90, at=NOW)

    def found(text):
        return find_operator(session, text, idle=IDLE, at=NOW)

    mine = found(token)
    assert (mine.session_id, mine.account_id, mine.person_id) == (
        number, account.id, account.person_id,
    )  # fmt: skip
    assert mine.proved_at is None
    assert found(theirs).account_id == another.id
    assert found(token + "x") is None
    row = session.get_one(SignInSession, number)
    assert (row.device, len(row.device)) == ("siweb · " + "h" * 72, 80)
    assert (row.created_at, row.last_seen_at, row.expires_at) == (NOW, NOW, NOW + LASTS)
    assert token not in row.token_hash and token_hash(token) != row.token_hash
    told = session.execute(
        select(Message.person_id, Message.subject).where(Message.kind == OPERATOR_SIGNED_IN.name)
    )
    assert (account.person_id, f"sign_in-{number}") in {tuple(each) for each in told}


@pytest.mark.parametrize(
    ("values", "later", "holds"),
    [
        ({}, IDLE - SECOND, True),
        ({}, IDLE, False),
        ({"last_seen_at": NOW + LASTS}, LASTS - SECOND, True),
        ({"last_seen_at": NOW + LASTS}, LASTS, False),
        ({"ended_at": NOW}, SECOND, False),
        ({"died_on": NOW.date()}, SECOND, False),
    ],
    ids=str,
)
def test_it_holds_to_the_last_second_of_either_limit(
    session, account, another, values, later, holds
):
    open_operator_session(session, another, host="b", at=NOW + later)
    token, number = open_operator_session(session, account, host="a", at=NOW)
    row, person = session.get_one(SignInSession, number), account.person_id
    for name, value in values.items():
        setattr(session.get_one(Person, person) if name == "died_on" else row, name, value)
    session.flush()

    found = find_operator(session, token, idle=IDLE, at=NOW + later)

    assert (found is not None) is holds


def test_commands_take_no_browsers_token_nor_a_browser_theirs(session, account):
    token, _number = open_operator_session(session, account, host="a", at=NOW)
    browsers = open_session(session, account.id, Browser("x", "", "d"), limits=LIMITS, at=NOW)

    assert find_operator(session, browsers, idle=IDLE, at=NOW) is None
    connection = session.connection()
    assert find_signed_in(connection, token, limits=LIMITS, at=NOW) is None
    assert find_signed_in(connection, browsers, limits=LIMITS, at=NOW).account_id == account.id
