"""Whose mandate, code and appointment it is: others' stand beside it, and so does what is over."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM, Actor
from siweb.auth.helping.codes import GOOD_FOR, MOST_OPEN, make_code, open_codes, take_code_back
from siweb.auth.helping.community import appoint_helper, end_appointment
from siweb.auth.helping.end import end_by_its_people, end_help_of_dead, hand_over_help
from siweb.auth.helping.give import (
    MOST_HELPERS,
    MOST_PEOPLE,
    Grant,
    _hold_to_numbers,
    give_mandate,
)
from siweb.auth.helping.helped import is_over, people_helped, people_to_help
from siweb.auth.helping.refused import HelpRefused
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.help_mandate import CommunityHelper, HelpBasis, HelpCode, HelpKind
from siweb.auth.tables.help_mandate import HelpMandate as Mandate
from siweb.messages.tables.message import Message
from tests import factories
from tests.conftest import NOW
from tests.helping.conftest import REGION, TODAY
from tests.sign_in import appoint

A_DAY = timedelta(days=1)
EARLIER = NOW - A_DAY


@pytest.fixture
def engine(sqlite_engine):
    """What the rules keep apart is the same on either database."""
    return sqlite_engine


@pytest.fixture
def people(session):
    """Four people of the region, each with an account."""
    found = [factories.make_person(session, name=name, region_code=REGION) for name in "甲乙丙丁"]
    return [(person, factories.make_account(session, person)) for person in found]


@pytest.fixture
def give(session):
    """A mandate of an account for a person, as it stands in the table."""

    def give(person, account, **values):
        defaults = {
            "kinds": frozenset({HelpKind.RECORD}), "basis": HelpBasis.CODE, "from_on": TODAY,
            "until_on": TODAY, "granted_at": EARLIER, "reference": f"R{len(made):011}",
        }  # fmt: skip
        row = Mandate(person_id=person.id, helper_account_id=account.id, **(defaults | values))
        session.add(row)
        session.flush()
        made.append(row)
        return row

    made = []
    return give


@pytest.fixture
def appointment(session):
    def appointment(person, **values):
        defaults = {
            "region_code": REGION, "organisation": "居委会", "from_on": TODAY - 9 * A_DAY,
            "until_on": TODAY, "appointed_at": EARLIER,
        }  # fmt: skip
        row = CommunityHelper(person_id=person.id, **(defaults | values))
        session.add(row)
        session.flush()
        return row

    return appointment


def code_of(session, person, **values):
    defaults = {
        "reference": f"C{person.id}", "code_hash": f"hash {person.id}", "helper_name": "李梅",
        "kinds": frozenset({HelpKind.RECORD}), "until_on": TODAY, "made_at": EARLIER,
        "expires_at": NOW + A_DAY,
    }  # fmt: skip
    row = HelpCode(person_id=person.id, **(defaults | values))
    session.add(row)
    session.flush()
    return row


def test_a_death_ends_what_is_open_and_theirs_and_nothing_else(session, people, give, appointment):
    (dead, _account), (other, theirs), *_ = people
    open_, before = {}, {}
    for name, person in (("the dead", dead), ("another", other)):
        open_[name] = (appointment(person), code_of(session, person))
    before["appointment"] = appointment(dead, ended_at=EARLIER, region_code=REGION)
    before["code"] = code_of(session, dead, used_at=EARLIER, reference="USED", code_hash="u")
    elsewhere, over = give(other, theirs), give(dead, theirs, ended_at=EARLIER)

    end_help_of_dead(session, dead.id, actor=SYSTEM, at=NOW)
    session.expire_all()

    appointed, code = open_["the dead"]
    assert (appointed.ended_at, code.used_at) == (NOW, NOW)
    appointed, code = open_["another"]
    assert (appointed.ended_at, code.used_at) == (None, None)
    assert (before["appointment"].ended_at, before["code"].used_at) == (EARLIER, EARLIER)
    assert (elsewhere.ended_at, over.ended_at) == (None, EARLIER)


def test_what_is_handed_over_is_open_and_the_former_accounts_and_once(session, people, give):
    (helper, stands), (once, former), (twice, stranger), (apart, _) = people
    goes = give(once, former)
    doubled, kept = give(twice, former), give(twice, stands)
    # What the other one held before and holds no more keeps nobody from it.
    again, _ended = give(apart, former), give(apart, stands, ended_at=EARLIER)
    over, strange = give(once, former, ended_at=EARLIER), give(once, stranger)

    hand_over_help(session, helper.id, (former.id, stands.id), actor=SYSTEM, at=NOW)
    session.expire_all()

    def is_now(row):
        return row.helper_account_id, row.ended_at

    assert (is_now(goes), is_now(again)) == ((stands.id, None), (stands.id, None))
    assert (is_now(doubled), is_now(kept)) == ((former.id, NOW), (stands.id, None))
    assert (is_now(over), is_now(strange)) == ((former.id, EARLIER), (stranger.id, None))


@pytest.mark.parametrize(
    ("values", "by", "is_ended"),
    [
        ({}, "person", True),
        ({}, "helper", True),
        ({}, "stranger", False),
        ({"basis": HelpBasis.GUARDIANSHIP}, "stranger", False),
        # The last day is a whole one; what is over has nothing that could be ended.
        ({"until_on": TODAY - A_DAY, "from_on": TODAY - A_DAY}, "helper", False),
        ({"ended_at": EARLIER}, "helper", False),
    ],
    ids=str,
)
def test_one_is_ended_by_either_of_the_two(session, people, give, values, by, is_ended):
    (person, own), (_helper, account), (_stranger, another), _ = people
    row, beside = give(person, account, **values), give(person, another)
    who = {"person": own, "helper": account, "stranger": another}[by]
    actor = Actor(who.id, who.person_id)

    assert end_by_its_people(session, row.reference, actor=actor, on=TODAY, at=NOW) is is_ended

    assert row.ended_at == (NOW if is_ended else values.get("ended_at"))
    assert (row.ended_by_account_id == who.id) is is_ended
    assert beside.ended_at is None
    assert not end_by_its_people(session, "NONE", actor=actor, on=TODAY, at=NOW)


@pytest.mark.parametrize("by", ["person", "helper"])
def test_a_guardianship_is_ended_by_neither(session, people, give, by):
    (person, own), (_helper, account), *_ = people
    row = give(person, account, basis=HelpBasis.GUARDIANSHIP)
    who = {"person": own, "helper": account}[by]
    actor = Actor(who.id, who.person_id)

    with pytest.raises(HelpRefused, match="guardian"):
        end_by_its_people(session, row.reference, actor=actor, on=TODAY, at=NOW)

    assert row.ended_at is None


@pytest.mark.parametrize(
    ("present", "code"),
    [
        ({}, "appointed"),
        ({"until_on": TODAY - A_DAY}, None),
        ({"ended_at": EARLIER}, None),
        ({"region_code": "330100"}, None),
        ({"whose": "another"}, None),
    ],
    ids=str,
)
def test_somebody_is_appointed_once_in_a_region(session, people, appointment, present, code):
    (person, _), (other, _), *_ = people
    whose = other if present.pop("whose", None) else person
    factories.make_region(session, "330100")
    before = appointment(whose, **present)

    def appoint_now():
        return appoint_helper(
            session, person.id, REGION, "居委会", TODAY, actor=SYSTEM, on=TODAY, at=NOW
        )

    if code:
        with pytest.raises(HelpRefused, match=code):
            appoint_now()
    else:
        assert appoint_now().ended_at is None
    # One that ran out left its place; nothing else was touched.
    ran_out = present == {"until_on": TODAY - A_DAY}
    assert before.ended_at == (NOW if ran_out else present.get("ended_at"))


@pytest.mark.parametrize("code", ["dead", "staff", "no_account", "day_before", "too_long"])
def test_who_is_not_appointed(session, people, code):
    person, _account = people[0]
    until_on = {"day_before": TODAY - A_DAY, "too_long": TODAY + 367 * A_DAY}.get(code, TODAY)
    if code == "dead":
        person.died_on = TODAY
    elif code == "staff":
        appoint(session, person, Function.REVIEW)
    elif code == "no_account":
        person = factories.make_person(session)
    session.flush()

    with pytest.raises(HelpRefused, match=code):
        appoint_helper(
            session, person.id, REGION, "居委会", until_on, actor=SYSTEM, on=TODAY, at=NOW
        )


def test_an_appointment_ends_once_and_with_it_what_rests_on_it(session, people, give, appointment):
    (person, _), (helper, account), (other, another), _ = people
    appointed, beside = appointment(helper), appointment(other)
    rests = give(person, account, community_helper_id=appointed.id)
    alone, theirs = give(other, account), give(person, another, community_helper_id=beside.id)

    for at in (EARLIER, NOW):
        end_appointment(session, appointed, actor=SYSTEM, at=at)

    assert (appointed.ended_at, rests.ended_at) == (EARLIER, EARLIER)
    assert (beside.ended_at, alone.ended_at, theirs.ended_at) == (None, None, None)


def test_what_is_over_or_anothers_takes_no_place(session, people, give, appointment):
    (person, _), (_helper, account), (other, another), (fourth, theirs) = people

    def somebody():
        return factories.make_person(session)

    for _one in range(MOST_PEOPLE + 1):
        give(somebody(), another)
        give(other, account, ended_at=EARLIER)
        give(somebody(), account, from_on=TODAY + A_DAY, until_on=TODAY + A_DAY)
        give(somebody(), account, from_on=TODAY - A_DAY, until_on=TODAY - A_DAY)
        give(person, another, ended_at=EARLIER)
    ended = appointment(other, ended_at=EARLIER)
    ran_out = appointment(other, until_on=TODAY - A_DAY)
    give(person, another, community_helper_id=ended.id)
    give(person, theirs, community_helper_id=ran_out.id)

    _hold_to_numbers(session, account, person, None, TODAY)

    for _one in range(MOST_HELPERS):
        give(person, factories.make_account(session, somebody()))
    with pytest.raises(HelpRefused, match="too_many_helpers"):
        _hold_to_numbers(session, account, person, None, TODAY)
    for _one in range(MOST_PEOPLE):
        give(somebody(), account)
    with pytest.raises(HelpRefused, match="too_many_people"):
        _hold_to_numbers(session, account, person, None, TODAY)
    # Whom somebody helps for an organisation is counted apart.
    with pytest.raises(HelpRefused, match="too_many_helpers"):
        _hold_to_numbers(session, account, person, appointment(fourth), TODAY)


@pytest.mark.parametrize(
    ("appointed", "rests"),
    [
        ({}, True),
        ({"from_on": TODAY}, True),
        ({"from_on": TODAY + A_DAY, "until_on": TODAY + A_DAY}, False),
        ({"until_on": TODAY - A_DAY}, False),
        ({"ended_at": EARLIER}, False),
        ({"region_code": "330100"}, False),
    ],
    ids=str,
)
def test_a_mandate_rests_on_an_appointment_that_holds_where_the_person_lives(
    session, people, give, appointment, appointed, rests
):
    (person, _), (helper, account), (other, another), _ = people
    factories.make_region(session, "330100")
    row = appointment(helper, **appointed)
    if "region_code" not in appointed:
        appointment(other)
    replaced, beside = give(person, account), [give(other, account), give(person, another)]
    grant = Grant(person.id, frozenset({HelpKind.PAPERS}), TODAY, HelpBasis.CODE)

    made = give_mandate(session, grant, account, actor=SYSTEM, on=TODAY, at=NOW)

    assert made.community_helper_id == (row.id if rests else None)
    assert (made.from_on, made.until_on, made.kinds) == (TODAY, TODAY, {HelpKind.PAPERS})
    assert [each.ended_at for each in (replaced, *beside)] == [NOW, None, None]
    told = session.execute(select(Message.kind, Message.person_id))
    assert sorted(tuple(row) for row in told) == sorted(
        [("help_given", person.id), ("may_help", helper.id)]
    )


def test_an_account_helps_whom_its_mandates_name_as_long_as_they_hold(session, people, give):
    (dead, account), (first, another), (second, _), (third, _) = people
    dead.died_on = TODAY
    give(dead, account)
    late, soon = give(first, account, until_on=TODAY + A_DAY), give(second, account)
    over = [
        give(first, account, ended_at=NOW),
        give(third, account, until_on=TODAY - A_DAY, from_on=TODAY - A_DAY),
    ]
    fifth = factories.make_person(session)
    to_come = give(fifth, account, from_on=TODAY + A_DAY, until_on=TODAY + A_DAY)
    theirs = give(first, another)

    found = [each.reference for each in people_helped(session, account.id, on=TODAY)]
    asked = session.execute(people_to_help(account.id, TODAY)).all()

    assert sorted(found) == sorted([late.reference, soon.reference])
    assert [(row.key, row.last_day) for row in asked] == [
        (soon.reference, TODAY), (late.reference, TODAY + A_DAY),
    ]  # fmt: skip
    rows = [late, soon, *over, to_come, theirs]
    assert [is_over(session, account.id, row.reference, on=TODAY) for row in rows] == [
        False, False, True, True, False, False,
    ]  # fmt: skip
    assert not is_over(session, another.id, over[0].reference, on=TODAY)


def test_a_person_has_three_open_codes_and_takes_back_their_own(session, people):
    (person, account), (other, _), *_ = people
    given = ("李梅", frozenset({HelpKind.RECORD}), TODAY)
    doing = {"key": "k", "actor": Actor(account.id, person.id), "on": TODAY, "at": NOW}
    code_of(session, other)
    code_of(session, person, used_at=EARLIER, reference="USED", code_hash="u")
    code_of(session, person, expires_at=NOW, reference="LATE", code_hash="l")
    made = [make_code(session, *given, **doing) for _one in range(MOST_OPEN)]
    assert {code.expires_at for code in made} == {NOW + GOOD_FOR}
    assert open_codes(session, person.id, at=NOW) == made[::-1]
    with pytest.raises(HelpRefused, match="too_many_codes"):
        make_code(session, *given, **doing)

    takes_back = [
        take_code_back(session, reference, person.id, at=NOW)
        for reference in ("USED", "LATE", f"C{other.id}", made[0].reference, made[0].reference)
    ]

    assert takes_back == [False, False, False, True, False]
    session.expire_all()
    assert open_codes(session, person.id, at=NOW) == made[:0:-1]
    assert len(open_codes(session, other.id, at=NOW)) == 1
