"""What the office has on record of a case: this person's, this region's, and as of this day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.auth.staff.duties import EVERYWHERE, Scope
from siweb.registry.codes import AgencyKind, Insurance, Scheme
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState, LifeSign
from siweb.registry.tables.person_alias import PersonAlias
from siweb.reviews.begin.list_campaigns import (
    count_cases,
    find_campaign,
    list_campaigns,
    newest_campaign,
    running_campaigns,
)
from siweb.reviews.begin.open_campaign import CampaignRefused, open_campaign
from siweb.reviews.benefits.state import standing
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.move import adverse_kind
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.review import Review, ReviewState
from siweb.reviews.tables.sign import Sign, SignKind, SignList, SignState
from siweb.rules.benefits.certification import CertificationTerms
from tests import factories
from tests.conftest import NOW
from tests.reviews.conftest import REGION

TODAY, ELSEWHERE = NOW.date(), "110000"
A_DAY = timedelta(days=1)


@pytest.fixture
def facts(session, make_review):
    def facts(kind=ReviewKind.CERTIFICATION):
        review = make_review(kind, ReviewState.PASSED)
        campaign = session.get_one(Campaign, review.campaign_id)
        return ReviewFacts(session, review, campaign, TODAY, packs_in_force(session))

    return facts


@pytest.fixture
def others(session):
    """Somebody else, and the key under which the person was registered before."""
    factories.make_region(session, ELSEWHERE)
    return factories.make_person(session, name="别人", region_code=REGION)


def test_a_base_is_chosen_in_what_one_pays_alone_here(session, person, employer, others, facts):
    for whose, insurance, values in (
        (person, "medical", {}),
        (person, "pension", {}),
        (person, "unemployment", {"to_month": "2026-10"}),
        (person, "maternity", {"region_code": ELSEWHERE}),
        (person, "work_injury", {"employer": employer}),
        (others, "unemployment", {}),
    ):
        scheme = Scheme.EMPLOYEE if "employer" in values else Scheme.FLEXIBLE
        factories.make_enrolment(session, whose, Insurance(insurance), scheme=scheme, **values)

    assert facts(ReviewKind.BASE_CHOICE).flexible_insurances == ("pension", "medical")


def test_the_employments_are_ones_own_the_newest_first(session, person, employer, others, facts):
    former = factories.make_person(session, region_code=REGION)
    session.add(PersonAlias(former_id=former.id, person_id=person.id, merged_at=NOW))
    other = factories.make_employer(session, name="乙公司", region_code=REGION)
    for whose, at, year in (
        (person, employer, 2020), (former, other, 2024), (person, other, 2022),
        (others, employer, 2025),
    ):  # fmt: skip
        factories.make_employment(session, whose, at, hired_on=date(year, 1, 1))

    found = [(each.hired_on.year, name) for each, name in facts().employments]

    assert found == [(2024, "乙公司"), (2022, "乙公司"), (2020, "甲公司")]


@pytest.mark.parametrize(
    ("days", "counts"), [(-1, False), (0, True), (90, True), (91, False)], ids=str
)
def test_a_sign_of_life_is_fresh_to_its_last_day(session, person, others, facts, days, counts):
    session.add(LifeSign(person_id=person.id, seen_on=TODAY - days * A_DAY, source="travel"))
    session.add(LifeSign(person_id=others.id, seen_on=TODAY, source="travel"))
    session.flush()

    assert (facts().life_sign is not None) is counts


def test_the_newest_sign_of_life_is_told(session, person, facts):
    for days in (3, 1, 2):
        session.add(LifeSign(person_id=person.id, seen_on=TODAY - days * A_DAY, source="travel"))
    session.flush()

    assert facts().life_sign.seen_on == TODAY - A_DAY


@pytest.mark.parametrize(
    ("which", "values", "is_examined"),
    [
        ("own", {}, True),
        ("own", {"region_code": ELSEWHERE}, False),
        ("own", {"state": SignState.UNFOUNDED, "examined_at": NOW}, False),
        ("others", {}, False),
    ],
    ids=str,
)
def test_what_another_office_says_is_examined_here_while_it_is_open(
    session, person, others, facts, which, values, is_examined
):
    account = factories.make_account(session, others)
    handed_in = SignList(
        region_code=REGION, source="民政局", file_name="", file_digest="",
        handed_in_at=NOW, handed_in_by_account_id=account.id,
    )  # fmt: skip
    session.add(handed_in)
    session.flush()
    given = {
        "region_code": REGION, "person_id": person.id if which == "own" else others.id,
        "kind": SignKind.PRISON, "seen_on": TODAY, "list_id": handed_in.id, "row_number": 1,
        "state": SignState.OPEN, "due_on": TODAY, "recorded_at": NOW,
    }  # fmt: skip
    session.add(Sign(**(given | values)))
    session.flush()

    assert facts().is_examined is is_examined


def test_of_several_benefits_the_one_that_runs_and_was_certified_longest_ago(
    session, person, others, facts
):
    def draw(whose, kind, day, **values):
        given = {
            "person_id": whose.id, "kind": kind, "region_code": REGION, "monthly_fen": 1,
            "from_month": "2015-01", "state": BenefitState.ACTIVE,
            "certified_on": date(2026, 1, day),
        }  # fmt: skip
        session.add(Benefit(**(given | values)))
        session.flush()

    draw(person, BenefitKind.PENSION, 9)
    draw(person, BenefitKind.INJURY, 5)
    draw(person, BenefitKind.SURVIVOR, 1, state=BenefitState.TERMINATED)
    draw(person, BenefitKind.UNEMPLOYMENT, 2, region_code=ELSEWHERE)
    draw(others, BenefitKind.PENSION, 3)

    assert facts().benefit.kind is BenefitKind.INJURY


def test_the_agencies_are_those_of_the_region(session, others, facts):
    for region in (REGION, ELSEWHERE):
        session.add(
            Agency(
                region_code=region, kind=AgencyKind.HRSS, name_zh=region, name_en="",
                address_zh="", address_en="", phone="",
            )
        )  # fmt: skip
    session.flush()

    assert [agency.name_zh for agency in facts().agencies] == [REGION]


def test_what_was_chosen_before_is_of_the_round_before(session, person, others, facts):
    now = facts(ReviewKind.BASE_CHOICE)
    assert (now.earlier, now.earlier_base_fen) == (None, None)
    other = facts_campaign(session)
    for number, (whose, campaign_id, round_, fen) in enumerate(
        (
            (person, now.campaign.id, 2, 222),
            (person, other.id, 2, 333),
            (others, now.campaign.id, 2, 444),
            (person, now.campaign.id, 3, None),
        )
    ):
        session.add(
            Review(
                reference=f"ROUND{number}", campaign_id=campaign_id, person_id=whose.id,
                round=round_, opened_at=NOW, answers=fen and {"base": {"base_fen": fen}},
            )
        )  # fmt: skip
    session.flush()
    third = session.scalars(select(Review).where(Review.reference == "ROUND3")).one()

    begun = ReviewFacts(session, third, now.campaign, TODAY, packs_in_force(session))

    assert begun.earlier_base_fen == 222


def facts_campaign(session):
    campaign = Campaign(
        region_code=ELSEWHERE, kind=ReviewKind.BASE_CHOICE, year=2024,
        period_from_month="2024-01", period_to_month="2024-12", opens_on=TODAY, rules={},
    )  # fmt: skip
    session.add(campaign)
    session.flush()
    return campaign


@pytest.mark.parametrize(
    ("state", "reason", "kind"),
    [
        (ReviewState.REJECTED, "dismissed", "review_rejected"),
        (ReviewState.REJECTED, "corrected_in_part", "review_rejected"),
        (ReviewState.CORRECTING, "partly_upheld", "review_partly_upheld"),
        (ReviewState.PASSED, "corrected_in_part", "review_partly_upheld"),
        (ReviewState.CORRECTING, "upheld", None),
        (ReviewState.PASSED, "all_agree", None),
        (ReviewState.MANUAL_REVIEW, None, None),
    ],
)
def test_what_is_not_wholly_for_the_person_has_to_be_served(state, reason, kind):
    found = adverse_kind(Review(state=state, reason=reason))

    assert (found and found.name) == kind


@pytest.mark.parametrize(
    ("days", "held", "state", "from_month"),
    [
        (-91, {}, BenefitState.ACTIVE, "2026-12"),
        (-90, {}, BenefitState.DUE, "2026-12"),
        (0, {}, BenefitState.DUE, "2026-12"),
        (1, {}, BenefitState.OVERDUE, "2026-12"),
        (1, {"state": BenefitState.SUSPENDED}, BenefitState.SUSPENDED, "2026-12"),
        (1, {"suspended_from_month": "2027-02"}, BenefitState.OVERDUE, "2027-02"),
    ],
    ids=str,
)
def test_where_a_benefit_stands_by_its_last_day(days, held, state, from_month):
    benefit = Benefit(**({"certified_on": date(2025, 11, 10), "state": BenefitState.ACTIVE} | held))
    terms = CertificationTerms(12)
    last = standing(benefit, terms, 90, TODAY).last_day

    found = standing(benefit, terms, 90, last + days * A_DAY)

    assert (found.state, found.suspended_from_month) == (state, from_month)
    assert found.is_due is (state is not BenefitState.ACTIVE)


OPENED = {"kind": ReviewKind.RECORD_CHECK, "closes_on": TODAY + A_DAY}


def opened(session, region=REGION, year=2025, first="2025-01", last="2025-12", **given):
    values = OPENED | given
    return open_campaign(
        session, region, values["kind"], year, period=(first, last), opens_on=TODAY,
        closes_on=values["closes_on"], rules={}, actor=SYSTEM, at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"region": "999999"}, "not_open"),
        ({"region": ELSEWHERE}, "not_open"),
        ({"closes_on": TODAY - A_DAY}, "ends_before"),
        ({"closes_on": TODAY}, None),
        ({"closes_on": None}, None),
        ({"kind": ReviewKind.CERTIFICATION}, "season_forbidden"),
        ({"kind": ReviewKind.CERTIFICATION, "closes_on": None}, None),
        ({"first": "2025-02", "last": "2025-01"}, "months_end_before"),
        ({"first": "2025-02", "last": "2025-02"}, None),
        ({"year": 2024}, "open_already"),
    ],
    ids=str,
)
def test_a_campaign_opens_once_a_year_in_a_region_of_the_office(session, others, given, code):
    factories.make_region(session, ELSEWHERE).is_hosted = False
    opened(session, year=2024)
    opened(session, year=2024, kind=ReviewKind.BASE_CHOICE)

    if code is None:
        assert opened(session, **given) in [
            each.campaign for each in list_campaigns(session, scope=EVERYWHERE)
        ]
        return
    with pytest.raises(CampaignRefused) as refused:
        opened(session, **given)
    assert refused.value.code == code


def test_campaigns_are_listed_newest_first_in_their_region(session):
    factories.make_region(session, REGION)
    first, second = opened(session), opened(session, year=2024)
    second.opens_on = TODAY - A_DAY
    session.flush()

    def listed(scope):
        return [each.campaign for each in list_campaigns(session, scope=scope)]

    assert listed(EVERYWHERE) == listed(Scope(frozenset({REGION}))) == [first, second]
    assert listed(Scope(frozenset({ELSEWHERE}))) == []


def test_a_kinds_campaigns_run_from_the_first_day_to_the_last(session, person, others):
    def campaign(year, region=REGION, kind=ReviewKind.RECORD_CHECK, opens=0, closes=0):
        made = Campaign(
            region_code=region, kind=kind, year=year, period_from_month="2025-01",
            period_to_month="2025-12", opens_on=TODAY + opens * A_DAY,
            closes_on=None if closes is None else TODAY + closes * A_DAY, rules={},
        )  # fmt: skip
        session.add(made)
        session.flush()
        return made

    factories.make_region(session, REGION)
    runs = [campaign(2020), campaign(2021, ELSEWHERE), campaign(2022, closes=None, opens=-3)]
    over = campaign(2023, opens=-1, closes=-1)
    campaign(2024, opens=1, closes=1)
    campaign(2025, kind=ReviewKind.BASE_CHOICE)

    kind = ReviewKind.RECORD_CHECK
    assert running_campaigns(session, kind, on=TODAY) == runs
    # What opened last is told of, also when it is over; what opens tomorrow is not.
    assert newest_campaign(session, REGION, kind, on=TODAY) is runs[0]
    runs[0].opens_on = TODAY - 2 * A_DAY
    session.flush()
    assert newest_campaign(session, REGION, kind, on=TODAY) is over
    assert newest_campaign(session, ELSEWHERE, ReviewKind.BASE_CHOICE, on=TODAY) is None

    found = find_campaign(session, runs[1].id)
    assert (found.campaign, found.region.code) == (runs[1], ELSEWHERE)
    assert find_campaign(session, over.id + 50) is None


def test_a_campaigns_cases_are_counted_by_state(session, person, others):
    here, beside = opened(session), opened(session, year=2024)
    passed, draft = ReviewState.PASSED, ReviewState.DRAFT
    for number, (campaign, whose, state) in enumerate(
        (
            (here, person, passed),
            (here, others, draft),
            (here, others, passed),
            (beside, person, draft),
        )
    ):
        session.add(
            Review(
                reference=f"COUNTED{number}", campaign_id=campaign.id, person_id=whose.id,
                state=state, round=1 + number, opened_at=NOW,
            )
        )  # fmt: skip
    session.flush()

    assert count_cases(session, here.id) == {draft: 1, passed: 2}
    assert list(count_cases(session, here.id)) == [draft, passed]
