"""A code opens the account of its person alone, until its last second, once, and for a good reason."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.audit.actor import SYSTEM, Actor
from siweb.auth.credentials.account import is_account_of
from siweb.auth.credentials.activate import (
    CODE_LASTS,
    AccountClosed,
    ActivationRefused,
    CodeRefused,
    activate,
    issue_activation_code,
    same_name,
)
from siweb.auth.credentials.attempt import Attempt
from siweb.auth.credentials.password import PasswordRefused
from siweb.auth.credentials.second_factor.set_up_code import issue_set_up_code
from siweb.auth.tables.account import Account
from siweb.auth.tables.activation_code import ActivationCode
from siweb.auth.tables.linked_sign_in import LinkedSignIn
from siweb.auth.tables.passkey import Passkey
from siweb.messages.tables.message import Message
from siweb.registry.tables.person_alias import PersonAlias
from tests import factories
from tests.conftest import NOW

PASSWORD, SECOND = "a long and quiet river", timedelta(seconds=1)


@pytest.fixture
def engine(sqlite_engine):
    """What a code opens is the same on either database."""
    return sqlite_engine


@pytest.fixture
def other(session):
    return factories.make_person(session, name="别人")


def issue(session, person, at=NOW, actor=SYSTEM):
    return issue_activation_code(session, person.id, key="k", at=at, actor=actor)


def opens(session, person, code, *, at=NOW, name=None, password=PASSWORD, number=None):
    attempt = Attempt(number or person.id_number, "192.0.2.1", "device", "k")
    return activate(session, attempt, name=name or person.name, code=code, password=password, at=at)


def told(session, person):
    return session.scalars(select(Message.kind).where(Message.person_id == person.id)).all()


def test_a_code_opens_an_account_once_and_it_is_told(session, person):
    code = issue(session, person)
    assert told(session, person) == []

    made = opens(session, person, f" {code.lower()} ")

    assert (made.account.person_id, made.ended) == (person.id, None)
    assert told(session, person) == ["account_opened"]
    with pytest.raises(ActivationRefused):
        opens(session, person, code)
    # From now on its owner hears of each further code, and of its use.
    again = issue(session, person)
    assert opens(session, person, again, password=PASSWORD[::-1]).ended is not None
    assert sorted(told(session, person)) == [
        "account_opened", "activation_issued", "activation_used",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong", ["name", "number", "code", "another's", "late", "used", "replaced", "no such number"]
)
def test_what_does_not_fit_is_refused_alike(session, person, other, wrong):
    code, at, more = issue(session, person), NOW, {}
    if wrong == "name":
        more["name"] = "王方"
    elif wrong == "number":
        more |= {"number": other.id_number, "name": other.name}
    elif wrong == "no such number":
        more["number"] = factories.make_id_number()
    elif wrong == "code":
        code = "AAAAAAAA"
    elif wrong == "another's":
        code = issue(session, other)
    elif wrong == "late":
        at = NOW + CODE_LASTS
    elif wrong == "used":
        session.scalars(select(ActivationCode)).one().used_at = NOW
        session.flush()
    else:
        issue(session, person)

    with pytest.raises(ActivationRefused, match="does_not_fit"):
        opens(session, person, code, at=at, **more)
    assert not session.scalars(select(Account)).all()


def test_a_code_is_good_to_its_last_second_and_for_a_former_key(session, person, other):
    code = issue(session, other)
    session.add(PersonAlias(former_id=other.id, person_id=person.id, merged_at=NOW))
    session.flush()

    made = opens(session, person, code, at=NOW + CODE_LASTS - SECOND)
    assert made.account.person_id == person.id


def test_a_new_code_ends_the_open_one_of_its_person_alone(session, person, other):
    rows = []
    for whose, at in ((person, NOW - CODE_LASTS), (person, NOW), (other, NOW)):
        issue(session, whose, at)
        rows.append(session.scalars(select(ActivationCode).order_by(-ActivationCode.id)).first())
    used = (
        issue(session, other, NOW)
        and session.scalars(select(ActivationCode).order_by(-ActivationCode.id)).first()
    )
    used.used_at = NOW
    session.flush()
    ends = [row.expires_at for row in (rows[0], rows[2], used)]

    issue(session, person, NOW + SECOND)
    session.expire_all()

    assert rows[1].expires_at == NOW + SECOND
    assert [row.expires_at for row in (rows[0], rows[2], used)] == ends


def test_a_bad_password_and_a_death_are_said_once_everything_fits(session, person):
    code = issue(session, person)
    with pytest.raises(PasswordRefused):
        opens(session, person, code, password="short")
    assert session.scalars(select(ActivationCode.used_at)).all() == [None]
    person.died_on = NOW.date()
    with pytest.raises(ActivationRefused):
        opens(session, person, "AAAAAAAA")
    with pytest.raises(AccountClosed, match="died"):
        opens(session, person, code)


def test_a_code_does_not_keep_the_password_that_somebody_may_know(session, person):
    opens(session, person, issue(session, person))
    again = issue(session, person)

    with pytest.raises(PasswordRefused, match="same"):
        opens(session, person, again)

    # It is not lost over that.
    assert opens(session, person, again, password=PASSWORD[::-1]).ended is not None


@pytest.mark.parametrize(
    ("account_id", "actor", "is_own"),
    [(None, Actor(7, 7), False), (7, Actor(7, None), True), (7, Actor(8, None), False)],
)
def test_an_account_is_the_actors_own(session, account_id, actor, is_own):
    assert is_account_of(session, account_id, actor) is is_own


def test_what_only_signs_in_goes_with_the_old_password(session, person, other):
    account, theirs = (factories.make_account(session, each) for each in (person, other))
    for number, (of, second) in enumerate(((account, True), (account, False), (theirs, False))):
        session.add(
            Passkey(
                account_id=of.id, credential_id=bytes([number]), public_key=b"k", sign_count=0,
                name="n", is_second_factor=second, added_at=NOW,
            )
        )  # fmt: skip
        if not second:
            session.add(
                LinkedSignIn(account_id=of.id, issuer="i", subject_digest=f"{number}",
                             linked_at=NOW)
            )  # fmt: skip
    code = issue(session, person)
    session.flush()

    opens(session, person, code)

    left = session.execute(select(Passkey.account_id, Passkey.is_second_factor)).all()
    assert {tuple(row) for row in left} == {(account.id, True), (theirs.id, False)}
    assert session.scalars(select(LinkedSignIn.account_id)).all() == [theirs.id]


def test_whoever_gave_the_set_up_code_gives_no_activation_code(session, person, other):
    by = Actor(factories.make_account(session, other).id, other.id)
    issue_set_up_code(session, person.id, key="k", actor=by, at=NOW)
    with pytest.raises(CodeRefused, match="gave_set_up_code"):
        issue(session, person, actor=by)
    assert issue(session, person)
    facts = select(Activity.facts).where(Activity.action == "activation_code.issued")
    assert session.scalars(facts).all() == [{}]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("阿依古丽·买买提", "阿依古丽•买买提", True), ("阿依古丽·买买提", "阿依古丽．买买提", True),
        ("欧阳 娜", "欧阳娜", True), ("Ｌｉ", "li", True), ("王芳", "王方", False),
        ("阿·买", "阿买", False),
    ],
)  # fmt: skip
def test_a_name_is_the_same_whatever_stands_between_its_parts(one, other, is_same):
    assert same_name(one, other) is is_same
