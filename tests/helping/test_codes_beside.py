"""Which code gives which mandate: others' with the same digits, used and old ones are beside it."""

from datetime import timedelta

import pytest

from siweb.audit.actor import Actor, Channel
from siweb.auth.credentials.keyed_hash import keyed_hash
from siweb.auth.helping.codes import (
    GOOD_FOR,
    MOST_OPEN,
    code_digits,
    make_code,
    open_codes,
    use_code,
)
from siweb.auth.helping.give import ADULT, hold_to_days
from siweb.auth.helping.refused import HelpRefused
from siweb.auth.tables.help_mandate import HelpBasis, HelpCode, HelpKind, HelpMandate
from tests import factories
from tests.conftest import NOW
from tests.helping.conftest import REGION, TODAY

A_DAY, KEY, DIGITS = timedelta(days=1), "k", "12345678"
RECORD = frozenset({HelpKind.RECORD})


@pytest.fixture
def engine(sqlite_engine):
    """Whose code it is, is the same on either database."""
    return sqlite_engine


@pytest.fixture
def givers(session):
    return [factories.make_person(session, name=name, region_code=REGION) for name in "甲乙丙"]


@pytest.fixture
def account(session, helper):
    return factories.make_account(session, helper)


@pytest.fixture
def coded(session):
    """A code of somebody for a helper of a name."""

    def coded(whose, name="李梅", digits=DIGITS, **values):
        given = {"made_at": NOW, "expires_at": NOW + A_DAY, "until_on": TODAY}
        row = HelpCode(
            reference=f"C{next(numbers):011}", code_hash=keyed_hash(KEY, "help_code", digits),
            person_id=whose.id, helper_name=name, kinds=RECORD, **(given | values),
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row

    numbers = iter(range(99))
    return coded


@pytest.fixture
def use(session, account):
    def use(digits=DIGITS, at=NOW):
        actor = Actor(account.id, account.person_id)
        try:
            return use_code(session, digits, key=KEY, actor=actor, on=TODAY, at=at)
        except HelpRefused as refused:
            return refused.code

    return use


def test_a_code_is_eight_digits_of_its_reference():
    for number in range(50):
        digits = code_digits(KEY, f"R{number}")
        drawn = int(keyed_hash(KEY, "help_digits", f"R{number}"), 16) % 100_000_000
        assert (len(digits), int(digits)) == (8, drawn)


def test_of_several_codes_with_the_same_digits_the_one_for_the_name_is_good(
    session, givers, account, coded, use
):
    meant = coded(givers[0])
    other = coded(givers[1], "王强")
    coded(givers[2], used_at=NOW - A_DAY)
    coded(givers[2], expires_at=NOW)
    elsewhere = coded(givers[2], digits="87654321")

    mandate = use()

    assert (mandate.person_id, mandate.helper_account_id) == (givers[0].id, account.id)
    assert (mandate.kinds, mandate.until_on, mandate.basis) == (RECORD, TODAY, HelpBasis.CODE)
    session.expire_all()
    assert [each.used_at for each in (meant, other, elsewhere)] == [NOW, None, None]
    assert use() == "does_not_fit"
    assert use("87654321").person_id == givers[2].id


def test_of_two_codes_for_one_name_nobody_can_say_which_was_meant(session, givers, coded, use):
    both = [coded(whose) for whose in givers[:2]]

    assert use() == "does_not_fit"

    session.expire_all()
    assert [each.used_at for each in both] == [None, None]
    both[1].used_at = NOW
    session.flush()
    assert use().person_id == givers[0].id


@pytest.mark.parametrize(("seconds", "fits"), [(-1, True), (0, False)])
def test_a_code_is_good_to_its_last_second(givers, coded, use, seconds, fits):
    code = coded(givers[0])

    found = use(at=code.expires_at + timedelta(seconds=seconds))

    assert (found != "does_not_fit") is fits


def test_what_is_refused_for_another_reason_leaves_the_code(session, givers, helper, coded, use):
    code = coded(givers[0])
    helper.born_on = TODAY.replace(year=TODAY.year - ADULT) + A_DAY
    session.flush()
    assert use() == "minor"
    session.expire_all()
    assert code.used_at is None
    helper.born_on -= A_DAY
    session.flush()
    assert isinstance(use(), HelpMandate)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, None),
        ({"on_behalf_of_person_id": 1}, "not_own"),
        ({"channel": Channel.DESK}, "not_own"),
        ({"person_id": None}, "not_own"),
    ],
)
def test_a_code_is_made_by_oneself_in_the_browser(session, givers, values, code):
    whose = givers[0]
    actor = Actor(**({"account_id": None, "person_id": whose.id} | values))

    def make():
        return make_code(session, "李梅", RECORD, TODAY, key=KEY, actor=actor, on=TODAY, at=NOW)

    if code is not None:
        with pytest.raises(HelpRefused, match=code):
            make()
        return
    made = [make() for _number in range(MOST_OPEN)]
    assert made[0].expires_at == NOW + GOOD_FOR
    assert made[0].code_hash == keyed_hash(KEY, "help_code", code_digits(KEY, made[0].reference))
    assert [each.id for each in open_codes(session, whose.id, at=NOW)] == [
        each.id for each in reversed(made)
    ]
    assert open_codes(session, givers[1].id, at=NOW) == []
    with pytest.raises(HelpRefused, match="too_many_codes"):
        make()
    made[0].expires_at = NOW
    session.flush()
    assert make().person_id == whose.id


@pytest.mark.parametrize(
    ("basis", "most"),
    [(HelpBasis.CODE, 366), (HelpBasis.PAPER, 366), (HelpBasis.GUARDIANSHIP, 1_096)],
)
def test_a_mandate_lasts_to_today_at_least_and_so_long_at_most(basis, most):
    for days in (0, most):
        hold_to_days(basis, TODAY + days * A_DAY, TODAY)
    for days, code in ((-1, "day_before"), (most + 1, "too_long")):
        with pytest.raises(HelpRefused, match=code):
            hold_to_days(basis, TODAY + days * A_DAY, TODAY)
