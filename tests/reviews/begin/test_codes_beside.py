"""Codes of the counter, an end as a resident and the months of a campaign: what is beside them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM, Actor
from siweb.auth.credentials.keyed_hash import token_hash
from siweb.messages.kinds.reviews import RESIDENT_AGAIN, RESIDENT_ENDED
from siweb.messages.notify import notify
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.packs.in_force import packs_in_force
from siweb.reviews.begin.counter_codes import (
    GOOD_FOR,
    CodeRefused,
    case_of_code,
    last_good_code,
    make_counter_code,
    use_counter_code,
)
from siweb.reviews.begin.population import people_of
from siweb.reviews.begin.progress import keep_results, progress_of
from siweb.reviews.begin.sent import sent_reviews
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.campaign_result import CampaignResult
from siweb.reviews.tables.counter_code import CounterCode
from siweb.reviews.tables.review import Review, ReviewState
from siweb.reviews.tasks.resident import ResidentRefused, ended_by, insure_again, open_resident
from siweb.wizard.draft import Draft
from tests import factories
from tests.conftest import NOW
from tests.reviews.conftest import REGION
from tests.sign_in import sign_in

TODAY, ELSEWHERE = NOW.date(), "110000"
A_SECOND = timedelta(seconds=1)
DRAFT, SENT = ReviewState.DRAFT, ReviewState.MANUAL_REVIEW


@pytest.fixture
def engine(sqlite_engine):
    """Which rows count is the same on either database."""
    return sqlite_engine


@pytest.fixture
def other(session):
    factories.make_region(session, ELSEWHERE, is_hosted=True)
    return factories.make_person(session, name="别人", region_code=REGION)


@pytest.fixture
def clerk(session):
    person = factories.make_person(session, name="经办员")
    return Actor(factories.make_account(session, person).id, person.id)


@pytest.fixture
def campaign(session, person):
    factories.make_region(session, REGION, is_hosted=True)

    def campaign(year=2025, kind=ReviewKind.RECORD_CHECK, **values):
        given = {
            "region_code": REGION, "period_from_month": f"{year}-01",
            "period_to_month": f"{year}-12", "opens_on": date(2026, 10, 1),
            "closes_on": date(2026, 12, 31), "rules": {},
        }  # fmt: skip
        made = Campaign(kind=kind, year=year, **(given | values))
        session.add(made)
        session.flush()
        return made

    return campaign


@pytest.fixture
def case(session, person):
    def case(campaign, whose=person, state=DRAFT, number=1):
        review = Review(
            reference=f"CODE{campaign.id}N{whose.id}N{number}", campaign_id=campaign.id,
            person_id=whose.id, state=state, round=number, opened_at=NOW,
            submitted_at=None if state is DRAFT else NOW,
        )  # fmt: skip
        session.add(review)
        session.flush()
        return review

    return case


@pytest.fixture
def coded(session, clerk):
    """Give a case a code that is good for so long."""

    def coded(code, review, good_for=GOOD_FOR, **values):
        row = CounterCode(
            code_hash=token_hash(code), review_id=review.id, made_by_account_id=clerk.account_id,
            made_at=NOW, expires_at=NOW + good_for, **values,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row

    return coded


def test_the_last_good_code_is_ones_own_unused_and_not_over(
    session, person, other, campaign, case, coded
):
    here, before = campaign(), campaign(2024)
    assert last_good_code(session, person.id, at=NOW) == 0
    of_before = coded("A", case(before))
    of_here = coded("B", case(here))
    coded("C", case(here, other))
    coded("D", case(campaign(2023)), timedelta())
    coded("E", case(campaign(2022)), used_at=NOW)

    def last(campaign_id=None):
        return last_good_code(session, person.id, campaign_id, at=NOW)

    assert last() == of_here.id
    assert [last(each.id) for each in (before, here)] == [of_before.id, of_here.id]
    of_here.used_at = NOW
    session.flush()
    assert (last(), last(here.id)) == (of_before.id, 0)


def test_a_code_leads_its_person_to_its_own_case(session, person, other, campaign, case, coded):
    here, before = campaign(), campaign(2024)
    coded("B", case(here))
    coded("A", case(before))
    coded("C", case(before, other))
    coded("D", case(campaign(2023)), timedelta())
    coded("E", case(campaign(2022)), A_SECOND, used_at=NOW)

    def led(code, whose=person):
        found = case_of_code(session, code, person_id=whose.id, at=NOW)
        return found and found.year

    assert [led(code) for code in "ABCDEF"] == [2024, 2025, None, None, None, None]
    assert led("C", other) == 2024


def test_a_code_that_is_used_ends_alone_and_opens_a_draft_only_of_what_is_not_sent(
    session, person, campaign, case, coded
):
    account = factories.make_account(session, person)
    me = Actor(account.id, person.id)
    draft, sent = case(campaign()), case(campaign(2024), state=SENT)
    coded("A", sent)
    coded("B", draft)

    assert use_counter_code(session, "A", actor=me, at=NOW) is sent
    assert session.scalars(select(Draft.id)).all() == []
    with pytest.raises(CodeRefused) as refused:
        use_counter_code(session, "A", actor=me, at=NOW)
    assert refused.value.code == "does_not_fit"
    assert use_counter_code(session, "B", actor=me, at=NOW) is draft
    assert session.scalars(select(Draft.subject_id)).all() == [str(draft.id)]


def test_a_new_code_ends_those_of_its_case_and_clears_away_what_is_over(
    session, person, employer, other, clerk, campaign, case, coded
):
    here, before = campaign(), campaign(2024)
    factories.make_enrolment(session, person, employer=employer, from_month="2020-01")
    mine, beside = coded("A", case(here)), coded("B", case(before))
    theirs = coded("C", case(here, other))
    coded("D", case(before, other), timedelta())

    def make(campaign_id, after=None):
        return make_counter_code(
            session, campaign_id, person.id, packs=packs_in_force(session), actor=clerk,
            on=TODAY, at=NOW, after=after,
        )  # fmt: skip

    with pytest.raises(CodeRefused) as refused:
        make(here.id, mine.id - 1)
    assert refused.value.code == "still_good"
    code = make(here.id, mine.id)
    session.expire_all()

    kept = session.execute(select(CounterCode.code_hash, CounterCode.used_at)).all()
    assert {each for each, used_at in kept if used_at is None} == {
        token_hash(code), beside.code_hash, theirs.code_hash,
    }  # fmt: skip
    assert len(kept) == 4
    made = session.scalars(
        select(CounterCode).where(CounterCode.code_hash == token_hash(code))
    ).one()
    assert (made.expires_at, made.made_by_account_id) == (NOW + GOOD_FOR, clerk.account_id)
    with pytest.raises(CodeRefused, match="nothing_due"):
        make(here.id + 50)
    # Of a case that was sent there is nothing to go on with.
    case(here, number=2, state=SENT)
    with pytest.raises(CodeRefused, match="nothing_due"):
        make(here.id)


@pytest.mark.parametrize("started", [1, 2])
def test_the_poster_leads_to_the_one_case_that_was_begun(
    client, session, person, employer, campaign, started
):
    factories.make_enrolment(session, person, employer=employer, from_month="2020-01")
    for year in (2024, 2025):
        campaign(year)
    sign_in(client, session, person)
    session.commit()
    ids = session.scalars(select(Campaign.id).order_by(Campaign.id)).all()
    for number in ids[:started]:
        begun = client.post("/reviews/start", data={"campaign": number}).location
        client.get(begun, follow_redirects=True)

    led = client.get("/reviews/now")

    assert led.status_code == 303
    assert led.location == (begun if started == 1 else "/reviews")


def test_the_first_and_the_last_month_of_a_campaign_make_somebody_part_of_it(
    session, employer, other, campaign
):
    made = campaign()

    def works(name, region=REGION, **values):
        whose = factories.make_person(session, name=name, region_code=region)
        factories.make_enrolment(session, whose, employer=employer, region_code=region, **values)
        return whose.id

    part = {
        works("first", to_month="2025-01"), works("last", from_month="2025-12"),
        works("both", from_month="2025-01", to_month="2025-12"),
    }  # fmt: skip
    works("before", to_month="2024-12")
    works("after", from_month="2026-01")
    works("elsewhere", ELSEWHERE)

    assert set(session.scalars(people_of(made))) == part


def test_progress_and_results_are_those_of_the_campaign_alone(
    session, person, other, campaign, case
):
    for whose in (person, other):
        factories.make_enrolment(session, whose, from_month="2020-01")
    over = campaign(2025, ReviewKind.BASE_CHOICE, closes_on=TODAY - timedelta(days=1))
    open_one = campaign(2026, ReviewKind.BASE_CHOICE, closes_on=TODAY)
    campaign(2025, ReviewKind.EMPLOYER_BASES, closes_on=TODAY - timedelta(days=1))
    case(over, state=SENT)
    case(open_one, other)

    assert progress_of(session, over)[:4] == (1, 0, 1, 0)
    assert progress_of(session, open_one)[:4] == (1, 1, 0, 0)
    assert keep_results(session, on=TODAY, at=NOW) == 1
    kept = session.execute(select(CampaignResult.campaign_id, CampaignResult.silent)).all()
    assert kept == [(over.id, 1)]


def test_what_was_sent_is_listed_and_drafts_are_not(session, person, other, campaign, case):
    older, newer = campaign(2024), campaign(2025)
    case(older, state=SENT)
    case(newer)
    case(newer, other, SENT)

    found = sent_reviews(session, person.id)

    assert [(each.Review.person_id, each.Campaign.year) for each in found] == [(person.id, 2024)]


@pytest.fixture
def insured(session, person, other):
    """Insure somebody; as a resident of this region where a test says nothing else."""

    def insured(whose=person, insurance=Insurance.MEDICAL, scheme=Scheme.RESIDENT, **values):
        return factories.make_enrolment(
            session, whose, insurance, scheme=scheme, from_month="2026-01", **values
        )

    return insured


def test_what_is_open_as_a_resident_is_ones_own_medical_insurance_here(
    session, person, other, insured
):
    def found():
        return open_resident(session, person.id, REGION)

    insured(other)
    for values in (
        {"insurance": Insurance.PENSION}, {"scheme": Scheme.FLEXIBLE}, {"to_month": "2026-10"},
        {"region_code": ELSEWHERE},
    ):  # fmt: skip
        row = insured(**values)
        assert found() is None
        session.delete(row)
        session.flush()
    mine = insured()

    assert found() is mine


LAST, LATER = "2026-10", "2026-11"


def again(session, person):
    insure_again(session, person.id, REGION, LAST, task_id=7, actor=SYSTEM, at=NOW)


def test_what_ended_goes_on_whatever_others_and_other_insurances_do(
    session, person, other, insured
):
    mine = insured(to_month=LAST)
    insured(other)
    insured(insurance=Insurance.PENSION, scheme=Scheme.FLEXIBLE)

    again(session, person)

    assert mine.to_month is None


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"to_month": LATER}, "resident_changed"),
        ({"to_month": LAST, "insurance": Insurance.PENSION}, "resident_changed"),
        ({"to_month": LAST, "scheme": Scheme.FLEXIBLE}, "resident_changed"),
        ({"to_month": LAST, "region_code": ELSEWHERE}, "resident_changed"),
        ({}, "resident_changed"),
    ],
)
def test_only_that_very_end_is_undone(session, person, other, insured, values, code):
    mine = insured(**values)
    insured(other, to_month=LAST)

    with pytest.raises(ResidentRefused) as refused:
        again(session, person)

    assert refused.value.code == code
    assert mine.to_month == values.get("to_month")


@pytest.mark.parametrize(
    ("values", "is_refused"),
    [
        ({"to_month": LATER}, True),
        ({"region_code": ELSEWHERE}, True),
        ({"to_month": LAST, "region_code": ELSEWHERE}, False),
        ({"to_month": LATER, "insurance": Insurance.PENSION}, False),
    ],
)
def test_who_was_insured_since_does_not_go_on(session, person, other, insured, values, is_refused):
    mine = insured(to_month=LAST)
    insured(scheme=Scheme.FLEXIBLE, sequence=1, **values)

    if is_refused:
        with pytest.raises(ResidentRefused, match="resident_insured"):
            again(session, person)
    else:
        again(session, person)

    assert (mine.to_month is None) is not is_refused


def test_an_end_is_that_of_the_task_whose_person_was_told(session, person, other, insured):
    insured(to_month=LAST)

    def told(kind, whose, task_id):
        notify(
            session, kind, whose.id, region_code=REGION, subject=("review_task", task_id), at=NOW
        )
        session.flush()

    def ended(task_id=7):
        return ended_by(session, person.id, REGION, task_id)

    told(RESIDENT_ENDED, other, 7)
    told(RESIDENT_ENDED, person, 8)
    told(RESIDENT_AGAIN, person, 7)
    assert (ended(), ended(8)) == (None, LAST)
    told(RESIDENT_ENDED, person, 7)
    assert ended() == LAST
