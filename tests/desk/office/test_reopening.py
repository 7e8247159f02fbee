"""A campaign that is over takes answers again: two people, a last day, and what it had come to."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.reviews.begin.progress import keep_results
from siweb.reviews.begin.reopen_campaign import ReopeningRefused
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.campaign_reopening import CampaignReopening
from siweb.reviews.tables.campaign_result import CampaignResult
from siweb.tasks.tables.task import Task
from tests import factories
from tests.bills import PACK_REGION
from tests.collection.assessments.test_pages import text_of
from tests.conftest import NOW
from tests.desk.tasks.test_once import desk  # noqa: F401 - fixture
from tests.papers import paper
from tests.reviews.begin.make_reopening import reopen_now
from tests.second_person import check_all

UNTIL = date(2026, 12, 31)
TYPED = {"reopen-until": "2026-12-31", **paper("reopen-because", "批复1号", kind="decision")}


@pytest.fixture
def campaign(session):
    """A record check that ended with October; today is late November."""
    return make_campaign(session)


def make_campaign(session, kind=ReviewKind.RECORD_CHECK, closes_on=date(2026, 10, 31), **values):
    given = {"period_from_month": "2026-01", "period_to_month": "2026-12", "year": 2026}
    row = Campaign(
        region_code=factories.make_region(session, PACK_REGION).code, kind=kind,
        opens_on=date(2026, 9, 1), closes_on=closes_on, rules={}, **(given | values),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def test_two_people_reopen_it_until_a_last_day(desk, session, campaign):  # noqa: F811
    keep_results(session, on=NOW.date(), at=NOW)
    session.commit()
    page = f"/desk/campaigns/{campaign.id}"
    assert "/reopening" in text_of(desk.get(page))

    assert desk.post(f"{page}/reopen", data=TYPED).status_code == 303
    session.refresh(campaign)
    assert not campaign.is_open(NOW.date())
    check_all(session)

    session.refresh(campaign)
    assert campaign.is_open(UNTIL)
    assert not campaign.is_open(date(2027, 1, 1))
    row = session.scalars(select(CampaignReopening)).one()
    assert (row.former_last_on, row.former_silent) == (date(2026, 10, 31), 0)
    # Counted anew once the new last day is over, and not before.
    assert session.scalars(select(CampaignResult)).all() == []
    assert keep_results(session, on=UNTIL, at=NOW) == 0
    assert keep_results(session, on=date(2027, 1, 1), at=NOW) == 1
    assert "31 October 2026" in text_of(desk.get(f"{page}/reopening"))


def test_two_people_close_it_before_its_last_day(desk, session, campaign):  # noqa: F811
    reopen_now(session, campaign.id, UNTIL)
    session.commit()
    typed = paper("close-because", "批复2号", kind="decision")
    assert "It was reopened on" in text_of(desk.get(f"/desk/campaigns/{campaign.id}/reopening"))

    assert desk.post(f"/desk/campaigns/{campaign.id}/close", data=typed).status_code == 303
    session.refresh(campaign)
    assert campaign.closes_on == UNTIL
    check_all(session)

    session.refresh(campaign)
    assert campaign.closes_on == NOW.date()
    assert session.scalars(select(CampaignReopening.ended_on)).all() == [NOW.date()]
    # It is over tomorrow, and may be reopened once more then; today it is no more to be closed.
    assert desk.post(f"/desk/campaigns/{campaign.id}/close", data=typed).status_code == 422


@pytest.mark.parametrize(
    ("until", "said"),
    [("2026-11-23", "Enter today or a later date."), ("2027-02-25", "92 days at most")],
)
def test_a_day_that_cannot_be_is_refused(desk, session, campaign, until, said):  # noqa: F811
    session.commit()

    sent = desk.post(f"/desk/campaigns/{campaign.id}/reopen", data=TYPED | {"reopen-until": until})

    assert (sent.status_code, said in text_of(sent)) == (422, True)
    assert session.scalar(select(Task)) is None


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"closes_on": date(2026, 11, 30)}, "still_open"),
        ({"closes_on": None, "kind": ReviewKind.CERTIFICATION}, "no_season"),
        (
            {"kind": ReviewKind.BASE_CHOICE, "period_to_month": "2026-10"},
            "year_over",
        ),
    ],
)
def test_what_is_open_or_over_for_good_is_not_reopened(session, values, code):
    campaign = make_campaign(session, **values)

    with pytest.raises(ReopeningRefused, match=code):
        reopen_now(session, campaign.id, UNTIL)


def test_what_has_no_season_has_no_page_of_it(desk, session):  # noqa: F811
    campaign = make_campaign(session, ReviewKind.CERTIFICATION, None)
    session.commit()

    assert desk.get(f"/desk/campaigns/{campaign.id}/reopening").status_code == 404
