"""Scans come with a form of the desk, wait with its task, and are opened by those of the matter."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.auth.tables.appointment import Function
from siweb.evidence.drafts import forget_drafts
from siweb.evidence.field import ScansForm
from siweb.evidence.open_scan import SANDBOX
from siweb.evidence.scan import KEPT
from siweb.evidence.tables.evidence_file import EvidenceFile
from siweb.files.kept_file import FileKind, KeptFile
from siweb.files.store import FileStore
from siweb.registry.codes import AgencyKind
from siweb.registry.tables.agency import Agency
from siweb.tasks.tables.task import Task
from tests import factories
from tests.auth.second_factor import code_at, give_factor
from tests.conftest import NOW
from tests.evidence.scans import jpeg, pdf, png, upload
from tests.papers import asks_for_paper, forms_of_desk, paper
from tests.sign_in import EVERY_FUNCTION, appoint, sign_in

HERE, ELSEWHERE = "310100", "320100"
DIED = {"died_on": "2026-10-30", **paper("proof", "死亡证明1号")}
PROVE = "/account/second-factor/prove"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def browser(app, session):
    def signed_in(*functions, agency_id=None, person=None):
        person = person or factories.make_person(session)
        appoint(session, person, *functions, agency_id=agency_id)
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        sign_in(client, session, person)
        return client

    return signed_in


@pytest.fixture
def person(session):
    person = factories.make_person(session, region_code=HERE)
    session.commit()
    return person


@pytest.fixture
def maker(browser):
    return browser(Function.REGISTRATION)


def send(client, person, *files, **changed):
    return client.post(
        f"/desk/people/{person.id}/death",
        data=DIED | changed | {"scans": list(files)},
        content_type="multipart/form-data",
    )


def tokens(page):
    return re.findall(r'name="scans" value="([\w=-]+)"', page.text)


def addresses(client, session):
    reference = session.scalars(select(Task.reference)).one()
    page = client.get(f"/desk/tasks/{reference}").text
    return re.findall(r'href="(/desk/evidence/\w+)"', page)


def test_the_checker_opens_what_the_maker_handed_in_where_nothing_runs(
    browser, maker, session, person
):
    assert send(maker, person, upload(pdf(3)), upload(png(), "b.png")).status_code == 303
    checker = browser(Function.REGISTRATION)
    papers, picture = addresses(checker, session)

    first, second = checker.get(papers), checker.get(picture)

    assert (first.data, second.data) == (pdf(3), png())
    assert first.headers["Content-Disposition"].startswith("attachment;")
    assert second.headers["Content-Disposition"].startswith("inline;")
    assert (first.mimetype, second.mimetype) == ("application/pdf", "image/png")
    for answer in (first, second):
        assert answer.headers.getlist("Content-Security-Policy") == [SANDBOX]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    reference = session.scalars(select(Task.reference)).one()
    page = maker.get(f"/desk/tasks/{reference}").text
    assert "PDF, 3 pages, 1 KB" in page


def test_nobody_else_opens_it(browser, maker, session, person):
    send(maker, person, upload(pdf()))
    [address] = addresses(maker, session)
    agencies = {}
    for region in (HERE, ELSEWHERE):
        agency = Agency(
            region_code=factories.make_region(session, region).code, kind=AgencyKind.HRSS,
            name_zh="机构", name_en="Agency", address_zh="", address_en="", phone="12333",
        )  # fmt: skip
        session.add(agency)
        session.flush()
        agencies[region] = agency.id
    of_another = [each for each in Function if each not in {Function.REGISTRATION, Function.AUDIT}]
    strangers = [
        browser(*of_another),
        browser(*Function, agency_id=agencies[ELSEWHERE]),
        browser(Function.REGISTRATION, person=person),
        browser(),
    ]

    assert [each.get(address).status_code for each in strangers] == [404] * 4
    assert maker.get(address.replace("/desk/evidence/", "/scans/")).status_code == 404
    for each in (maker, browser(Function.AUDIT, agency_id=agencies[HERE])):
        assert each.get(address).status_code == 200


def test_once_it_is_checked_other_checkers_open_it_no_more(browser, maker, session, person):
    send(maker, person, upload(pdf()))
    checker, colleague = browser(Function.REGISTRATION), browser(Function.REGISTRATION)
    [address] = addresses(maker, session)
    assert colleague.get(address).status_code == 200

    checker.post(f"/desk/tasks/{session.scalars(select(Task.reference)).one()}/approve")

    assert checker.get(address).status_code == 200
    assert colleague.get(address).status_code == 404


def test_a_scan_survives_a_form_that_is_shown_again(maker, session, person):
    again = send(maker, person, upload(pdf(2)), died_on="")
    [token] = tokens(again)
    assert again.status_code == 422
    assert "Chosen before: PDF, 2 pages" in again.text

    once_more = send(maker, person, upload(jpeg(), "x"), scans_before=token, died_on="2099-01-01")
    assert len(tokens(once_more)) == 1
    form = DIED | {"scans": [token, *tokens(once_more)]}
    assert maker.post(f"/desk/people/{person.id}/death", data=form).status_code == 303

    kept = session.scalars(select(EvidenceFile).order_by(EvidenceFile.id)).all()
    assert [(each.media_type, each.pages) for each in kept] == [("pdf", 2), ("jpeg", 1)]
    assert [maker.get(each).data for each in addresses(maker, session)] == [pdf(2), jpeg()]


def test_a_draft_is_its_uploaders_alone_and_for_two_days(browser, maker, session, person, now):
    [token] = tokens(send(maker, person, upload(pdf()), died_on=""))
    form = DIED | {"scans": [token]}
    gone = "A file that was chosen before is not kept any more"
    address = f"/desk/people/{person.id}/death"

    assert gone in browser(Function.REGISTRATION).post(address, data=form).text
    assert gone in maker.post(address, data=DIED | {"scans": ["x"]}).text
    assert forget_drafts(session, FileStore(), at=NOW + KEPT) == 0
    assert forget_drafts(session, FileStore(), at=NOW + KEPT + timedelta(seconds=1)) == 1
    assert gone in maker.post(address, data=form).text
    assert session.scalar(select(func.count(EvidenceFile.id))) == 0


def test_a_scan_waits_for_a_fresh_proof_with_its_form(app, session, person, now):
    clerk = app.test_client()
    clerk.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    me = factories.make_person(session)
    account = factories.make_account(session, me)
    give_factor(session, account, key=app.config["SECRET_KEY"], at=NOW - timedelta(days=1))
    sign_in(clerk, session, me, EVERY_FUNCTION)
    now.shift(timedelta(minutes=11))

    assert send(clerk, person, upload(pdf()), upload(b"no scan", "a.pdf")).location == PROVE
    kept = clerk.post(PROVE, data={"code": code_at(NOW + timedelta(minutes=11))})
    page = clerk.get(kept.location)
    fields = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    form = DIED | {"scans": [value for name, value in fields if name == "scans"]}
    answer = clerk.post(f"/desk/people/{person.id}/death", data=form)

    # The one that was none is asked for again; the other one is there.
    assert answer.status_code == 422
    assert len(tokens(answer)) == 1
    form["scans"] = tokens(answer)
    assert clerk.post(f"/desk/people/{person.id}/death", data=form).status_code == 303
    assert session.scalar(select(func.count(EvidenceFile.id))) == 1


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([(b"MZ", "a.pdf")], "This file is no PDF, JPEG or PNG"),
        ([(pdf(101), "a.pdf")], "A PDF may have 100 pages at most"),
        ([(pdf(number), "a.pdf") for number in range(1, 8)], "At most 6 files"),
    ],
)
def test_what_is_not_taken_in_is_said_beside_its_field(maker, session, person, files, said):
    answer = send(maker, person, *(upload(*file) for file in files))

    assert answer.status_code == 422
    assert said in answer.text
    assert "死亡证明1号" in answer.text
    assert session.scalar(select(func.count(Task.id))) == 0


def test_the_same_scan_twice_is_one_and_none_is_needed(maker, session, person):
    assert send(maker, person, upload(png(), "a"), upload(png(), "b")).status_code == 303
    other = factories.make_person(session, region_code=HERE)
    session.commit()

    assert send(maker, other).status_code == 303
    assert session.scalar(select(func.count(EvidenceFile.id))) == 1
    assert session.scalars(select(KeptFile.kind)).all() == [FileKind.EVIDENCE]


# What one person notes of a paper that was shown: no task keeps scans of it.
NOTED_BY_ONE = {"HoldForm", "OwnerForm", "StepForm", "WayForm"}


def test_every_paper_of_an_action_of_two_may_be_scanned():
    asked = {
        form.__name__ for form in forms_of_desk() if asks_for_paper(form)
        if not issubclass(form, ScansForm)
    }  # fmt: skip

    assert asked == NOTED_BY_ONE
