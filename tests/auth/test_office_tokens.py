"""Tokens of other offices stand for a region: employers' tokens and other regions' are beside."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.audit.actor import SYSTEM
from siweb.auth.api_tokens import secret_hash
from siweb.auth.office_tokens import (
    OfficeGrant,
    end_office_token,
    find_office_bearer,
    give_office_token,
    office_tokens,
)
from siweb.auth.staff.duties import EVERYWHERE, Scope
from siweb.auth.tables.api_token import ApiToken
from tests import factories
from tests.conftest import NOW

TODAY, A_DAY, MINUTE = NOW.date(), timedelta(days=1), timedelta(minutes=1)
HERE, THERE = "310000", "110000"


@pytest.fixture
def engine(sqlite_engine):
    """Whose a token is, is the same on either database."""
    return sqlite_engine


@pytest.fixture
def give(session, account):
    def give(secret, region=HERE, at=NOW, expires_on=TODAY, **values):
        factories.make_region(session, region)
        grant = OfficeGrant(
            region, "民政局", "殡葬系统", ["medical", "nothing", "death"], expires_on
        )
        token = give_office_token(
            session, grant, hashed=secret_hash(secret), beginning=secret[:10],
            maker_account_id=account.id, actor=SYSTEM, at=at,
        )  # fmt: skip
        for name, value in values.items():
            setattr(token, name, value)
        session.flush()
        return token

    return give


@pytest.fixture
def of_employer(session, account):
    token = ApiToken(
        employer_id=factories.make_employer(session).id, account_id=account.id, name="工资",
        secret_hash=secret_hash("firm"), beginning="s", scopes=["read"], expires_on=TODAY,
        issued_at=NOW,
    )  # fmt: skip
    session.add(token)
    session.flush()
    return token


def test_a_token_is_given_for_the_lists_that_are_named_in_one_order(session, give, account):
    token = give("good")

    assert (token.region_code, token.office, token.name) == (HERE, "民政局", "殡葬系统")
    assert (token.sign_kinds, token.scopes) == (["death", "medical"], ["lists"])
    assert (token.account_id, token.expires_on, token.issued_at) == (account.id, TODAY, NOW)
    noted = session.scalars(select(Activity).where(Activity.action == "api_token.given")).one()
    assert (noted.subject_kind, noted.subject_id) == ("api_token", str(token.id))


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        ({}, True),
        ({"expires_on": TODAY - A_DAY}, False),
        ({"revoked_at": NOW}, False),
    ],
    ids=str,
)
def test_a_secret_is_good_to_its_last_day(session, give, of_employer, values, holds):
    give("other", THERE)
    token = give("good", **values)

    found = find_office_bearer(session, "good", on=TODAY, at=NOW)

    assert (found is not None) is holds
    if found:
        assert (found.token_id, found.region_code, found.office) == (token.id, HERE, "民政局")
        assert (found.kinds, found.scopes) == ({"death", "medical"}, {"lists"})
        assert found.is_to_note
    assert find_office_bearer(session, "firm", on=TODAY, at=NOW) is None
    assert find_office_bearer(session, "good ", on=TODAY, at=NOW) is None


@pytest.mark.parametrize(("minutes", "is_noted"), [(4.99, False), (5, True)])
def test_a_use_is_noted_every_five_minutes(session, give, minutes, is_noted):
    give("good", last_used_at=NOW - minutes * MINUTE)

    assert find_office_bearer(session, "good", on=TODAY, at=NOW).is_to_note is is_noted


def test_a_token_ends_once_and_an_employers_is_none_of_these(session, give, of_employer):
    first, second = give("first"), give("second")

    def end(token):
        return end_office_token(session, token.id, actor=SYSTEM, at=NOW + MINUTE)

    assert [end(each) for each in (of_employer, first, first)] == [False, True, False]
    session.expire_all()
    rows = session.execute(select(ApiToken.id, ApiToken.revoked_at).order_by(ApiToken.id)).all()
    assert dict(map(tuple, rows)) == {
        of_employer.id: None, first.id: NOW + MINUTE, second.id: None,
    }  # fmt: skip
    noted = select(Activity.subject_id).where(Activity.action == "api_token.revoked")
    assert session.scalars(noted).all() == [str(first.id)]


def test_the_desk_lists_those_of_its_regions_the_newest_first(session, give, of_employer):
    first, newest, third = give("first"), give("newest", at=NOW + MINUTE), give("third")
    there = give("there", THERE)

    def listed(scope):
        return [each.id for each in office_tokens(session, scope)]

    assert listed(Scope(frozenset({HERE}))) == [newest.id, third.id, first.id]
    assert listed(Scope(frozenset({THERE}))) == [there.id]
    assert listed(EVERYWHERE) == [newest.id, there.id, third.id, first.id]
