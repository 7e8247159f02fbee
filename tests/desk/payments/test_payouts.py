"""Money that goes out, at the desk: an account named by two, a file released by two, its answer."""

from datetime import date
from io import BytesIO

import pytest
import time_machine
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.auth.tables.appointment import Function
from siweb.collection.own_accounts.own_account import name_own_account
from siweb.collection.payouts.order import Payee, order_payout
from siweb.collection.statements.bank_accounts import add_account
from siweb.collection.tables.payout import (
    PaymentFile,
    PaymentFileLine,
    Payout,
    PayoutKind,
    PayoutState,
)
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.messages.tables.message import Message
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.tasks.tables.task import Task
from tests import factories
from tests.conftest import NOW
from tests.papers import paper
from tests.second_person import check_all
from tests.sign_in import sign_in

REGION = "310000"
NAMED = {"name": "王芳", "account": "1001 2345 6789", "bank": "", **paper("because", "存折复印件")}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def account(session):
    factories.make_region(session, REGION)
    return add_account(session, "31050000888", "示范银行", region_code=REGION, actor=SYSTEM, at=NOW)


@pytest.fixture
def person(session, account):
    return factories.make_person(session, region_code=REGION, name="李雷")


@pytest.fixture
def payout(session, person):
    """Back pay of one month, decided and without an account."""
    benefit = Benefit(
        person_id=person.id, region_code=REGION, kind=BenefitKind.PENSION, monthly_fen=123_405,
        from_month="2020-01", state=BenefitState.ACTIVE, certified_on=date(2026, 11, 1),
    )  # fmt: skip
    session.add(benefit)
    session.flush()
    session.add(
        BenefitEntry(
            region_code=REGION, month="2026-09", person_id=person.id, benefit=benefit.kind,
            kind=BenefitEntryKind.BACK_PAY, sequence=0, amount_fen=123_405, recorded_at=NOW,
        )
    )  # fmt: skip
    made = order_payout(
        session, PayoutKind.BENEFIT, "task:A", 123_405, region_code=REGION, person_id=person.id,
        actor=SYSTEM, at=NOW,
    )  # fmt: skip
    session.commit()
    return made


@pytest.fixture
def desk(client, session, account):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    clerk = factories.make_person(session, name="出纳")
    sign_in(client, session, clerk, functions=[Function.FINANCE])
    session.commit()
    return client


def release(desk, account, **more):
    told = {
        "region": REGION,
        "account": str(account.id),
        "on": "2026-12-01",
        **paper("because", "付款单3号"),
    }
    return desk.post("/desk/payouts/release", data=told | more)


def test_from_an_account_over_a_file_to_the_day_on_the_person_s_page(
    desk, session, account, payout, person
):
    page = f"/desk/payouts/{payout.reference}"
    assert "needs an account" in desk.get("/desk/payouts").text
    assert release(desk, account).status_code == 422
    assert desk.post(f"{page}/payee", data=NAMED).status_code == 303
    assert "Waits for a second person" in desk.get(page).text
    assert payout.payee_account == ""
    check_all(session)
    assert release(desk, account).status_code == 303
    assert session.scalar(select(PaymentFile.id)) is None
    check_all(session)

    file = session.scalars(select(PaymentFile)).one()
    assert (file.transactions, file.total_fen) == (1, 123_405)
    address = f"/desk/payouts/files/{file.reference}"
    assert "李雷" not in desk.get(address).text
    assert "王芳" in desk.get(address).text
    saved = [desk.get(f"{address}/pain.001.xml") for _ in range(2)]
    assert saved[0].data == saved[1].data
    assert b'<InstdAmt Ccy="CNY">1234.05</InstdAmt>' in saved[0].data
    assert saved[0].mimetype == "application/xml"

    line = session.scalars(select(PaymentFileLine)).one()
    told = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>'
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{file.reference}</OrgnlMsgId></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>{line.end_to_end}</OrgnlEndToEndId>"
        "<TxSts>ACSC</TxSts></TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    )
    answer = desk.post("/desk/payouts/answers", data={"file": (BytesIO(told.encode()), "a.xml")})
    assert answer.status_code == 303
    session.expire_all()
    assert payout.state is PayoutState.PAID
    assert session.scalars(select(BenefitEntry)).one().paid_on == NOW.date()

    # What the bank booked: paid once more changes nothing, and then the money comes back.
    for _twice in range(2):
        came = booked(desk, line.end_to_end, ("DBIT", "1234.05", ""), ("CRDT", "1234.05", "AC04"))
        assert came.status_code == 303
    session.expire_all()
    assert (payout.state, payout.reason) == (PayoutState.REJECTED, "AC04")
    assert session.scalars(select(BenefitEntry)).one().paid_on is None
    assert "AC04" in desk.get(page).text
    came = session.scalars(select(Message).where(Message.kind == "back_pay_returned")).one()
    assert came.person_id == person.id


def test_the_account_that_she_entered_herself_is_offered_to_the_two(desk, session, payout, person):
    name_own_account(session, person, "6222021234567890128", "示范银行", actor=SYSTEM, at=NOW)
    session.commit()

    page = desk.get(f"/desk/payouts/{payout.reference}").text

    assert "The payee entered this account online" in page
    assert 'value="6222021234567890128"' in page
    assert 'value="李雷"' in page
    # Until two have named it there is none, and no file pays it.
    assert "needs an account" in desk.get("/desk/payouts").text
    assert payout.payee_account == ""

    # The other one sees that it is another account than the first one names.
    desk.post(f"/desk/payouts/{payout.reference}/payee", data=NAMED)
    task = session.scalars(select(Task)).one()
    shown = desk.get(f"/desk/tasks/{task.reference}").text
    assert "The payee entered another account" in shown


def booked(desk, name, *entries):
    """Hand in what the bank booked (camt.054)."""
    listed = "".join(
        f'<Ntry><Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts>BOOK</Sts>'
        "<BookgDt><Dt>2026-11-20</Dt></BookgDt><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>{name}</EndToEndId></Refs>"
        + (f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else "")
        + "</TxDtls></NtryDtls></Ntry>"
        for direction, amount, reason in entries
    )
    told = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.02">'
        f"<BkToCstmrDbtCdtNtfctn><Ntfctn>{listed}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    )
    return desk.post(
        "/desk/payouts/answers",
        data={"file": (BytesIO(told.encode()), "a.xml")},
        follow_redirects=False,
    )


@pytest.mark.parametrize(
    "entry",
    [("DBIT", "1234.04", ""), ("CRDT", "1234.05", ""), ("DBIT", "1234.05", "")],
)
def test_what_is_of_no_payment_of_ours_changes_nothing(desk, session, payout, entry):
    assert booked(desk, "NOBODYS", entry).status_code in {303, 422}
    session.expire_all()
    assert payout.state is PayoutState.OPEN


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"account": "12345"}, "This is no account number"),
        ({"account": "6222021234567890127"}, "A digit of this card number is wrong"),
        ({"bank": "123"}, "has 12 digits"),
        (paper("because", ""), "Choose what paper it is"),
    ],
)
def test_a_wrong_account_is_named_beside_its_field(desk, session, payout, more, words):
    page = desk.post(f"/desk/payouts/{payout.reference}/payee", data=NAMED | more)

    assert page.status_code == 422
    assert words in page.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE a><CstmrPmtStsRpt/>", "no answer to a payment file"),
        (b"<CstmrPmtStsRpt/>", "not of this office"),
    ],
)
def test_an_answer_that_is_none_is_refused(desk, content, words):
    page = desk.post("/desk/payouts/answers", data={"file": (BytesIO(content), "a.xml")})

    assert page.status_code == 422
    assert words in page.text


def test_nobody_releases_their_own_money(client, session, account, person):
    order_payout(
        session, PayoutKind.HEIRS, "task:B", 100, region_code=REGION, person_id=person.id,
        payee=Payee("王芳", "100123456789"), actor=SYSTEM, at=NOW,
    )  # fmt: skip
    session.commit()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person, functions=[Function.FINANCE])

    page = release(client, account)

    assert page.status_code == 422
    assert "This is about yourself" in page.text
    assert session.scalars(select(Payout.state)).one() is PayoutState.OPEN
