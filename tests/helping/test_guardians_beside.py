"""Who is a guardian of whom, and on which days: other mandates and other people stand beside."""

from datetime import timedelta

import pytest

from siweb.auth.helping.find import appointments_of, has_guardian, helpers_of
from siweb.auth.tables.help_mandate import CommunityHelper, HelpBasis, HelpKind, HelpMandate
from tests import factories
from tests.conftest import NOW
from tests.helping.conftest import REGION, TODAY

A_DAY = timedelta(days=1)
CODE, GUARDIANSHIP = HelpBasis.CODE, HelpBasis.GUARDIANSHIP


@pytest.fixture
def engine(sqlite_engine):
    """Which mandates count is the same on either database."""
    return sqlite_engine


@pytest.fixture
def account(session):
    return factories.make_account(session, factories.make_person(session, name="李梅"))


@pytest.fixture
def give(session, person, account):
    def give(whose=person, to=account, basis=GUARDIANSHIP, **values):
        given = {"from_on": TODAY, "until_on": TODAY, "granted_at": NOW, "ended_at": None}
        row = HelpMandate(
            reference=f"G{len(made):011}", person_id=whose.id, helper_account_id=to.id,
            kinds=frozenset({HelpKind.RECORD}), basis=basis, **(given | values),
        )  # fmt: skip
        session.add(row)
        session.flush()
        made.append(row)
        return row

    made = []
    return give


@pytest.mark.parametrize(
    ("values", "has"),
    [
        ({}, True),
        ({"basis": CODE}, False),
        ({"from_on": TODAY + A_DAY, "until_on": TODAY + A_DAY}, False),
        ({"from_on": TODAY - A_DAY, "until_on": TODAY - A_DAY}, False),
        ({"ended_at": NOW}, False),
    ],
    ids=str,
)
def test_a_guardian_acts_from_the_first_day_to_the_last(session, person, give, values, has):
    other = factories.make_person(session, name="别人")
    assert not has_guardian(session, person.id, on=TODAY)
    give(**values)
    give(other, to=factories.make_account(session, person), basis=CODE)

    assert has_guardian(session, person.id, on=TODAY) is has
    assert not has_guardian(session, other.id, on=TODAY)


def test_helpers_are_told_with_what_makes_them_one_those_that_stand_first(
    session, person, account, give
):
    helper = factories.make_person(session, name="王强")
    second = factories.make_account(session, helper)
    appointed, before = (
        CommunityHelper(
            person_id=helper.id, region_code=REGION, organisation=name, from_on=TODAY,
            until_on=TODAY, appointed_at=NOW, ended_at=ended_at,
        )
        for name, ended_at in (("居委会", None), ("老居委会", NOW))
    )  # fmt: skip
    session.add_all([appointed, before])
    session.flush()
    over = give(ended_at=NOW + A_DAY, granted_at=NOW + A_DAY)
    stands = give(granted_at=NOW - A_DAY)
    through = give(to=second, basis=CODE, community_helper_id=appointed.id)
    give(factories.make_person(session, name="别人"), to=second)

    found = helpers_of(session, person.id, on=TODAY)

    assert [each.mandate.id for each in found] == [through.id, stands.id, over.id]
    assert [each.organisation for each in found] == ["居委会", None, None]
    assert [each.name for each in found] == ["王强", "李梅", "李梅"]
    assert [each.is_open for each in found] == [True, True, False]
    assert [each.is_guardian for each in found] == [False, True, True]
    assert [each.ended_on for each in found] == [None, None, TODAY + A_DAY]
    # Without the appointment it opens nothing.
    appointed.ended_at = NOW
    session.flush()
    assert [each.is_open for each in helpers_of(session, person.id, on=TODAY)] == [
        True, False, False,
    ]  # fmt: skip
    assert [each.organisation for each in appointments_of(session, helper.id)] == [
        "老居委会", "居委会",
    ]  # fmt: skip
