"""The access log: whose data were shown, by day; what cannot be noted is not shown."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from siweb.audit.access_log import store
from siweb.audit.access_log.note import AccessNotNoted, Viewer, note_access
from siweb.audit.access_log.read import PAGE, access_page
from siweb.audit.access_log.reason import Function, Reason
from siweb.audit.access_log.store import FILE_NAME, AccessLog, open_access_log
from siweb.audit.actor import Channel
from siweb.auth.tables.api_token import ApiToken
from siweb.db.engine import make_engine
from siweb.ledgers.access_log.shown import Shown
from siweb.ledgers.access_log.views import _FUNCTIONS
from tests import factories
from tests.conftest import NOW
from tests.sign_in import EVERY_FUNCTION, sign_in

CLERK = Viewer(7, 70, Function.STAFF, Channel.DESK, region_code="310000")


@pytest.fixture
def log(engine: Engine, sessions, tmp_path) -> AccessLog:
    return open_access_log(engine, sessions, tmp_path)


def noted(log, person_id):
    return [
        (entry.times, entry.reason)
        for day in access_page(log, [person_id]).days
        for entry in day.entries
    ]


def test_each_person_but_the_viewer_gets_an_entry(log):
    assert note_access(log, [70, 71, 72, 71], CLERK, Reason.REVIEW, at=NOW) == 2

    assert noted(log, 71) == noted(log, 72) == [(1, "review")]
    assert noted(log, 70) == []


def test_a_day_counts_and_the_next_day_is_another(log):
    for hours in (0, 1, 24):
        note_access(log, [71], CLERK, Reason.REVIEW, at=NOW + timedelta(hours=hours))

    latest, first = access_page(log, [71]).days

    assert latest.on - first.on == timedelta(days=1)
    (entry,) = first.entries
    assert (entry.times, entry.first_at, entry.last_at) == (2, NOW, NOW + timedelta(hours=1))


def test_reasons_and_viewers_stand_apart(log):
    other = Viewer(8, 80, Function.OWNER, Channel.WEB, employer_id=3)
    note_access(log, [71], CLERK, Reason.REVIEW, at=NOW)
    note_access(log, [71], CLERK, Reason.PAYMENT, at=NOW)
    note_access(log, [71], other, Reason.REVIEW, at=NOW)

    assert len(noted(log, 71)) == 3


def test_one_s_own_pages_touch_no_log(tmp_path):
    log = AccessLog(None, tmp_path / "no" / "such" / "folder" / "\0")

    assert note_access(log, [70], CLERK, Reason.REVIEW, at=NOW) == 0


def test_the_log_of_sqlite_does_not_wait_for_the_office(tmp_path):
    office = make_engine(f"sqlite:///{tmp_path / 'siweb.sqlite3'}")
    with office.begin():  # somebody holds the office's write lock
        log = open_access_log(office, None, tmp_path)
        assert note_access(log, [71], CLERK, Reason.REVIEW, at=NOW) == 1
    office.dispose()

    assert (tmp_path / FILE_NAME).exists()


def test_what_cannot_be_noted_is_refused(tmp_path):
    (tmp_path / FILE_NAME).mkdir()

    with pytest.raises(AccessNotNoted):
        note_access(AccessLog(None, tmp_path), [71], CLERK, Reason.REVIEW, at=NOW)


@pytest.fixture
def desk(client, session):
    sign_in(client, session, factories.make_person(session), EVERY_FUNCTION)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_a_page_that_cannot_be_noted_is_not_shown(app, desk, session, tmp_path):
    person = factories.make_person(session, name="不可见者")
    session.commit()
    (tmp_path / "blocked" / FILE_NAME).mkdir(parents=True)
    app.extensions["siweb_access_log"] = AccessLog(None, tmp_path / "blocked")

    answer = desk.get(f"/desk/people/{person.id}")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "不可见者" not in answer.text
    assert "The access log cannot be written" in answer.text


def test_while_the_log_is_held_nobody_else_is_shown_and_one_s_own_pages_go_on(
    app, desk, session, tmp_path, monkeypatch
):
    """On SQLite somebody else may hold the log's file: it is waited for two seconds at most."""
    assert store._WAIT == 2_000
    monkeypatch.setattr(store, "_WAIT", 1)
    person = factories.make_person(session, name="不可见者")
    session.commit()
    app.extensions["siweb_access_log"] = log = AccessLog(None, tmp_path)
    assert log.is_writable()
    holder = make_engine(f"sqlite:///{tmp_path / FILE_NAME}")

    with holder.begin():
        others, own = desk.get(f"/desk/people/{person.id}"), desk.get("/record")
    later = desk.get(f"/desk/people/{person.id}")
    holder.dispose()

    assert (others.status_code, own.status_code, later.status_code) == (503, 200, 200)
    assert "不可见者" not in others.text
    assert "不可见者" in later.text


def test_people_counted_up_by_number_see_who_looked(app, desk, session):
    people = [factories.make_person(session) for _number in range(3)]
    session.commit()
    for person in people:
        assert desk.get(f"/desk/people/{person.id}").status_code == 200
        assert desk.get(f"/desk/people/{person.id}").status_code == 200

    for person in people:
        owner = app.test_client()
        owner.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        sign_in(owner, session, person)
        page = owner.get("/record/looks").text.partition("<main")[2]
        assert "To look at your insurance as a whole" in page
        assert "2 times" in page
        assert "Agency of" in page


def test_without_an_entry_the_page_says_so(desk):
    assert "Nobody but you has viewed it." in desk.get("/record/looks").text


def test_the_page_shows_one_kind_of_looks_when_asked(app, desk, session):
    person, looker = factories.make_person(session), factories.make_person(session)
    session.commit()
    desk.get(f"/desk/people/{person.id}")
    note_access(
        app.extensions["siweb_access_log"], [person.id],
        Viewer(99, looker.id, Function.RELATIVE, Channel.WEB), Reason.CERTIFICATION, at=NOW,
    )  # fmt: skip
    owner = app.test_client()
    owner.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(owner, session, person)
    desks, helper = "To look at your insurance", "To certify for you"
    seen = {
        shown: [each in owner.get(f"/record/looks?show={shown}").text for each in (desks, helper)]
        for shown in ("all", "offices", "others", "employers", "nonsense")
    }

    assert seen == {
        "all": [True, True], "nonsense": [True, True], "offices": [True, False],
        "others": [False, True], "employers": [False, False],
    }  # fmt: skip


def test_helpers_and_programs_are_named_and_no_one_else(app, session):
    person, helper, clerk = (
        factories.make_person(session, name=name) for name in ("王芳", "帮手甲", "职员乙")
    )
    employer = factories.make_employer(session, name="甲公司")
    by = {each: factories.make_account(session, each).id for each in (helper, clerk)}
    session.add_all(
        ApiToken(
            employer_id=employer.id, account_id=account, name=name, secret_hash=name * 8,
            beginning="siweb_", scopes=["read"], expires_on=NOW.date(), issued_at=NOW,
        )
        for account, name in ((by[clerk], "工资软件"), (by[helper], "别人的"))
    )  # fmt: skip
    session.commit()
    of = {"employer_id": employer.id}
    for account, function, more, reason in (
        (by[helper], Function.HELPER, {}, Reason.HELP),
        (by[clerk], Function.PROGRAM, of, Reason.FILING),
        (by[clerk], Function.CODE_HOLDER, {}, Reason.SHARE_CODE),
        (by[clerk], Function.OWNER, of, Reason.ROSTER),
    ):
        viewer = Viewer(account, 0, function, Channel.WEB, **more)
        note_access(app.extensions["siweb_access_log"], [person.id], viewer, reason, at=NOW)
    owner = app.test_client()
    owner.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(owner, session, person)

    page = owner.get("/record/looks").text

    assert "<b>帮手甲</b> · your helper" in page
    assert "program of the employer “工资软件”" in page
    assert "职员乙" not in page
    assert "别人的" not in page
    # Whoever holds a code that its owner gave away stands among the others.
    assert "Private person" in owner.get("/record/looks?show=others").text


def test_every_look_stands_under_one_of_the_choices():
    parts = [_FUNCTIONS[shown] for shown in (Shown.OFFICES, Shown.EMPLOYERS, Shown.OTHERS)]

    assert sorted(each for part in parts for each in part) == sorted(Function)


def test_many_looks_come_in_pages(app, session, client):
    person = factories.make_person(session)
    session.commit()
    log = app.extensions["siweb_access_log"]
    for account in range(1, PAGE + 2):
        viewer = Viewer(account, 0, Function.RELATIVE, Channel.WEB)
        note_access(log, [person.id], viewer, Reason.CERTIFICATION, at=NOW)

    first = access_page(log, [person.id])
    second = access_page(log, [person.id], page=2)

    counts = [sum(len(day.entries) for day in each.days) for each in (first, second)]
    assert counts == [PAGE, 1]
    assert (first.has_more, second.has_more) == (True, False)
