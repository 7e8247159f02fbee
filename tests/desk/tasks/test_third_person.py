"""Above the amount that a region sets, three people do what two do otherwise."""

import pytest
import time_machine
from sqlalchemy import select

from siweb.auth.tables.appointment import Function
from siweb.ledgers.tables.transfer_segment import TransferSegment
from siweb.tasks.tables.amount_limit import AmountLimit
from siweb.tasks.tables.first_check import FirstCheck
from siweb.tasks.tables.task import Task, TaskState
from tests import factories
from tests.conftest import NOW
from tests.evidence.scans import pdf, upload
from tests.papers import paper
from tests.second_person import check_all
from tests.sign_in import sign_in

HERE, ELSEWHERE = "310100", "320100"
LIMIT = {"region": HERE, "above": "10,000.00", **paper("because", "内控办法〔2026〕3号")}
CERTIFIED = {
    "other_region": "南京市", "from_month": "2019-03", "through_month": "2021-12",
    "months": "30", **paper("certificate", "转移信息表〔2026〕8号"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser(app, session):
    def signed_in(name, *functions):
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        sign_in(client, session, factories.make_person(session, name=name), functions)
        return client

    return signed_in


@pytest.fixture
def regions(session):
    for code in (HERE, ELSEWHERE):
        factories.make_region(session, code).is_hosted = True
    session.commit()


@pytest.fixture
def set_limit(browser, session, regions):
    def send(**changed):
        answer = browser("甲管", Function.ADMINISTRATION).post("/desk/limits", data=LIMIT | changed)
        check_all(session)
        return answer

    return send


@pytest.fixture
def bring_in(browser, session):
    """Send an account of an amount to be checked; return the address of its task."""

    def send(amount, region=HERE):
        person = factories.make_person(session, region_code=region)
        session.commit()
        form = CERTIFIED | {"amount": amount, "scans": upload(pdf())}
        sent = browser("经办", Function.FINANCE).post(
            f"/desk/people/{person.id}/bring-in", data=form
        )
        assert sent.status_code == 303
        task = session.scalars(select(Task).order_by(Task.id.desc()).limit(1)).one()
        return f"/desk/tasks/{task.reference}"

    return send


def is_done(session, address):
    session.expire_all()
    task = session.scalars(select(Task).where(Task.reference == address[12:])).one()
    return task.state is TaskState.DONE


def test_above_the_limit_a_third_person_checks_and_no_one_twice(
    browser, session, set_limit, bring_in
):
    assert set_limit().status_code == 303
    address = bring_in("10,000.01")
    second, third = browser("复核", Function.FINANCE), browser("审批", Function.FINANCE)
    assert "CNY 10,000.01: above CNY 10,000.00" in second.get(address).text

    first = second.post(f"{address}/approve", follow_redirects=True)
    assert "A third person checks it as well before it takes effect" in first.text
    form = {"form_key": "of a page opened later"}
    again = second.post(f"{address}/approve", data=form, follow_redirects=True)
    assert "another person checks it" in again.text
    assert not is_done(session, address)
    assert f"{address}/approve" not in second.get(address).text
    assert "复核 checked it, " in third.get(address).text

    assert "Checked and done." in third.post(f"{address}/approve", follow_redirects=True).text
    assert is_done(session, address)
    assert session.scalars(select(TransferSegment.amount_fen)).all() == [1_000_001]


@pytest.mark.parametrize(
    ("amount", "region"), [("10,000.00", HERE), ("10,000.01", ELSEWHERE)], ids=["up to it", "else"]
)
def test_two_are_enough_up_to_the_limit_and_where_it_does_not_hold(
    browser, session, set_limit, bring_in, amount, region
):
    set_limit()
    address = bring_in(amount, region)

    browser("复核", Function.FINANCE).post(f"{address}/approve")

    assert is_done(session, address)


def test_a_third_person_may_refuse_and_the_second_opens_the_scan_afterwards(
    browser, session, set_limit, bring_in
):
    set_limit(above="0")
    address = bring_in("0.01")
    second, third = browser("复核", Function.FINANCE), browser("审批", Function.FINANCE)
    second.post(f"{address}/approve")

    third.post(f"{address}/refuse", data={"answer": "金额不符"})

    assert not is_done(session, address)
    page = second.get(address).text
    scan = page.partition('href="/desk/evidence/')[2].partition('"')[0]
    assert second.get(f"/desk/evidence/{scan}").status_code == 200


def test_a_limit_is_set_by_two_kept_with_both_and_taken_away_again(
    browser, session, set_limit, bring_in
):
    set_limit()
    page = browser("乙管", Function.ADMINISTRATION).get("/desk/limits").text
    assert "甲管 · 复核员" in page
    assert "内控办法〔2026〕3号" in page
    same = set_limit()
    assert (same.status_code, "It is so already." in same.text) == (422, True)
    assert set_limit(above="-1").status_code == 422

    set_limit(above="")

    limits = session.scalars(select(AmountLimit.above_fen).order_by(AmountLimit.id)).all()
    assert limits == [1_000_000, None]
    address = bring_in("99,999.00")
    browser("复核", Function.FINANCE).post(f"{address}/approve")
    assert is_done(session, address)
    assert session.scalars(select(FirstCheck)).all() == []


def test_a_limit_waits_for_its_second_administrator(browser, session, regions, bring_in):
    maker = browser("甲管", Function.ADMINISTRATION)
    maker.post("/desk/limits", data=LIMIT)
    [reference] = session.scalars(select(Task.reference)).all()

    maker.post(f"/desk/tasks/{reference}/approve")

    assert session.scalars(select(AmountLimit)).all() == []
    assert browser("财务", Function.FINANCE).get("/desk/limits").status_code == 404
