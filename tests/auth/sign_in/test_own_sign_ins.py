"""The owner of an account sees each sign-in, and each wrong password, with device and network."""

from datetime import timedelta

from sqlalchemy import func, select

from siweb.auth.tables.api_token import ApiToken
from siweb.auth.tables.help_mandate import HelpBasis, HelpKind, HelpMandate
from siweb.auth.tables.mandate import MandateKind
from siweb.auth.tables.refused_sign_in import RefusedSignIn
from siweb.share_codes.tables.share_code import ShareCode, Shown
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


def test_who_may_read_now_are_helpers_and_holders_of_open_codes_as_well(
    session, browser, enter, account, person
):
    today, before = NOW.date(), NOW.date() - timedelta(days=1)
    assert "You have no helper" in _may_read(browser, enter, person)
    for number, (name, until_on) in enumerate((("李梅", today), ("王五", before))):
        helper = factories.make_account(session, factories.make_person(session, name=name))
        session.add(
            HelpMandate(
                reference=f"H{number}", person_id=person.id, helper_account_id=helper.id,
                kinds=frozenset({HelpKind.RECORD}), basis=HelpBasis.CODE, from_on=before,
                until_on=until_on, granted_at=NOW,
            )
        )  # fmt: skip
    for number, (whom, values) in enumerate(
        (("工商银行", {}), ("旧房东", {"revoked_at": NOW}), ("用完的", {"uses": 3}))
    ):
        given = {"uses": 0, "valid_until_on": today} | values
        session.add(
            ShareCode(
                reference=f"S{number}", code_hash=f"s{number}", person_id=person.id,
                region_code=person.region_code, for_whom=whom, shown=frozenset({Shown.MONTHS}),
                years=2, made_at=NOW, uses_allowed=3, **given,
            )
        )  # fmt: skip
    session.commit()

    page = browser.get("/record/looks?show=may_read").text

    assert "李梅" in page and "Read their record, account and benefits" in page
    assert "工商银行" in page and "How many months were paid in the last years" in page
    assert not any(name in page for name in ("王五", "旧房东", "用完的"))


def _may_read(browser, enter, person):
    enter(person)
    return browser.get("/record/looks?show=may_read").text
