"""Tokens of programs: whose they are, how long they hold and what they may."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from siweb.audit.actor import Actor
from siweb.auth.api_tokens import find_bearer, issue_token, note_use, revoke_token, tokens_of
from siweb.auth.credentials.keyed_hash import line_of
from siweb.auth.tables.api_token import ApiToken
from siweb.auth.tables.mandate import Mandate, MandateKind
from siweb.registry.tables.person import Person
from tests import factories
from tests.conftest import NOW

TODAY, A_DAY, MINUTE = NOW.date(), timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def employer(session):
    return factories.make_employer(session)


@pytest.fixture
def actor(session, account, employer):
    factories.make_mandate(session, account, employer, "filer")
    return Actor(account.id, account.person_id, on_behalf_of_employer_id=employer.id)


@pytest.fixture
def issue(session, employer, actor):
    def issue(*scopes, of=employer, at=NOW):
        return issue_token(
            session, of.id, name="工资程序", scopes=scopes or ("read",),
            expires_on=TODAY, actor=actor, at=at,
        )  # fmt: skip

    return issue


def test_a_token_tells_its_beginning_and_keeps_its_scopes_in_one_order(issue):
    token, secret = issue("confirm", "read", "nothing")

    assert (token.beginning, token.scopes) == (secret[:10], ["read", "confirm"])
    assert secret.startswith("siweb_")
    assert secret not in token.secret_hash
    assert issue()[1] != secret


@pytest.mark.parametrize(
    ("changed", "holds"),
    [
        ({}, True),
        ({"expires_on": TODAY - A_DAY}, False),
        ({"revoked_at": NOW}, False),
        ({"died_on": TODAY}, False),
        ({"mandate": {"revoked_at": NOW}}, False),
        ({"mandate": {"until_on": TODAY}}, True),
        ({"mandate": {"until_on": TODAY - A_DAY}}, False),
        ({"mandate": {"from_on": TODAY + A_DAY}}, False),
    ],
    ids=str,
)
def test_a_token_holds_as_long_as_it_and_its_issuers_mandate(
    session, account, employer, issue, changed, holds
):
    token, secret = issue()
    # Others' tokens, and one for another employer, stand beside it.
    issue(of=factories.make_employer(session))
    for name, value in changed.get("mandate", {}).items():
        setattr(session.scalars(select(Mandate)).one(), name, value)
    if "died_on" in changed:
        session.get_one(Person, account.person_id).died_on = TODAY
    for name in changed.keys() & {"expires_on", "revoked_at"}:
        setattr(token, name, changed[name])
    session.flush()

    found = find_bearer(session, secret, on=TODAY, at=NOW)

    assert (found is not None) is holds
    if found:
        assert (found.token_id, found.acting.employer_id) == (token.id, employer.id)
        assert found.as_actor().on_behalf_of_employer_id == employer.id
    assert find_bearer(session, f"{secret}x", on=TODAY, at=NOW) is None
    assert find_bearer(session, "\udc80", on=TODAY, at=NOW) is None


@pytest.mark.parametrize(
    ("kind", "may"),
    [("viewer", {"read"}), ("filer", {"read", "file", "confirm"}),
     ("owner", {"read", "file", "confirm"})],
)  # fmt: skip
def test_a_token_does_no_more_than_its_issuer(session, issue, kind, may):
    _token, secret = issue("read", "file", "confirm")
    session.scalars(select(Mandate)).one().kind = MandateKind(kind)
    session.flush()

    assert find_bearer(session, secret, on=TODAY, at=NOW).scopes == may


@pytest.mark.parametrize(("minutes", "is_noted"), [(None, True), (4.99, False), (5, True)])
def test_a_use_is_noted_every_five_minutes(session, issue, minutes, is_noted):
    token, secret = issue()
    other, _secret = issue()
    if minutes is not None:
        note_use(session, token.id, at=NOW - minutes * MINUTE)
    session.flush()
    session.refresh(token)

    assert find_bearer(session, secret, on=TODAY, at=NOW).is_to_note is is_noted
    session.refresh(other)
    assert other.last_used_at is None


def test_an_employer_lists_and_ends_its_own_tokens_once(session, employer, actor, issue):
    other = factories.make_employer(session)
    first, second, third = issue(), issue(at=NOW + MINUTE), issue()
    theirs, _secret = issue(of=other)

    def end(token, of=employer):
        return revoke_token(session, of.id, token.id, actor=actor, at=NOW)

    assert [each.id for each in tokens_of(session, employer.id)] == [
        second[0].id, third[0].id, first[0].id,
    ]  # fmt: skip
    assert (end(theirs), end(first[0], other)) == (False, False)
    assert (end(first[0]), end(first[0])) == (True, False)
    session.expire_all()
    assert [row.id for row in session.scalars(select(ApiToken)) if row.revoked_at] == [first[0].id]


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_of_an_address_the_line_is_counted(address, line):
    assert line_of(address) == line
