"""An employer's home: what waits for it stands before the ways, with its last day, and is its own."""

import re
from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from siweb.auth.tables.account import Account
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing, FilingState
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.objection import Objection, Problem
from siweb.reviews.tables.review import Review, ReviewState
from tests import factories
from tests.bills import make_bill, make_levy_run
from tests.conftest import NOW
from tests.sign_in import sign_in

REGION = "310000"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def employers(session, client):
    """The one that is acted for, and another."""
    filer = factories.make_person(session, region_code=REGION)
    sign_in(client, session, filer)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    mine, other = (factories.make_employer(session, region_code=REGION) for _ in range(2))
    account = session.scalars(select(Account).where(Account.person_id == filer.id)).one()
    factories.make_mandate(session, account, mine, "filer")
    session.commit()
    return mine, other


def object_to(session, employer, answer_by):
    campaign = Campaign(
        region_code=REGION, kind=ReviewKind.RECORD_CHECK, year=2025, period_from_month="2025-01",
        period_to_month="2025-12", opens_on=date(2026, 1, 1), rules={},
    )  # fmt: skip
    session.add(campaign)
    session.flush()
    review = Review(
        reference="ABCDEFGHJKMN", campaign_id=campaign.id,
        person_id=factories.make_person(session, name="周若琳", region_code=REGION).id,
        state=ReviewState.EMPLOYER_CONFIRM, reason="employer_asked", answer_by=answer_by,
        opened_at=NOW, submitted_at=NOW,
    )  # fmt: skip
    session.add(review)
    session.flush()
    session.add(
        Objection(
            review_id=review.id, problem=Problem.MISSING, insurances=["pension"],
            contribution_month="2025-03", words="", employer_id=employer.id, raised_at=NOW,
        )
    )  # fmt: skip


def keep_draft(session, employer, number, **values):
    given = {
        "state": FilingState.DRAFT,
        "origin": "form",
        "opened_at": NOW,
        "kind": FilingKind.HIRE,
    }
    session.add(Filing(reference=f"FILING{number}", employer_id=employer.id, **(given | values)))


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_what_waits_for_an_employer_comes_first_by_its_last_day(client, session, employers):
    mine, other = employers
    object_to(session, mine, date(2026, 11, 30))
    run = make_levy_run(session, "2026-10")
    for employer in employers:
        worker = factories.make_person(session, region_code=REGION)
        bill = make_bill(session, [worker], employer=employer, run=run)
        keep_draft(session, employer, employer.id)
    keep_draft(session, mine, "-sent", state=FilingState.CONFIRMED, confirmed_at=NOW)
    keep_draft(session, mine, "-deleted", deleted_at=NOW)
    session.commit()
    amount = f"{bill.total_fen / 100:,.2f}"

    page = client.get(f"/employer/{mine.uscc}").text

    # The bill was due on the 15th; of the objection a week is left.
    said = text_of(page)
    first, second = (
        f"CNY {amount} is to be paid",
        "1 objection of an employee waits for your answer",
    )
    assert said.index("9 days late") < said.index(first) < said.index("6 days left")
    assert said.index(second) < said.index("New employees to register")
    assert page.count('class="panel due"') == 1
    assert "1 draft " in said
    assert other.uscc not in page
    # Whose objection it is is told where it is answered, and noted there.
    assert "周若琳" not in page


def test_where_nothing_waits_no_card_stands(client, employers):
    page = client.get(f"/employer/{employers[0].uscc}").text

    assert "Nobody is waiting to be registered." in page
    assert '<p class="until">' not in page
    assert 'class="panel due"' not in page
