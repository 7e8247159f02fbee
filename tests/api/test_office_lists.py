"""Lists of other offices by program: who may, what is answered, and that a person looks first."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from siweb.audit.actor import Actor
from siweb.auth.api_tokens import find_bearer
from siweb.auth.credentials.end_access import end_access
from siweb.auth.office_tokens import LIST_KINDS, end_office_token
from siweb.auth.tables.api_token import ApiToken
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.sign_in_session import EndReason
from siweb.files.kept_file import KeptFile
from siweb.filings.api.schemas import LIST_ROW
from siweb.reviews.tables.sign import Sign, SignKind, SignList, SignState
from siweb.signs.columns import COLUMNS
from tests import factories
from tests.api.conftest import Program
from tests.conftest import NOW
from tests.papers import paper
from tests.second_person import check_all
from tests.sign_in import appoint, sign_in
from tests.signs.made import make_benefit

REGION = "310000"
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def clerk(app, session, function):
    person = factories.make_person(session)
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person, functions=[function])
    return client


@pytest.fixture
def region(session):
    return factories.make_region(session, REGION)


@pytest.fixture
def desk(app, session, region):
    return clerk(app, session, Function.ADMINISTRATION)


def give(desk, **values):
    typed = {
        "region": REGION, "office": "市民政局", "name": "殡葬系统", "kinds": ["death"],
        "expires_on": "2027-03-31", **paper("because", "数据共享协议1号"), **values,
    }  # fmt: skip
    return desk.post("/desk/programs", data=typed)


@pytest.fixture
def secret(desk):
    """The secret that the maker sees, once."""
    page = give(desk)
    assert page.status_code == 200, page.text
    return re.search(r"<code>(siweb_[^<]+)</code>", page.text)[1]


@pytest.fixture
def office(app, session, secret):
    """A program of the civil affairs office, agreed to by two."""
    check_all(session)
    return Program(app.test_client(), secret)


@pytest.fixture
def person(session, region):
    found = factories.make_person(session, region_code=REGION, name="王秀英")
    make_benefit(session, found)
    session.commit()
    return found


def row(person, **values):
    said = {"id_number": person.id_number, "kind": "death", "seen_on": "2026-10-03"}
    return said | {"name": person.name} | values


def lists(session):
    session.expire_all()
    return session.scalars(select(SignList).order_by(SignList.id)).all()


def test_a_token_works_when_a_second_person_agreed_and_its_secret_is_shown_once(
    app, desk, session, secret, person
):
    program = Program(app.test_client(), secret)
    body = {"rows": [row(person)]}
    assert program.post("/lists", body).status_code == 401

    check_all(session)

    assert program.post("/lists", body).status_code == 200
    page = desk.get("/desk/programs").text
    assert secret not in page
    assert "市民政局" in page
    assert "殡葬系统" in page
    # What is noted of its use is seen by who may end it.
    assert "never used" not in page


def test_what_is_wrong_with_a_token_is_said_beside_its_field(desk):
    wrong = [
        ("expires_on", (TODAY - timedelta(1)).isoformat(), "within the next year"),
        ("expires_on", (TODAY + timedelta(367)).isoformat(), "within the next year"),
        ("kinds", [], "Choose at least one."),
        ("kinds", ["tax"], "alid choice"),
        ("region", "530000", "alid choice"),
        ("office", " ", "Enter the office."),
    ]
    for field, value, said in wrong:
        page = give(desk, **{field: value})
        assert page.status_code == 422, field
        assert said in page.text
        assert "siweb_" not in page.text


def test_a_list_waits_for_two_people_like_any_other(app, office, session, person):
    sent = office.post("/lists", {"rows": [row(person, remark="殡仪馆")]})
    reference = sent.json["reference"]
    assert sent.json == {
        "reference": reference, "state": "received", "rows": 1, "readable": 1, "findings": [],
    }  # fmt: skip
    assert session.scalars(select(Sign)).all() == []

    review = clerk(app, session, Function.REVIEW)
    queue = review.get("/desk?kind=lists").text
    assert "市民政局" in queue
    assert reference in queue
    [listed] = lists(session)
    place = f"/desk/signs/lists/{listed.id}"
    assert f'href="{place}"' in review.get(f"/desk/search?q={reference.lower()}").text
    assert reference in review.get("/desk/signs/lists").text
    page = review.get(place).text
    assert reference in page
    assert "Sent by the program" in page
    columns = {f"column_{each.name}": str(at) for at, each in enumerate(COLUMNS)}
    assert "Somebody looks at it" in review.post(place, data=columns | {"heading_row": "1"}).text
    review.post(f"{place}/send", data=paper("paper", "函1号"))
    assert "市民政局" not in review.get("/desk?kind=lists").text
    check_all(session)

    [sign] = session.scalars(select(Sign))
    assert (sign.person_id, sign.kind, sign.state) == (person.id, SignKind.DEATH, SignState.OPEN)
    assert (sign.seen_on, sign.remark, sign.name_agrees) == (date(2026, 10, 3), "殡仪馆", True)
    assert office.get(f"/lists/{reference}").json["state"] == "taken_in"


def test_what_is_wrong_with_a_row_is_named_and_the_others_are_kept(office, session, person):
    wrong = [
        row(person, id_number="310101195505068099"),
        row(person, seen_on="2026-12-24"),
        row(person, seen_on="someday"),
    ]

    sent = office.post("/lists", {"rows": [row(person), *wrong]})

    found = [(each["row"], each["field"], each["code"]) for each in sent.json["findings"]]
    assert found == [
        (2, "id_number", "id_number"),
        (3, "seen_on", "day_out_of_range"),
        (4, "seen_on", "cell_day"),
    ]
    assert (sent.json["rows"], sent.json["readable"]) == (4, 1)
    assert "310101195505068099" not in sent.text
    nothing = office.post("/lists", {"rows": wrong})
    assert (nothing.status_code, len(nothing.json["errors"])) == (422, 3)
    assert len(lists(session)) == 1


@pytest.mark.parametrize(("year", "is_good"), [(1, False), (1954, False), (1955, True)])
def test_nothing_is_seen_of_anybody_before_the_birth_in_their_number(office, year, is_good):
    number = factories.make_id_number(date(1955, 5, 1), serial=7618)
    said = {"id_number": number, "kind": "death", "seen_on": f"{year:04}-05-01"}

    sent = office.post("/lists", {"rows": [said], "dry_run": True})

    found = [(each["field"], each["code"]) for each in sent.json["findings"]]
    assert found == ([] if is_good else [("seen_on", "day_out_of_range")])


def test_nobody_learns_who_is_registered_or_draws_a_benefit(office, session, person):
    stranger = factories.make_id_number(date(1955, 5, 1), serial=7617)
    insured = factories.make_person(session, region_code=REGION)
    session.commit()

    answers = [
        office.post("/lists", {"rows": [row(person, id_number=number)]})
        for number in (stranger, insured.id_number, person.id_number)
    ]

    said = [{**each.json, "reference": ""} for each in answers]
    assert said[0] == said[1] == said[2]


def test_a_dry_run_keeps_nothing(office, session, person):
    files = session.scalar(select(func.count()).select_from(KeptFile))

    tried = office.post("/lists", {"rows": [row(person, seen_on="x")], "dry_run": True})

    assert (tried.status_code, tried.json["state"], tried.json["reference"]) == (200, "tried", None)
    assert [each["code"] for each in tried.json["findings"]] == ["cell_day"]
    assert lists(session) == []
    assert session.scalar(select(func.count()).select_from(KeptFile)) == files


def test_the_same_is_one_list_under_the_same_key_and_under_another(office, session, person):
    body = {"rows": [row(person)]}

    answers = [office.post("/lists", body, key) for key in ("key-one-1", "key-one-1", "key-two-2")]

    [listed] = lists(session)
    assert {each.json["reference"] for each in answers} == {f"L{listed.id:06}"}
    other = office.post("/lists", {"rows": [row(person, remark="x")]}, "key-one-1")
    assert (other.status_code, other.json["type"]) == (422, "urn:siweb:problem:key_reused")


def test_what_is_no_list_of_this_token_is_refused(office, session, person):
    said = {"id_number": "1", "kind": "death", "seen_on": "2026-10-03"}
    without = {"kind": "death", "seen_on": "2026-10-03"}
    bodies = {
        "invalid": [
            [], {}, {"rows": []}, {"rows": [7]}, {"rows": [without]}, {"rows": [said | {"x": 1}]},
            {"rows": [said | {"kind": "x"}]}, {"rows": [said | {"seen_on": "a\nb"}]},
            {"rows": [said | {"remark": "x" * 201}]}, {"rows": [said] * 5_001},
        ],
        "kind_not_given": [{"rows": [said, said | {"kind": "prison"}]}],
    }  # fmt: skip

    for code, sent in bodies.items():
        for body in sent:
            answer = office.post("/lists", body)
            assert answer.status_code == 422
            assert answer.json["type"] == f"urn:siweb:problem:{code}"
            assert answer.json["errors"]
    assert [(each["row"], each["field"]) for each in answer.json["errors"]] == [(2, "kind")]
    assert lists(session) == []


def test_a_token_is_ended_by_one_and_by_its_day_and_not_by_its_givers_password(
    app, office, session, person
):
    body = {"rows": [row(person)]}
    token = session.scalars(select(ApiToken)).one()
    end_access(session, token.account_id, reason=EndReason.PASSWORD_CHANGED, at=NOW)
    session.commit()
    assert office.post("/lists", body).status_code == 200

    with time_machine.travel(NOW.replace(year=2027, month=4, day=2), tick=False):
        assert office.post("/lists", body).status_code == 401
    # A clerk of another region does not find it.
    elsewhere = factories.make_agency(session, factories.make_region(session, "530000").code)
    other = factories.make_person(session)
    appoint(session, other, Function.ADMINISTRATION, agency_id=elsewhere.id)
    session.commit()
    stranger = app.test_client()
    sign_in(stranger, session, other)
    assert stranger.post(f"/desk/programs/{token.id}/end").status_code == 404
    assert "市民政局" not in stranger.get("/desk/programs").text

    # Its giver's sign-in is over: any administrator of the region ends it.
    other = clerk(app, session, Function.ADMINISTRATION)
    assert other.post(f"/desk/programs/{token.id}/end").location == "/desk/programs"

    assert office.post("/lists", body).status_code == 401
    assert not end_office_token(session, token.id, actor=Actor(None, None), at=NOW)


def test_neither_kind_of_token_opens_what_is_the_others(office, program, session, secret, person):
    assert office.get("/roster").status_code == 403
    assert office.post("/filings", {}).status_code == 403
    assert program.post("/lists", {"rows": [row(person)]}).status_code == 403
    assert find_bearer(session, secret, on=TODAY, at=NOW) is None


def test_a_list_of_another_token_is_not_there(app, desk, office, session, person):
    reference = office.post("/lists", {"rows": [row(person)]}).json["reference"]
    page = give(desk, office="市监狱", name="名单")
    other = Program(app.test_client(), re.search(r"<code>(siweb_[^<]+)</code>", page.text)[1])
    check_all(session)

    assert [other.get(f"/lists/{each}").status_code for each in (reference, "L1", "x")] == [404] * 3


def test_a_list_in_which_nothing_is_new_is_ended_by_one_and_another_is_not(
    app, office, session, person
):
    stranger = factories.make_id_number(date(1955, 5, 1), serial=7617)
    office.post("/lists", {"rows": [row(person, id_number=stranger)]})
    office.post("/lists", {"rows": [row(person)]})
    review = clerk(app, session, Function.REVIEW)

    ended = [review.post(f"/desk/signs/lists/{each.id}/close") for each in lists(session)]

    assert [each.status_code for each in ended] == [303, 422]
    assert "A row of this list is new" in ended[1].text
    assert [(each.state, each.added) for each in lists(session)] == [("accepted", 0), ("draft", 0)]


def test_a_token_has_exactly_one_owner(session, region):
    account = factories.make_account(session, factories.make_person(session))
    employer = {"employer_id": factories.make_employer(session).id}
    office = {"region_code": REGION, "office": "市民政局", "sign_kinds": ["death"]}
    session.commit()
    owners = [{}, employer, office, employer | office, employer | {"office": "市民政局"}]
    owners += [{name: value for name, value in office.items() if name != left} for left in office]

    taken = []
    for owner in owners:
        session.add(
            ApiToken(
                account_id=account.id, name="t", secret_hash="0" * 64, beginning="siweb_",
                scopes=[], expires_on=TODAY, issued_at=NOW, **owner,
            )
        )  # fmt: skip
        try:
            session.flush()
        except IntegrityError:
            pass
        else:
            taken.append(owner)
        session.rollback()

    assert taken == [employer, office]


def test_the_kinds_of_tokens_are_those_of_signs():
    assert (
        list(LIST_KINDS)
        == [kind.value for kind in SignKind]
        == LIST_ROW["properties"]["kind"]["enum"]
    )
    # Every column of a list may come by program.
    assert [each.name for each in COLUMNS] == ["id_number", "name", "kind", "seen_on", "remark"]
    assert set(LIST_ROW["properties"]) == {each.name for each in COLUMNS}
