"""What a helper finds: every page of a citizen, with every kind of mandate, and with none."""

from datetime import date, timedelta

import pytest
from flask import g, url_for
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from siweb.audit.access_log.entry import AccessLogEntry
from siweb.auth.helping.helped import Helped
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.help_mandate import HelpBasis, HelpKind, HelpMandate
from siweb.auth.tables.mandate import Mandate, MandateKind
from siweb.disclosures.routes import NOBODY, OTHERS, OWN
from siweb.helping.allowed import ALLOWED
from siweb.ledgers.record.marks import _marks
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.review import Review, ReviewState
from siweb.web import drawn
from tests import factories
from tests.conftest import NOW
from tests.documents.test_own_documents import make_paper
from tests.helping.conftest import TODAY, browser_of
from tests.sign_in import appoint

HERE = "/for/HHHHHHHHHHHH"
PLACES = {"year": 2025, "month": "2025-03", "kind": "enrolment_certificate", "step": "insurances"}


@pytest.fixture
def case(session, person, record):
    """A record check that was sent and waits."""
    campaign = session.scalars(
        select(Campaign).where(Campaign.kind == ReviewKind.RECORD_CHECK)
    ).one()
    review = Review(
        reference="CASECASECASE", campaign_id=campaign.id, person_id=person.id, opened_at=NOW,
        state=ReviewState.MANUAL_REVIEW, reason="agency_looks", submitted_at=NOW,
    )  # fmt: skip
    session.add(review)
    session.commit()
    return review


@pytest.fixture
def paper(owner, record):
    """A certificate that the person has."""
    return owner.post("/certificates/enrolment_certificate").location.rpartition("/")[2]


def addresses(app, case, paper):
    """Every page of a citizen that can be looked at, with real things in its address."""
    places = {**PLACES, "campaign": "1"}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if getattr(view, "access", "") != "signed_in" or "helped" in rule.arguments:
            continue
        is_paper = rule.endpoint.startswith("documents.")
        given = {**places, "reference": paper if is_paper else case.reference}
        if "GET" in rule.methods and rule.arguments <= set(given):
            wanted = {name: given[name] for name in rule.arguments}
            yield rule.endpoint, app.url_map.bind("localhost").build(rule.endpoint, wanted)


def test_only_what_is_declared_has_an_address_for_another_person(app):
    helped = {rule.endpoint for rule in app.url_map.iter_rules() if "helped" in rule.arguments}

    assert helped == set(ALLOWED)
    # Of one's own pages and of cases and papers; never of the desk, an employer or the account.
    assert {app.view_functions[endpoint].access for endpoint in helped} == {"signed_in"}
    assert not helped & NOBODY
    assert not [name for name in helped if name.startswith(("auth.", "share_codes.", "inbox."))]


@pytest.mark.parametrize("kind", list(HelpKind))
def test_each_kind_opens_its_pages_and_no_other(
    app, browser, mandate, case, paper, kind, session, person
):
    mandate(kind)
    opened, closed = set(), set()
    for endpoint, address in addresses(app, case, paper):
        (closed if browser.get(f"{HERE}{address}").status_code == 404 else opened).add(endpoint)

    reviews = {name for name, needs in ALLOWED.items() if kind in needs.kinds}
    # The case at hand is a record check: with a mandate for another review it does not exist.
    of_case = {name for name, needs in ALLOWED.items() if needs.kind_of is not None}
    expected = reviews - of_case | (reviews & of_case if kind is HelpKind.RECORD_CHECK else set())
    # A premium is that of a base choice alone, also for the person.
    assert opened == (expected & (opened | closed)) - {"reviews.show_premium"}
    assert closed > {"auth.show_account", "inbox.show_messages", "share_codes.show_codes"}


def refused(browser):
    return {browser.get(f"{HERE}{place}").status_code for place in ("", "/record", "/documents")}


@pytest.mark.parametrize(
    "values",
    [
        {"until_on": TODAY - timedelta(days=1), "from_on": TODAY - timedelta(days=9)},
        {"from_on": TODAY + timedelta(days=1)},
        {"ended_at": NOW},
    ],
)
def test_what_is_over_or_not_begun_opens_nothing(browser, mandate, record, values):
    mandate(**values)

    assert refused(browser) == {404}


def test_the_last_day_is_a_whole_one(browser, mandate, record):
    mandate(until_on=TODAY)

    assert refused(browser) == {200}


def test_nobody_acts_for_the_dead(browser, mandate, session, person, record):
    mandate()
    person.died_on = date(2026, 11, 1)
    session.commit()

    assert refused(browser) == {404}


def test_a_mandate_is_the_helpers_alone(app, session, mandate, browser, owner, record):
    mandate()
    stranger = browser_of(app, session, factories.make_person(session, name="李梅"))

    assert (refused(stranger), refused(owner)) == ({404}, {404})
    assert app.test_client().get(f"{HERE}/record").status_code == 303


@pytest.mark.parametrize(("ended", "last"), [(True, 1), (False, -1)])
def test_without_the_appointment_a_community_helper_opens_nothing(
    browser, mandate, session, appointed, record, ended, last
):
    mandate(community_helper_id=appointed.id)
    assert refused(browser) == {200}

    appointed.ended_at = NOW if ended else None
    appointed.from_on = TODAY - timedelta(days=9)
    appointed.until_on = TODAY + timedelta(days=last)
    session.commit()

    assert refused(browser) == {404}


@pytest.mark.parametrize(("region", "status"), [("310000", 404), ("330100", 200), (None, 404)])
def test_who_serves_a_person_at_the_desk_helps_them_no_more(
    browser, mandate, session, helper, record, region, status
):
    """Also who was appointed after the mandate was given."""
    mandate()
    agency = factories.make_agency(session, region).id if region else None
    appoint(session, helper, Function.REVIEW, agency_id=agency)
    session.commit()

    assert refused(browser) == {status}


def test_every_look_is_noted_as_the_helpers(app, browser, mandate, case, paper, person):
    mandate()
    log = app.extensions["siweb_access_log"]
    for endpoint, address in addresses(app, case, paper):
        if endpoint not in ALLOWED or endpoint == "reviews.show_premium":
            continue
        with log.begin() as session:
            session.execute(AccessLogEntry.__table__.delete())
        answer = browser.get(f"{HERE}{address}")
        if answer.status_code != 200:
            continue
        with log.session() as session:
            found = session.scalars(select(AccessLogEntry)).all()
            assert [(one.person_id, one.function) for one in found] == [(person.id, "helper")], (
                endpoint
            )


def test_every_page_says_whose_answer_is_asked(app, browser, mandate, case, paper):
    mandate()
    for endpoint, address in addresses(app, case, paper):
        answer = browser.get(f"{HERE}{address}")
        if endpoint in ALLOWED and answer.status_code == 200 and answer.mimetype == "text/html":
            assert "<b>For 王秀英</b>" in " ".join(answer.text.split()), endpoint


def is_own(adapter, link, own):
    """Whether a link leads to a page of the visitor's own; files lead nowhere."""
    try:
        return adapter.match(link.partition("?")[0])[0] in own
    except NotFound:
        return False


def test_no_link_under_one_name_leads_to_anothers_pages(app, browser, mandate, case, paper):
    """What is not covered says so; what was drawn before for another visitor leads nowhere else."""
    own = {
        name
        for name, view in app.view_functions.items()
        if getattr(view, "access", "") == "signed_in" and not name.startswith(("auth.", "helping."))
    }
    browser.get("/record/2025")  # drawn once, with everybody's own links
    mandate(HelpKind.RECORD)
    for place in ("/record", "/record/2025", "/record/account", "/record/months/2025-03"):
        main = browser.get(f"{HERE}{place}").text.partition("<main")[2].partition("<footer")[0]
        links = [part.partition('"')[0] for part in main.split('href="')[1:]]
        plain = [link for link in links if link.startswith("/") and not link.startswith("/for/")]
        adapter = app.url_map.bind("localhost")
        assert not [link for link in plain if is_own(adapter, link, own)], place
    assert "/for/" not in browser.get("/record/2025").text
    assert set(ALLOWED) <= set(OTHERS) | OWN
    assert "You may not do this for 王秀英" in browser.get(f"{HERE}/not-covered").text


def test_what_somebody_helps_with_otherwise_is_not_found_under_this_name(
    app, browser, mandate, session, helper, case
):
    """A relative's certification of somebody else, under the mandate for this person."""
    other = factories.make_person(session, name="赵六", region_code="310000")
    campaign = session.scalars(
        select(Campaign).where(Campaign.kind == ReviewKind.CERTIFICATION)
    ).one()
    row = mandate()
    session.add(
        Review(reference="THEOTHERCASE", campaign_id=campaign.id, person_id=other.id,
               opened_at=NOW, helper_account_id=row.helper_account_id,
               state=ReviewState.MANUAL_REVIEW, reason="relative_unmatched", submitted_at=NOW)
    )  # fmt: skip
    session.commit()

    assert browser.get("/reviews/THEOTHERCASE").status_code == 200
    assert browser.get(f"{HERE}/reviews/THEOTHERCASE").status_code == 404


def test_what_somebody_got_for_an_employer_is_not_opened_by_helping_them(
    session, browser, owner, mandate, person
):
    """Also where the helper acts for that employer: then it stands among what is the employer's."""
    row = mandate(HelpKind.PAPERS)
    employer = factories.make_employer(session)
    session.add(
        Mandate(account_id=row.helper_account_id, employer_id=employer.id, kind=MandateKind.FILER,
                from_on=TODAY, granted_at=NOW)
    )  # fmt: skip
    make_paper(session, person, 1, employer_id=employer.id)
    session.commit()

    assert browser.get(f"{HERE}/documents/PAPER00001").status_code == 404
    assert "PAPER00001" not in browser.get(f"{HERE}/documents").text


def test_a_piece_that_is_drawn_for_all_leads_to_everybodys_own_pages(app, monkeypatch):
    """Whoever came first would else send all who come later to the person they acted for."""
    monkeypatch.setattr(
        drawn, "render_template", lambda *_given, **_more: url_for("ledgers.show_years")
    )
    helped = Helped(1, "HHHHHHHHHHHH", frozenset(HelpKind), TODAY, HelpBasis.CODE, 1, "王", "", "")
    with app.test_request_context():
        g.helped = helped
        assert app.jinja_env.globals["drawn"]("a piece") == "/record"
        assert url_for("ledgers.show_years") == f"{HERE}/record"


@pytest.mark.parametrize(("days", "is_told"), [(60, True), (61, False)])
def test_home_tells_the_helper_alone_that_a_mandate_ends(
    app, session, browser, owner, mandate, person, days, is_told
):
    mandate(until_on=TODAY + timedelta(days=days))
    other = factories.make_person(session, name="赵六")
    stranger = browser_of(app, session, other)
    account = session.scalars(select(Account.id).where(Account.person_id == other.id)).one()
    mandate(
        reference="OTHERSOTHERS", helper_account_id=account, until_on=TODAY + timedelta(days=200)
    )

    words = "Your mandate to help somebody ends soon"
    assert [words in each.get("/").text for each in (browser, owner, stranger)] == [
        is_told, False, False,
    ]  # fmt: skip
    assert "Whom I help" in stranger.get("/").text
    assert "Whom I help" not in owner.get("/").text


def test_the_sign_in_goes_on_under_another_persons_name(browser, mandate, record):
    mandate(HelpKind.RECORD)

    address = browser.get(f"{HERE}/record").text.partition('data-stay="')[2].partition('"')[0]
    assert browser.get(address).json["seconds_left"] > 0


def test_what_the_mandate_lacks_is_not_offered_and_sent_anyway_it_says_so(
    browser, mandate, record, session
):
    mandate(HelpKind.RECORD)
    for place in ("/record", "/record/2025", "/record/account", "/record/benefits"):
        main = browser.get(f"{HERE}{place}").text.partition("<main")[2].partition("<footer")[0]
        assert "/not-covered" not in main, place
    assert "Get a statement as PDF" not in browser.get(f"{HERE}/record/2025").text
    answer = browser.post(f"{HERE}/not-covered", data={"anything": "typed"})
    assert (answer.status_code, "You may not do this for 王秀英" in answer.text) == (200, True)

    session.scalars(select(HelpMandate)).one().kinds = frozenset({HelpKind.RECORD, HelpKind.PAPERS})
    session.commit()
    assert "Get a statement as PDF" in browser.get(f"{HERE}/record/2025").text


def test_what_was_kept_for_a_helper_shows_nobody_else_the_mandate(browser, owner, mandate, record):
    """The months of a year are drawn once for all whose months look alike."""
    _marks.cache_clear()
    mandate(HelpKind.RECORD)
    assert f"{HERE}/record/months/2025-01" in browser.get(f"{HERE}/record/2025").text

    own = owner.get("/record/2025").text

    assert "/record/months/2025-01" in own
    assert "/for/" not in own
    assert f"{HERE}/record/months/2025-01" in browser.get(f"{HERE}/record/2025").text
