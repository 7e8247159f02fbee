"""What the paper about a year says: the account, the sums, every month, and notes."""

from datetime import date

import pytest

from siweb.ledgers.account.year import load_account
from siweb.ledgers.record.year import load_year
from siweb.ledgers.record.yearly_statement import statement_of
from siweb.ledgers.tables.account_entry import EntryKind
from siweb.registry.codes import Insurance
from tests import factories

ON, LATER = date(2026, 6, 15), date(2027, 2, 1)


@pytest.fixture
def paper(app, session, person, employer):
    """The statement of 2026, on a day."""
    factories.make_enrolment(session, person, employer=employer, from_month="2026-01")
    factories.make_record(session, person, "2026-01", employer=employer)
    factories.make_record(session, person, "2026-02", employer=employer, paid_on=None)
    factories.make_record(session, person, "2026-03", Insurance.MEDICAL, employer_fen=1,
                          employee_fen=2, employer=employer)  # fmt: skip
    factories.make_account_entry(session, person, 2025, EntryKind.OPENING, 500_000)
    factories.make_account_entry(session, person, 2026, EntryKind.CREDIT, 80_000)

    def make(on=ON):
        with app.test_request_context():
            year = load_year(session, person.id, 2026, on=on)
            return statement_of(person, year, load_account(session, person.id, 2026), on)

    return make


def words(values):
    return [value["en"] if isinstance(value, dict) and "en" in value else value for value in values]


def facts(paper):
    return {row[0]["en"]: words([row[1]])[0] for row in paper["facts"]}


def test_the_paper_of_a_year_that_runs_says_that_interest_comes(paper):
    said = paper()

    assert facts(said) == {
        "Individual account at the start": {"fen": 500_000},
        "Paid in": {"fen": 80_000},
        "Interest": "added at the end of the year",
        "Balance": {"fen": 580_000},
    }
    assert words(said["notes"])[0] == "The year is not over yet."
    assert len(said["notes"]) == 2


def test_the_paper_of_a_year_that_is_over_says_interest_and_transfers(paper, session, person):
    for kind, fen in ((EntryKind.PROVISIONAL_INTEREST, 700), (EntryKind.TRANSFER_IN, 9_000)):
        factories.make_account_entry(session, person, 2026, kind, fen, rate_ppm=15_000)

    said = paper(on=LATER)

    shown = facts(said)
    assert (shown["Interest"], shown["Transfers"]) == ({"fen": 700}, {"fen": 9_000})
    assert shown["Balance"] == {"fen": 589_700}
    assert "provisional" in words(said["notes"])[0]
    assert len(said["notes"]) == 2


def test_its_tables_have_the_sums_of_each_insurance_and_its_months(paper):
    sums, months = paper()["tables"]

    assert words(sums["rows"][0]) == [
        "Pension insurance", "1", {"amount": 1_000_000}, {"amount": 320_000}, {"amount": 160_000},
        {"amount": 240_000},
    ]  # fmt: skip
    assert words(sums["rows"][2])[2] == {"amount": 0}
    assert words(sums["rows"][-1]) == [
        "Together", "", "", {"amount": 320_001}, {"amount": 160_002}, {"amount": 240_000},
    ]  # fmt: skip
    # Numbers stand to the right.
    assert (sums["numbers"], months["numbers"]) == ([1, 2, 3, 4, 5], [])
    assert [words(row)[:2] for row in months["rows"]][:3] == [
        [{"month": "2026-01"}, "Paid"],
        [{"month": "2026-02"}, "Not paid yet"],
        [{"month": "2026-03"}, "missing"],
    ]
    assert len(months["rows"]) == 12
