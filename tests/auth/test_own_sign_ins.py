"""The owner of an account sees each sign-in, and each wrong password, with device and network."""

from sqlalchemy import func, select

from siweb.auth.tables.api_token import ApiToken
from siweb.auth.tables.mandate import MandateKind
from siweb.auth.tables.refused_sign_in import RefusedSignIn
from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in

FIREFOX = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/141.0"}


def refused(session):
    return session.scalar(select(func.count()).select_from(RefusedSignIn))


def test_a_strangers_wrong_password_is_shown_to_the_owner(
    app, session, browser, enter, account, person
):
    stranger = app.test_client()
    stranger.post(
        "/sign-in",
        data={"id_number": person.id_number, "password": "wrong"},
        headers=FIREFOX,
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
    )
    enter(person)
    page = browser.get("/record/looks?show=sign_ins").text.partition("<main")[2]

    own, strangers = page.split("<li>")[1:]
    assert "This browser" in own and "Wrong password" not in own
    assert "Windows · Firefox" in strangers and "Wrong password" in strangers
    assert "203.0.113." in strangers
    assert refused(session) == 1


def test_of_a_number_without_account_and_of_a_pause_nothing_is_kept(
    session, enter, account, person
):
    enter(factories.make_person(session), "wrong")
    assert refused(session) == 0

    for _ in range(7):
        enter(person, "wrong")
    assert refused(session) == 5


def test_what_is_older_than_a_year_goes_with_the_next_sign_in(
    clock, session, enter, account, person
):
    enter(person, "wrong")
    clock.move_to(NOW.replace(year=NOW.year + 2))
    enter(person, "wrong")
    enter(person)

    assert refused(session) == 1


def test_nobody_sees_the_sign_ins_of_another(app, session, enter, account, person):
    enter(person, "wrong")
    other = app.test_client()
    sign_in(other, session, factories.make_person(session))
    other.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    assert "Wrong password" not in other.get("/record/looks?show=sign_ins").text


def test_a_sign_in_that_idled_out_is_not_called_open(clock, app, browser, enter, account, person):
    enter(person, by=(first := app.test_client()))
    assert first.get("/account").status_code == 200
    clock.shift(31 * 60)
    enter(person)

    assert "Still signed in" not in browser.get("/record/looks?show=sign_ins").text


def test_who_may_read_now_are_those_who_act_for_my_employer(
    session, browser, enter, account, person
):
    here, gone = (factories.make_employer(session, name=name) for name in ("甲公司", "乙公司"))
    factories.make_enrolment(session, person, employer=here)
    factories.make_employment(session, person, gone, ended_on=NOW.date().replace(day=1))
    clerk = factories.make_account(session, factories.make_person(session))
    for employer in (here, gone):
        factories.make_mandate(session, clerk, employer, kind=MandateKind.FILER)
    for name, ends in (("工资系统", NOW.date()), ("旧系统", NOW.date().replace(day=1))):
        session.add(
            ApiToken(
                employer_id=here.id, account_id=clerk.id, name=name, secret_hash=name,
                beginning="x", scopes=["read"], expires_on=ends, issued_at=NOW,
            )
        )  # fmt: skip
    session.commit()
    enter(person)

    page = browser.get("/record/looks?show=may_read").text

    assert "甲公司</b> · files for the employer<br>\n1 person" in page
    assert "program “工资系统”" in page
    assert "乙公司" not in page and "旧系统" not in page
