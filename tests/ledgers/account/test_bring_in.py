"""Months that another region certifies lie beside those of earlier transfers, never over them."""

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.ledgers.account.close import AccountRefused
from siweb.ledgers.account.transfer import Brought, bring_in
from siweb.ledgers.tables.transfer_segment import Direction, TransferSegment
from tests import factories
from tests.conftest import NOW

TODAY = NOW.date()


@pytest.fixture
def engine(sqlite_engine):
    """Which months lie over each other is the same on either database."""
    return sqlite_engine


@pytest.fixture
def other(session):
    return factories.make_person(session, name="别人")


@pytest.fixture
def bring(session):
    def bring(whose, first, last):
        brought = Brought("江苏省南京市", first, last, months=1, amount_fen=100_00)
        segment = bring_in(session, whose.id, brought, on=TODAY, actor=SYSTEM, at=NOW)
        session.flush()
        return segment

    return bring


def segments(session):
    return session.scalar(select(func.count()).select_from(TransferSegment))


@pytest.mark.parametrize(
    ("first", "last"), [("2018-01", "2018-12"), ("2020-01", "2020-06"), ("2017-01", "2017-01")]
)
def test_months_right_before_or_after_earlier_ones_come_in(session, person, bring, first, last):
    bring(person, "2019-01", "2019-12")
    bring(person, first, last)

    assert segments(session) == 2


@pytest.mark.parametrize(
    ("first", "last"),
    [
        # One month alone, at either end and in the middle; over all of it; the same again.
        ("2018-06", "2019-01"), ("2019-12", "2020-03"), ("2019-06", "2019-06"),
        ("2018-12", "2020-01"), ("2019-01", "2019-12"),
    ],
)  # fmt: skip
def test_months_over_earlier_ones_are_refused(session, person, bring, first, last):
    bring(person, "2019-01", "2019-12")

    with pytest.raises(AccountRefused) as refused:
        bring(person, first, last)

    assert refused.value.code == "overlaps"
    assert segments(session) == 1


def test_months_of_somebody_else_and_those_that_went_along_are_in_nobodys_way(
    session, person, other, bring
):
    bring(other, "2019-01", "2019-12")
    first = bring(person, "2019-01", "2019-12")
    # They went along with the next move, and come back from there.
    session.add(
        TransferSegment(
            person_id=person.id, direction=Direction.OUT, other_region="浙江省杭州市",
            from_month=first.from_month, through_month=first.through_month, months=first.months,
            amount_fen=first.amount_fen, transferred_on=TODAY, recorded_at=NOW,
        )
    )  # fmt: skip
    session.flush()

    bring(person, "2019-01", "2019-12")

    assert segments(session) == 4
