"""Who may act for an employer: granted by an owner, limited in time, revoked, never lost."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.audit.actor import Actor
from siweb.audit.chain.prove import chain_faults
from siweb.audit.chain.seal import seal_lines
from siweb.auth.acting import employers_of, find_acting
from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.mandates import (
    GrantRefused,
    LastOwner,
    grant_mandate,
    mandates_of,
    revoke_mandate,
)
from siweb.auth.tables.mandate import MandateKind
from tests import factories
from tests.activity_log import AT, KEYS
from tests.conftest import NOW

TODAY = date(2026, 11, 24)


@pytest.fixture
def employer(session):
    return factories.make_employer(session)


@pytest.fixture
def owner(session, employer):
    person = factories.make_person(session, name="王芳")
    account = factories.make_account(session, person)
    factories.make_mandate(session, account, employer)
    return Actor(account.id, person.id, on_behalf_of_employer_id=employer.id)


@pytest.fixture
def clerk(session):
    person = factories.make_person(session, name="阿依古丽·买买提")
    factories.make_account(session, person)
    return person


def grant(session, employer, owner, person, kind="filer", name=None, **values):
    return grant_mandate(
        session,
        employer.id,
        person.id_number,
        name or person.name,
        MandateKind(kind),
        actor=owner,
        key="key",
        on=TODAY,
        at=NOW,
        **values,
    )


@pytest.mark.parametrize(
    ("held", "needed", "covers"),
    [("owner", "filer", True), ("filer", "filer", True), ("viewer", "filer", False)],
)
def test_each_kind_may_do_what_the_kinds_before_it_may(held, needed, covers):
    assert MandateKind(held).covers(MandateKind(needed)) is covers


def test_a_granted_mandate_lets_act_and_names_the_employer_in_the_log(
    session, employer, owner, clerk
):
    mandate = grant(session, employer, owner, clerk, name="阿依古丽•买买提")

    found = find_acting(session, mandate.account_id, employer.uscc, on=TODAY)
    noted = session.scalars(select(Activity).where(Activity.action == "mandate.granted")).one()

    assert found.kind is MandateKind.FILER
    assert noted.employer_id == employer.id
    seal_lines(session, KEYS, at=AT)
    assert list(chain_faults(session, KEYS)) == []


def test_a_mandate_with_a_last_day_ends_after_it(session, employer, owner, clerk):
    mandate = grant(session, employer, owner, clerk, until_on=date(2026, 12, 31))

    assert find_acting(session, mandate.account_id, employer.uscc, on=date(2026, 12, 31))
    assert not find_acting(session, mandate.account_id, employer.uscc, on=date(2027, 1, 1))


def test_a_second_grant_takes_the_place_of_the_first(session, employer, owner, clerk):
    first = grant(session, employer, owner, clerk)
    second = grant(session, employer, owner, clerk, "viewer")
    session.refresh(first)

    assert first.revoked_at == NOW
    assert find_acting(session, second.account_id, employer.uscc, on=TODAY).kind == "viewer"


def test_an_agent_holds_many(session, employer, clerk):
    other = factories.make_employer(session, name="乙公司")
    account = factories.make_account(session, factories.make_person(session))
    for one in (employer, other):
        factories.make_mandate(session, account, one, "filer")

    found = employers_of(session, account.id, on=TODAY)

    assert {one.employer_id for one in found} == {employer.id, other.id}


def test_whatever_does_not_fit_is_refused_alike(session, employer, owner, clerk):
    stranger = factories.make_person(session, name="无账号")

    for person, name in ((clerk, "别人"), (stranger, None)):
        with pytest.raises(GrantRefused):
            grant(session, employer, owner, person, name=name)


def test_after_five_failures_there_is_a_pause(session, employer, owner, clerk):
    for _try in range(5):
        with pytest.raises(GrantRefused):
            grant(session, employer, owner, clerk, name="别人")

    with pytest.raises(SignInPaused):
        grant(session, employer, owner, clerk)


def test_the_last_owner_cannot_leave(session, employer, owner, clerk):
    [own] = mandates_of(session, employer.id)

    with pytest.raises(LastOwner):
        revoke_mandate(session, employer.id, own.mandate.id, actor=owner, on=TODAY, at=NOW)


def test_an_owner_leaves_once_there_is_another(session, employer, owner, clerk):
    [own] = mandates_of(session, employer.id)
    grant(session, employer, owner, clerk, "owner")

    assert revoke_mandate(session, employer.id, own.mandate.id, actor=owner, on=TODAY, at=NOW)
    assert find_acting(session, owner.account_id, employer.uscc, on=TODAY) is None


def test_an_owner_for_a_time_does_not_count_as_one_who_stays(session, employer, owner, clerk):
    [own] = mandates_of(session, employer.id)
    grant(session, employer, owner, clerk, "owner", until_on=date(2026, 12, 31))

    with pytest.raises(LastOwner):
        revoke_mandate(session, employer.id, own.mandate.id, actor=owner, on=TODAY, at=NOW)


def test_a_mandate_of_another_employer_is_not_found(session, employer, owner, clerk):
    other = factories.make_employer(session)
    mandate = grant(session, employer, owner, clerk)

    assert not revoke_mandate(session, other.id, mandate.id, actor=owner, on=TODAY, at=NOW)
