"""Every route says whose data it shows, and what it shows of others leaves an entry for each."""

import re
from itertools import islice

import pytest
from sqlalchemy import select

from siweb.audit.access_log.entry import AccessLogEntry
from siweb.audit.access_log.reason import Reason
from siweb.auth.credentials.keyed_hash import token_hash
from siweb.auth.tables.account import Account
from siweb.auth.tables.sign_in_session import SignInSession
from siweb.complaints.tables.complaint import Complaint
from siweb.disclosures.old_data import OLD_DATA
from siweb.disclosures.routes import NOBODY, OTHERS, OWN
from siweb.evidence.tables.evidence_file import EvidenceFile
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.employment import Employment
from siweb.share_codes.code import share_code
from siweb.share_codes.tables.share_code import ShareCode
from siweb.web.database import database
from tests.disclosures.visits import passer_by, values_of

# So that a form is shown again, with whom it is about.
LONG = dict.fromkeys(
    (
        "words",
        "answer",
        "employer",
        "keep-reference",
        "contact-address",
        "reasons",
        "papers",
        "paper",
    ),
    "x" * 5000,
)
# An example would need a sheet in the store, answers to every step, a case without an amount, or two
# bills of one payer. Each finds whom it shows with the very function of another route, which has one.
SHOWN_AS = {
    "uploads.give_back": "filings.show_filing",
    "uploads.give_refused": "filings.show_filing",
    "uploads.assign": "filings.show_filing",
    "reviews.check": "review_cases.show_case",
    "assessment_desk.propose": "assessment_desk.show_case",
    "payment_desk.split": "payment_desk.show_payment",
    # Files: whom their problems are about is asked in tests/desk/office/test_old_data.py, for one of them.
    **dict.fromkeys(OLD_DATA, "old_data_desk.hand_in_people"),
}


@pytest.fixture
def endpoints(build_office, settings):
    office = build_office(settings)
    return {rule.endpoint for rule in office.url_map.iter_rules() if rule.endpoint != "static"}


def test_every_route_is_of_exactly_one_kind(endpoints):
    kinds = (set(OTHERS), OWN, NOBODY)
    homeless = [name for name in endpoints if sum(name in kind for kind in kinds) != 1]

    assert not sorted(homeless)


def test_of_an_account_are_only_transfers_and_deaths():
    about = {
        "bring", "send", "note_temporary", "note_ordinary", "death", "alive", "show_transfer",
        "note_step", "fund", "refuse_one",
    }  # fmt: skip
    named = {name for name, shown in OTHERS.items() if shown.reason is Reason.ACCOUNT}

    assert {name.partition(".")[0] for name in named} == {"people_desk", "transfer_desk"}
    assert {name.partition(".")[2] for name in named} == about


def test_no_route_is_named_that_is_not_there(endpoints):
    assert not sorted({*OTHERS, *OWN, *NOBODY} - endpoints)


def entries(office):
    log = office.extensions["siweb_access_log"]
    with log.session() as session:
        found = session.scalars(select(AccessLogEntry)).all()
        session.expunge_all()
        session.execute(AccessLogEntry.__table__.delete())
        session.commit()
    return found


def own_rule(office, endpoint):
    """The address at which somebody acts for themselves, where there is another (tests/helping)."""
    rules = [rule for rule in office.url_map.iter_rules() if rule.endpoint == endpoint]
    return min(rules, key=lambda rule: len(rule.arguments))


def ask(office, client, uscc, endpoint, values):
    rule = own_rule(office, endpoint)
    if "uscc" in rule.arguments:
        values = {**values, "uscc": uscc}
    method = "GET" if "GET" in rule.methods else "PUT" if "PUT" in rule.methods else "POST"
    address = office.url_map.bind("localhost").build(endpoint, values, method=method)
    if endpoint == "one_person.hire":
        address += f"?employment={first_employment(office, uscc)}"
    options = {"data": LONG} if method == "POST" else {}
    if endpoint == "shared.show_facts":
        client.post("/shared", data={"code": open_code(office)})
    if method == "PUT":
        options = {"json": row(office), "headers": {"Idempotency-Key": "row-of-the-draft"}}
    return client.open(address, method=method, **options)


def open_code(office):
    """The code that somebody made, as its holder was given it."""
    with database(office).readers() as session:
        reference = session.scalars(select(ShareCode.reference)).first()
    return share_code(office.config["PAPER_KEY"], reference)


def row(office):
    """The row of the draft, as a program sends it corrected."""
    with database(office).readers() as session:
        given = session.scalar(
            select(FilingRow.row_values).join(Filing).where(Filing.state == "draft").limit(1)
        )
    return {**given, "stop_month": "2026-11"}


def first_employment(office, uscc):
    with database(office).readers() as session:
        return session.scalar(
            select(Employment.id)
            .join(Employer, Employer.id == Employment.employer_id)
            .where(Employer.uscc == uscc)
        )


@pytest.mark.parametrize("endpoint", sorted(set(OTHERS) - set(SHOWN_AS)))
def test_whoever_is_shown_finds_an_entry(office, people, staff, filer, relative, program, endpoint):
    kind = office.view_functions[endpoint].access.partition(":")[0]
    by_mark = {
        "duty": staff,
        "acting_for": filer[0],
        "bearer": program,
        "public": passer_by(office),
    }
    client = by_mark.get(kind, relative)
    uscc = filer[1]
    entries(office)
    noted = []
    for values in values_of(office, endpoint):
        answer = ask(office, client, uscc, endpoint, values)
        noted = entries(office)
        if answer.status_code in {200, 422}:
            text = (
                answer.get_data(as_text=True)
                if answer.is_json or answer.mimetype.startswith("text/")
                else ""
            )
            named = {person.id for person in people if person.name in text}
            me = {person_of(office, client)}
            assert not named - {entry.person_id for entry in noted} - me
        if noted:
            break

    assert noted, answer.get_data()[:500]
    assert {entry.reason for entry in noted} == {OTHERS[endpoint].reason.value}
    assert all(entry.employer_id for entry in noted) == (kind in {"acting_for", "bearer"})
    assert {bool(entry.region_code) for entry in noted} == {kind == "duty"}


@pytest.mark.parametrize("endpoint", ["employers.show_roster", "monthly.show_month"])
def test_who_is_found_by_an_odd_search_is_noted(office, people, filer, endpoint):
    """The page takes what nobody sees out of a search; so must whoever says whom it shows."""
    client, uscc = filer
    me = person_of(office, client)
    found = 0
    for values in values_of(office, endpoint):
        address = office.url_map.bind("localhost").build(endpoint, {**values, "uscc": uscc})
        for person in (each for each in people if each.id != me):
            entries(office)
            answer = client.get(address, query_string={"q": f"\u200b{person.id_number[-4:]}\u202e"})
            if person.name in answer.text:
                found += 1
                assert person.id in {entry.person_id for entry in entries(office)}
        if found:
            break

    assert found


@pytest.mark.parametrize("who", ["staff", "filer", "relative", "nobody"])
def test_what_is_said_to_show_nobody_names_nobody(office, people, staff, filer, relative, who):
    """And what is said to show one's own names nobody else."""
    client = {"staff": staff, "filer": filer[0], "relative": relative}.get(who)
    client = client or office.test_client()
    me = None if who == "nobody" else person_of(office, client)
    named = []
    for endpoint in sorted({*NOBODY, *OWN} - {"auth.show_sign_in"}):
        rule = own_rule(office, endpoint)
        if "GET" not in rule.methods or endpoint.startswith(("api.", "web.")):
            continue
        for values in islice(values_of(office, endpoint), 4):
            given = {**values, "uscc": filer[1]} if "uscc" in rule.arguments else values
            if set(rule.arguments) - set(given):
                continue
            answer = client.get(office.url_map.bind("localhost").build(endpoint, given))
            text = answer.get_data(as_text=True) if answer.mimetype.startswith("text/") else ""
            named += [
                (endpoint, person.name)
                for person in people
                if person.id != me and (person.id_number in text or f">{person.name}<" in text)
            ]

    assert not named


def person_of(office, client):
    """Whose sign-in a browser carries; a program carries none."""
    with client.session_transaction() as kept:
        token = kept.get("_user_id", "")
    with database(office).readers() as session:
        return session.scalar(
            select(Account.person_id)
            .join(SignInSession, SignInSession.account_id == Account.id)
            .where(SignInSession.token_hash == token_hash(token))
        )


@pytest.mark.parametrize(("endpoint", "shown_as"), SHOWN_AS.items())
def test_what_has_no_example_is_found_as_another_route_is(endpoint, shown_as):
    assert OTHERS[endpoint].people is OTHERS[shown_as].people


def test_who_opened_a_scan_stands_on_the_page_of_its_matter(office, people, staff):
    clerk = next(each.name for each in people if each.id == person_of(office, staff))
    with database(office).readers() as session:
        complaint = session.scalar(
            select(Complaint.reference).join(
                EvidenceFile, EvidenceFile.complaint_id == Complaint.id
            )
        )
    page = f"/desk/complaints/{complaint}"
    scan = re.search(r'href="(/desk/evidence/\w+)"', staff.get(page).text)[1]
    before = staff.get(page).text.count(f"Opened by {clerk}, ")

    assert [staff.get(scan).status_code, staff.get(scan).status_code] == [200, 200]

    assert staff.get(page).text.count(f"Opened by {clerk}, ") == before + 2
    # The citizen reads in the access log that staff looked at it.
    with office.extensions["siweb_access_log"].session() as session:
        noted = select(AccessLogEntry.times).where(AccessLogEntry.reason == "evidence")
        assert session.scalars(noted).all() == [2]
