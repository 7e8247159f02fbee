"""Which months a certificate counts, the stretches that they make, and how many fit on it."""

from datetime import date

import pytest

from siweb.collection.tables.levy_run import LevyState
from siweb.ledgers.certificates.certificate import Asked, CertificateRefused
from siweb.ledgers.certificates.contributions import (
    MOST_BY_MONTHS,
    MOST_MONTHS,
    certify_contributions,
)
from siweb.ledgers.certificates.paid_months import (
    PaidMonth,
    Segment,
    count_by_insurance,
    paid_months,
    segments_of,
)
from siweb.ledgers.record.years import Years
from siweb.ledgers.tables.contribution_record import RecordKind
from siweb.ledgers.tables.transfer_segment import Direction
from siweb.registry.codes import Insurance
from siweb.rules.calendar.months import add_months
from tests import factories
from tests.bills import make_levy_run
from tests.conftest import NOW

TODAY = NOW.date()
PENSION, MEDICAL, MATERNITY = Insurance.PENSION, Insurance.MEDICAL, Insurance.MATERNITY
MONTHS = ["2025-01", "2025-02"]


@pytest.fixture
def engine(sqlite_engine):
    """Which months count is the same on either database."""
    return sqlite_engine


def counted(session, person):
    return [(each.month, each.insurances) for each in paid_months(session, person.id, MONTHS)]


def add(session, person, month="2025-01", *args, **values):
    factories.make_record(session, person, month, *args, **values)


TAKEN_BACK = {
    "kind": RecordKind.ADJUSTMENT, "base_fen": -1_000_000, "declared_base_fen": -1_000_000,
    "employer_fen": -160_000, "employee_fen": -80_000,
}  # fmt: skip
OF_NOTHING = {"employer_fen": 0, "employee_fen": 0, "account_fen": 0}


@pytest.mark.parametrize(
    ("rows", "counts"),
    [
        ([{}], True),
        ([{"paid_on": None}], False),
        # What is owed and what is credited in it come to nothing.
        ([{}, {"paid_on": None, "base_fen": 0, "employer_fen": -1, "employee_fen": 1}], True),
        ([{}, {"paid_on": None, "base_fen": 0, "employer_fen": 1, "employee_fen": 0}], False),
        ([{}, {"paid_on": None, "base_fen": 0, "employer_fen": -2, "employee_fen": 1}], True),
        ([{}, TAKEN_BACK], False),
        ([{"paid_on": None, **OF_NOTHING}], False),
        ([OF_NOTHING], True),
        ([{"base_fen": 0}], False),
    ],
    ids=str,
)
def test_a_month_counts_that_is_paid_whole(session, person, rows, counts):
    for values in rows:
        add(session, person, **values)

    assert counted(session, person) == ([("2025-01", (PENSION,))] if counts else [])


def test_only_what_was_billed_of_the_person_in_these_months_counts(session, person):
    run = make_levy_run(session, "2025-01", state=LevyState.COMPUTING)
    add(session, person, levy_run_id=run.id)
    add(session, factories.make_person(session))
    add(session, person, "2025-03")
    add(session, person, "2024-12")
    assert counted(session, person) == []

    add(session, person, "2025-02", MEDICAL)
    add(session, person, "2025-02")
    assert counted(session, person) == [("2025-02", (PENSION, MEDICAL))]


def test_a_month_has_its_employers_apart_and_the_base_of_its_pension(session, person):
    first, second = (factories.make_employer(session, name=name) for name in "甲乙")
    add(session, person, insurance=MEDICAL, employer=first, base_fen=3_000)
    add(session, person, insurance=MATERNITY, employer=first, base_fen=9_000)
    add(session, person, employer=second, base_fen=5_000)
    add(session, person, insurance=MEDICAL, employer=second, base_fen=7_000, employer_fen=1)
    add(session, person, "2025-02", base_fen=2_000)

    found = paid_months(session, person.id, MONTHS)
    assert [each.employer_id for each in found] == [first.id, second.id, None]
    assert [each._replace(employer_id=None) for each in found] == [
        PaidMonth("2025-01", "甲", (MEDICAL, MATERNITY), 9_000, 320_000, 160_000),
        PaidMonth("2025-01", "乙", (PENSION, MEDICAL), 5_000, 160_001, 160_000),
        PaidMonth("2025-02", "", (PENSION,), 2_000, 160_000, 80_000),
    ]


def test_two_employers_of_one_name_stay_apart(session, person):
    first, second = (factories.make_employer(session, name="甲") for _ in range(2))
    for employer, base_fen in ((first, 3_000), (second, 5_000)):
        add(session, person, employer=employer, base_fen=base_fen)

    found = paid_months(session, person.id, MONTHS)

    # On paper they are told apart by the end of their credit code.
    names = [f"甲 (…{employer.uscc[-6:]})" for employer in (first, second)]
    assert [(each.employer_name, each.base_fen) for each in found] == [
        (names[0], 3_000), (names[1], 5_000),
    ]  # fmt: skip
    assert [stretch.months for stretch in segments_of(found)] == [1, 1]


def month(number, name="甲", insurances=(PENSION,), fen=1):
    return PaidMonth(add_months("2025-01", number), name, insurances, 5, fen, fen * 10)


def test_months_alike_that_follow_each_other_are_one_stretch():
    found = segments_of(
        [month(0), month(1, fen=2), month(3), month(1, "乙"), month(4, insurances=(MEDICAL,)),
         month(11), month(12)]
    )  # fmt: skip

    assert found == [
        Segment("2025-01", "2025-02", 2, "甲", (PENSION,), 3, 30),
        Segment("2025-02", "2025-02", 1, "乙", (PENSION,), 1, 10),
        Segment("2025-04", "2025-04", 1, "甲", (PENSION,), 1, 10),
        Segment("2025-05", "2025-05", 1, "甲", (MEDICAL,), 1, 10),
        Segment("2025-12", "2026-01", 2, "甲", (PENSION,), 2, 20),
    ]
    assert segments_of([]) == []


def test_two_employers_in_a_month_count_once():
    paid = [month(0), month(0, "乙", (PENSION, MEDICAL)), month(1)]
    assert count_by_insurance(paid) == {PENSION: 2, MEDICAL: 1}


@pytest.mark.parametrize(
    ("first", "last", "by_months", "code"),
    [
        ("2025-02", "2025-01", False, "month_order"),
        ("2025-01", "2025-01", False, None),
        ("2025-01", "2026-11", False, None),
        ("2025-01", "2026-12", False, "month_to_come"),
        (add_months("2026-11", 1 - MOST_MONTHS), "2026-11", False, None),
        (add_months("2026-11", -MOST_MONTHS), "2026-11", False, "too_many_months"),
        (add_months("2026-11", 1 - MOST_BY_MONTHS), "2026-11", True, None),
        (add_months("2026-11", -MOST_BY_MONTHS), "2026-11", True, "too_many_months"),
        ("2025-02", "2025-03", False, "nothing_recorded"),
    ],
)
def test_as_many_months_as_fit_are_certified(session, person, first, last, by_months, code):
    add(session, person)
    asked = Asked(from_month=first, to_month=last, by_months=by_months)
    if code:
        with pytest.raises(CertificateRefused, match=code):
            certify_contributions(session, person, asked, TODAY)
        return
    content = certify_contributions(session, person, asked, TODAY)
    assert (content.first_month, content.last_month) == (first, last)
    facts = [value for _label, value in content.payload["facts"]]
    assert facts == [{"months": 1}, {"fen": 160_000}, {"fen": 80_000}, {"fen": 240_000}]


class _Moved:
    def __init__(self, direction, months):
        self.direction, self.months = direction, months


@pytest.mark.parametrize(
    ("moved", "deemed", "counted"),
    [
        ((), 0, 0), ((), 5, 5), ((_Moved(Direction.IN, 3),), 5, 8),
        ((_Moved(Direction.IN, 3), _Moved(Direction.OUT, 7)), 5, 1),
        # Months that went along may be more than are left: that is none, not fewer.
        ((_Moved(Direction.OUT, 7),), 5, 0),
    ],
)  # fmt: skip
def test_months_that_moved_count_there_and_none_are_fewer_than_none(moved, deemed, counted):
    years = Years((), (), (), (), moved, deemed)

    assert years.counted_months == counted


def test_a_certificate_says_until_when_it_looked(session, person):
    add(session, person, paid_on=date(2026, 1, 5))
    asked = Asked(from_month="2025-01", to_month="2025-01", by_months=True)
    content = certify_contributions(session, person, asked, TODAY)
    (table,) = content.payload["tables"]
    assert [row[0] for row in table["rows"]] == [{"month": "2025-01"}]
    assert table["rows"][0][1]["en"] == "Paid by oneself"
