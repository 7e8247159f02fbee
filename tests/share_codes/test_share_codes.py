"""Share codes: what a holder sees and no more, until when, how often, and what its owner learns."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from siweb.audit.access_log.entry import AccessLogEntry
from siweb.audit.actor import Actor, Channel
from siweb.db.reference_code import ALPHABET, check_sign, is_checked
from siweb.documents.verify import MOST_VERIFICATIONS
from siweb.messages.tables.message import Message
from siweb.registry.codes import Insurance
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.share_codes.facts import band_of
from siweb.share_codes.make import MOST_OPEN, Grant, ShareRefused, make_code
from siweb.share_codes.tables.share_code import ShareCode, ShareCodeUse, Shown
from tests import factories
from tests.conftest import NOW
from tests.sign_in import EVERY_FUNCTION, sign_in

TODAY = NOW.date()
EVERYTHING = frozenset(Shown)
GRANT = Grant("示范银行", EVERYTHING, 2, TODAY + timedelta(days=14), 2)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def person(session):
    return factories.make_person(session, name="欧阳娜娜")


@pytest.fixture
def record(session, person):
    """Insured in two, with 25 months of pension paid, two of them of medical; base 10,000."""
    employer = factories.make_employer(session, name="甲公司")
    factories.make_enrolment(session, person, employer=employer, from_month="2024-01")
    factories.make_enrolment(session, person, Insurance.MEDICAL, employer=employer,
                             from_month="2024-01", to_month="2026-10")  # fmt: skip
    months = [f"{year}-{number:02}" for year in (2024, 2025, 2026) for number in range(1, 13)]
    for month in months[9:34]:  # up to October 2026
        factories.make_record(session, person, month, employer=employer)
    for month in ("2025-05", "2026-01"):
        factories.make_record(session, person, month, Insurance.MEDICAL, employer=employer)
    session.commit()


@pytest.fixture
def owner(client, session, person):
    sign_in(client, session, person)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def holder(app):
    """Somebody else's browser, not signed in."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def make(session, person, owner):
    """Make a code; return its page and what is written on it."""

    def make(grant=GRANT):
        code = make_code(session, grant, secret="test " * 8, actor=Actor(1, person.id),
                         on=TODAY, at=NOW)  # fmt: skip
        session.commit()
        page = f"/share-codes/{code.reference}"
        return page, owner.get(page).text.partition("<code>")[2].partition("</code>")[0]

    return make


def main(answer):
    return answer.text.partition("<main")[2].partition("</main>")[0]


def use(holder, written):
    """Send the code, and follow to what it shows; a refusal is shown at once."""
    return holder.post("/shared", data={"code": written}, follow_redirects=True)


def test_a_code_is_made_in_a_form_and_read_out(owner, session, person, record):
    made = owner.post("/share-codes/new", data={
        "for_whom": "示范银行", "shown": ["months", "base_band"], "years": "3",
        "valid_until_on": "2026-12-24", "uses_allowed": "4",
    })  # fmt: skip
    page = owner.get(made.location).text
    written = page.partition("<code>")[2].partition("</code>")[0]
    code = session.scalars(select(ShareCode)).one()

    assert (made.status_code, [len(group) for group in written.split("-")]) == (303, [4, 4, 4])
    assert code.shown == {Shown.MONTHS, Shown.BASE_BAND}
    assert (code.years, code.uses_allowed, code.person_id) == (3, 4, person.id)
    # Neither the code nor what finds the person is in the table or in an address.
    assert written.replace("-", "") not in code.code_hash + code.reference
    assert person.id_number not in page + made.location


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"for_whom": " "}, "for_whom"), ({"for_whom": "x" * 61}, "for_whom"),
        ({"shown": []}, "shown"), ({"shown": ["wage"]}, "shown"),
        ({"years": "0"}, "years"), ({"years": "11"}, "years"),
        ({"valid_until_on": "2026-11-23"}, "valid_until_on"),
        ({"valid_until_on": "2027-02-23"}, "valid_until_on"),
        ({"uses_allowed": "0"}, "uses_allowed"), ({"uses_allowed": "21"}, "uses_allowed"),
    ],
)  # fmt: skip
def test_what_cannot_be_allowed_is_said_beside_its_field(owner, wrong, field):
    good = {"for_whom": "银行", "shown": ["months"], "years": "10", "valid_until_on": "2027-02-22",
            "uses_allowed": "20"}  # fmt: skip
    answer = owner.post("/share-codes/new", data=good | wrong)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert owner.post("/share-codes/new", data=good).status_code == 303


def test_who_has_the_code_sees_what_it_shows(holder, make, record):
    _, written = make()
    page = main(use(holder, written.lower().replace("-", " ")))

    for shown in ("欧***", "Pension insurance</dt><dd>yes", "Medical insurance</dt><dd>no",
                  "Pension insurance</dt><dd>24 months", "Medical insurance</dt><dd>2 months",
                  "November 2024 to October 2026", "from CNY 10,000.00 to below CNY 12,500.00",
                  "No pension is paid."):  # fmt: skip
        assert shown in page
    for hidden in ("欧阳", "甲公司", "2,400.00", "24 November 1985"):
        assert hidden not in page


@pytest.mark.parametrize("shown", Shown)
def test_of_what_was_not_chosen_nothing_is_there(holder, make, record, shown):
    _, written = make(replace(GRANT, shown=frozenset({shown})))
    page = main(use(holder, written))
    titles = {Shown.INSURED_NOW: "Insured now", Shown.MONTHS: "Months paid in full",
              Shown.BASE_BAND: "Monthly base", Shown.PENSION_INCOME: "Pension"}  # fmt: skip

    assert [title for title in titles.values() if f"<h2>{title}</h2>" in page] == [titles[shown]]


def test_a_pension_is_shown_by_its_amount(holder, session, make, person):
    session.add(Benefit(
        person_id=person.id, region_code=person.region_code, kind=BenefitKind.PENSION,
        monthly_fen=345_678, from_month="2015-01", state=BenefitState.ACTIVE,
        certified_on=date(2026, 7, 1),
    ))  # fmt: skip
    _, written = make(replace(GRANT, shown=frozenset({Shown.PENSION_INCOME})))

    assert "CNY 3,456.78" in main(use(holder, written))


@pytest.mark.parametrize(("fen", "band"), [
    (0, (0, 250_000)), (249_999, (0, 250_000)), (250_000, (250_000, 500_000)),
])  # fmt: skip
def test_a_band_begins_with_its_lower_end(fen, band):
    assert band_of(fen) == band


def test_each_use_counts_and_then_it_shows_nothing(holder, make, record, session, owner):
    page, written = make()
    answers = [use(holder, written) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert "used as often as it may be" in answers[2].text
    assert "欧" not in main(answers[2])
    assert len(session.scalars(select(ShareCodeUse)).all()) == 2
    # The page of whoever uses it says that the person is told each time.
    assert len(session.scalars(select(Message).filter_by(kind="share_code_used")).all()) == 2
    assert main(owner.get(page)).count("<li>24 November 2026 10:00</li>") == 2
    assert "used up" in owner.get(page).text


def test_the_page_shown_again_is_no_further_use_and_ends(holder, make, record, session, now, app):
    _page, written = make()
    use(holder, written)
    again = [holder.get("/shared/facts") for _ in range(2)]

    assert [answer.status_code for answer in again] == [200, 200]
    assert session.scalars(select(ShareCode.uses)).all() == [1]
    assert app.test_client().get("/shared/facts").location == "/shared"
    now.shift(timedelta(minutes=10))
    assert holder.get("/shared/facts").location == "/shared"


def test_what_was_undone_is_not_shown_again(holder, make, record, owner):
    page, written = make()
    use(holder, written)
    owner.post(f"{page}/take-back")

    assert holder.get("/shared/facts").location == "/shared"


def test_a_code_ends_with_its_last_day(holder, make, record, now):
    _, written = make(replace(GRANT, valid_until_on=TODAY))
    assert use(holder, written).status_code == 200
    now.shift(timedelta(days=1))

    answer = use(holder, written)

    assert (answer.status_code, "has expired" in answer.text) == (422, True)


def test_a_code_that_was_undone_shows_nothing(holder, make, record, owner):
    page, written = make()
    assert owner.post(f"{page}/take-back").status_code == 303
    assert owner.post(f"{page}/take-back").status_code == 303

    answer = use(holder, written)

    assert (answer.status_code, "took this code back" in answer.text) == (422, True)
    assert "<code>" not in owner.get(page).text


def test_what_was_misheard_is_said_before_anything_is_shared_person(holder, make, session):
    _, written = make()
    wrong = next(sign for sign in ALPHABET if sign != written[0]) + written[1:]
    swapped = written[1] + written[0] + written[2:]
    others = [wrong, "3" * 11, "O" * 12] + ([swapped] if written[0] != written[1] else [])

    assert {use(holder, typed).status_code for typed in others} == {422}
    assert not session.scalars(select(ShareCodeUse)).all()


def test_the_last_sign_finds_every_wrong_sign_and_every_exchange():
    code = "34679ACDEFG"
    whole = code + check_sign(code)

    assert is_checked(whole)
    assert not is_checked("")
    for at in range(12):
        assert [sign for sign in ALPHABET if is_checked(whole[:at] + sign + whole[at + 1 :])] == [
            whole[at]
        ]
        for other in range(at):
            signs = list(whole)
            signs[at], signs[other] = signs[other], signs[at]
            assert is_checked("".join(signs)) == (whole[at] == whole[other])


def test_guessing_is_paused_for_an_address(holder, make, record):
    _, written = make()
    code = "34679ACDEFG"
    for _ in range(MOST_VERIFICATIONS):
        assert use(holder, code + check_sign(code)).status_code == 422

    assert use(holder, written).status_code == 429


def test_its_owner_reads_who_looked_and_nobody_else_finds_the_code(
    app, holder, make, record, session, person
):
    page, written = make()
    use(holder, written)
    with app.extensions["siweb_access_log"].session() as log:
        entry = log.scalars(select(AccessLogEntry)).one()

    assert (entry.person_id, entry.reason, entry.function) == (
        person.id,
        "share_code",
        "code_holder",
    )
    sign_in(holder, session, factories.make_person(session), EVERY_FUNCTION)
    assert holder.get(page).status_code == 404
    assert holder.post(f"{page}/take-back").status_code == 404


def test_staff_make_codes_of_their_own_record_alone(app, session, person):
    """No address of the desk makes one, and none takes whose record it is."""
    makers = [rule for rule in app.url_map.iter_rules() if "share_code" in rule.endpoint]
    clerk = factories.make_person(session)
    browser = app.test_client()
    sign_in(browser, session, clerk, EVERY_FUNCTION)
    browser.post("/share-codes/new", data={
        "for_whom": "银行", "shown": ["months"], "years": "1", "valid_until_on": "2026-12-24",
        "uses_allowed": "1", "person_id": str(person.id),
    })  # fmt: skip

    assert not [rule.rule for rule in makers if rule.rule.startswith("/desk")]
    assert session.scalars(select(ShareCode.person_id)).all() == [clerk.id]


@pytest.mark.parametrize("actor", [
    Actor(1, 1, Channel.DESK), Actor(1, 1, Channel.COMMAND), Actor(None, None), Actor(1, None),
    Actor(1, 1, on_behalf_of_person_id=2),
])  # fmt: skip
def test_nobody_makes_a_code_for_somebody_else(session, person, actor):
    with pytest.raises(ShareRefused) as refused:
        make_code(session, GRANT, secret="s", actor=actor, on=TODAY, at=NOW)

    assert refused.value.code == "not_own"


def test_there_is_an_end_to_open_codes(make, owner):
    for _ in range(MOST_OPEN):
        make()
    answer = owner.post("/share-codes/new", data={
        "for_whom": "银行", "shown": ["months"], "years": "1", "valid_until_on": "2026-12-24",
        "uses_allowed": "1",
    })  # fmt: skip

    assert (answer.status_code, "20 codes of yours are open" in answer.text) == (422, True)


def test_the_database_counts_the_uses(make, session):
    make()
    session.scalars(select(ShareCode)).one().uses = 3

    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
