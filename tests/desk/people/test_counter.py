"""At the counter: a person is registered, reached, and given the code that opens an account."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from pypdf import PdfReader
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.messages.tables.message import Message
from siweb.registry.codes import RetirementCategory
from siweb.registry.tables.person import Person
from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in

MAN = factories.make_id_number(date(1990, 3, 7), 901)
OTHER = factories.make_id_number(date(1985, 3, 5), 903)
WOMAN = factories.make_id_number(date(1991, 6, 3), 902)
COUNTER = "code-handed"
PASSWORD = "mao zai shui jiao"


@pytest.fixture
def desk(app, session):
    """A clerk of registration; the time stands still."""
    with time_machine.travel(NOW, tick=False):
        browser = app.test_client()
        factories.make_region(session, "310000", is_hosted=True)
        sign_in(browser, session, factories.make_person(session), [Function.REGISTRATION])
        browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        yield browser


@pytest.fixture
def person(session):
    found = factories.make_person(session, name="李雷", region_code="310000", id_number=OTHER)
    session.commit()
    return found


def code_in(page):
    (code,) = re.findall(r"<code>([A-Z0-9 -]+)</code>", page)
    return code


def activate(browser, person, code):
    return browser.post(
        "/activate",
        data={
            "id_number": person.id_number, "name": person.name, "code": code,
            "new_password": PASSWORD, "repeated": PASSWORD,
        },
    )  # fmt: skip


def give(desk, person, handed="at_counter"):
    return desk.post(f"/desk/counter/{person.id}/code", data={COUNTER: handed})


def test_somebody_new_is_registered_and_opens_an_account_with_the_code(app, desk, session):
    sent = desk.post(
        "/desk/counter/register",
        data={"id_number": WOMAN, "name": "赵 敏", "region": "310000", "category": "female50"},
    )
    person = session.scalars(select(Person).where(Person.id_number == WOMAN)).one()
    assert sent.location.endswith(f"/desk/counter/{person.id}")
    assert (person.name, person.born_on) == ("赵 敏", date(1991, 6, 3))
    assert person.retirement_category is RetirementCategory.FEMALE_50

    code = code_in(give(desk, person).text)
    opened = activate(app.test_client(), person, code)

    assert opened.status_code == 303
    assert session.scalar(select(Account.id).where(Account.person_id == person.id))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"id_number": "1"}, "18 characters"),
        ({"name": ""}, "Enter the name as on the ID card."),
        ({"category": ""}, "Choose her post"),
        ({"region": "999999"}, "Not a valid choice"),
        ({"id_number": MAN}, "there is no post to choose"),
    ],
)
def test_what_the_card_does_not_say_is_named_beside_its_field(desk, session, typed, sentence):
    asked = {"id_number": WOMAN, "name": "赵敏", "region": "310000", "category": "female55"}
    before = session.scalars(select(Person.id)).all()

    sent = desk.post("/desk/counter/register", data=asked | typed)

    assert sent.status_code == 422
    assert sentence in sent.text
    assert session.scalars(select(Person.id)).all() == before


def test_nobody_is_registered_twice(desk, session, person):
    asked = {"id_number": person.id_number, "name": "李雷", "region": "310000", "category": ""}

    sent = desk.post("/desk/counter/register", data=asked)

    assert sent.status_code == 422
    assert "find the person instead" in sent.text


def test_a_new_code_ends_the_one_before(app, desk, person):
    earlier, later = (code_in(give(desk, person).text) for _ in range(2))

    assert activate(app.test_client(), person, earlier).status_code == 422
    assert activate(app.test_client(), person, later).status_code == 303


def test_a_code_lasts_thirty_days(app, desk, person):
    code = code_in(give(desk, person).text)

    with time_machine.travel(NOW + timedelta(days=30), tick=False):
        assert activate(app.test_client(), person, code).status_code == 422
    with time_machine.travel(NOW + timedelta(days=30, seconds=-1), tick=False):
        assert activate(app.test_client(), person, code).status_code == 303


def test_whoever_has_an_account_is_told_of_a_code_and_others_are_not(desk, session, person):
    give(desk, person)
    assert session.scalars(select(Message.kind)).all() == []
    factories.make_account(session, person)
    session.commit()

    give(desk, person)

    kinds = session.scalars(select(Message.kind).where(Message.person_id == person.id)).all()
    assert kinds == ["activation_issued"]


def test_the_log_says_how_a_code_was_given_and_never_which(desk, session, person):
    code = code_in(give(desk, person).text)

    (line,) = session.scalars(
        select(Activity).where(Activity.action == "activation_code.issued")
    ).all()
    assert (line.facts, line.subject_id) == ({"handed": "at_counter"}, str(person.id))
    assert line.account_id is not None
    assert code.replace(" ", "") not in str(line.facts)


def test_a_letter_brings_the_code_to_the_registered_address(app, desk, session, person):
    person.address = "示范路1号"
    session.commit()

    sent = give(desk, person, "by_post")

    assert sent.mimetype == "application/pdf"
    assert sent.headers["Content-Disposition"].startswith("attachment")
    text = PdfReader(BytesIO(sent.data)).pages[0].extract_text()
    assert "李雷" in text
    assert "示范路1号" in text
    assert "/activate" in text
    (code,) = re.findall(r"\b([A-Z0-9]{5}-[A-Z0-9]{3})\b", text)
    assert activate(app.test_client(), person, code).status_code == 303


def test_without_an_address_there_is_no_letter(desk, session, person):
    refused = give(desk, person, "by_post")

    assert refused.status_code == 422
    assert "no address" in refused.text
    desk.post(
        f"/desk/counter/{person.id}/contact",
        data={"contact-mobile": "13800001234", "contact-address": "示范路2号", "contact-email": ""},
    )
    session.expire_all()
    assert (person.mobile, person.address) == ("13800001234", "示范路2号")
    assert give(desk, person, "by_post").mimetype == "application/pdf"


def test_contact_that_cannot_be_is_named_and_nothing_typed_is_lost(desk, session, person):
    sent = desk.post(
        f"/desk/counter/{person.id}/contact",
        data={"contact-mobile": "12", "contact-address": "示范路2号"},
    )

    assert sent.status_code == 422
    assert "11 digits" in sent.text
    assert "示范路2号" in sent.text
    session.expire_all()
    assert person.address is None


def test_who_died_gets_no_code(desk, session, person):
    person.died_on = date(2026, 1, 2)
    session.commit()

    refused = give(desk, person)

    assert refused.status_code == 422
    assert "registered as dead" in refused.text


def test_nobody_gives_themselves_a_code(app, desk, session):
    me = session.scalars(select(Person)).first()

    assert give(desk, me).status_code == 403


@pytest.mark.parametrize("functions", [[Function.FINANCE], [Function.AUDIT], []])
def test_the_counter_belongs_to_registration_and_administration(app, session, person, functions):
    with time_machine.travel(NOW, tick=False):
        browser = app.test_client()
        sign_in(browser, session, factories.make_person(session), functions)

        assert give(browser, person).status_code == 404
