"""Whose account is temporary, and who is named among those who looked: others stand beside."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from siweb.audit.access_log.reason import Function
from siweb.audit.actor import SYSTEM
from siweb.auth.tables.api_token import ApiToken
from siweb.ledgers.access_log.names import names_of
from siweb.ledgers.account.close import AccountRefused
from siweb.ledgers.account.temporary import (
    end_temporary,
    make_temporary,
    open_temporary,
    refuse_into_temporary,
)
from siweb.ledgers.tables.temporary_account import TemporaryAccount
from siweb.registry.codes import Insurance, Sex
from siweb.registry.packs.in_force import packs_in_force
from tests import factories
from tests.conftest import NOW

TODAY, A_DAY = NOW.date(), timedelta(days=1)
BY = {"actor": SYSTEM, "at": NOW}


@pytest.fixture
def engine(sqlite_engine):
    """Whose a row is, is the same on either database."""
    return sqlite_engine


@pytest.fixture
def person(session):
    return factories.make_person(session, born_on=date(1976, 3, 2), sex=Sex.MALE)


@pytest.fixture
def other(session):
    return factories.make_person(session, name="别人", born_on=date(1976, 3, 2))


@pytest.fixture
def make(session):
    def make(whose, joined_on=TODAY, household="51"):
        return make_temporary(
            session, whose, household, joined_on, packs=packs_in_force(session), on=TODAY, **BY
        )

    return make


def refused(act, *given):
    with pytest.raises(AccountRefused) as found:
        act(*given)
    return found.value.code


def test_it_is_noted_of_who_takes_part_in_pension_now(session, person, other, make):
    factories.make_enrolment(session, other)
    factories.make_enrolment(session, person, Insurance.MEDICAL)
    factories.make_enrolment(session, person, from_month="2026-03", to_month="2026-10")
    assert refused(make, person) == "not_insured"
    factories.make_enrolment(session, person, from_month="2026-11")
    assert refused(make, person, TODAY + A_DAY) == "joined_to_come"
    assert refused(make, person, TODAY, "31") == "ordinary"

    # Who joined today is not somebody who joins some day.
    found = make(person)

    assert (found.person_id, found.region_code) == (person.id, person.region_code)
    assert (found.joined_on, found.household, found.ended_on) == (TODAY, "51", None)
    assert open_temporary(session, person.id) is found
    assert open_temporary(session, other.id) is None
    assert refused(make, person) == "temporary_already"
    make(other)


@pytest.mark.parametrize(
    ("sex", "born_on", "is_noted"),
    [
        (Sex.FEMALE, date(1986, 3, 2), True),
        (Sex.FEMALE, date(1986, 3, 3), False),
        (Sex.MALE, date(1986, 3, 2), False),
    ],
)
def test_a_woman_is_old_enough_at_forty(session, make, sex, born_on, is_noted):
    whose = factories.make_person(session, sex=sex, born_on=born_on)
    factories.make_enrolment(session, whose, from_month="2026-03")
    joined_on = date(2026, 3, 2)

    if is_noted:
        assert make(whose, joined_on).joined_on == joined_on
    else:
        assert refused(make, whose, joined_on) == "ordinary"


def test_an_end_is_that_of_ones_own_and_of_its_region(session, person, other):
    for whose, ended_on in ((person, TODAY - A_DAY), (person, None), (other, None)):
        session.add(
            TemporaryAccount(
                person_id=whose.id, region_code=whose.region_code, household="51",
                joined_on=date(2026, 3, 2), recorded_at=NOW, ended_on=ended_on,
            )
        )  # fmt: skip
        session.flush()

    def end(region=None):
        return end_temporary(session, person.id, region, on=TODAY, **BY)

    assert refused(refuse_into_temporary, session, person.id) == "temporary"
    assert [end("530000"), end(), end(), end(person.region_code)] == [False, True, False, False]
    refuse_into_temporary(session, person.id)
    assert refused(refuse_into_temporary, session, other.id) == "temporary"
    assert {each.ended_on for each in session.query(TemporaryAccount).all()} == {
        TODAY - A_DAY, TODAY, None,
    }  # fmt: skip


def entry(function, account=None, employer=None):
    return SimpleNamespace(
        function=function.value,
        account_id=account and account.id,
        employer_id=employer and employer.id,
    )


def test_helpers_employers_and_programs_that_looked_are_named_and_nobody_else(session):
    accounts = [
        factories.make_account(session, factories.make_person(session, name=name))
        for name in ("李梅", "王强", "经办员", "没看")
    ]
    helper, relative, staff, _other = accounts
    first, second, _third = (factories.make_employer(session, name=name) for name in "甲乙丙")
    for number, (firm, account, name) in enumerate(
        (
            (first, helper, "工资"), (first, helper, "人事"), (first, helper, "工资"),
            (first, staff, "别的"), (second, helper, "对账"),
        )
    ):  # fmt: skip
        session.add(
            ApiToken(
                employer_id=firm.id, account_id=account.id, name=name, secret_hash=f"{number}",
                beginning="s", scopes=[], issued_at=NOW, expires_on=TODAY,
            )
        )  # fmt: skip
        session.flush()
    days = [
        SimpleNamespace(entries=[entry(Function.HELPER, helper), entry(Function.STAFF, staff)]),
        SimpleNamespace(
            entries=[
                entry(Function.RELATIVE, relative), entry(Function.FILER, staff, second),
                entry(Function.PROGRAM, helper, first),
            ]
        ),
    ]  # fmt: skip

    found = names_of(session, days)

    assert found.helpers == {helper.id: "李梅", relative.id: "王强"}
    assert found.employers == {first.id: "甲", second.id: "乙"}
    assert found.programs == {(first.id, helper.id): "工资, 人事"}


def test_where_nobody_is_to_be_named_nothing_is_asked():
    nobody = SimpleNamespace(entries=[entry(Function.STAFF)])

    assert names_of(None, [nobody]) == ({}, {}, {})
