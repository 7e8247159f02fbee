"""What separating two registrations changes, line by line, as the checker reads it."""

import pytest

from siweb.collection.corrections.merging.apart import Apart, lines_of_apart
from siweb.collection.corrections.merging.joined import Holding
from siweb.collection.corrections.merging.separate import MonthSince, Separated
from siweb.registry.codes import Insurance
from tests import factories


@pytest.fixture
def engine(sqlite_engine):
    """What is read is the same on either database."""
    return sqlite_engine


@pytest.fixture
def lines(app, session):
    def lines(former, person, since=()):
        apart = Apart(1, 2, former, person, Separated(tuple(since), ()))
        # As it is kept with the task and read again.
        assert Apart.from_dict(apart.as_dict()) == apart
        with app.test_request_context(headers={"Accept-Language": "en"}):
            return [
                tuple(map(str, (each.label, each.before, each.after)))
                for each in lines_of_apart(session, apart)
            ]

    return lines


def test_balances_and_months_are_named_together_and_apart(lines):
    found = lines(Holding(120_050, 7, ("pension",), 1), Holding(30_000, 12, (), 2))

    assert found[0][1:] == ("CNY 1,500.50", "CNY 1,200.50 + CNY 300.00")
    assert found[1][2] == "7 + 12"
    assert found[2][1] == "Pension insurance"
    assert "goes on under the registration that is separated" in found[2][2]


def test_without_an_open_insurance_of_the_former_none_is_named(lines):
    found = lines(Holding(0, 0, (), 0), Holding(0, 0, ("medical",), 0))

    assert not any("goes on under the registration" in after for _name, _before, after in found)


def test_months_billed_since_are_named_with_their_payer(lines, session):
    firm = factories.make_employer(session, name="甲公司")

    found = lines(
        Holding(0, 0, (), 0), Holding(0, 0, (), 0),
        [
            MonthSince("2026-08", Insurance.PENSION.value, firm.id, 80_000),
            MonthSince("2026-09", Insurance.MEDICAL.value, None, 1_234),
        ],
    )  # fmt: skip

    since = [each for each in found if "billed after the joining" in each[2]]
    assert [each[1] for each in since] == ["甲公司 CNY 800.00", "the person CNY 12.34"]
    assert "August 2026" in since[0][0] and "September 2026" in since[1][0]
