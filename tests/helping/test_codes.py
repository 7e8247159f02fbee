"""The code on the phone: for one helper by name, once, for a day; and what is refused whoever asks."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from siweb.audit.actor import Actor
from siweb.auth.credentials.throttle import PER_NUMBER
from siweb.auth.helping.codes import make_code
from siweb.auth.helping.give import MOST_HELPERS, MOST_PEOPLE
from siweb.auth.helping.refused import HelpRefused
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.help_mandate import HelpBasis, HelpCode, HelpKind, HelpMandate
from siweb.messages.tables.message import Message
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.review import Review, ReviewEvent, ReviewState
from tests import factories
from tests.conftest import NOW
from tests.helping.conftest import REGION, TODAY, browser_of
from tests.sign_in import appoint

UNTIL = (TODAY + timedelta(days=90)).isoformat()
GIVEN = {"helper_name": "李梅", "kinds": ["record_check", "papers"], "until_on": UNTIL}
REFUSED = "This code does not fit"


def code_on(owner, **given):
    """Make a code; return the digits on the page."""
    assert owner.post("/helpers/new", data=GIVEN | given).status_code == 303
    return re.search(r'class="figure">(\d{4} \d{4})<', owner.get("/helpers").text)[1]


def told(session, person):
    return set(session.scalars(select(Message.kind).where(Message.person_id == person.id)))


def test_a_code_gives_what_was_ticked_and_both_are_told(session, owner, browser, person, helper):
    digits = code_on(owner)
    answer = browser.post("/helpers/use", data={"code": digits})
    row = session.scalars(select(HelpMandate)).one()

    assert answer.location == f"/for/{row.reference}"
    assert row.kinds == {HelpKind.RECORD_CHECK, HelpKind.PAPERS}
    assert (row.person_id, row.basis, row.until_on.isoformat()) == (
        person.id, HelpBasis.CODE, UNTIL,
    )  # fmt: skip
    assert "help_given" in told(session, person)
    assert "may_help" in told(session, helper)
    page = owner.get("/helpers").text
    assert "李梅" in page
    assert digits not in page  # used: it is no code any more
    assert "王秀英" in browser.get("/helpers").text


@pytest.mark.parametrize("change", ["used", "a day old", "taken back", "another digit"])
def test_a_code_is_good_once_and_for_a_day(session, owner, browser, now, change):
    digits = code_on(owner)
    if change == "used":
        browser.post("/helpers/use", data={"code": digits})
        row = session.scalars(select(HelpMandate)).one()
        browser.post(f"/helpers/{row.reference}/end")
    elif change == "a day old":
        session.scalars(select(HelpCode)).one().expires_at = NOW
        session.commit()
    elif change == "taken back":
        code = session.scalars(select(HelpCode)).one()
        assert owner.post(f"/helpers/codes/{code.reference}/take-back").status_code == 303
    else:
        digits = digits[:-1] + str((int(digits[-1]) + 1) % 10)

    assert REFUSED in browser.post("/helpers/use", data={"code": digits}).text
    assert not session.scalar(select(HelpMandate.id).where(HelpMandate.ended_at.is_(None)))


def test_who_overhears_a_code_gets_nothing_and_the_helper_still_does(app, session, owner, browser):
    digits = code_on(owner)
    stranger = browser_of(app, session, factories.make_person(session, name="赵六"))

    assert REFUSED in stranger.post("/helpers/use", data={"code": digits}).text
    assert browser.post("/helpers/use", data={"code": digits}).status_code == 303


def test_wrong_codes_are_counted_and_then_there_is_a_pause(owner, browser):
    digits = code_on(owner)
    wrong = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    for _try in range(PER_NUMBER.tries):
        assert REFUSED in browser.post("/helpers/use", data={"code": wrong}).text
    # What cannot be a code is said before it is counted, and the right one waits as well.
    assert "A code has 8 digits" in browser.post("/helpers/use", data={"code": "1234567"}).text
    assert "Too many failed" in browser.post("/helpers/use", data={"code": digits}).text


def test_digits_of_another_script_are_no_code(browser):
    assert "A code has 8 digits" in browser.post("/helpers/use", data={"code": "١٢٣٤٥٦٧٨"}).text


def test_nobody_makes_a_code_for_somebody_else(session, person, helper, browser):
    account = session.scalars(select(Account.id).where(Account.person_id == helper.id)).one()
    actor = Actor(account, helper.id, on_behalf_of_person_id=person.id)
    given = ("李梅", frozenset({HelpKind.RECORD}), TODAY)
    with pytest.raises(HelpRefused, match="not_own"):
        make_code(session, *given, key="k", actor=actor, on=TODAY, at=NOW)


def test_nobody_names_themselves(owner):
    digits = code_on(owner, helper_name="王秀英")

    assert (
        "Helper and helped are one person" in owner.post("/helpers/use", data={"code": digits}).text
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "This date has passed"),
        (0, None),
        (366, None),
        (367, "The longest is 366 days from today"),
    ],
)
def test_a_mandate_lasts_a_year_at_most(owner, days, words):
    until_on = (TODAY + timedelta(days=days)).isoformat()
    answer = owner.post("/helpers/new", data=GIVEN | {"until_on": until_on})

    assert answer.status_code == (303 if words is None else 422)
    assert words is None or words in answer.text


@pytest.mark.parametrize(
    ("born_on", "is_given"), [(date(2008, 11, 24), True), (date(2008, 11, 25), False)]
)
def test_a_helper_is_of_age(session, owner, browser, helper, born_on, is_given):
    assert date(2026, 11, 24) == TODAY
    helper.born_on = born_on
    session.commit()
    answer = browser.post("/helpers/use", data={"code": code_on(owner)})

    assert (answer.status_code == 303) is is_given
    # A refusal that is no wrong code leaves it: its giver need not make another.
    assert bool(session.scalar(select(HelpCode.used_at))) is is_given


@pytest.mark.parametrize(("region", "status"), [(REGION, 422), ("330100", 303), (None, 422)])
def test_who_works_at_the_agency_helps_none_of_those_it_serves(
    session, owner, browser, helper, region, status
):
    agency = factories.make_agency(session, region).id if region else None
    appoint(session, helper, Function.REVIEW, agency_id=agency)
    session.commit()

    answer = browser.post("/helpers/use", data={"code": code_on(owner)})

    assert answer.status_code == status


def others(session, number):
    return [
        factories.make_person(session, name=f"张{n}", region_code=REGION) for n in range(number)
    ]


def held_for(session, helper, people, **values):
    account = session.scalars(select(Account.id).where(Account.person_id == helper.id)).one()
    for number, one in enumerate(people):
        session.add(
            HelpMandate(
                reference=f"OTHER{number}{helper.id}", person_id=one.id, helper_account_id=account,
                kinds=frozenset({HelpKind.RECORD}), basis=HelpBasis.CODE, from_on=TODAY,
                until_on=TODAY, granted_at=NOW, **values,
            )
        )  # fmt: skip
    session.commit()


@pytest.mark.parametrize(("number", "status"), [(MOST_PEOPLE - 1, 303), (MOST_PEOPLE, 422)])
def test_a_helper_has_five_people_at_most(session, owner, browser, helper, number, status):
    held_for(session, helper, others(session, number))

    assert browser.post("/helpers/use", data={"code": code_on(owner)}).status_code == status


def test_who_is_appointed_helps_more_and_those_rest_on_the_appointment(
    session, owner, browser, helper, appointed
):
    held_for(session, helper, others(session, MOST_PEOPLE))

    assert browser.post("/helpers/use", data={"code": code_on(owner)}).status_code == 303
    rested = select(HelpMandate.reference).where(HelpMandate.community_helper_id == appointed.id)
    assert len(session.scalars(rested).all()) == 1


@pytest.mark.parametrize(("number", "status"), [(MOST_HELPERS - 1, 303), (MOST_HELPERS, 422)])
def test_a_person_has_three_helpers_at_most(app, session, owner, browser, person, number, status):
    for one in others(session, number):
        browser_of(app, session, one)
        held_for(session, one, [person])

    assert browser.post("/helpers/use", data={"code": code_on(owner)}).status_code == status


def test_a_new_mandate_takes_the_place_of_the_old_one(
    session, owner, browser, mandate, person, helper
):
    old = mandate(HelpKind.RECORD)
    assert "takes the place of what they may do now" in owner.get("/helpers/new").text
    browser.post("/helpers/use", data={"code": code_on(owner)})

    gone = browser.get(f"/for/{old.reference}")
    assert (gone.status_code, "a new code took its place" in gone.text) == (404, True)
    # Nobody is told that the help is over: it goes on.
    assert "help_ended" not in told(session, person)
    assert "may_help_no_more" not in told(session, helper)
    assert session.scalars(select(HelpMandate.ended_at).order_by(HelpMandate.id)).all() == [
        NOW, None,
    ]  # fmt: skip


@pytest.mark.parametrize(("who", "status"), [("owner", 303), ("browser", 303), ("stranger", 404)])
def test_either_of_both_ends_it_and_nobody_else(
    app, session, owner, browser, mandate, person, helper, who, status
):
    row = mandate()
    stranger = browser_of(app, session, factories.make_person(session, name="赵六"))
    by = {"owner": owner, "browser": browser, "stranger": stranger}[who]

    assert by.post(f"/helpers/{row.reference}/end").status_code == status
    session.expire_all()
    assert (row.ended_at is not None) is (status == 303)
    assert browser.get(f"/for/{row.reference}").status_code == (404 if status == 303 else 200)
    if status == 303:
        assert "help_ended" in told(session, person)
        assert "may_help_no_more" in told(session, helper)


def test_what_was_ended_says_when_and_its_helper_is_told_on_sending(owner, browser, mandate):
    row = mandate(until_on=TODAY + timedelta(days=30))
    assert "Nobody." in owner.get("/helpers").text.partition("Whom I may help")[2]
    owner.post(f"/helpers/{row.reference}/end")
    page = owner.get("/helpers").text

    assert "ended on 24 November 2026" in page
    assert "24 December" not in page
    sent = browser.post(f"/for/{row.reference}/reviews/start", data={"campaign": 1})
    assert (sent.status_code, "You no longer help this person" in sent.text) == (404, True)
    assert "王秀英" not in sent.text
    # To anybody else it answers like one that never was.
    assert "There is no such page" in owner.get(f"/for/{row.reference}").text


def test_with_an_open_code_it_does_not_say_that_nobody_helps(owner):
    mine = "Who may do things for me"
    assert "Nobody." in owner.get("/helpers").text.partition(mine)[2].partition("Whom I")[0]
    code_on(owner)
    assert "Nobody." not in owner.get("/helpers").text.partition(mine)[2].partition("Whom I")[0]


def start(browser, session, kind, place):
    campaign = session.scalars(select(Campaign.id).where(Campaign.kind == kind)).one()
    return browser.post(f"{place}/reviews/start", data={"campaign": campaign})


def test_a_record_check_is_sent_for_somebody_and_both_names_stand_on_it(
    session, owner, browser, mandate, person, record
):
    here = f"/for/{mandate(HelpKind.RECORD_CHECK).reference}"
    person.mobile = "13800001111"
    session.commit()
    case = start(browser, session, ReviewKind.RECORD_CHECK, here).location.removesuffix("/resume")
    # Contact data is not asked of a helper: the person would no longer be told.
    assert case.startswith(f"{here}/reviews/")
    assert browser.get(f"{case}/steps/contact").status_code == 303
    for step in ("insurances", "months", "account"):
        assert "王秀英" in browser.get(f"{case}/steps/{step}").text
        browser.post(f"{case}/steps/{step}", data={"seen": 0, "verdict": "right"})
    check = browser.get(f"{case}/check").text
    assert "you filled this in for 王秀英 and that it is true" in check
    assert "these answers are yours" not in check
    assert browser.post(f"{case}/check").status_code == 303
    session.expire_all()
    review = session.scalars(select(Review)).one()

    assert (review.person_id, review.helper_name) == (person.id, "李梅")
    assert review.state is not ReviewState.DRAFT
    assert person.mobile == "13800001111"
    assert "help_review" in told(session, person)
    page = owner.get(f"/reviews/{review.reference}").text
    assert "李梅" in page
    paper = owner.get(re.search(r'href="(/documents/\w+)"', page)[1]).text
    assert "李梅" in paper
    assert "王秀英" in paper
    assert {"help"} <= {kind.partition("_")[0] for kind in told(session, person)}
    by = session.scalars(select(ReviewEvent.account_id).order_by(ReviewEvent.id.desc())).first()
    assert by == session.scalars(select(HelpMandate.helper_account_id)).one()


def test_what_a_helper_adds_and_takes_back_stands_under_their_name(
    session, owner, browser, mandate, person, record
):
    here = f"/for/{mandate(HelpKind.RECORD_CHECK).reference}"
    case = start(browser, session, ReviewKind.RECORD_CHECK, here).location.removesuffix("/resume")
    review = session.scalars(select(Review)).one()
    review.state, review.submitted_at = ReviewState.MANUAL_REVIEW, NOW
    session.commit()
    for by, place, words in ((browser, case, "有工资条"), (owner, case.removeprefix(here), "我的")):
        assert by.post(f"{place}/add", data={"words": words}).status_code == 303
    line = "by 李梅, for this person"

    assert owner.get(f"/reviews/{review.reference}").text.count(line) == 1
    assert browser.post(f"{case}/take-back").status_code == 303
    facts = session.scalars(select(ReviewEvent.facts).order_by(ReviewEvent.id)).all()
    assert [one.get("helper") for one in facts[-3:]] == ["李梅", None, "李梅"]
    # Told once a day, they read of each in that message, and of nothing that they did themselves.
    said = owner.get(f"/messages/help_review/review-{review.id}/{TODAY}").text
    assert said.count("by 李梅") == 2
    assert said.index("Something was added, by") < said.index("Withdrawn, by")


def test_answers_go_on_with_whoever_comes_last(session, owner, browser, mandate, record):
    here = f"/for/{mandate(HelpKind.RECORD_CHECK).reference}"
    case = start(owner, session, ReviewKind.RECORD_CHECK, "").location.removesuffix("/resume")
    owner.post(
        f"{case}/steps/contact", data={"seen": 0, "name_is": "right", "mobile": "13800001111"}
    )
    owner.post(f"{case}/steps/insurances", data={"seen": 0, "verdict": "right"})

    again = start(browser, session, ReviewKind.RECORD_CHECK, here).location
    assert browser.get(again).location.endswith("/steps/months")
    # The person begins where the helper is, and is not shut out.
    assert owner.get(f"{case}/steps/months").status_code == 303
    back = start(owner, session, ReviewKind.RECORD_CHECK, "").location
    assert owner.get(back).status_code == 303


def test_agreeing_last_year_proves_nobody_alive(session, browser, mandate, record):
    """A certification for whom one may act waits for data or for a person, as any relative's."""
    here = f"/for/{mandate(HelpKind.CERTIFICATION).reference}"
    case = start(browser, session, ReviewKind.CERTIFICATION, here).location.removesuffix("/resume")
    assert "You are helping 王秀英." in browser.get(f"{case}/steps/relationship").text
    first = {"seen": 0, "relationship": "neighbour", "mobile": "13800001234"}
    browser.post(f"{case}/steps/relationship", data=first)
    asked = browser.get(f"{case}/steps/residence").text
    assert "Where does the recipient live now?" in asked
    assert "Where do you live now?" not in asked
    second = {"seen": 0, "residence": "here", "mobile": "13800001234", "declared": "y"}
    browser.post(f"{case}/steps/residence", data=second)
    assert browser.post(f"{case}/check").status_code == 303
    session.expire_all()
    review = session.scalars(select(Review)).one()

    assert (review.state, review.reason) == (ReviewState.MANUAL_REVIEW, "relative_unmatched")


def test_a_review_of_another_kind_is_not_begun(session, browser, mandate, record):
    here = f"/for/{mandate(HelpKind.RECORD_CHECK).reference}"

    assert start(browser, session, ReviewKind.CERTIFICATION, here).status_code == 404
    page = browser.get(f"{here}/reviews").text
    assert "Record check 2025" in page
    assert "Certification 2025" not in page


def test_a_paper_that_is_got_is_told_and_is_the_persons(
    session, browser, owner, mandate, person, record
):
    here = f"/for/{mandate(HelpKind.PAPERS).reference}"
    answer = browser.post(f"{here}/certificates/enrolment_certificate")

    assert answer.location.startswith(f"{here}/documents/")
    assert "王秀英" in browser.get(answer.location).text
    assert owner.get(answer.location.removeprefix(here)).status_code == 200
    assert browser.get(answer.location.removeprefix(here)).status_code == 404
    assert "help_paper" in told(session, person)


def test_a_ward_gives_nobody_a_code_and_neither_ends_the_guardianship(
    session, owner, browser, mandate, person
):
    digits = code_on(owner)
    row = mandate(basis=HelpBasis.GUARDIANSHIP)

    page = owner.get("/helpers").text
    assert "you can end it at any time" not in page
    assert "/helpers/new" not in page
    refused = owner.post("/helpers/new", data=GIVEN)
    assert refused.status_code == 422
    assert "Come with the guardian" in refused.text
    # One that was made before the guardian was named gives nothing any more.
    assert "Come with the guardian" in browser.post("/helpers/use", data={"code": digits}).text
    assert "Stop helping" not in browser.get(f"/for/{row.reference}").text
    for each in (owner, browser):
        page = each.post(f"/helpers/{row.reference}/end", follow_redirects=True).text
        assert "bring their paper to the agency" in page
    session.expire_all()
    assert row.ended_at is None
