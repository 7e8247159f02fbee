"""A person's individual account: opening, credits, interest, closing."""

import re

import pytest

from siweb.ledgers.tables.account_entry import EntryKind
from siweb.rules.benefits.account_interest import InterestMethod, InterestTerms
from siweb.rules.errors import RuleError
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


def test_every_year_stands_with_its_opening_credits_rate_interest_and_closing(owner, entries):
    said = page(owner)

    for part in ("10,000.00", "9,600.00", "150.00", "19,750.00", "1.5 %", "CNY 19,600.00"):
        assert part in said
    assert re.findall(r'href="/record/account/(\d+)"', said) == ["2025", "2024"]
    # The picture has a column for each year, and its numbers stand in a table beside it.
    assert said.count('<rect class="c1"') == 2 and said.count('<rect class="c2"') == 1
    assert '<td class="number">19,600.00</td><td class="number">150.00</td>' in said


def test_provisional_interest_is_said_to_be_provisional(owner, entries, session, person):
    assert "provisional interest</span>" in page(owner)
    assert "provisional until the rate" in page(owner, "/record/account/2025")
    factories.make_account_entry(session, person, 2025, EntryKind.INTEREST, 100, rate_ppm=15_000)
    session.commit()

    assert "provisional interest</span>" not in page(owner)
    assert "provisional until the rate" not in page(owner, "/record/account/2025")


def test_a_running_year_says_that_its_rate_is_not_published_yet(owner, entries, session, person):
    factories.make_account_entry(session, person, 2026, EntryKind.CREDIT, 100)
    session.commit()

    assert '<td class="number" data-is="Yearly rate">not yet</td>' in page(owner)
    assert "added at the end of the year" in page(owner, "/record/account/2026")


def test_each_year_with_an_entry_is_reached_and_no_other(owner, entries):
    assert 'href="/record/account/2024"' in page(owner, "/record/account/2025")
    assert 'href="/record/account/2025"' in page(owner, "/record/account/2024")
    assert owner.get("/record/account/2026").status_code == 404


def test_what_moved_away_leaves_the_balance_and_stands_apart(owner, entries, session, person):
    factories.make_account_entry(session, person, 2026, EntryKind.TRANSFER_OUT, -1_975_000)
    session.commit()

    said = page(owner)
    assert (
        '<p class="figure">0.00 <small>yuan</small></p>' in said and "Transfers -19,750.00" in said
    )


@pytest.mark.parametrize(
    ("method", "words"),
    [
        (InterestMethod.MONTH_PRODUCT, "from the month that it is for"),
        (InterestMethod.YEARLY, "a little more than half of it"),
    ],
)
def test_the_method_is_that_of_the_region(owner, entries, monkeypatch, method, words):
    terms = InterestTerms(26_200, method)
    monkeypatch.setattr("siweb.ledgers.account.method.interest_terms", lambda *_: terms)

    assert words in page(owner) and "Last rate known: 2.62 %." in page(owner)


def test_where_no_rate_is_known_none_is_named(owner, entries, monkeypatch):
    def unknown(*_):
        raise RuleError("missing")

    monkeypatch.setattr("siweb.ledgers.account.method.interest_terms", unknown)

    assert "Last rate known" not in page(owner)


def test_an_empty_account_is_shown_as_such(owner):
    assert "Nothing is in it yet." in page(owner)
