"""Money goes out once: ordered by a deed, filed by two, answered by the bank, rejected ones wait."""

import io
from datetime import date
from xml.etree import ElementTree as ET

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from siweb.audit.actor import Actor
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.recompute.payouts import payout_imbalances
from siweb.collection.payouts.find import lines_of
from siweb.collection.payouts.order import Payee, name_payee, order_payout
from siweb.collection.payouts.pain import NAMESPACE, pain_file
from siweb.collection.payouts.refusal import PayoutRefused
from siweb.collection.payouts.release import Order, as_shown, payable, release
from siweb.collection.statements.answers import file_of, note_debit, take_in_status
from siweb.collection.statements.bank_accounts import add_account
from siweb.collection.statements.reading.entry import StatementRefused
from siweb.collection.statements.reading.read_camt import read_camt
from siweb.collection.statements.reading.read_status import read_status
from siweb.collection.tables.payout import PaymentFileLine, Payout, PayoutKind, PayoutState
from siweb.rules.identifiers.account_number import AccountNumberRefused, parse_account_number
from tests import factories
from tests.collection.statements.make_statements import camt, detail, entry
from tests.conftest import NOW

REGION, TODAY = "310000", NOW.date()
CARD = "6222021234567890128"
PAYEE = Payee("王芳", "1001 2345-6789", "102290000011")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def actor(session):
    factories.make_region(session, REGION)
    person = factories.make_person(session, name="出纳")
    return Actor(factories.make_account(session, person).id, person.id)


@pytest.fixture
def account(session, actor):
    return add_account(session, "31050000888", "示范银行", region_code=REGION, actor=actor, at=NOW)


@pytest.fixture
def order(session, actor):
    def make(source="task:A", fen=123_405, payee=PAYEE, kind=PayoutKind.HEIRS):
        person = factories.make_person(session, region_code=REGION)
        return order_payout(
            session, kind, source, fen, region_code=REGION, person_id=person.id, payee=payee,
            actor=actor, at=NOW,
        )  # fmt: skip

    return make


@pytest.fixture
def filed(session, actor, account):
    def make(shown=None, on=TODAY):
        listed = as_shown(payable(session, REGION)) if shown is None else shown
        return release(
            session, REGION, Order(account.id, on), listed, made_by=actor.account_id,
            actor=actor, at=NOW,
        )  # fmt: skip

    return make


def written(session, file):
    return pain_file(file, lines_of(session, file.id), "社会保险")


def answer(file, *lines, group=""):
    """A pain.002: what is said of the file, and of transactions by name, code and reason."""
    said = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{name}</OrgnlEndToEndId><TxSts>{code}</TxSts>"
        f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf></TxInfAndSts>"
        for name, code, reason in lines
    )
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>'
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{file.reference}</OrgnlMsgId>{group}</OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts>{said}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def take_in(session, actor, content):
    report = read_status(io.BytesIO(content))
    return take_in_status(session, file_of(session, report), report, actor=actor, at=NOW)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("1234567", "length"),
        ("1" * 35, "length"),
        ("ABCDEFGH", "characters"),
        ("1234５678号", "characters"),
        (CARD[:-1] + "7", "checksum"),
    ],
)
def test_what_is_no_account_number_is_refused(typed, reason):
    with pytest.raises(AccountNumberRefused) as refused:
        parse_account_number(typed)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("typed", "number"), [(f" {CARD} ", CARD), ("１００１-2345 6789", "100123456789")]
)
def test_an_account_number_has_one_form(typed, number):
    assert parse_account_number(typed) == number


def test_a_file_says_what_is_paid_to_the_fen_and_is_the_same_each_time(session, order, filed):
    first, second = order(), order("task:B", 7)

    file = filed()
    content = written(session, file)

    space = {"p": NAMESPACE}
    root = ET.fromstring(content)
    assert [each.text for each in root.iterfind(".//p:CtrlSum", space)] == ["1234.12"] * 2
    assert [each.text for each in root.iterfind(".//p:NbOfTxs", space)] == ["2", "2"]
    amounts = root.findall(".//p:InstdAmt", space)
    assert [(each.text, each.attrib["Ccy"]) for each in amounts] == [
        ("1234.05", "CNY"), ("0.07", "CNY"),
    ]  # fmt: skip
    assert root.find(".//p:CdtTrfTxInf/p:CdtrAcct/p:Id/p:Othr/p:Id", space).text == "100123456789"
    assert root.find(".//p:MmbId", space).text == "102290000011"
    assert root.find(".//p:MsgId", space).text == file.reference
    session.expire_all()
    assert written(session, file) == content
    assert {first.state, second.state} == {PayoutState.SENT}
    assert list(payout_imbalances(session, Scope())) != []  # no deed stands behind these


def test_a_payee_s_words_stay_words(session, order, filed):
    order(payee=Payee("<A&B>\x0b公司", "100123456789"))

    root = ET.fromstring(written(session, filed()))

    assert root.find(".//{*}Cdtr/{*}Nm").text == "<A&B> 公司"


def test_a_decision_is_paid_out_once(order):
    order()

    with pytest.raises(PayoutRefused) as refused:
        order()

    assert refused.value.code == "ordered"


def test_what_has_no_good_account_stays_out_until_one_is_named(session, actor, order, filed):
    payout = order(payee=Payee("张三", "62220212"[:5]))
    with pytest.raises(PayoutRefused) as refused:
        filed()
    assert refused.value.code == "nothing_to_pay"

    with pytest.raises(PayoutRefused) as refused:
        name_payee(session, payout, Payee("张三", CARD[:-1] + "7"), actor=actor, at=NOW)
    assert refused.value.code == "account_checksum"
    name_payee(session, payout, Payee("张三", CARD), actor=actor, at=NOW)

    assert filed().transactions == 1
    with pytest.raises(PayoutRefused) as refused:
        name_payee(session, payout, PAYEE, actor=actor, at=NOW)
    assert refused.value.code == "on_its_way"


def test_a_file_is_what_its_maker_showed_or_is_refused(session, actor, order, filed):
    payout = order()
    shown = as_shown([payout])
    name_payee(session, payout, Payee("别人", "99998888777"), actor=actor, at=NOW)

    with pytest.raises(PayoutRefused) as refused:
        filed(shown)

    assert refused.value.code == "payouts_differ"
    with pytest.raises(PayoutRefused) as refused:
        filed(on=date(2026, 11, 1))
    assert refused.value.code == "day_past"


def test_a_payout_stands_in_one_file(session, order, filed):
    order()
    file = filed()
    with pytest.raises(PayoutRefused):
        filed()
    line = lines_of(session, file.id)[0]
    session.add(
        PaymentFileLine(
            payment_file_id=file.id, number=2, payout_id=line.payout_id, end_to_end="X",
            payee_name="", payee_account="", payee_bank="", amount_fen=1,
        )
    )  # fmt: skip

    with pytest.raises(IntegrityError):
        session.flush()


def test_what_the_bank_rejected_waits_with_its_reason_and_goes_again(session, actor, order, filed):
    payout, other = order(), order("task:B", 7)
    file = filed()
    first, second = lines_of(session, file.id)

    said = answer(file, (first.end_to_end, "RJCT", "AC04"), (second.end_to_end, "ACSC", ""))
    for _again in range(2):
        came = take_in(session, actor, said)
        assert (came.paid, came.rejected, came.unknown) == (1, 1, 0)

    assert (payout.state, payout.reason) == (PayoutState.REJECTED, "AC04")
    assert (other.state, other.paid_on) == (PayoutState.PAID, TODAY)
    name_payee(session, payout, PAYEE, actor=actor, at=NOW)
    (again,) = lines_of(session, filed().id)
    assert again.end_to_end == f"{payout.reference}-2"


def test_a_file_may_be_rejected_as_a_whole_and_is_on_its_way_before(session, actor, order, filed):
    payout = order()
    file = filed()
    assert take_in(session, actor, answer(file, group="<GrpSts>ACTC</GrpSts>")).rejected == 0
    assert payout.state is PayoutState.SENT

    came = take_in(session, actor, answer(file, ("X-1", "ACSC", ""), group="<GrpSts>RJCT</GrpSts>"))

    assert (came.rejected, came.unknown) == (1, 1)
    assert payout.state is PayoutState.REJECTED


def test_a_debit_of_the_statement_says_when_it_was_paid(session, actor, order, filed):
    payout = order()
    (line,) = lines_of(session, filed().id)

    def told(amount, end_to_end):
        named = [detail(end_to_end=end_to_end)]
        content = camt(entry(amount, ref="Q", day="2026-11-20", side="DBIT", details=named))
        (found,) = read_camt(io.BytesIO(content), [])
        return note_debit(session, found, REGION, actor=actor, at=NOW)

    assert told("1234.06", line.end_to_end) == told("1234.05", "SOMETHING") == 0
    assert [told("1234.05", line.end_to_end) for _ in range(2)] == [1, 0]
    assert payout.paid_on == date(2026, 11, 20)


HOSTILE = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    b'<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><CstmrPmtStsRpt>&b;</CstmrPmtStsRpt>',
    b"<CstmrPmtStsRpt>" * 50,
    b"<Document><BkToCstmrStmt/></Document>",
    b"<CstmrPmtStsRpt>",
    b"",
)


@pytest.mark.parametrize("content", HOSTILE)
def test_hostile_and_strange_answers_are_refused(content):
    with pytest.raises(StatementRefused) as refused:
        read_status(io.BytesIO(content))

    assert refused.value.code == "not_status"


def test_an_answer_to_a_file_of_nobody_is_refused(session, order, filed):
    order()
    file = filed()
    report = read_status(io.BytesIO(answer(file).replace(file.reference.encode(), b"NOBODY")))

    with pytest.raises(StatementRefused) as refused:
        file_of(session, report)

    assert refused.value.code == "unknown_file"


def test_amounts_that_were_changed_are_named(session, order, filed):
    order()
    filed()
    session.execute(update(PaymentFileLine).values(amount_fen=1))

    found = {each.what for each in payout_imbalances(session, Scope())}

    assert found == {"its transactions", "what was decided"}
    assert session.scalar(select(Payout.amount_fen)) == 123_405
