"""Who may act for an employer: granted by an owner, limited in time, revoked, never lost."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.audit.actor import Actor
from siweb.audit.chain.prove import chain_faults
from siweb.audit.chain.seal import seal_lines
from siweb.auth.acting import employers_of, find_acting, may_act_for
from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.mandates import (
    GrantRefused,
    LastOwner,
    grant_mandate,
    hand_over_mandates,
    mandates_of,
    revoke_mandate,
)
from siweb.auth.tables.account import Account
from siweb.auth.tables.mandate import MandateKind
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from tests import factories
from tests.audit.activity_log import AT, KEYS
from tests.conftest import NOW

TODAY = date(2026, 11, 24)
EARLIER = NOW - timedelta(days=1)


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


def test_a_mandate_holds_from_its_first_day(session, employer, clerk):
    account = factories.make_account(session, factories.make_person(session))
    names = {"丙公司": date(2026, 11, 24), "乙公司": date(2026, 11, 25), "甲公司": date(2026, 1, 5)}
    for name, from_on in names.items():
        firm = factories.make_employer(session, name=name)
        factories.make_mandate(session, account, firm, from_on=from_on)
    factories.make_mandate(session, account, employer, revoked_at=NOW)

    found = [each.name for each in employers_of(session, account.id, on=TODAY)]

    assert found == sorted(["甲公司", "丙公司"])
    # Of one employer and one account alone.
    condition = select(Employer.name).where(may_act_for(account.id, Employer.id, on=TODAY))
    assert sorted(session.scalars(condition)) == found


def test_a_grant_leaves_what_the_account_has_elsewhere_and_what_others_have(
    session, employer, owner, clerk
):
    other = factories.make_employer(session)
    account = session.scalar(select(Account).where(Account.person_id == clerk.id))
    elsewhere = factories.make_mandate(session, account, other, "filer")

    grant(session, employer, owner, clerk, until_on=date(2026, 12, 31))

    assert find_acting(session, account.id, other.uscc, on=TODAY).kind == "filer"
    assert find_acting(session, owner.account_id, employer.uscc, on=TODAY).kind == "owner"
    assert session.get_one(type(elsewhere), elsewhere.id).revoked_at is None
    noted = session.scalars(select(Activity).where(Activity.action == "mandate.granted")).one()
    assert noted.facts == {"kind": "filer", "until": "2026-12-31"}


@pytest.mark.parametrize(
    ("until", "kind", "for_a_time", "code"),
    [
        (None, "owner", None, None),
        (None, "owner", date(2026, 12, 31), "last_owner"),
        (None, "filer", None, "last_owner"),
        (date(2026, 11, 24), "filer", None, "last_owner"),
        # Who was an owner until yesterday is none, and takes none away.
        (date(2026, 11, 23), "filer", None, None),
    ],
)
def test_the_only_owner_keeps_the_mandate_without_an_end(
    session, employer, clerk, until, kind, for_a_time, code
):
    """Somebody else grants, as whoever files for the office does."""
    account = session.scalar(select(Account).where(Account.person_id == clerk.id))
    factories.make_mandate(session, account, employer, until_on=until)
    stranger = factories.make_person(session)
    # None of these keeps the employer an owner.
    theirs = factories.make_account(session, stranger)
    factories.make_mandate(session, theirs, employer, "filer")
    factories.make_mandate(session, theirs, factories.make_employer(session))
    ended = factories.make_account(session, factories.make_person(session))
    factories.make_mandate(session, ended, employer, revoked_at=NOW)
    actor = Actor(theirs.id, stranger.id)

    refused = None
    try:
        grant(session, employer, actor, clerk, kind, until_on=for_a_time)
    except LastOwner as last:
        refused = last.code
    assert refused == code


def test_mandates_are_listed_open_ones_first_and_end_once(session, employer, owner, clerk):
    first = grant(session, employer, owner, clerk, "viewer")
    second = grant(session, employer, owner, clerk)
    other = factories.make_employer(session)
    factories.make_mandate(
        session, factories.make_account(session, factories.make_person(session)), other
    )
    [own] = [row for row in mandates_of(session, employer.id) if row.name == "王芳"]

    assert [row.mandate.id for row in mandates_of(session, employer.id)] == [
        second.id, own.mandate.id, first.id,
    ]  # fmt: skip
    ended = [
        revoke_mandate(session, employer.id, second.id, actor=owner, on=TODAY, at=NOW)
        for _time in range(2)
    ]
    assert ended == [True, False]


def test_a_mandate_that_ended_keeps_when_and_by_whom(session, employer, owner, clerk):
    first = grant(session, employer, owner, clerk)
    revoke_mandate(session, employer.id, first.id, actor=owner, on=TODAY, at=EARLIER)

    grant(session, employer, owner, clerk, "viewer")

    session.refresh(first)
    assert (first.revoked_at, first.revoked_by_account_id) == (EARLIER, owner.account_id)


def test_grants_that_succeed_are_no_failures(session, employer, owner, clerk):
    for _failed in range(4):
        with pytest.raises(GrantRefused):
            grant(session, employer, owner, clerk, name="别人")
    for _granted in range(3):
        grant(session, employer, owner, clerk)

    with pytest.raises(GrantRefused):
        grant(session, employer, owner, clerk, name="别人")
    with pytest.raises(SignInPaused):
        grant(session, employer, owner, clerk)


def test_failures_of_one_pause_nobody_else(session, employer, owner, clerk):
    second = factories.make_account(session, factories.make_person(session))
    for _failed in range(5):
        with pytest.raises(GrantRefused):
            grant(session, employer, owner, clerk, name="别人")

    assert grant(session, employer, Actor(second.id, second.person_id), clerk)


def test_nobody_grants_to_oneself(session, employer, owner):
    oneself = session.get_one(Person, owner.person_id)

    with pytest.raises(GrantRefused):
        grant(session, employer, owner, oneself, "owner")


def test_of_two_accounts_the_longer_mandate_stays(session, employer, owner):
    """Joined the other way round the employer would lose its last owner some day."""
    for_a_time = factories.make_account(session, factories.make_person(session))
    factories.make_mandate(session, for_a_time, employer, until_on=date(2026, 12, 31))

    given = owner.account_id, for_a_time.id
    hand_over_mandates(session, *given, actor=owner, on=TODAY, at=NOW)

    [stays] = [
        each.mandate for each in mandates_of(session, employer.id) if not each.mandate.revoked_at
    ]
    assert (stays.account_id, stays.until_on) == (for_a_time.id, None)
