"""The paying side's list at the desk: looked at, handed in, checked by a second person."""

from datetime import date
from io import BytesIO

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.auth.tables.appointment import Function
from siweb.ledgers.tables.benefit_entry import BenefitEntry
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from tests import factories
from tests.conftest import NOW
from tests.papers import paper
from tests.second_person import check_all
from tests.sign_in import sign_in

LISTS = "/desk/benefits/lists"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def number(session):
    region = factories.make_region(session, "310000").code
    person = factories.make_person(session, region_code=region)
    session.add(
        Benefit(
            person_id=person.id, region_code=region, kind=BenefitKind.PENSION, monthly_fen=1,
            from_month="2020-01", state=BenefitState.ACTIVE, certified_on=date(2026, 5, 1),
        )
    )  # fmt: skip
    session.commit()
    return person.id_number


@pytest.fixture
def desk(client, session, number):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    clerk = factories.make_person(session, name="经办员")
    sign_in(client, session, clerk, functions=[Function.REVIEW])
    return client


def hand_in(desk, number, *, amount="3000", month="2026-10", **more):
    text = (
        f"证件号码,待遇类别,待遇所属期,发放金额,发放日期\n{number},养老金,{month},3000,2026-10-15\n"
    )
    told = {
        "region": "310000",
        "rows": "1",
        "amount": amount,
        **paper("because", "支付清单10号"),
        **more,
    }
    return desk.post(LISTS, data=told | {"file": (BytesIO(text.encode()), "list.csv")})


def kept(session):
    return session.scalar(select(func.count()).select_from(BenefitEntry))


def test_a_look_keeps_nothing(desk, session, number):
    page = hand_in(desk, number, dry_run="y")

    assert page.status_code == 200
    assert "What the list comes to" in page.text
    assert "CNY 3,000.00" in page.text
    check_all(session)
    assert kept(session) == 0


def test_a_list_waits_for_its_second_person_and_comes_in_once(desk, session, number):
    assert hand_in(desk, number).status_code == 303
    assert kept(session) == 0

    check_all(session)

    assert kept(session) == 1
    again = hand_in(desk, number)
    assert again.status_code == 422
    assert "is here already" in again.text


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"amount": "3000.01"}, "Control amount"),
        ({"month": "2019-12"}, "Row 2, month"),
        ({"rows": "20001"}, "longer lists go by command"),
        (paper("because", ""), "Choose what paper it is"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_waits(desk, session, number, more, words):
    page = hand_in(desk, number, **more)

    assert page.status_code == 422
    assert words in page.text
    check_all(session)
    assert kept(session) == 0


def test_a_file_that_cannot_be_read_is_named_beside_its_field(desk, number):
    told = {"region": "310000", "rows": "1", "amount": "1", **paper("because", "1")}
    page = desk.post(LISTS, data=told | {"file": (BytesIO(b"a,b\n1,2\n"), "list.csv")})

    assert page.status_code == 422
    assert "None of the first 20 rows" in page.text
