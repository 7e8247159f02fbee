"""A relative certifies: a number and a name alone never do, other bodies' data must agree."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from siweb.auth.credentials.throttle import PER_NUMBER
from siweb.registry.tables.benefit import LifeSign
from siweb.registry.tables.person_alias import PersonAlias
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.review import Review, ReviewEvent, ReviewState
from siweb.reviews.tables.task import ReviewTask, TaskKind
from tests import factories
from tests.conftest import NOW
from tests.sign_in import EVERY_FUNCTION, sign_in

CERTIFIED_ON = date(2025, 3, 1)


@pytest.fixture
def browser(client):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def declare(browser, session, person, make_review, make_benefit):
    """A relative declares for the recipient; return the case and the benefit."""

    def declare(*, seen_on=None, residence="here", rules=None):
        benefit = make_benefit(CERTIFIED_ON)
        make_review(ReviewKind.CERTIFICATION, ReviewState.PASSED, rules=rules or {"recheck_ppm": 0})
        if seen_on is not None:
            session.add(LifeSign(person_id=person.id, seen_on=seen_on, source="medical"))
        helper = factories.make_person(session, name="李梅")
        session.commit()
        sign_in(browser, session, helper)
        resume = browser.post(
            "/reviews/help", data={"id_number": person.id_number, "name": person.name}
        ).location
        case = resume.removesuffix("/resume")
        first = {"seen": 0, "relationship": "child", "mobile": "13800001234"}
        browser.post(f"{case}/steps/relationship", data=first)
        second = {"seen": 0, "residence": residence, "mobile": "13800001234", "declared": "y"}
        second["place"] = "加拿大"
        browser.post(f"{case}/steps/residence", data=second)
        assert browser.post(f"{case}/check").status_code == 303
        session.expire_all()
        review = session.scalars(select(Review).where(Review.round == 2)).one()
        return review, benefit

    return declare


def test_a_number_and_a_name_alone_wait_at_the_desk(browser, session, declare):
    review, benefit = declare()

    assert (review.state, review.reason) == (ReviewState.MANUAL_REVIEW, "relative_unmatched")
    assert benefit.certified_on == CERTIFIED_ON
    sign_in(
        browser, session, factories.make_person(session, name="经办员"), functions=EVERY_FUNCTION
    )
    assert review.reference in browser.get("/desk?kind=reviews").text


def test_with_data_that_agree_it_passes(declare):
    review, benefit = declare(seen_on=NOW.date() - timedelta(days=5))

    assert (review.state, review.reason) == (ReviewState.PASSED, "by_relative")
    assert benefit.certified_on == NOW.date()


def test_the_recipient_is_told_and_reads_who_it_was(app, session, declare, person):
    review, _benefit = declare()
    owner = app.test_client()
    owner.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(owner, session, person)

    assert "A relative sent your certification" in owner.get("/messages").text
    assert "李梅" in owner.get(f"/reviews/{review.reference}").text


@pytest.mark.parametrize(
    ("days", "state"), [(90, ReviewState.PASSED), (91, ReviewState.MANUAL_REVIEW)]
)
def test_data_count_for_so_many_days_and_not_one_more(declare, days, state):
    review, _benefit = declare(seen_on=NOW.date() - timedelta(days=days))

    assert review.state is state


def test_a_sign_of_life_in_the_future_is_none(declare):
    review, _benefit = declare(seen_on=NOW.date() + timedelta(days=1))

    assert review.state is ReviewState.MANUAL_REVIEW


def test_abroad_a_certificate_is_needed_whatever_the_data_show(declare):
    review, _benefit = declare(seen_on=NOW.date(), residence="abroad")

    assert (review.state, review.reason) == (ReviewState.MANUAL_REVIEW, "lives_abroad")


@pytest.mark.parametrize(("share", "tasks"), [(1_000_000, 1), (0, 0)])
def test_a_share_of_those_that_pass_goes_to_a_second_person(session, declare, share, tasks):
    review, _benefit = declare(seen_on=NOW.date(), rules={"recheck_ppm": share})

    found = session.scalars(select(ReviewTask).where(ReviewTask.review_id == review.id)).all()
    assert [task.kind for task in found] == [TaskKind.RECHECK] * tasks
    assert review.state is ReviewState.PASSED


def test_what_waits_at_the_desk_is_in_no_share(session, declare):
    declare(rules={"recheck_ppm": 1_000_000})

    assert not session.scalars(select(ReviewTask)).all()


def test_the_record_keeps_the_relationship_and_no_telephone_number(session, declare):
    review, _benefit = declare()

    facts = session.scalars(
        select(ReviewEvent.facts).where(ReviewEvent.review_id == review.id).order_by(ReviewEvent.id)
    ).all()
    assert facts[-1]["relationship"] == "child"
    assert "13800001234" not in str(facts)


def test_no_page_shows_the_code_of_an_answer(browser, session, person, declare):
    review, _benefit = declare()
    pages = [browser.get(f"/reviews/{review.reference}").text]
    sign_in(browser, session, person)
    pages.append(browser.get(f"/reviews/{review.reference}").text)
    sign_in(
        browser, session, factories.make_person(session, name="经办员"), functions=EVERY_FUNCTION
    )
    pages.append(browser.get(f"/desk/reviews/{review.reference}").text)

    assert not [page for page in pages if ">child<" in page or "{'" in page]
    assert "Son or daughter" in pages[-1]
    assert "13800001234" in pages[-1]


@pytest.mark.parametrize("name", ["王芬", "王", "李梅"])
def test_another_name_opens_nothing(browser, session, person, make_review, make_benefit, name):
    make_benefit(CERTIFIED_ON)
    make_review(ReviewKind.CERTIFICATION, ReviewState.PASSED)
    sign_in(browser, session, factories.make_person(session, name="李梅"))

    answer = browser.post("/reviews/help", data={"id_number": person.id_number, "name": name})

    assert answer.status_code == 422


def test_nobody_is_their_own_relative(browser, session, person, make_review, make_benefit):
    make_benefit(CERTIFIED_ON)
    make_review(ReviewKind.CERTIFICATION, ReviewState.PASSED)
    sign_in(browser, session, person)

    answer = browser.post(
        "/reviews/help", data={"id_number": person.id_number, "name": person.name}
    )

    assert answer.status_code == 422


def test_a_stranger_who_begins_keeps_no_relative_out_and_shows_nothing(
    browser, session, person, make_review, make_benefit
):
    make_benefit(CERTIFIED_ON)
    make_review(ReviewKind.CERTIFICATION, ReviewState.PASSED)
    whom = {"id_number": person.id_number, "name": person.name}
    sign_in(browser, session, factories.make_person(session, name="陌生人"))
    case = browser.post("/reviews/help", data=whom).location.removesuffix("/resume")
    first = {"seen": 0, "relationship": "other", "mobile": "13900009999"}
    browser.post(f"{case}/steps/relationship", data=first)
    sign_in(browser, session, factories.make_person(session, name="李梅"))

    answer = browser.post("/reviews/help", data=whom)

    assert answer.location == f"{case}/resume"
    page = browser.get(f"{case}/steps/relationship").text
    assert "13900009999" not in page
    assert "checked" not in page


def test_what_a_relative_sent_is_not_begun_by_another(session, browser, person, declare):
    declare()
    sign_in(browser, session, factories.make_person(session, name="陌生人"))

    answer = browser.post(
        "/reviews/help", data={"id_number": person.id_number, "name": person.name}
    )

    assert answer.status_code == 422


def test_tries_are_counted_so_that_numbers_are_not_tried_out(
    browser, session, person, make_review, make_benefit
):
    make_benefit(CERTIFIED_ON)
    make_review(ReviewKind.CERTIFICATION, ReviewState.PASSED)
    sign_in(browser, session, factories.make_person(session, name="陌生人"))
    for _try in range(PER_NUMBER.tries):
        browser.post("/reviews/help", data={"id_number": person.id_number, "name": "王"})

    answer = browser.post(
        "/reviews/help", data={"id_number": person.id_number, "name": person.name}
    )

    assert "Too many failed attempts" in answer.text
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        sign_in(browser, session, factories.make_person(session, name="李梅"))
        found = browser.post(
            "/reviews/help", data={"id_number": person.id_number, "name": person.name}
        )
        assert found.status_code == 303


def test_nobody_certifies_themselves_under_another_number(
    browser, session, person, make_review, make_benefit
):
    make_benefit(CERTIFIED_ON)
    make_review(ReviewKind.CERTIFICATION, ReviewState.PASSED)
    former = factories.make_person(session, name=person.name)
    sign_in(browser, session, former)
    session.add(PersonAlias(former_id=former.id, person_id=person.id, merged_at=NOW))
    session.commit()

    for number in (person.id_number, former.id_number):
        typed = {"id_number": number, "name": person.name}
        assert browser.post("/reviews/help", data=typed).status_code == 422
    # To somebody else either number leads to the person.
    sign_in(browser, session, factories.make_person(session, name="李梅"))
    sent = browser.post("/reviews/help", data={"id_number": former.id_number, "name": person.name})

    assert sent.location.endswith("/resume")
    assert session.scalars(select(Review.person_id)).all() == [person.id] * 2
