"""An old system's files at the desk, kind by kind: looked at, held to control sums, checked by two."""

from datetime import date
from io import BytesIO

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.audit.access_log.entry import AccessLogEntry
from siweb.auth.tables.appointment import Function
from siweb.bring_in.actions import KINDS, page_of
from siweb.registry.codes import AgencyKind, Insurance
from siweb.registry.tables.person import Person
from siweb.tasks.tables.task import Task
from tests import factories
from tests.conftest import NOW
from tests.papers import paper
from tests.second_person import check_all
from tests.sign_in import appoint, sign_in

REGION, PEOPLE = "310000", "/desk/old-data/people"
NUMBERS = [factories.make_id_number(date(1980, 5, 1), 111 + 2 * place) for place in range(2)]


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(now, client, session):
    factories.make_region(session, REGION)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def signed_in(desk, session, *functions, agency=None):
    clerk = factories.make_person(session, name="经办员")
    appoint(session, clerk, *functions, agency_id=agency)
    sign_in(desk, session, clerk)
    return clerk


def hand_in(desk, *lines, rows=None, address=PEOPLE, head="证件号码,姓名", **more):
    text = "\n".join((head, *lines, ""))
    told = {
        "region": REGION,
        "rows": str(rows or len(lines)),
        **paper("because", "移交清单3号"),
        **more,
    }
    return desk.post(address, data=told | {"file": (BytesIO(text.encode()), "list.csv")})


def people(session):
    session.expire_all()
    found = select(func.count(Person.id)).where(Person.name.in_(("赵一", "钱二")))
    return session.scalar(found)


def test_a_file_is_looked_at_handed_in_and_checked(desk, session):
    signed_in(desk, session, Function.REGISTRATION)
    lines = [f"{NUMBERS[0]},赵一", f"{NUMBERS[1]},钱二"]

    looked = hand_in(desk, *lines, dry_run="y")
    assert looked.status_code == 200
    assert "What the list comes to" in looked.text
    assert session.scalar(select(func.count(Task.id))) == 0
    assert hand_in(desk, *lines).status_code == 303
    assert people(session) == 0
    assert "Waits for a second person" in desk.get(PEOPLE).text
    assert "waits for its second person already" in hand_in(desk, *lines).text
    check_all(session)

    assert people(session) == 2
    assert "is here already" in hand_in(desk, *lines).text


def test_every_problem_is_named_by_its_row_and_can_be_saved(desk, session):
    signed_in(desk, session, Function.REGISTRATION)
    # A man's number: of a woman the file would have to say more.
    known = factories.make_person(
        session, region_code=REGION, name="周明",
        id_number=factories.make_id_number(date(1985, 3, 5), 117),
    )  # fmt: skip
    session.commit()
    lines = [f"{known.id_number},别人", *("123,赵一",) * 120]

    page = hand_in(desk, *lines, rows=2)
    assert page.status_code == 422
    assert "Control rows: The old system says 2, the file comes to 121." in page.text
    assert "Row 2, name: The register has 周明 here" in page.text
    assert "Further problems: 22" in page.text
    log = desk.application.extensions["siweb_access_log"]
    with log.session() as entries:
        noted = entries.scalars(select(AccessLogEntry)).all()
        assert [(each.person_id, each.reason) for each in noted] == [(known.id, "old_data")]
    saved = hand_in(desk, *lines, rows=2, problems="1")

    assert saved.mimetype == "text/csv"
    assert "121,id_number,123 is no valid ID number" in saved.text
    assert len(saved.text.splitlines()) == 123
    assert session.scalar(select(func.count(Task.id))) == 0


def test_each_kind_has_its_page_for_its_function_and_is_held_to_its_sums(desk, session):
    for kind in KINDS.values():
        signed_in(desk, session, kind.function)
        listed = desk.get("/desk/old-data").text
        address = f"/desk/old-data/{kind.name}"
        if page_of(kind.name) == "benefit_desk.hand_in_list":
            address = "/desk/benefits/lists"
        assert f'href="{address}"' in listed, kind.name
        page = desk.get(address)
        assert page.status_code == 200
        if address == "/desk/benefits/lists":
            continue
        for column in kind.row_import.columns:
            assert column.heading in page.text
            assert (f'name="sum_{column.name}"' in page.text) == column.is_sum
        others = [each for each in Function if each not in {kind.function, Function.AUDIT}]
        signed_in(desk, session, *others)
        assert desk.get(address).status_code == 404
        assert f'href="{address}"' not in desk.get("/desk/old-data").text


def test_a_sum_that_differs_stops_the_file(desk, session):
    signed_in(desk, session, Function.FINANCE)
    person = factories.make_person(session, region_code=REGION)
    session.commit()
    told = {"address": "/desk/old-data/accounts", "head": "证件号码,年度,类别,金额"}
    line = f"{person.id_number},2026,期初余额,1000"

    wrong = hand_in(desk, line, sum_amount="1000.01", **told)

    assert wrong.status_code == 422
    assert "Control amount: The old system says 1000.01, the file comes to 1000.00." in wrong.text
    assert 'href="#sum_amount"' in hand_in(desk, line, **told).text


def test_who_runs_other_insurances_hands_in_no_accounts(desk, session):
    agency = factories.make_agency(session, REGION, kind=AgencyKind.MEDICAL)
    agency.insurances = frozenset({Insurance.MEDICAL, Insurance.MATERNITY})
    signed_in(desk, session, Function.FINANCE, agency=agency.id)

    assert desk.get("/desk/old-data/accounts").status_code == 404
