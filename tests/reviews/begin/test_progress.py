"""How far a campaign is: of how many, by its own definition of who is meant."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.auth.tables.appointment import Function
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.merge_keys import add_alias
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import BenefitState
from siweb.registry.tables.person import Person
from siweb.reviews.begin.due import due_reviews
from siweb.reviews.begin.population import people_of, recipients_of
from siweb.reviews.begin.progress import keep_results, progress_of
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.campaign_result import CampaignResult
from siweb.reviews.tables.review import Review, ReviewState
from tests import factories
from tests.conftest import NOW
from tests.reviews.conftest import REGION
from tests.sign_in import sign_in

ELSEWHERE = "110000"
TODAY = NOW.date()


@pytest.fixture
def make_campaign(session):
    def make(kind, **values):
        given = {
            "region_code": REGION, "year": 2025, "period_from_month": "2025-01",
            "period_to_month": "2025-12", "opens_on": date(2026, 10, 1),
            "closes_on": None if kind is ReviewKind.CERTIFICATION else date(2026, 12, 31),
            "rules": {},
        }  # fmt: skip
        campaign = Campaign(kind=kind, **(given | values))
        session.add(campaign)
        session.commit()
        return campaign

    return make


@pytest.fixture
def people(session, employer):
    """One of each sort, by what they are: some are meant by one kind, some by none."""
    factories.make_region(session, REGION, is_hosted=True)
    factories.make_region(session, ELSEWHERE, is_hosted=True)
    made = {}

    def make(name, scheme=Scheme.EMPLOYEE, insurance=Insurance.PENSION, region=REGION, **values):
        person = factories.make_person(session, name=name, region_code=region)
        of = {"employer": employer} if scheme is Scheme.EMPLOYEE else {}
        factories.make_enrolment(
            session, person, scheme=scheme, insurance=insurance, region_code=region, **of, **values
        )
        made[name] = person

    make("在职")
    make("中途离职", to_month="2025-03")
    make("早已离职", to_month="2024-12")
    make("以后入职", from_month="2026-02")
    make("外地", region=ELSEWHERE)
    make("灵活", Scheme.FLEXIBLE)
    make("灵活医保", Scheme.FLEXIBLE, Insurance.MEDICAL)
    make("居民", Scheme.RESIDENT, Insurance.MEDICAL)
    make("停保灵活", Scheme.FLEXIBLE, to_month="2025-06")
    # Two insurances are one person.
    factories.make_enrolment(session, made["在职"], insurance=Insurance.MEDICAL, employer=employer)
    session.commit()
    return made


def begin(session, campaign, person, state, number=1):
    session.add(
        Review(
            reference=f"CASE{campaign.id}N{person.id}N{number}", campaign_id=campaign.id,
            person_id=person.id, state=state, round=number, opened_at=NOW,
            submitted_at=None if state is ReviewState.DRAFT else NOW,
        )
    )  # fmt: skip
    session.commit()


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        (ReviewKind.RECORD_CHECK, {"在职", "中途离职"}),
        (ReviewKind.BASE_CHOICE, {"灵活", "灵活医保"}),
        (ReviewKind.MEDICAL_STATUS, {"灵活医保", "居民"}),
    ],
)
def test_who_is_meant_is_who_finds_it_at_home(session, people, make_campaign, kind, meant):
    campaign = make_campaign(kind)

    found = set(session.scalars(select(Person.name).where(Person.id.in_(people_of(campaign)))))

    packs = packs_in_force(session)
    at_home = {
        name
        for name, person in people.items()
        if due_reviews(session, person.id, packs=packs, on=TODAY)
    }
    assert found == meant == at_home
    assert progress_of(session, campaign) == (len(meant), 0, 0, 0, None)


def test_people_are_counted_once_by_how_far_they_came(session, people, make_campaign):
    campaign = make_campaign(ReviewKind.RECORD_CHECK)
    begin(session, campaign, people["在职"], ReviewState.PASSED)
    assert progress_of(session, campaign)[:4] == (1, 0, 0, 1)
    # Begun anew: what was sent before holds, until the new one is sent.
    begin(session, campaign, people["在职"], ReviewState.DRAFT, 2)
    assert progress_of(session, campaign)[:4] == (1, 0, 0, 1)
    begin(session, campaign, people["中途离职"], ReviewState.DRAFT)
    # Whoever left its months after they sent something belongs to it all the same.
    begin(session, campaign, people["早已离职"], ReviewState.MANUAL_REVIEW)
    found = progress_of(session, campaign)
    assert (found[:4], found.meant) == ((0, 1, 1, 1), 3)


def test_a_joined_registration_and_the_dead_are_nobody_besides(session, people, make_campaign):
    campaign = make_campaign(ReviewKind.RECORD_CHECK)
    begin(session, campaign, people["中途离职"], ReviewState.REJECTED)
    keys = people["中途离职"].id, people["在职"].id
    add_alias(session, *keys, actor=SYSTEM, at=NOW)
    assert progress_of(session, campaign)[:4] == (0, 0, 0, 1)
    another = make_campaign(ReviewKind.BASE_CHOICE)
    people["灵活"].died_on = TODAY
    session.commit()
    assert progress_of(session, another)[:4] == (1, 0, 0, 0)


def test_certification_counts_who_is_due_by_their_own_last_day(
    session, person, people, make_benefit, make_campaign
):
    campaign = make_campaign(ReviewKind.CERTIFICATION)
    states = {
        "在职": BenefitState.ACTIVE, "灵活": BenefitState.DUE, "居民": BenefitState.OVERDUE,
        "外地": BenefitState.SUSPENDED, "停保灵活": BenefitState.TERMINATED,
    }  # fmt: skip
    for name, state in states.items():
        make_benefit(date(2025, 6, 1), state, people[name])
    begin(session, campaign, people["灵活"], ReviewState.DRAFT)
    begin(session, campaign, people["居民"], ReviewState.PASSED)  # of last year: due again
    begin(session, campaign, people["外地"], ReviewState.MANUAL_REVIEW)

    assert progress_of(session, campaign)[:4] == (1, 1, 1, 1)
    assert len(session.scalars(recipients_of(campaign)).all()) == 4


def test_when_it_is_over_who_was_silent_is_counted_for_good(session, people, make_campaign):
    last_day = date(2026, 11, 23)
    campaign = make_campaign(ReviewKind.BASE_CHOICE, closes_on=last_day)
    make_campaign(ReviewKind.CERTIFICATION)
    begin(session, campaign, people["灵活"], ReviewState.MANUAL_REVIEW)
    assert keep_results(session, on=last_day, at=NOW) == 0  # the last day counts
    assert keep_results(session, on=TODAY, at=NOW) == 1
    # The register goes on, and so do the cases.
    factories.make_enrolment(
        session, people["早已离职"], scheme=Scheme.FLEXIBLE, insurance=Insurance.PENSION
    )
    session.scalars(select(Review)).one().state = ReviewState.PASSED

    assert keep_results(session, on=TODAY, at=NOW) == 0
    assert session.scalars(select(CampaignResult.silent)).all() == [1]
    assert progress_of(session, campaign) == (1, 0, 0, 1, NOW)


def test_the_desk_and_the_person_read_what_came_of_it(app, session, people, make_campaign):
    campaign = make_campaign(ReviewKind.BASE_CHOICE, closes_on=date(2026, 11, 23))
    begin(session, campaign, people["灵活"], ReviewState.PASSED)
    keep_results(session, on=TODAY, at=NOW)
    session.commit()

    def page(person, address, *functions):
        browser = app.test_client()
        sign_in(browser, session, person, functions)
        return browser.get(address, headers={"Accept-Language": "en"}).text

    shown = page(factories.make_person(session), f"/desk/campaigns/{campaign.id}", Function.REVIEW)
    assert "Answered: 1 of 2" in shown
    assert "counted for good on 24 November 2026" in shown
    mine = page(people["灵活"], "/reviews")
    assert "Earlier reviews" in mine
    assert f"/reviews/CASE{campaign.id}N" in mine
    assert "Earlier reviews" not in page(people["灵活医保"], "/reviews")
