"""Benefits month by month: what a suspension keeps, and what the person and the desk read of it."""

import re
from datetime import date

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from siweb.audit.actor import SYSTEM
from siweb.audit.record import record_activity
from siweb.auth.tables.appointment import Function
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.recompute.benefits import benefit_imbalances
from siweb.ledgers.benefits.back_pay import ACTION, held_months, pay_back
from siweb.ledgers.benefits.hold import hold_months
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.registry.tables.person_alias import PersonAlias
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.review import Review, ReviewState
from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in

REGION = "310000"
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(session):
    return factories.make_person(session, region_code=factories.make_region(session, REGION).code)


@pytest.fixture
def benefit(session, person):
    made = Benefit(
        person_id=person.id,
        region_code=REGION,
        kind=BenefitKind.PENSION,
        monthly_fen=345_678,
        from_month="2015-01",
        state=BenefitState.SUSPENDED,
        suspended_from_month="2026-09",
        certified_on=date(2025, 7, 1),
    )
    session.add(made)
    session.commit()
    return made


def entry(benefit, month, kind, fen=345_678, paid_on=None):
    return BenefitEntry(
        region_code=REGION, month=month, person_id=benefit.person_id, benefit=benefit.kind,
        kind=kind, sequence=0, amount_fen=fen, paid_on=paid_on, recorded_at=NOW,
    )  # fmt: skip


def held(session):
    kind = BenefitEntry.kind == BenefitEntryKind.HELD
    found = session.scalars(select(BenefitEntry).where(kind).order_by(BenefitEntry.month))
    return [(each.month, each.amount_fen) for each in found]


def test_a_suspension_keeps_the_months_from_then_on_once(session, benefit):
    session.add(entry(benefit, "2026-10", BenefitEntryKind.PAID, paid_on=date(2026, 10, 15)))
    session.flush()

    assert [hold_months(session, on=TODAY, at=NOW) for _ in range(2)] == [2, 0]

    assert held(session) == [("2026-09", 345_678), ("2026-11", 345_678)]


def test_months_before_a_benefit_begins_are_not_kept(session, benefit):
    benefit.from_month = "2026-11"
    session.flush()

    hold_months(session, on=TODAY, at=NOW)

    assert held(session) == [("2026-11", 345_678)]


@pytest.mark.parametrize("state", [BenefitState.ACTIVE, BenefitState.OVERDUE])
def test_what_goes_on_keeps_nothing(session, benefit, state):
    benefit.state, benefit.suspended_from_month = state, None
    session.flush()

    assert hold_months(session, on=TODAY, at=NOW) == 0


def test_nothing_is_paid_back_while_it_is_suspended_or_after_a_death(session, benefit, person):
    hold_months(session, on=TODAY, at=NOW)
    assert held_months(session, person.id, REGION) == []

    benefit.state, person.died_on = BenefitState.TERMINATED, date(2026, 10, 2)
    session.flush()

    assert [each.month for each in held_months(session, person.id, REGION)] == [
        "2026-09", "2026-10",
    ]  # fmt: skip


def test_no_month_is_paid_twice(session, benefit):
    session.add(entry(benefit, "2026-09", BenefitEntryKind.PAID, paid_on=TODAY))
    session.flush()
    session.add(entry(benefit, "2026-09", BenefitEntryKind.BACK_PAY))

    with pytest.raises(IntegrityError):
        session.flush()


def test_the_person_reads_each_month_and_why_it_was_held_back(client, session, benefit, person):
    session.add(entry(benefit, "2026-08", BenefitEntryKind.PAID, 340_001, date(2026, 8, 15)))
    hold_months(session, on=TODAY, at=NOW)
    session.commit()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)

    page = client.get("/record/benefits").text

    assert "CNY 3,400.01" in page
    assert "15 August 2026" in page
    assert page.count("held back: not certified in time") == 3
    assert "No month is lost" in page
    benefit.state = BenefitState.ACTIVE
    session.add(entry(benefit, "2026-09", BenefitEntryKind.BACK_PAY))
    session.commit()
    page = client.get("/record/benefits").text
    assert page.count("held back: not certified in time") == 2
    assert "decided, on its way" in page


def test_who_draws_nothing_reads_so(client, session, person):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)

    assert "This office pays you no benefit" in client.get("/record/benefits").text


def test_the_desk_reads_what_was_paid_too_much_and_whose(client, session, benefit, person):
    session.add(entry(benefit, "2026-10", BenefitEntryKind.PAID, 345_678, date(2026, 10, 15)))
    session.commit()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    clerk = factories.make_person(session, name="经办员")
    sign_in(client, session, clerk, functions=[Function.REVIEW])

    listed = client.get("/desk/benefits").text
    months = client.get(f"/desk/benefits/people/{person.id}").text

    assert person.name in listed
    assert "CNY 3,456.78" in listed
    assert "October 2026" in months


OTHERS = {
    "another month": {"month": "2026-08"},
    "another benefit": {"benefit": BenefitKind.INJURY},
    "another region": {"region_code": "110000"},
    "another person": {},
}


def benefit_like(session, benefit, **values):
    """Add another benefit, since each entry is of one."""
    like = {
        name: getattr(benefit, name)
        for name in ("person_id", "region_code", "kind", "monthly_fen", "from_month", "state",
                     "certified_on")
    }  # fmt: skip
    session.add(Benefit(**(like | values)))
    session.flush()


def beside(session, benefit, which, kind, fen, paid_on=None):
    """Add an entry that stands beside those of September in one respect."""
    row = entry(benefit, "2026-09", kind, fen, paid_on)
    for name, value in OTHERS[which].items():
        setattr(row, name, value)
    if which == "another benefit":
        benefit_like(session, benefit, kind=BenefitKind.INJURY)
    if which == "another person":
        row.person_id = factories.make_person(session).id
        benefit_like(session, benefit, person_id=row.person_id)
    session.add(row)
    session.flush()


@pytest.mark.parametrize("which", OTHERS)
@pytest.mark.parametrize(
    ("kind", "paid_on"), [(BenefitEntryKind.PAID, TODAY), (BenefitEntryKind.HELD, None)]
)
def test_what_stands_beside_a_held_month_changes_nothing_of_it(
    session, benefit, person, which, kind, paid_on
):
    benefit.state, benefit.suspended_from_month = BenefitState.ACTIVE, None
    session.add(entry(benefit, "2026-09", BenefitEntryKind.HELD))
    beside(session, benefit, which, kind, 1, paid_on)
    # Held of the same person and region it waits as well, by itself.
    own = kind is BenefitEntryKind.HELD and which in {"another month", "another benefit"}

    months = held_months(session, person.id, REGION)
    assert sorted(each.amount_fen for each in months) == ([1, 345_678] if own else [345_678])
    assert pay_back(session, person.id, REGION, months, actor=SYSTEM, at=NOW) == 345_678 + own
    session.flush()
    # Each proof compares the month with itself: what is paid, held and decided.
    assert not list(benefit_imbalances(session, Scope(REGION, "2026-09")))
    assert held_months(session, person.id, REGION) == []


@pytest.mark.parametrize(
    "deed",
    [
        {"action": "benefits.moved"},
        {"at": NOW.replace(hour=3)},
        {"person_id": None},
    ],
    ids=str,
)
def test_a_deed_beside_it_decided_no_back_pay(session, benefit, person, deed):
    for kind in (BenefitEntryKind.HELD, BenefitEntryKind.BACK_PAY):
        session.add(entry(benefit, "2026-09", kind))
    given = {"action": ACTION, "at": NOW, "person_id": person.id} | deed
    record_activity(session, actor=SYSTEM, subject=("person", person.id), **given)
    session.flush()

    (found,) = benefit_imbalances(session, Scope(REGION, "2026-09"))

    assert found.what == "nobody decided this back pay"
    assert not list(benefit_imbalances(session, Scope(REGION, "2026-08")))
    assert not list(benefit_imbalances(session, Scope("110000", "2026-09")))


def test_a_month_paid_under_two_keys_is_paid_twice_there_and_in_no_other_scope(
    session, benefit, person
):
    former = factories.make_person(session, region_code=REGION)
    benefit_like(session, benefit, person_id=former.id)
    session.add(PersonAlias(former_id=former.id, person_id=person.id, merged_at=NOW))
    for key in (former.id, person.id):
        row = entry(benefit, "2026-09", BenefitEntryKind.PAID, paid_on=TODAY)
        row.person_id = key
        session.add(row)
    session.flush()

    (found,) = benefit_imbalances(session, Scope(REGION, "2026-09"))

    assert found.what == "how often it was paid (a count)"
    assert (found.expected_fen, found.found_fen) == (1, 2)
    assert found.subject == f"pension of person {person.id}, 2026-09"
    for scope in (Scope(REGION, "2026-08"), Scope("110000", "2026-09")):
        assert not list(benefit_imbalances(session, scope))


def certifies(session, benefit, **values):
    session.add(
        Campaign(
            region_code=REGION, kind=ReviewKind.CERTIFICATION, year=2026,
            period_from_month="2026-01", period_to_month="2026-12", opens_on=date(2026, 1, 1),
            closes_on=None, rules={"window_days": 60},
        )
    )  # fmt: skip
    for name, value in (
        {"state": BenefitState.ACTIVE, "suspended_from_month": None} | values
    ).items():
        setattr(benefit, name, value)
    session.commit()


@pytest.mark.parametrize(
    ("certified_on", "said", "unsaid"),
    [
        (
            date(2026, 11, 1),
            ("Certify again by</dt><dd><bdi>1 November 2027", "My certification"),
            "now,",
        ),
        (
            date(2025, 12, 1),
            ("Certify again by</dt><dd><bdi>1 December 2026", "Certify now"),
            "now,",
        ),
        (
            date(2025, 11, 1),
            ("You were to certify by 1 November 2026.", "Certify now"),
            "told first",
        ),
    ],
)
def test_the_certification_stands_there_with_its_last_day(
    client, session, benefit, person, certified_on, said, unsaid
):
    certifies(session, benefit, certified_on=certified_on)
    session.add(entry(benefit, "2026-10", BenefitEntryKind.PAID, 1_01, date(2026, 10, 15)))
    session.add(entry(benefit, "2026-09", BenefitEntryKind.BACK_PAY, 2_02, date(2026, 10, 15)))
    session.commit()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)

    page, home = client.get("/record/benefits").text, client.get("/").text

    assert all(each in page for each in said) and unsaid not in page
    last_paid = "CNY 1.01 for <bdi>October 2026</bdi>, on <bdi>15 October 2026</bdi>"
    assert last_paid in page
    # This month waits until it is recorded.
    assert "<dt>Next payment</dt><dd><bdi>November 2026</bdi></dd>" in page
    assert "Held back so far" not in page
    # What is late is said by the card above it.
    last = f"Certify again by {certified_on.day} {certified_on:%B} {certified_on.year + 1}"
    assert (last in home) is (certified_on.replace(year=certified_on.year + 1) > TODAY)


@pytest.mark.parametrize("state", [BenefitState.ACTIVE, BenefitState.SUSPENDED])
def test_what_was_sent_is_not_asked_for_again_while_the_agency_looks(
    client, session, benefit, person, state
):
    """Overdue or suspended, whoever waits for the agency reads neither "now" nor "overdue"."""
    stops = "2026-12" if state is BenefitState.SUSPENDED else None
    late = {"certified_on": date(2025, 11, 1), "suspended_from_month": stops}
    certifies(session, benefit, state=state, **late)
    sent = Review(
        reference="ABCDEFGHJKMN", campaign_id=session.scalar(select(Campaign.id)),
        person_id=person.id, state=ReviewState.MANUAL_REVIEW, reason="window_planned",
        opened_at=NOW, submitted_at=NOW,
    )  # fmt: skip
    session.add(sent)
    session.commit()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)

    pages = client.get("/record/benefits").text, client.get("/reviews").text

    for page in pages:
        assert not re.search("Certify now|certify now|Overdue|Paused|do it now", page)
        assert "With the agency" in page
        goes_on = "Bring your ID card to the agency. Your benefit goes on meanwhile."
        assert (goes_on in page) is (state is BenefitState.ACTIVE)
    assert "Let a relative do it" not in pages[0]

    sent.state = ReviewState.REJECTED
    session.commit()
    again = client.get("/record/benefits").text
    # Where the one who draws it lets a relative in, not where a relative begins.
    assert "Certify now" in again and 'href="/helpers/new">Let a relative do it' in again


def test_what_is_held_back_is_added_up_until_it_is_paid(client, session, benefit, person):
    hold_months(session, on=TODAY, at=NOW)
    session.add(entry(benefit, "2026-09", BenefitEntryKind.BACK_PAY))
    certifies(session, benefit, state=BenefitState.SUSPENDED, suspended_from_month="2026-09")
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)

    page = client.get("/record/benefits").text

    assert "Held back so far</dt><dd>CNY 6,913.56 of 2 months" in page
    assert "Next payment" not in page


def test_nobody_is_asked_to_certify_what_has_ended_or_is_certified_nowhere(
    client, session, benefit, person
):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)
    benefit.state = BenefitState.ACTIVE
    session.commit()
    assert "Certify" not in client.get("/record/benefits").text.partition("<main")[2]

    certifies(session, benefit, state=BenefitState.TERMINATED)
    page = client.get("/record/benefits").text.partition("<main")[2]
    assert "Certify" not in page and "Next payment" not in page
