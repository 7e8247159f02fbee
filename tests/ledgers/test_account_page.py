"""A person's individual account: opening, credits, interest, closing."""

import pytest

from siweb.ledgers.tables.account_entry import EntryKind
from tests import factories


@pytest.fixture
def entries(session, person):
    factories.make_account_entry(session, person, 2024, EntryKind.OPENING, 1_000_000)
    factories.make_account_entry(session, person, 2025, EntryKind.CREDIT, 960_000,
                                 contribution_month="2025-01")  # fmt: skip
    factories.make_account_entry(session, person, 2025, EntryKind.PROVISIONAL_INTEREST, 15_000,
                                 rate_ppm=15_000)  # fmt: skip
    session.commit()


def page(client, path="/record/account"):
    return client.get(path).get_data(as_text=True)


def test_the_latest_year_shows_opening_credits_interest_and_closing(owner, entries):
    said = page(owner)

    for part in ("2025", "CNY 10,000.00", "CNY 9,600.00", "CNY 150.00", "CNY 19,750.00", "1.5 %"):
        assert part in said


def test_provisional_interest_is_said_to_be_provisional(owner, entries):
    assert "provisional until the rate of the year is published" in page(owner)


def test_settled_interest_is_not_said_to_be_provisional(owner, entries, session, person):
    factories.make_account_entry(session, person, 2025, EntryKind.INTEREST, 100, rate_ppm=15_000)

    assert "provisional until" not in page(owner)


def test_a_year_without_interest_says_when_it_comes(owner, entries):
    assert "added at the end of the year" in page(owner, "/record/account/2026")


def test_other_years_can_be_opened(owner, entries):
    assert 'href="/record/account/2024"' in page(owner)


def test_an_empty_account_is_shown_as_such(owner):
    assert "Nothing was entered in this year." in page(owner)
