"""The employers' yearly review: one case with its last day, from filings and employees' answers."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from siweb.audit.actor import Actor
from siweb.auth.tables.account import Account
from siweb.desk.reviews.campaigns.employers import keep_results_of_employers
from siweb.filings.confirmation.confirm import confirm_filing
from siweb.filings.declared.base_progress import BaseState, PaymentMonths, count_bases
from siweb.filings.declared.base_results import count_results, forget_results, kept_results
from siweb.filings.declared.find import answer_declaration
from siweb.filings.drafts.open import add_rows, open_filing
from siweb.filings.fields.filing_kind import FilingKind
from siweb.messages.tables.message import Message
from siweb.portal.base_review.tell import tell_of_base_reviews
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.reviews.begin.open_campaign import CampaignRefused, open_campaign
from siweb.reviews.begin.tell import tell_of_campaigns
from siweb.reviews.tables.campaign import ReviewKind
from tests import factories
from tests.conftest import NOW
from tests.sign_in import EVERY_FUNCTION, sign_in

TODAY = date(2026, 11, 24)
LAST_DAY = date(2026, 12, 24)
OPENS = date(2026, 10, 1)
NAMES = ("张伟", "李娜", "赵静", "孙强")


@pytest.fixture
def actor(session, filer):
    account = session.scalar(select(Account).where(Account.person_id == filer.id))
    return Actor(account.id, filer.id)


@pytest.fixture
def staff(session, employer):
    """Four people from before the payment year, one who came in it and one who left."""
    people = [factories.make_person(session, name=name, region_code="310000") for name in NAMES]
    for person in people:
        factories.make_employment(session, person, employer, hired_on=date(2025, 1, 6))
        factories.make_enrolment(session, person, employer=employer, from_month="2025-01")
    for name, first, last in (("新来", "2026-08", None), ("走了", "2025-01", "2026-10")):
        other = factories.make_person(session, name=name, region_code="310000")
        factories.make_enrolment(session, other, employer=employer, from_month=first, to_month=last)
    session.commit()
    return people


@pytest.fixture
def campaign(session, employer, actor):
    return open_bases(session, actor)


def open_bases(session, actor, **more):
    given = {"period": ("2026-07", "2027-06"), "opens_on": OPENS, "closes_on": LAST_DAY} | more
    found = open_campaign(
        session, "310000", ReviewKind.EMPLOYER_BASES, 2026, rules={}, actor=actor, at=NOW, **given
    )
    session.commit()
    return found


@pytest.fixture
def declare(session, employer, actor):
    """Declare the yearly base of people through the filing that every channel goes through."""

    def declare(*people, start_month="2026-07"):
        filing = open_filing(
            session, employer.id, FilingKind.BASE, origin="form", actor=actor, at=NOW
        )
        packs = packs_in_force(session)
        rows = [
            {"id_number": one.id_number, "name": one.name, "start_month": start_month,
             "wage_fen": 900_000}
            for one in people
        ]  # fmt: skip
        add_rows(session, filing, rows, packs=packs, on=TODAY)
        done = confirm_filing(
            session, filing, packs=packs, actor=actor, on=TODAY, at=NOW, secret="s" * 32
        )
        assert done.applied == len(people)
        session.commit()
        return filing

    return declare


def answer(session, person, filing, position, *, agrees, words=""):
    assert answer_declaration(
        session, person.id, filing.id, position, agrees=agrees, words=words,
        actor=Actor(None, person.id), at=NOW,
    )  # fmt: skip
    session.commit()


def shown(browser, employer):
    """The counts and the names with their states, as the page shows them."""
    page = browser.get(f"/employer/{employer.uscc}/base-review").text
    counts = dict(re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page))
    lines = re.findall(
        r'<th scope="row">([^<]+)</th>\s*<td data-is="State"><span class="tag[^"]*">([^<]+)<', page
    )
    return page, counts, lines


@pytest.fixture
def _viewed(act_as):
    act_as("filer")


@pytest.mark.usefixtures("campaign", "_viewed")
def test_one_page_says_who_confirmed_objected_is_silent_or_missing(
    browser, session, employer, staff, declare
):
    filing = declare(*staff[:3])
    answer(session, staff[0], filing, 1, agrees=True)
    answer(session, staff[1], filing, 2, agrees=False, words="工资是一万")

    page, counts, lines = shown(browser, employer)

    assert "Last day 24 December 2026" in page
    assert "Declared: 3 of 4" in page
    assert list(counts.values()) == ["1", "1", "1", "1"]
    # What needs the employer first comes first; who came later or left has nothing to declare.
    assert lines == [
        ("李娜", "Objected to"),
        ("孙强", "Not declared"),
        ("赵静", "Declared, no answer yet"),
        ("张伟", "Confirmed by the employee"),
    ]
    assert "工资是一万" in page
    assert f"/employer/{employer.uscc}/sheets/base/roster.xlsx" in page


@pytest.mark.usefixtures("campaign", "_viewed")
def test_the_newest_answer_counts(browser, session, employer, staff, declare):
    filing = declare(staff[0])
    answer(session, staff[0], filing, 1, agrees=False, words="不对")
    answer(session, staff[0], filing, 1, agrees=True)

    _page, counts, _lines = shown(browser, employer)

    assert (counts["Objected to"], counts["Confirmed by the employee"]) == ("0", "1")


@pytest.mark.usefixtures("campaign", "_viewed")
def test_after_the_last_day_silence_leaves_what_was_declared_and_answers_still_count(
    browser, session, filer, employer, staff, declare
):
    filing = declare(*staff)
    with time_machine.travel("2026-12-25T09:00:00+08:00", tick=False):
        sign_in(browser, session, filer)
        page, counts, _lines = shown(browser, employer)
        assert "The last day was 24 December 2026" in page
        assert "No answer from an employee: what was declared holds." in page
        assert counts["Declared, no answer yet"] == "4"
        answer(session, staff[0], filing, 1, agrees=False, words="不对")
        _page, counts, _lines = shown(browser, employer)
    assert (counts["Objected to"], counts["Declared, no answer yet"]) == ("1", "3")


@pytest.mark.usefixtures("campaign")
def test_an_objection_changes_nothing_by_itself_and_leads_to_a_complaint(
    browser, session, staff, declare
):
    filing = declare(staff[0])
    sign_in(browser, session, staff[0])
    browser.post(f"/declared/{filing.id}/1/object", data={"words": "工资是一万"})

    base = session.scalars(select(DeclaredBase)).one()
    assert (base.declared_base_fen, base.withdrawn_at) == (900_000, None)
    assert browser.get("/complaints/new").status_code == 200


@pytest.mark.usefixtures("_viewed")
def test_without_a_campaign_the_page_says_so(browser, employer):
    page = browser.get(f"/employer/{employer.uscc}/base-review").text

    assert "No yearly declaration is open in your city now." in page
    assert "Yearly base declaration" in browser.get(f"/employer/{employer.uscc}").text


def test_whoever_has_no_mandate_finds_no_page(browser, employer, campaign):
    assert browser.get(f"/employer/{employer.uscc}/base-review").status_code == 404


def told(session, kind):
    session.expire_all()
    rows = session.execute(
        select(Message.reader_id, Message.notified_on).where(Message.kind == kind)
    )
    return sorted((row.reader_id, row.notified_on) for row in rows)


def test_employers_without_declaration_and_silent_employees_are_reminded(
    session, employer, staff, declare, campaign
):
    assert tell_of_base_reviews(session, on=OPENS, at=NOW) == 1
    assert tell_of_base_reviews(session, on=OPENS, at=NOW) == 0
    assert tell_of_base_reviews(session, on=date(2026, 11, 23), at=NOW) == 1
    assert tell_of_base_reviews(session, on=TODAY, at=NOW) == 1
    # 60 days before lies after the first day: told late, it stands under its own day.
    assert [day for _reader, day in told(session, "bases_reminder")] == [
        date(2026, 10, 25),
        date(2026, 11, 24),
    ]

    filing = declare(*staff[:2])
    answer(session, staff[0], filing, 1, agrees=True)
    assert tell_of_base_reviews(session, on=date(2026, 12, 17), at=NOW) == 1

    assert told(session, "base_to_confirm") == [(staff[1].id, date(2026, 12, 17))]
    assert len(told(session, "bases_reminder")) == 2
    assert tell_of_base_reviews(session, on=date(2026, 12, 25), at=NOW) == 0
    assert tell_of_campaigns(session, on=OPENS, at=NOW) == 0


def test_the_desk_sees_who_has_not_declared(browser, session, employer, staff, campaign, declare):
    desk = factories.make_person(session, name="经办员", region_code="310000")
    sign_in(browser, session, desk, functions=EVERY_FUNCTION)
    address = f"/desk/campaigns/{campaign.id}"
    assert f'href="{address}"' in browser.get("/desk/campaigns").text

    assert employer.uscc in browser.get(address).text
    declare(staff[0])

    page = browser.get(address).text
    assert employer.uscc not in page
    assert "Every employer with people from before the payment year declared." in page
    assert browser.get("/desk/campaigns/99").status_code == 404


def stages(browser, campaign):
    """The numbers of the desk's page of a campaign, by their words."""
    page = browser.get(f"/desk/campaigns/{campaign.id}").text
    found = re.findall(r'<th scope="row">([^<]+)</th><td class="number"[^>]*>(\d+)</td>', page)
    return page, {words: int(number) for words, number in found}


def at_the_desk(browser, session):
    desk = factories.make_person(session, name="经办员", region_code="310000")
    sign_in(browser, session, desk, functions=EVERY_FUNCTION)


def test_the_desk_sees_how_far_all_employers_are(browser, session, staff, campaign, declare):
    """One declared for three of four, and another one, as big as it, for nobody."""
    other = factories.make_employer(session, name="乙公司", region_code="310000")
    for name in ("吴一", "吴二"):
        person = factories.make_person(session, name=name, region_code="310000")
        factories.make_enrolment(session, person, employer=other, from_month="2025-01")
    elsewhere = factories.make_employer(session, name="丙公司", region_code="330100")
    person = factories.make_person(session, name="外地", region_code="330100")
    factories.make_enrolment(
        session, person, employer=elsewhere, from_month="2025-01", region_code="330100"
    )
    filing = declare(*staff[:3])
    answer(session, staff[0], filing, 1, agrees=False, words="不对")
    answer(session, staff[0], filing, 1, agrees=True)
    answer(session, staff[1], filing, 2, agrees=False, words="工资是一万")
    at_the_desk(browser, session)

    page, found = stages(browser, campaign)

    assert "Employers that declared: 1 of 2" in page
    assert found == {
        "Sent, for at least one employee": 1,
        "Open, nothing declared": 1,
        "Confirmed by the employee": 1,
        "Declared, no answer yet": 1,
        "Objected to": 1,
        "Not declared": 3,
    }
    assert "Counted for good" not in page


@pytest.mark.usefixtures("_viewed")
def test_what_it_came_to_is_kept_after_the_last_day(
    browser, session, filer, employer, staff, declare, campaign
):
    filing = declare(staff[0])
    later = LAST_DAY + timedelta(days=1)
    assert keep_results_of_employers(session, on=LAST_DAY, at=NOW) == 0  # the last day counts
    assert keep_results_of_employers(session, on=later, at=NOW) == 1
    assert keep_results_of_employers(session, on=later, at=NOW) == 0
    session.commit()
    answer(session, staff[0], filing, 1, agrees=True)
    factories.make_enrolment(
        session,
        factories.make_person(session, name="吴三", region_code="310000"),
        employer=factories.make_employer(session, name="乙公司", region_code="310000"),
        from_month="2025-01",
    )
    session.commit()

    with time_machine.travel("2026-12-25T09:00:00+08:00", tick=False):
        sign_in(browser, session, filer)
        own = browser.get(f"/employer/{employer.uscc}/base-review").text
        at_the_desk(browser, session)
        page, found = stages(browser, campaign)

    # Neither the answer nor the employer that came to light after the last day is in it.
    assert "Counted for good on 24 November 2026" in page
    assert found == {
        "Sent, for at least one employee": 1,
        "Overdue, nothing declared": 0,
        "Confirmed by the employee": 0,
        "Declared, no answer yet": 1,
        "Objected to": 0,
        "Not declared": 3,
    }
    stood = own.split("How it stood after the last day")[1].split("</section>")[0]
    assert re.findall(r"<dd>(\d+)</dd>", stood) == ["0", "3", "1", "0"]


def test_what_was_kept_goes_when_declarations_are_taken_again(session, staff, campaign):
    later = LAST_DAY + timedelta(days=1)
    assert keep_results_of_employers(session, on=later, at=NOW) == 1
    assert kept_results(session, campaign.id).asked == 1
    forget_results(session, campaign.id)
    assert kept_results(session, campaign.id).asked == 0


@pytest.mark.usefixtures("campaign")
def test_all_employers_are_counted_as_each_counts_its_own(session, employer, staff, declare):
    filing = declare(*staff[:3])
    answer(session, staff[0], filing, 1, agrees=True)
    answer(session, staff[1], filing, 2, agrees=False, words="不对")
    months = PaymentMonths("310000", "2026-07", "2027-06")

    own = count_bases(session, employer.id, months)

    found = count_results(session, months)
    assert {state: getattr(found, state) for state in BaseState} == own


def test_it_needs_a_last_day(session, actor, employer):
    with pytest.raises(CampaignRefused, match="last_day_missing"):
        open_bases(session, actor, closes_on=None)
